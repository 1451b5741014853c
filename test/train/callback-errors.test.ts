import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { prepareNodeWorkers } from '../../plugin/cli/node-workers.ts';
import { AgentsError } from '../../plugin/core/errors.ts';
import { train } from '../../plugin/train/train.ts';
import { WorkerHandle } from '../../plugin/train/worker-handle.ts';

const FOLDER = join('test', 'fixtures', 'faulty');
const createWorker = await prepareNodeWorkers(join(FOLDER, 'worker.ts'));
const createLateWorker = await prepareNodeWorkers(join(FOLDER, 'late-worker.ts'));

/** `test/fixtures/faulty/environments.ts:41`: the line whose end says `// in <where>` */
function lineOf(file: string, where: string): string {
  const at = join(FOLDER, file);
  const line = readFileSync(at, 'utf8')
    .split('\n')
    .findIndex((text) => text.endsWith(`// in ${where}`));
  return `${at}:${line + 1}:`;
}

async function failureOf(environment: string, workers: () => Worker = createWorker): Promise<AgentsError> {
  try {
    for await (const event of train(environment, { createWorker: workers, maxDecisions: 64 })) void event;
  } catch (error) {
    expect(error).toBeInstanceOf(AgentsError);
    return error as AgentsError;
  }
  throw new Error(`${environment} trains.`);
}

const PLACE = String.raw`test/fixtures/faulty/\S+\.ts:\d+:\d+\.$`;

describe('an error that a user’s function throws in training', () => {
  it.each([
    ['build', 'build() of environment "faulty-build" failed in area 1: broken. See '],
    ['reset', 'reset() of environment "faulty-reset" failed in area 1, decision 1 of episode 1: broken. See '],
    [
      'after-step',
      'afterStep() of environment "faulty-after-step" failed in area 1, decision 2 of episode 1: broken. See ',
    ],
    [
      'observe',
      'observe() of sensor "place" of agent "walker" on node "bead" of environment "faulty-observe" failed in area 1, decision 1 of episode 1: broken. See ',
    ],
    [
      'remember',
      'remember() of sensor "place" of agent "walker" on node "bead" of environment "faulty-remember" failed in area 1, decision 1 of episode 1: broken. See ',
    ],
    [
      'forget',
      'forget() of sensor "place" of agent "walker" on node "bead" of environment "faulty-forget" failed in area 1, decision 1 of episode 1: broken. See ',
    ],
    [
      'apply',
      'apply() of actuator "push" of agent "walker" on node "bead" of environment "faulty-apply" failed in area 1, decision 1 of episode 1: broken. See ',
    ],
    [
      'mask',
      'mask() of actuator "push" of agent "walker" on node "bead" of environment "faulty-mask" failed in area 1, decision 1 of episode 1: broken. See ',
    ],
    [
      'babylon',
      'reset() of environment "faulty-babylon" failed in area 0, decision 1 of episode 1: constraint._pluginData is not iterable. See ',
    ],
    [
      'before-physics',
      'an observer of physics of environment "faulty-before-physics" failed in area 0, decision 1 of episode 1: broken. See ',
    ],
    [
      'create-scene',
      'createScene() of environment "faulty-create-scene" failed: broken. It runs in training as it does in the page, without a canvas. See ',
    ],
  ])('says that it was %s, where and when, with file and line', async (fault, text) => {
    const { message, cause } = await failureOf(`faulty-${fault}`);
    expect(message).toContain(`[agents] ${text}${lineOf('environments.ts', fault)}`);
    expect(message).toMatch(new RegExp(PLACE));
    expect((cause as Error).stack).toContain(lineOf('environments.ts', fault));
  });

  it.each([
    ['entry', 'environment() of the catalog\'s entry "faulty-entry" failed: broken. See ', 'worker.ts'],
    ['training', 'training() of the catalog\'s entry "faulty-training" failed: broken. See ', 'worker.ts'],
    ['evaluation', 'environment() of the catalog\'s entry "faulty-evaluation" failed: broken. See ', 'throws.ts'],
  ])('names the entry of the catalog: %s', async (fault, text, file) => {
    expect((await failureOf(`faulty-${fault}`)).message).toContain(`[agents] ${text}${lineOf(file, fault)}`);
  });
});

describe('chance that no seed fixes', () => {
  it('is one warning with file and line, and Babylon’s own is none', async () => {
    const warnings: string[] = [];
    for await (const event of train('faulty-chance', { createWorker, workers: 2, maxDecisions: 128 }))
      if (event.kind === 'warning') warnings.push(event.message);
    expect(warnings).toEqual([
      expect.stringContaining(`Math.random() is called at ${lineOf('environments.ts', 'chance')}`),
    ]);
  });
});

describe('an entry of the catalog', () => {
  it.each([
    ['nothing', 'gave undefined. Return the result of defineEnvironment(…).'],
    ['module', 'gave a module, whose exports are rail. Return one of them, such as module.rail.'],
    [
      'spec',
      'gave an object that defineEnvironment() did not make, with name, build. Return the result of defineEnvironment(…).',
    ],
  ])('that gives no environment is named: %s', async (name, text) => {
    const worker = new WorkerHandle('Worker', createWorker);
    const described = worker.call((services) => services.rollout.describe([`faulty-${name}`]));
    await expect(described).rejects.toThrow(`[agents] environment() of the catalog's entry "faulty-${name}" ${text}`);
    worker.dispose();
  });
});

describe('an error that nothing in a worker catches', () => {
  it('ends the run at once with the line of a timer that threw it', async () => {
    const { message } = await failureOf('timer', createLateWorker);
    expect(message).toMatch(/^\[agents\] Rollout worker 1 stopped: broken\. The error came from /);
    expect(message).toContain(`nothing there caught it. See ${lineOf('late-worker.ts', 'timer')}`);
  });

  it('is called a promise that nothing awaits, with its line', async () => {
    const { message } = await failureOf('promise', createLateWorker);
    expect(message).toContain(
      `[agents] Rollout worker 1 stopped: A promise was rejected and nothing awaits it: broken. Await it where it is made, or add a catch(). See ${lineOf('late-worker.ts', 'promise')}`,
    );
  });

  it('has the line of the worker file, where that threw it', async () => {
    const { message } = await failureOf('any', await prepareNodeWorkers(join(FOLDER, 'throwing-worker.ts')));
    expect(message).toMatch(
      /^\[agents\] (Rollout worker 1|Learner worker) stopped: broken\. The error came from its file/,
    );
    expect(message).toContain(`See ${lineOf('throwing-worker.ts', 'worker file')}`);
  });
});
