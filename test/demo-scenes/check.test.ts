import { describe, expect, it } from 'vitest';
import { environments } from '../../demo-scenes/catalog.ts';
import { prepareNodeWorkers } from '../../plugin/cli/node-workers.ts';
import { checkEnvironment } from '../../plugin/train/check.ts';

const createWorker = await prepareNodeWorkers(new URL('../../demo-scenes/worker.ts', import.meta.url).pathname);

describe('the check before training', () => {
  it.each(Object.keys(environments))('finds nothing odd in %s', async (name) => {
    const { oddities, cost } = await checkEnvironment(name, createWorker);
    expect(oddities).toEqual([]);
    expect(cost?.decisions).toBeGreaterThan(1000);
  });
});
