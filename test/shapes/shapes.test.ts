import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareNodeWorkers } from '../../plugin/cli/node-workers.ts';
import { evaluate } from '../../plugin/training.ts';
import { SHAPES } from './catalog.ts';
import { countCode } from './count-code.ts';
import { trainShape } from './train-shape.ts';

const NAMES = Object.keys(SHAPES);
const FOLDERS = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const createWorker = await prepareNodeWorkers(join(import.meta.dirname, 'worker.ts'));

describe('the games in the shapes of strangers', () => {
  it('are all in the catalog', () => {
    expect(FOLDERS).toHaveLength(NAMES.length);
  });

  it.each(FOLDERS.map(({ name }) => name))('get an agent in at most 25 lines: %s', (name) => {
    expect(countCode(join(import.meta.dirname, name, 'environment.ts'))).toBeLessThanOrEqual(25);
  });
});

describe.each(NAMES)('the game "%s"', (name) => {
  it('trains in Node as it is, without a word of warning, and its episodes differ', async () => {
    const { policy, decisions, changed, warnings } = await trainShape(name, createWorker);
    expect(decisions).toEqual([128, 256, 384]);
    expect(changed).toBe(true);
    expect(warnings).toEqual([]);
    const { stdReturn } = await evaluate(policy, { createWorker, episodes: 8, areas: 2 });
    expect(stdReturn).toBeGreaterThan(0);
  });
});
