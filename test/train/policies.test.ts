import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePolicy, readTrainingRecord } from '../../plugin/policy/policy-file.ts';
import { readCheckpoint } from '../../plugin/train/checkpoint.ts';
import { train } from '../../plugin/train/train.ts';
import {
  CHECKPOINT_FILE,
  evaluate,
  type FinishedEvent,
  type TrainingEvent,
  type TrainingOptions,
  type UpdateEvent,
} from '../../plugin/training.ts';
import { MemoryStore } from '../fixtures/memory-store.ts';
import { createWorker, finishOf, interruptAt, runTraining } from '../fixtures/run-training.ts';

const updatesIn = (events: readonly TrainingEvent[]) =>
  events.filter((event): event is UpdateEvent => event.kind === 'update');

/** The policy files as hexadecimal digits, by name. */
const filesOf = ({ policies }: FinishedEvent) =>
  Object.fromEntries(policies.map(({ name, policyFile }) => [name, Buffer.from(policyFile).toString('hex')]));

const run = async (options: Omit<TrainingOptions, 'createWorker'>) =>
  filesOf(finishOf(await runTraining('relay', options)));

describe('train, with several policies', () => {
  it('lets each learn from the agents that it drove, and tells of each', async () => {
    const events = await runTraining('relay', { maxDecisions: 500 });
    const [started] = events;
    expect(started).toMatchObject({ kind: 'started', agents: 6 * 2 });
    expect(started.kind === 'started' && started.policies.map(({ name }) => name)).toEqual(['low', 'high', 'keeper']);
    const updates = updatesIn(events);
    expect(updates.slice(0, 6).map(({ policy, update }) => [policy, update])).toEqual([
      ...[
        ['low', 1],
        ['high', 1],
        ['keeper', 1],
      ],
      ...[
        ['low', 2],
        ['high', 2],
        ['keeper', 2],
      ],
    ]);
    // A runner decides for all of an episode's 10 decisions unless it falls, a keeper for 5: those of runners are shared out.
    for (const update of [1, 2]) {
      const of = updates.filter((event) => event.update === update);
      const decided = of[0].decisions - (updates.find((event) => event.update === update - 1)?.decisions ?? 0);
      expect(of.reduce((sum, { samples }) => sum + samples, 0)).toBe(decided);
    }
    const [low, high, keeper] = updates;
    expect(low.samples + high.samples).toBeLessThanOrEqual(6 * 16);
    expect(keeper.samples).toBe(6 * (5 + 5)); // of 16 decisions: 0 to 4 and 10 to 14
  });

  it('keeps the returns of each policy apart', async () => {
    const events = await runTraining('relay', { maxDecisions: 500 });
    const returns: Record<string, number[]> = { low: [], high: [], keeper: [] };
    for (const event of events) {
      if (event.kind === 'episode') returns[event.policy].push(event.return);
      if (event.kind !== 'update') continue;
      const earned = returns[event.policy];
      const mean = earned.reduce((sum, value) => sum + value, 0) / earned.length;
      if (earned.length > 0) expect(event.meanReturn, event.policy).toBeCloseTo(mean, 9);
    }
    const finished = finishOf(events);
    expect(finished.meanReturn).toBe(Math.min(...finished.policies.map(({ meanReturn }) => meanReturn as number)));
  });

  it('raises the return of each', async () => {
    const settings = { maxDecisions: 15_000, learningRate: 3e-3 };
    const updates = updatesIn(await runTraining('relay', settings));
    for (const policy of ['low', 'high', 'keeper']) {
      const own = updates.filter((event) => event.policy === policy).map(({ meanReturn }) => meanReturn as number);
      expect(own.at(-1) as number, policy).toBeGreaterThan(own[2] + 1);
    }
  });

  it('puts a file of each beside one checkpoint of all', async () => {
    const store = new MemoryStore();
    const events = await runTraining('relay', { maxDecisions: 300, store });
    expect([...store.files.keys()]).toEqual([
      'low.safetensors',
      'high.safetensors',
      'keeper.safetensors',
      CHECKPOINT_FILE,
    ]);
    const { policies } = readCheckpoint(store.files.get(CHECKPOINT_FILE) as Uint8Array, 'It');
    expect(policies.map(({ spec }) => spec.name)).toEqual(['low', 'high', 'keeper']);
    for (const { name, policyPath, policyFile, meanReturn } of finishOf(events).policies) {
      expect(policyPath).toBe(`memory/${name}.safetensors`);
      expect(store.files.get(`${name}.safetensors`)).toEqual(policyFile);
      expect(parsePolicy(policyFile).spec.name).toBe(name);
      expect(readTrainingRecord(policyFile)).toMatchObject({ environment: 'relay', meanReturn });
    }
  });

  it('gives the same files for the same seed, others for another, and no two policies alike', async () => {
    const settings = { maxDecisions: 1000, seed: 5 };
    const once = await run(settings);
    expect(await run(settings)).toEqual(once);
    const other = await run({ ...settings, seed: 6 });
    for (const name of Object.keys(once)) expect(other[name]).not.toBe(once[name]);
    const [low, high] = ['low', 'high'].map((name) => parsePolicy(Buffer.from(once[name], 'hex')).weights);
    expect(low.filter((value, i) => value === high[i]).length).toBeLessThan(low.length / 10);
  });

  it('gives a policy settings of its own', async () => {
    const settings = { maxDecisions: 500, policies: { keeper: { hidden: [8, 4], learningRate: 1e-2 } } };
    const events = await runTraining('relay', { ...settings, learningRateSchedule: 'constant', learningRate: 1e-3 });
    const [started, ...others] = events;
    expect(started.kind === 'started' && started.policies.map(({ network }) => network.hidden)).toEqual([
      [16],
      [16],
      [8, 4],
    ]);
    expect(
      updatesIn(others)
        .slice(0, 3)
        .map(({ learningRate }) => learningRate),
    ).toEqual([1e-3, 1e-3, 1e-2]);
  });

  it('leaves a policy as it is that took no decision, without an event', async () => {
    const events = await runTraining('relay', { maxDecisions: 500, parameters: { high: 0 } });
    const updates = updatesIn(events);
    expect(new Set(updates.map(({ policy }) => policy))).toEqual(new Set(['low', 'keeper']));
    const untouched = finishOf(await runTraining('relay', { maxDecisions: 1, parameters: { high: 0 } }));
    const [low, high] = finishOf(events).policies.map(({ policyFile }) => parsePolicy(policyFile).weights);
    const [lowBefore, highBefore] = untouched.policies.map(({ policyFile }) => parsePolicy(policyFile).weights);
    expect(high).toEqual(highBefore);
    expect(low).not.toEqual(lowBefore);
    expect(finishOf(events).meanReturn).toBeNull(); // of a policy that has no episode
  });

  it('teaches by the returns of one policy', async () => {
    const completion = { measure: 'return', threshold: -1000, minLessonLength: 1, policy: 'high' } as const;
    const lessons = [
      { name: 'low bars', value: 0, completion: { ...completion, policy: 'keeper' } },
      { name: 'both', value: 0.5, completion },
      { name: 'high bars', value: 1 },
    ];
    const events = await runTraining('relay', {
      maxDecisions: 1500,
      overlap: false,
      parameters: { high: { lessons } },
    });
    const completed = events.flatMap((event) => (event.kind === 'lesson' ? [[event.completed, event.update]] : []));
    expect(completed[0]).toEqual(['low bars', 1]);
    const first = events.findIndex((event) => event.kind === 'episode' && event.policy === 'high' && event.stage === 1);
    const after = events.slice(first).find((event) => event.kind === 'update') as UpdateEvent;
    expect(completed[1]).toEqual(['both', after.update]);
  });

  it.each([
    [1, true],
    [3, true],
    [4, false],
  ])('resumes exactly after update %i (overlap %s)', async (update, overlap) => {
    const settings = { maxDecisions: 1500, overlap };
    const whole = await run(settings);
    const store = new MemoryStore();
    await interruptAt('relay', update, { ...settings, store });
    const events = await runTraining('relay', { store, resume: true });
    expect(events[0]).toMatchObject({ kind: 'started', resumedFrom: update });
    expect(filesOf(finishOf(events))).toEqual(whole);
  });

  it('stands still while it is held, and comes to the same policies', async () => {
    const settings = { maxDecisions: 1000 };
    const whole = await run(settings);
    const kinds: string[] = [];
    let finished: FinishedEvent | undefined;
    const options = { ...settings, createWorker, store: new MemoryStore(), hold: () => Promise.resolve() };
    for await (const event of train('relay', options)) {
      if (event.kind !== 'episode') kinds.push(event.kind);
      if (event.kind === 'finished') finished = event;
    }
    expect(kinds.slice(0, 6)).toEqual(['started', 'update', 'update', 'update', 'checkpoint', 'update']);
    expect(filesOf(finished as FinishedEvent)).toEqual(whole);
  });

  it('comes to the same policies when a worker dies', async () => {
    const flag = join(mkdtempSync(join(tmpdir(), 'agents-')), 'die');
    process.env.MORTAL_FLAG = flag;
    const undisturbed = await runTraining('mortal-relay', { maxDecisions: 800 });
    writeFileSync(flag, '');
    const disturbed = await runTraining('mortal-relay', { maxDecisions: 800 });
    delete process.env.MORTAL_FLAG;
    expect(disturbed.some((event) => event.kind === 'warning')).toBe(true);
    expect(filesOf(finishOf(disturbed))).toEqual(filesOf(finishOf(undisturbed)));
  });

  it('is solved when the last 100 episodes of each policy are', async () => {
    const settings = { parameters: { high: 0.9 }, maxDecisions: 100_000, until: -1000 };
    const events = await runTraining('relay', settings);
    const counts: Record<string, number> = { low: 0, high: 0, keeper: 0 };
    for (const event of events) if (event.kind === 'episode') counts[event.policy]++;
    expect(finishOf(events).reason).toBe('solved');
    expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(100);
    expect(counts.low).toBeLessThan(130); // the rarest was waited for, and no longer
  });

  it('refuses settings and lessons of policies that there are not', async () => {
    const refusal = (options: Omit<TrainingOptions, 'createWorker'>) => expect(runTraining('relay', options)).rejects;
    await refusal({ policies: { goalie: {} } }).toThrow(
      '[agents] Setting "policies.goalie" names no policy of environment "relay". It has: "low", "high", "keeper".',
    );
    await refusal({ policies: { keeper: { epochs: 0 } } }).toThrow(
      '[agents] Setting "policies.keeper.epochs" is 0. It must be an integer above 0.',
    );
    const completion = { measure: 'return', threshold: 0, policy: 'goalie' } as const;
    const lessons = [
      { name: 'first', value: 0, completion },
      { name: 'last', value: 1 },
    ];
    await refusal({ parameters: { high: { lessons } } }).toThrow(
      '[agents] Setting "parameters.high.lessons.0.completion.policy" is "goalie", which is no policy of environment "relay". It has: "low", "high", "keeper".',
    );
  });
});

describe('evaluate, with several policies', () => {
  it('plays them together, and tells what each came to', async () => {
    const { policies } = finishOf(await runTraining('relay', { maxDecisions: 300 }));
    const files = policies.map(({ policyFile }) => policyFile);
    const result = await evaluate(files, { createWorker, episodes: 40, areas: 8 });
    expect(Object.keys(result.policies)).toEqual(['high', 'keeper', 'low']);
    const { high, keeper, low } = result.policies;
    expect([high.episodes + low.episodes, keeper.episodes, result.episodes]).toEqual([20, 20, 40]);
    expect(result.meanReturn).toBeCloseTo(
      (high.meanReturn * high.episodes + low.meanReturn * low.episodes + keeper.meanReturn * 20) / 40,
      9,
    );
    expect(await evaluate([...files].reverse(), { createWorker, episodes: 40, areas: 8 })).toEqual(result);
    await expect(evaluate(files.slice(1), { createWorker })).rejects.toThrow(
      '[agents] Environment "relay" has agents of policy "low", but the policy files are for "high", "keeper". Pass one file for each policy.',
    );
    const rail = finishOf(await runTraining('rail', { maxDecisions: 256 })).policies[0].policyFile;
    await expect(evaluate([...files, rail], { createWorker })).rejects.toThrow(
      '[agents] Policy "agent" drives no agent of environment "relay", whose policies are "low", "high", "keeper". Leave its file out.',
    );
  });
});
