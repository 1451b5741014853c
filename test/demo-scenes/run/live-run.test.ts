import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CURVES } from '../../../demo-scenes/run/curves.ts';
import { LiveRun, type RunPhase, type RunSettings } from '../../../demo-scenes/run/live-run.ts';
import { type Policy, parsePolicy, readTrainingRecord, writePolicy } from '../../../plugin/index.ts';
import { CHECKPOINT_FILE, POLICY_FILE } from '../../../plugin/training.ts';
import { MemoryStore } from '../../fixtures/memory-store.ts';
import { createWorker, finishOf, runTraining } from '../../fixtures/run-training.ts';
import { MemoryFiles } from './memory-files.ts';

const open = new Set<LiveRun>();

afterEach(async () => {
  for (const run of open) await run.stop();
  open.clear();
});

function liveRun(environment: string, store = new MemoryFiles(), checkpointSeconds = 5): LiveRun {
  const run = new LiveRun(environment, { createWorker, store, checkpointSeconds });
  open.add(run);
  return run;
}

function reaches(run: LiveRun, ...phases: readonly RunPhase[]): Promise<void> {
  return waits(run, () => phases.includes(run.state.phase));
}

function waits(run: LiveRun, until: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!until()) return;
      stop();
      resolve();
    };
    const stop = run.subscribe(look);
    queueMicrotask(look);
  });
}

const afterUpdate = (run: LiveRun, update: number) => waits(run, () => (run.state.update?.update ?? 0) >= update);
const afterAWhile = (ms = 300) => new Promise((resolve) => setTimeout(resolve, ms));
const lastNote = (run: LiveRun) => run.state.notes.at(-1)?.text;

/** All curves that time does not touch, as numbers. */
function points(run: LiveRun): number[][] {
  const names = CURVES.filter((name) => name !== 'decisionsPerSecond');
  return [run.curvesOf().decisions, ...names.map((name) => run.curvesOf().column(name))].map((column) =>
    Array.from(column),
  );
}

/** Curves and returns by policy, the latter as they are shown and as they go into the policies' files. */
function whatIsThere(run: LiveRun) {
  const byPolicy = <T>(of: (name: string) => T) =>
    Object.fromEntries(run.state.started!.policies.map(({ name }) => [name, of(name)]));
  const records = run.policyFiles().map((file) => [parsePolicy(file).spec.name, readTrainingRecord(file)?.meanReturn]);
  return {
    returns: run.state.returns,
    record: Object.fromEntries(records),
    curves: byPolicy((name) => {
      const curves = run.curvesOf(name);
      return { decisions: Array.from(curves.decisions), meanReturn: Array.from(curves.column('meanReturn')) };
    }),
  };
}

async function policyOf(run: LiveRun): Promise<Float32Array> {
  return parsePolicy(run.policyFiles()[0]).weights;
}

/** The same settings trained without any break. */
async function undisturbed(environment: string, settings: RunSettings) {
  const run = liveRun(environment);
  await run.train(settings);
  await reaches(run, 'finished');
  return { points: points(run), policy: await policyOf(run) };
}

/** Enough updates that a test can act in the middle: 8 × 32 decisions each. */
const LONG = { maxDecisions: 256 * 400 } as const;

describe('LiveRun.train', () => {
  it('trains to the end of its budget, and has a point of each update', async () => {
    const run = liveRun('rail');
    const phases = new Set<string>();
    run.subscribe(() => phases.add(run.state.phase));
    expect(run.state).toMatchObject({ phase: 'idle', workersOpen: false, savedUpdates: undefined, notes: [] });
    await run.train({ maxDecisions: 256 * 5 });
    expect(run.state.workersOpen).toBe(true);
    await reaches(run, 'finished');
    expect([...phases]).toEqual(['opening', 'training', 'finished']);
    expect(run.state).toMatchObject({ finishReason: 'budget', savedUpdates: 5, update: { update: 5 }, secondsLeft: 0 });
    expect(run.state.update).not.toHaveProperty('weights');
    expect(run.state.started).toMatchObject({ environment: 'rail', workers: 2, areas: 8, backend: 'wasm' });
    expect(Array.from(run.curvesOf().decisions)).toEqual([256, 512, 768, 1024, 1280]);
    expect(lastNote(run)).toMatch(/^Budget used up after \d+ s\.$/);
  });

  it('comes to the policy of train() alone', async () => {
    const alone = finishOf(await runTraining('rail', { maxDecisions: 256 * 5 }));
    const { policy } = await undisturbed('rail', { maxDecisions: 256 * 5 });
    expect(policy).toEqual(parsePolicy(alone.policies[0].policyFile).weights);
  });

  it('hands out all policies of an environment that has several, keeps their files, and forgets them', async () => {
    const store = new MemoryFiles();
    const run = liveRun('relay', store);
    await run.train({ maxDecisions: 500 });
    await reaches(run, 'finished');
    const names = ['low', 'high', 'keeper'];
    const heard = vi.fn();
    run.onPolicies(heard);
    expect(heard.mock.calls[0][0].map(({ spec }: Policy) => spec.name)).toEqual(names);
    expect(Object.keys(run.state.returns)).toEqual(names);
    expect(run.policyFiles().map((file) => parsePolicy(file).spec.name)).toEqual(names);
    expect([...store.files.keys()].sort()).toContain('keeper.safetensors');
    const again = liveRun('relay', store);
    await again.restore();
    expect(again.policyFiles().map((file) => parsePolicy(file).weights)).toEqual(
      run.policyFiles().map((file) => parsePolicy(file).weights),
    );
    await again.reset();
    expect([...store.files.keys()]).toEqual([]);
  });

  it('has curves and a mean return of each of several policies, also after a reload', async () => {
    const settings = { maxDecisions: 800 };
    const updates = (await runTraining('relay', settings)).filter((event) => event.kind === 'update');
    const store = new MemoryFiles();
    const run = liveRun('relay', store);
    await run.train(settings);
    await reaches(run, 'finished');
    const again = liveRun('relay', copyOf(store));
    await again.restore();
    for (const { curves, returns, record } of [run, again].map(whatIsThere)) {
      for (const policy of ['low', 'high', 'keeper']) {
        const own = updates.filter((update) => update.policy === policy);
        expect(curves[policy].decisions).toEqual(own.map(({ decisions }) => decisions));
        expect(curves[policy].meanReturn).toEqual(own.map(({ meanReturn }) => meanReturn ?? Number.NaN));
        expect(returns[policy]).toBe(own.at(-1)?.meanReturn);
        expect(record[policy]).toBe(own.at(-1)?.meanReturn);
      }
    }
    expect(run.curvesOf()).toBe(run.curvesOf('low'));
    expect(run.curvesOf('goalie').length).toBe(0);
  });

  it('resumes after a reload with as many points of each policy', async () => {
    const settings = { maxDecisions: 800, parameters: { high: 0.05 } }; // some updates are without "high"
    const whole = liveRun('relay');
    await whole.train(settings);
    await reaches(whole, 'finished');
    const store = new MemoryFiles();
    const before = liveRun('relay', store, 0);
    await before.train(settings);
    await before.pause();
    const after = liveRun('relay', copyOf(store));
    await after.restore();
    await after.train();
    await reaches(after, 'finished');
    expect(whatIsThere(after)).toEqual(whatIsThere(whole));
  });

  it('tells of a lesson that is completed', async () => {
    const run = liveRun('rail-lessons');
    await run.train({ maxDecisions: 512 });
    await reaches(run, 'finished');
    expect(run.state.notes.map(({ text }) => text)).toContain(
      'Lesson "slow" of speed was completed after update 1. Next: "faster".',
    );
    expect(run.state.update?.lessons).toMatchObject([{ parameter: 'speed', lesson: 'faster', number: 2, count: 3 }]);
  });

  it('is solved at the goal that it was given', async () => {
    const run = liveRun('rail');
    await run.train({ until: 3 });
    await reaches(run, 'finished');
    expect(run.state).toMatchObject({ finishReason: 'solved', started: { goal: 3 } });
    expect(lastNote(run)).toMatch(/^Solved after \d+ s\.$/);
  });

  it('hands out every newest policy, and to latecomers at once', async () => {
    const run = liveRun('rail');
    let told = 0;
    run.onPolicies(() => told++);
    expect(told).toBe(0);
    await run.train({ maxDecisions: 256 * 5 });
    await reaches(run, 'finished');
    await afterAWhile(150);
    expect(told).toBeGreaterThan(0);
    const late = vi.fn();
    run.onPolicies(late);
    expect(late).toHaveBeenCalledTimes(1);
    const [[policy]] = late.mock.calls[0];
    expect(parsePolicy(writePolicy(policy)).weights).toEqual(await policyOf(run));
  });

  it('resumes a finished run only when there is something left to do', async () => {
    const run = liveRun('rail');
    await run.train({ maxDecisions: 512 });
    await reaches(run, 'finished');
    await run.train({ maxDecisions: 512 });
    expect(run.state).toMatchObject({ phase: 'finished', finishReason: 'budget', update: { update: 2 } });
    expect(lastNote(run)).toMatch(/^There is nothing left to train\./);
    await run.train({ maxDecisions: 1024 });
    await reaches(run, 'finished');
    expect(run.state.update).toMatchObject({ update: 4, decisions: 1024 });
    expect(Array.from(run.curvesOf().decisions)).toEqual([256, 512, 768, 1024]);
  });

  it('says why it failed, and resumes from the checkpoint', async () => {
    const run = liveRun('nan-later', new MemoryFiles(), 0);
    const settings = { areas: 2, workers: 1, horizon: 32, minibatch: 64, backend: 'wasm' } as const;
    await run.train(settings);
    await reaches(run, 'failed');
    expect(run.state).toMatchObject({ savedUpdates: 3, workersOpen: false });
    expect(run.state.notes.at(-1)).toMatchObject({
      kind: 'problem',
      text: expect.stringMatching(/^Sensor "place".*NaN/),
    });
    await run.train();
    expect(run.state.notes.map(({ text }) => text)).toContain('Resumed after update 3.');
    await reaches(run, 'failed');
    expect(run.curvesOf().length).toBe(3);
  });

  it('says what is wrong with its settings', async () => {
    const run = liveRun('rail');
    await run.train({ learningRate: -1 });
    expect(run.state.phase).toBe('failed');
    expect(lastNote(run)).toBe('Setting "learningRate" is -1. It must be a finite number above 0.');
    await run.train({ maxDecisions: 256 });
    await reaches(run, 'finished');
    await run.train({ maxDecisions: 512, seed: 5 });
    expect(run.state.phase).toBe('failed');
    expect(lastNote(run)).toMatch(/^This run began with seed 1 and cannot be resumed with 5\./);
  });

  it('notes a worker that died, and comes to the same policy', async () => {
    const settings = { maxDecisions: 256 * 3 };
    const whole = await undisturbed('mortal', settings);
    const flag = join(mkdtempSync(join(tmpdir(), 'agents-')), 'die');
    writeFileSync(flag, '');
    process.env.MORTAL_FLAG = flag;
    const run = liveRun('mortal');
    await run.train(settings);
    await reaches(run, 'finished');
    delete process.env.MORTAL_FLAG;
    expect(run.state.notes).toContainEqual({
      kind: 'warning',
      text: expect.stringMatching(
        /^Rollout worker [12] stopped: its thread ended with code 7\. It is started again\.$/,
      ),
    });
    expect(await policyOf(run)).toEqual(whole.policy);
  });
});

describe('LiveRun.pause', () => {
  it('stands still with its workers and a checkpoint, and comes to the same policy and curves', async () => {
    const settings = { maxDecisions: 256 * 12 };
    const whole = await undisturbed('rail', settings);
    const store = new MemoryFiles();
    const run = liveRun('rail', store, 1000);
    await run.train(settings);
    await run.pause();
    const { update } = run.state;
    expect(run.state).toMatchObject({
      phase: 'paused',
      pausing: false,
      workersOpen: true,
      savedUpdates: update?.update,
    });
    expect(lastNote(run)).toBe(`Paused after update ${update?.update}.`);
    const before = { points: points(run), writes: store.writes.length };
    await afterAWhile();
    expect({ points: points(run), writes: store.writes.length }).toEqual(before);
    await run.train(settings);
    expect(run.state.phase).toBe('training');
    await reaches(run, 'finished');
    expect(points(run)).toEqual(whole.points);
    expect(await policyOf(run)).toEqual(whole.policy);
  });

  it('can be asked for while the workers are being opened, and taken back', async () => {
    const run = liveRun('rail');
    const opened = run.train(LONG);
    await run.pause();
    await opened;
    expect(run.state).toMatchObject({ phase: 'paused', update: { update: 1 } });
    await run.train();
    const paused = run.pause();
    await run.train();
    await paused;
    const { update } = run.state;
    await waits(run, () => run.state.update?.update !== update?.update);
    expect(run.state.phase).toBe('training');
  });

  it('takes up another budget when it resumes', async () => {
    const run = liveRun('rail-goal');
    await run.train({ maxDecisions: 256 * 90, until: 100 });
    await run.pause();
    const { update } = run.state.update!;
    await run.train({ maxDecisions: 256 * (update + 2) });
    await reaches(run, 'finished');
    expect(run.state).toMatchObject({ finishReason: 'budget', update: { update: update + 2 }, started: { goal: 100 } });
  });
});

describe('LiveRun.stop', () => {
  it('ends with a checkpoint, from which it resumes to the same policy and curves', async () => {
    const settings = { maxDecisions: 256 * 12 };
    const whole = await undisturbed('rail', settings);
    const run = liveRun('rail');
    await run.train(settings);
    await run.stop();
    const { update } = run.state;
    expect(run.state).toMatchObject({ phase: 'paused', workersOpen: false, savedUpdates: update?.update });
    expect(run.state.finishReason).toBe('interrupted');
    expect(lastNote(run)).toBe(`Stopped after update ${update?.update}.`);
    await run.train();
    await reaches(run, 'finished');
    expect(points(run)).toEqual(whole.points);
    expect(await policyOf(run)).toEqual(whole.policy);
  });

  it('ends a run that is paused, and one that is being opened', async () => {
    const run = liveRun('rail');
    const opened = run.train(LONG);
    await run.stop();
    await opened;
    expect(run.state).toMatchObject({ phase: 'idle', workersOpen: false });
    await run.train(LONG);
    await run.pause();
    await run.stop();
    expect(run.state).toMatchObject({ phase: 'paused', workersOpen: false, finishReason: 'interrupted' });
  });

  it('lets go of the run', async () => {
    const store = new MemoryFiles();
    const run = liveRun('rail', store);
    await run.train(LONG);
    expect(store.holder).toBe(store);
    await run.stop();
    expect(store.holder).toBeUndefined();
  });
});

describe('LiveRun.reset', () => {
  it('forgets everything, in the middle of training', async () => {
    const store = new MemoryFiles();
    const run = liveRun('rail', store, 0);
    await run.train(LONG);
    await afterUpdate(run, 3);
    await run.reset();
    expect(run.state).toMatchObject({ phase: 'idle', workersOpen: false, update: undefined, savedUpdates: undefined });
    expect(run.state.notes).toEqual([]);
    expect(run.curvesOf().length).toBe(0);
    expect([...store.files.keys()]).toEqual([]);
    expect(run.policyFiles()).toEqual([]);
    await run.train({ maxDecisions: 512, seed: 9 });
    await reaches(run, 'finished');
    expect(Array.from(run.curvesOf().decisions)).toEqual([256, 512]);
  });
});

describe('LiveRun.restore', () => {
  it('says when there is nothing', async () => {
    const run = liveRun('rail');
    expect(await run.restore()).toBe(false);
    expect(run.state.phase).toBe('idle');
  });

  it('brings back what was paused, and comes to the same policy and curves', async () => {
    const settings = { maxDecisions: 256 * 12 };
    const whole = await undisturbed('rail', settings);
    const store = new MemoryFiles();
    const before = liveRun('rail', store);
    await before.train(settings);
    await before.pause();
    const after = liveRun('rail', copyOf(store));
    expect(await after.restore()).toBe(true);
    expect(after.state).toMatchObject({ phase: 'paused', workersOpen: false });
    expect(after.state.update).toEqual(before.state.update);
    expect(after.state.started).toEqual(before.state.started);
    expect(points(after)).toEqual(points(before));
    expect(after.curvesOf().seconds).toEqual(before.curvesOf().seconds);
    expect(await policyOf(after)).toEqual(await policyOf(before));
    await after.train();
    await reaches(after, 'finished');
    expect(points(after)).toEqual(whole.points);
    expect(await policyOf(after)).toEqual(whole.policy);
  });

  it('resumes after a reload at any write, with no point twice or missing', async () => {
    const settings = { maxDecisions: 256 * 6 };
    const whole = await undisturbed('rail', settings);
    const snapshots: MemoryFiles[] = [];
    const store = new MemoryFiles();
    const write = store.write.bind(store);
    store.write = async (name, bytes) => {
      await write(name, bytes);
      snapshots.push(copyOf(store));
    };
    const before = liveRun('rail', store, 0);
    await before.train(settings);
    await reaches(before, 'finished');
    expect(snapshots.length).toBeGreaterThanOrEqual(6 * 3); // record, checkpoint and policy of each update
    for (const snapshot of snapshots.slice(2, 12)) {
      // the first checkpoint is the third file
      const after = liveRun('rail', snapshot);
      expect(await after.restore()).toBe(true);
      expect(after.curvesOf().length).toBe(after.state.savedUpdates);
      expect(after.state.update?.update).toBe(after.state.savedUpdates);
      await after.train();
      await reaches(after, 'finished');
      expect(points(after)).toEqual(whole.points);
    }
  });

  it('shows a finished run as finished', async () => {
    const store = new MemoryFiles();
    const before = liveRun('rail', store);
    await before.train({ until: 3 });
    await reaches(before, 'finished');
    const after = liveRun('rail', copyOf(store));
    await after.restore();
    expect(after.state).toMatchObject({ phase: 'finished', finishReason: 'solved', workersOpen: false });
  });

  it('begins anew where what is stored is damaged, and says so', async () => {
    const store = new MemoryFiles();
    await store.write(CHECKPOINT_FILE, new TextEncoder().encode('not a run'));
    const run = liveRun('rail', store);
    expect(await run.restore()).toBe(false);
    expect(lastNote(run)).toMatch(/^The stored run is not a safetensors file\..*Training starts over\.$/);
    await run.train({ maxDecisions: 256 });
    await reaches(run, 'finished');
    expect(run.state.savedUpdates).toBe(1);
  });

  it('leaves a run alone that another tab has', async () => {
    const store = new MemoryFiles();
    const before = liveRun('rail', store);
    await before.train(LONG);
    await before.pause();
    const other = copyOf(store);
    other.holder = store;
    const after = liveRun('rail', other);
    await after.restore();
    expect(after.state.notes.at(-1)).toMatchObject({ kind: 'warning', text: expect.stringContaining('another tab') });
    const files = new Map(other.files);
    await after.train();
    expect(after.state).toMatchObject({ phase: 'paused', workersOpen: false });
    expect(after.state.notes.at(-1)?.text).toContain('another tab');
    await after.reset();
    expect(other.files).toEqual(files);
  });
});

describe('LiveRun, with a full disk', () => {
  it('keeps training, says so once, and can be resumed while the page is open', async () => {
    const settings = { maxDecisions: 256 * 8 };
    const whole = await undisturbed('rail', settings);
    const store = new MemoryFiles();
    store.full = new Error('"memory" could not be written: this page’s storage quota is used up.');
    const run = liveRun('rail', store, 0);
    await run.train(settings);
    await run.stop();
    expect(run.state).toMatchObject({ phase: 'paused', savedUpdates: undefined });
    const complaints = run.state.notes.filter(({ kind }) => kind === 'warning');
    expect(complaints).toEqual([
      {
        kind: 'warning',
        text: 'The run could not be saved: "memory" could not be written: this page’s storage quota is used up. Training continues.',
      },
      { kind: 'warning', text: 'This browser did not save all of it. Download the policy before you leave this page.' },
    ]);
    store.full = undefined;
    await run.train();
    await reaches(run, 'finished');
    expect(points(run)).toEqual(whole.points);
    expect(run.state.savedUpdates).toBe(8);
    expect([...store.files.keys()].sort()).toEqual(
      [CHECKPOINT_FILE, POLICY_FILE, 'record-0.bin', 'record-1.bin'].sort(),
    );
  });
});

describe('LiveRun.loadCheckpoint', () => {
  it('resumes from a file of another browser', async () => {
    const settings = { maxDecisions: 256 * 6 };
    const whole = await undisturbed('rail', settings);
    const here = liveRun('rail');
    await here.train(settings);
    await here.pause();
    const file = (await here.checkpointFile()) as Uint8Array;
    const there = liveRun('rail');
    await there.train({ ...LONG, seed: 3 });
    await there.loadCheckpoint(file, 'mine.safetensors');
    expect(there.state).toMatchObject({ phase: 'paused', savedUpdates: here.state.savedUpdates, update: undefined });
    expect(lastNote(there)).toBe(
      `Opened "mine.safetensors": ${here.state.savedUpdates} updates, ${256 * here.state.savedUpdates!} decisions.`,
    );
    expect(there.curvesOf().length).toBe(0);
    expect(await policyOf(there)).toEqual(await policyOf(here));
    await there.train();
    await reaches(there, 'finished');
    expect(await policyOf(there)).toEqual(whole.policy);
  });

  it('says why a file is none, and lets the present run go on', async () => {
    const other = new MemoryStore();
    await runTraining('crowd', { maxDecisions: 1, store: other });
    const run = liveRun('rail');
    await run.train(LONG);
    await afterUpdate(run, 1);
    const refusal = (bytes: Uint8Array, name: string) => run.loadCheckpoint(bytes, name).then(() => 'none', String);
    expect(await refusal(new TextEncoder().encode('hello, world'), 'a.txt')).toContain(
      '"a.txt" is not a safetensors file',
    );
    expect(await refusal(other.files.get(POLICY_FILE)!, 'p')).toContain('"p" is a policy file, but no checkpoint');
    const foreign = other.files.get(CHECKPOINT_FILE)!;
    expect(await refusal(foreign, 'c')).toContain('"c" belongs to the environment "crowd", not to "rail"');
    expect(await refusal(foreign.subarray(0, foreign.length - 50), 'c')).toContain('"c" is cut off');
    const { update } = run.state;
    await waits(run, () => run.state.update !== update);
    expect(run.state.phase).toBe('training');
  });
});

describe('the files of a LiveRun', () => {
  it('are a policy with its record and a checkpoint of now', async () => {
    const run = liveRun('rail', new MemoryFiles(), 1000);
    await run.train(LONG);
    await afterUpdate(run, 2);
    expect(run.state.savedUpdates).toBe(1); // the first is kept at once
    const { update } = run.state.update!;
    const checkpoint = await run.checkpointFile();
    expect(run.state.savedUpdates).toBeGreaterThanOrEqual(update);
    expect(checkpoint).toBeDefined();
    await run.pause();
    expect(readTrainingRecord(run.policyFiles()[0])).toEqual({
      environment: 'rail',
      seed: 1,
      decisions: run.state.update!.decisions,
      meanReturn: run.state.update!.meanReturn,
    });
  });
});

/** What a page finds after a reload: the same files, and the run in nobody's hands. */
function copyOf(store: MemoryFiles): MemoryFiles {
  const copy = new MemoryFiles();
  for (const [name, bytes] of store.files) copy.files.set(name, bytes.slice());
  return copy;
}
