import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createFolder, type Ended, policyPathOf, runCommand as run, WORKER } from './command.ts';

const at = createFolder();
const train = (name: string, ...args: string[]) =>
  run(['train', 'chatty', '--worker', WORKER, '--run', join(at, name), '--max-decisions', '512', ...args]);
const linesOf = (text: string, part: string) => text.split('\n').filter((line) => line.includes(part));

describe('what a scene logs in training', () => {
  let trained: Ended;

  beforeAll(async () => {
    trained = await train('quiet', '--json');
  });

  it('is no part of stdout, which is one line of JSON', () => {
    expect(trained.code).toBe(0);
    expect(trained.out.trimEnd().split('\n')).toHaveLength(1);
    expect(trained.json).toMatchObject({ environment: 'chatty', decisions: 512 });
  });

  it('is shown by its first different lines, one that all workers repeat once, and what else there was is counted', () => {
    expect(linesOf(trained.err, 'bead at decision')).toHaveLength(10);
    expect(new Set(linesOf(trained.err, 'bead at decision')).size).toBe(10);
    expect(linesOf(trained.err, 'The rail squeaks.')).toHaveLength(1);
    expect(trained.err).toMatch(/Your code logged \d,?\d+ more lines, including repeats. --verbose shows all.\n$/);
  });

  it('is shown line by line with --verbose', async () => {
    const { err } = await train('verbose', '--verbose', '--json');
    expect(linesOf(err, 'bead at decision').length).toBeGreaterThanOrEqual(500);
    expect(linesOf(err, 'The rail squeaks.').length).toBeGreaterThanOrEqual(500);
    expect(err).not.toContain('more lines');
  });

  it('stays out of what evaluate prints', async () => {
    const evaluate = ['evaluate', policyPathOf(trained.json), '--worker', WORKER, '--episodes', '8'];
    const { out, err } = await run(evaluate);
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^chatty, 8 episodes, seed 0: mean return /),
      expect.stringMatching(/^With the most likely actions \(--deterministic\): mean return /),
    ]);
    expect(linesOf(err, 'The rail squeaks.')).toHaveLength(1);
  });
});
