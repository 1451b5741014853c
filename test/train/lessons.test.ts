import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LessonCompletion, ParameterSetting } from '../../plugin/core/parameters.ts';
import { readTrainingRecord } from '../../plugin/policy/policy-file.ts';
import { evaluate, type LessonEvent, type TrainingEvent, type UpdateEvent } from '../../plugin/training.ts';
import { MemoryStore } from '../fixtures/memory-store.ts';
import { createWorker, finishOf, interruptAt, runTraining } from '../fixtures/run-training.ts';

/** Three lessons of how fast a bead is, the last two drawn for every episode. */
function lessons(completion: LessonCompletion): { readonly speed: ParameterSetting } {
  return {
    speed: {
      lessons: [
        { name: 'slow', value: 0.5, completion },
        { name: 'faster', value: { sampler: 'uniform', min: 0.5, max: 2 }, completion },
        {
          name: 'any',
          value: {
            sampler: 'multirangeuniform',
            intervals: [
              [0.5, 1],
              [2, 4],
            ],
          },
        },
      ],
    },
  };
}

/** Any return will do. */
const easy = { measure: 'return', threshold: -1000, minLessonLength: 8 } as const;

const lessonsIn = (events: readonly TrainingEvent[]) =>
  events.filter((event): event is LessonEvent => event.kind === 'lesson');
const updatesIn = (events: readonly TrainingEvent[]) =>
  events.filter((event): event is UpdateEvent => event.kind === 'update');

describe('train, by lessons', () => {
  it('tells which lesson it begins in, and when one is completed', async () => {
    const events = await runTraining('rail', { parameters: lessons(easy), maxDecisions: 256 * 5, overlap: false });
    const slow = { parameter: 'speed', lesson: 'slow', number: 1, count: 3 };
    expect(events[0]).toMatchObject({ kind: 'started', lessons: [slow] });
    expect(lessonsIn(events)).toEqual([
      { kind: 'lesson', ...slow, completed: 'slow', lesson: 'faster', number: 2, update: 1, decisions: 256 },
      { kind: 'lesson', ...slow, completed: 'faster', lesson: 'any', number: 3, update: 2, decisions: 512 },
    ]);
    const names = updatesIn(events).map((update) => update.lessons.map(({ lesson }) => lesson));
    expect(names).toEqual([['faster'], ['any'], ['any'], ['any'], ['any']]);
    const plain = await runTraining('rail', { maxDecisions: 256 });
    expect(updatesIn(plain)[0].lessons).toEqual([]);
  });

  it.each([
    [false, [[0], [0, 1], [1], [2]]],
    [true, [[0], [0], [0], [1]]],
  ])('begins episodes in the lesson of their rollout (overlap %s)', async (overlap, expected) => {
    const settings = { maxDecisions: 8 * 24 * 4, horizon: 24, areas: 8, overlap };
    // Episodes of 16 decisions end after decisions 16 · 32, 48 · 64 · 80, 96 of rollouts that end after 24 · 48 · 72 · 96; those
    // that end with their rollout are followed by one that belongs to it still.
    const events = await runTraining('rail', { ...settings, parameters: lessons({ ...easy, minLessonLength: 1 }) });
    const stages: number[][] = [[]];
    for (const event of events) {
      if (event.kind === 'episode' && !stages.at(-1)?.includes(event.stage)) stages.at(-1)?.push(event.stage);
      if (event.kind === 'update') stages.push([]);
    }
    expect(stages.slice(0, 4)).toEqual(expected);
  });

  it('does not count episodes that began before a lesson for it', async () => {
    const settings = { maxDecisions: 256 * 6, overlap: true };
    const events = await runTraining('rail', { ...settings, parameters: lessons(easy) });
    // Rollout 2 is on its way, still slow, when update 1 completes the lesson; rollout 3 is the first of the next one.
    expect(lessonsIn(events).map(({ update }) => update)).toEqual([1, 3]);
  });

  it('goes by progress as well', async () => {
    const completion = { measure: 'progress', threshold: 0.4, minLessonLength: 0 } as const;
    const events = await runTraining('rail', { parameters: lessons(completion), maxDecisions: 256 * 4 });
    expect(lessonsIn(events).map(({ update }) => update)).toEqual([2, 3]); // 0.5 and 0.75 of the budget
  });

  it('acts on what it draws: the same run for the same seed, another with a sampler', async () => {
    const speed = { sampler: 'gaussian', mean: 2, deviation: 0.5 } as const;
    const run = async (parameters: Readonly<Record<string, ParameterSetting>>) =>
      finishOf(await runTraining('rail', { parameters, maxDecisions: 512 })).policies[0].policyFile;
    expect(await run({ speed })).toEqual(await run({ speed }));
    expect(await run({ speed: { sampler: 'constant', value: 2 } })).toEqual(await run({ speed: 2 }));
    expect(await run({ speed })).not.toEqual(await run({ speed: 2 }));
  });

  it.each([
    [1, true],
    [2, true],
    [3, true],
    [2, false],
  ])('resumes exactly after update %i (overlap %s)', async (update, overlap) => {
    const settings = { maxDecisions: 256 * 8, parameters: lessons(easy), overlap };
    const whole = await runTraining('rail', settings);
    const store = new MemoryStore();
    await interruptAt('rail', update, { ...settings, store });
    const resumed = await runTraining('rail', { store, resume: true });
    expect(Buffer.compare(finishOf(resumed).policies[0].policyFile, finishOf(whole).policies[0].policyFile)).toBe(0);
    expect(lessonsIn(resumed)).toEqual(lessonsIn(whole).filter((lesson) => lesson.update > update));
  });

  it.each([4, 5])('resumes exactly after update %i of worlds that are built anew after 4', async (update) => {
    const completion = { measure: 'progress', threshold: 0.6, minLessonLength: 0 } as const; // after updates 4 and 5
    const settings = { areas: 2, workers: 1, horizon: 1024, maxDecisions: 2048 * 6, parameters: lessons(completion) };
    const whole = await runTraining('rail', settings);
    expect(lessonsIn(whole).map((lesson) => lesson.update)).toEqual([4, 5]);
    const store = new MemoryStore();
    await interruptAt('rail', update, { ...settings, store });
    const resumed = finishOf(await runTraining('rail', { store, resume: true }));
    expect(Buffer.compare(resumed.policies[0].policyFile, finishOf(whole).policies[0].policyFile)).toBe(0);
  });

  it('comes to the same policy when a worker dies and lives through its lessons again', async () => {
    const flag = join(mkdtempSync(join(tmpdir(), 'agents-')), 'die');
    process.env.MORTAL_FLAG = flag;
    // Episodes of 16 decisions: the second begins in the first lesson, the third, during which the worker dies, in the second.
    const settings = { horizon: 8, maxDecisions: 8 * 8 * 8, overlap: false, parameters: lessons(easy) };
    const undisturbed = await runTraining('mortal', settings);
    expect(lessonsIn(undisturbed).map(({ update }) => update)).toEqual([2, 6]);
    writeFileSync(flag, '');
    const disturbed = await runTraining('mortal', settings);
    delete process.env.MORTAL_FLAG;
    expect(disturbed.some((event) => event.kind === 'warning')).toBe(true);
    expect(
      Buffer.compare(finishOf(disturbed).policies[0].policyFile, finishOf(undisturbed).policies[0].policyFile),
    ).toBe(0);
  });

  it('takes the settings again that it began with, written in another order', async () => {
    const store = new MemoryStore();
    const speed = { sampler: 'uniform', min: 1, max: 2 } as const;
    await runTraining('rail', { store, maxDecisions: 256, parameters: { speed } });
    const again = { speed: { max: 2, min: 1, sampler: 'uniform' } } as const;
    await runTraining('rail', { store, resume: true, maxDecisions: 512, parameters: again });
    const other = { speed: { ...speed, max: 3 } };
    await expect(runTraining('rail', { store, resume: true, parameters: other })).rejects.toThrow(
      '[agents] This run began with parameters {"speed":{"sampler":"uniform","min":1,"max":2}} and cannot be resumed with',
    );
  });

  it('refuses a curriculum of a parameter that the environment does not have', async () => {
    const { speed } = lessons(easy);
    await expect(runTraining('rail', { parameters: { sped: speed } })).rejects.toThrow(
      '[agents] Environment "rail" has no parameter "sped". Did you mean "speed"? It has: speed.',
    );
  });
});

describe('evaluate, of what was trained by lessons', () => {
  it('plays the last lesson unless it is told otherwise, and knows how far training had come', async () => {
    const [{ policyFile }] = finishOf(await runTraining('rail-lessons', { maxDecisions: 512 })).policies;
    expect(readTrainingRecord(policyFile)?.lessons).toEqual([
      { parameter: 'speed', lesson: 'faster', number: 2, count: 3 },
    ]);
    const play = (speed?: number) =>
      evaluate(policyFile, { createWorker, episodes: 8, ...(speed !== undefined && { parameters: { speed } }) });
    expect(await play()).toEqual(await play(4));
    expect(await play()).not.toEqual(await play(3));
    expect(await play()).not.toEqual(await play(2)); // the environment's own
  });
});
