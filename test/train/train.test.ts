import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AgentsError } from '../../plugin/core/errors.ts';
import { parsePolicy } from '../../plugin/policy/policy-file.ts';
import { readCheckpoint } from '../../plugin/train/checkpoint.ts';
import { train } from '../../plugin/train/train.ts';
import {
  CHECKPOINT_FILE,
  POLICY_FILE,
  type TrainingEvent,
  type TrainingSettings,
  type UpdateEvent,
} from '../../plugin/training.ts';
import { MemoryStore } from '../fixtures/memory-store.ts';
import { createWorker, finishOf, runTraining } from '../fixtures/run-training.ts';

const updatesOf = (events: readonly TrainingEvent[]) =>
  events.filter((event): event is UpdateEvent => event.kind === 'update');

/** The actions of each rollout of one worker, as the checkpoint keeps them. */
async function actionsOf(settings: Partial<TrainingSettings>): Promise<Float32Array[]> {
  const store = new MemoryStore();
  await runTraining('rail', { ...settings, workers: 1, store });
  const { history } = readCheckpoint(store.files.get(CHECKPOINT_FILE) as Uint8Array, 'It');
  return history.actions[0].map(([{ continuousAction }]) => continuousAction);
}

describe('train', () => {
  it('says first what it trains, on which backend and why', async () => {
    const [started] = await runTraining('rail', { maxDecisions: 256 });
    expect(started).toMatchObject({
      kind: 'started',
      environment: 'rail',
      workers: 2,
      areas: 8,
      agents: 8,
      backend: 'wasm',
      resumedFrom: null,
    });
    expect(started.kind === 'started' && started.backendReason.length).toBeGreaterThan(0);
  });

  it('raises the return of an easy task', async () => {
    const updates = updatesOf(await runTraining('rail', { maxDecisions: 256 * 60 }));
    const returns = updates.map((update) => update.meanReturn as number);
    expect(returns.at(-1) as number).toBeGreaterThan(returns[1] + 3); // of 16 at the most
  });

  it('counts decisions, physics steps and episodes', async () => {
    const events = await runTraining('rail', { maxDecisions: 512 });
    const episodes = events.filter((event) => event.kind === 'episode');
    const [first, second] = updatesOf(events);
    expect([first.decisions, second.decisions]).toEqual([8 * 32, 2 * 8 * 32]); // 8 areas × 32 decisions
    expect(second.physicsSteps).toBe(2 * 8 * 32); // a decision period of 1
    expect(second.episodes).toBe(episodes.length);
    expect(finishOf(events)).toMatchObject({ reason: 'budget', decisions: 512, updates: 2, solved: false });
  });

  it('reports every diagnostic as a finite number', async () => {
    const [update] = updatesOf(await runTraining('crowd', { maxDecisions: 1 }));
    for (const name of [
      'policyLoss',
      'valueLoss',
      'entropy',
      'approximateKl',
      'clipFraction',
      'gradientNorm',
      'explainedVariance',
      'learningRate',
      'decisionsPerSecond',
      'physicsStepsPerSecond',
    ] as const) {
      expect(update[name], name).toSatisfy(Number.isFinite);
    }
    for (const [name, ms] of Object.entries(update.times)) expect(ms, name).toSatisfy(Number.isFinite);
  });

  it('learns from agents that end before their area, without their empty decisions', async () => {
    const [update] = updatesOf(await runTraining('crowd', { maxDecisions: 1 }));
    expect(update.samples).toBe(update.decisions);
    expect(update.samples).toBeLessThan(4 * 3 * 16); // 4 areas × 3 members × 16 decisions, were all alive throughout
  });

  it('learns from what it sees in a mirror, too, and repeats that', async () => {
    const mirrors = [{ sensors: { place: { flip: [0] } }, actuators: { push: { flip: [0] } } }];
    const options = { maxDecisions: 2_000, mirrors };
    const [events, again] = [await runTraining('rail', options), await runTraining('rail', options)];
    const [first] = updatesOf(events);
    expect(first.samples).toBe(2 * first.decisions);
    expect(first.weights[0]).toBe(0); // normalizer.mean of a place and of its image
    expect(finishOf(again).policies[0].policyFile).toEqual(finishOf(events).policies[0].policyFile);
    expect(events.filter(({ kind }) => kind === 'warning')).toEqual([]);
  });

  it('stops as solved once 100 episodes reach the goal', async () => {
    const finished = finishOf(await runTraining('rail', { until: 3, maxDecisions: 256 * 100 }));
    expect(finished).toMatchObject({ reason: 'solved', solved: true });
    expect(finished.solvedAtDecisions).toBe(finished.decisions);
    expect(finished.meanReturn as number).toBeGreaterThanOrEqual(3);
  });

  it('stops at the environment’s own goal, unless a limit is given', async () => {
    expect(finishOf(await runTraining('rail-goal', {})).reason).toBe('solved');
    expect(finishOf(await runTraining('rail-goal', { maxDecisions: 20_480 })).reason).toBe('budget');
  });

  it('ends with a checkpoint when it is interrupted', async () => {
    const store = new MemoryStore();
    const abort = new AbortController();
    const kinds: string[] = [];
    for await (const event of train('rail', { createWorker, store, signal: abort.signal })) {
      kinds.push(event.kind);
      if (event.kind === 'update') abort.abort();
    }
    expect(kinds.slice(-2)).toEqual(['checkpoint', 'finished']);
    expect([...store.files.keys()]).toEqual([POLICY_FILE, CHECKPOINT_FILE]);
  });

  it('gives the same policy file for the same seed, and another for another', async () => {
    const [once, again, other] = [
      finishOf(await runTraining('crowd', { maxDecisions: 2000, seed: 5 })),
      finishOf(await runTraining('crowd', { maxDecisions: 2000, seed: 5 })),
      finishOf(await runTraining('crowd', { maxDecisions: 2000, seed: 6 })),
    ];
    expect(Buffer.compare(once.policies[0].policyFile, again.policies[0].policyFile)).toBe(0);
    expect(Buffer.compare(once.policies[0].policyFile, other.policies[0].policyFile)).not.toBe(0);
  });

  it.each([
    [true, [true, true, false]],
    [false, [true, false, false]],
  ])('acts with the policy that was there when the rollout began (overlap %s)', async (overlap, unaffected) => {
    const settings = { maxDecisions: 256 * 3, overlap, learningRateSchedule: 'constant' } as const;
    const [slow, fast] = [
      await actionsOf({ ...settings, learningRate: 1e-4 }),
      await actionsOf({ ...settings, learningRate: 1e-2 }),
    ];
    const same = slow.map(
      (actions, rollout) => Buffer.compare(Buffer.from(actions.buffer), Buffer.from(fast[rollout].buffer)) === 0,
    );
    expect(same).toEqual(unaffected); // how fast it learns cannot show in rollouts begun before the first update
  });

  it('says how long workers and learner waited for each other', async () => {
    const updates = updatesOf(await runTraining('rail', { maxDecisions: 256 * 4, overlap: false }));
    for (const { times } of updates) {
      expect(times.learnerIdleMs).toBeCloseTo(times.totalMs - times.learnerMs, 6);
      expect(times.learnerIdleMs).toBeGreaterThanOrEqual(times.rolloutMs); // without overlap it waits for all of it
      expect(times.workersIdleMs).toBeGreaterThanOrEqual(times.learnerMs);
    }
  });

  it('repeats a run on Havok bit for bit', async () => {
    const settings = {
      maxDecisions: 4096,
      areas: 8,
      workers: 2,
      horizon: 128,
      backend: 'wasm',
      hidden: [16],
      minibatch: 256,
    } as const;
    const once = finishOf(await runTraining('balance-ball', settings));
    const again = finishOf(await runTraining('balance-ball', settings));
    expect(once.episodes).toBeGreaterThan(0);
    expect(Buffer.compare(once.policies[0].policyFile, again.policies[0].policyFile)).toBe(0);
  });
});

describe('train, when a worker dies', () => {
  it('starts it again, says so, and comes to the same policy as if nothing had happened', async () => {
    const flag = join(mkdtempSync(join(tmpdir(), 'agents-')), 'die');
    process.env.MORTAL_FLAG = flag;
    const undisturbed = await runTraining('mortal', { maxDecisions: 256 * 3 });
    writeFileSync(flag, '');
    const disturbed = await runTraining('mortal', { maxDecisions: 256 * 3 });
    delete process.env.MORTAL_FLAG;
    expect(disturbed.find((event) => event.kind === 'warning')?.message).toMatch(
      /^Rollout worker [12] stopped: its thread ended with code 7\. It is started again\.$/,
    );
    expect(
      Buffer.compare(finishOf(disturbed).policies[0].policyFile, finishOf(undisturbed).policies[0].policyFile),
    ).toBe(0);
  });

  it('ends the run with the cause after three crashes in a row', async () => {
    await expect(runTraining('deadly', { areas: 1, workers: 1 })).rejects.toThrow(
      '[agents] Rollout worker 1 stopped: its thread ended with code 7. It crashed 3 times in a row, so the run was stopped. The last checkpoint is valid. Look for code that ends it, such as process.exit().',
    );
  });

  it('says why a worker never came up', async () => {
    const { Worker } = await import('node:worker_threads');
    const broken = () => new Worker('throw new Error("wasm missing")', { eval: true });
    await expect(train('rail', { createWorker: broken }).next()).rejects.toThrow(
      /^\[agents\] (Learner worker|Rollout worker 1) stopped: wasm missing/,
    );
  });
});

describe('train, when files cannot be written', () => {
  const FULL = 'ENOSPC: no space left on device, write';
  /** Trains with a store that takes no file of some names. */
  async function trainWithout(names: readonly string[], store = new MemoryStore()): Promise<TrainingEvent[]> {
    const write = store.write.bind(store);
    store.write = async (name, bytes) => {
      if (names.includes(name)) throw new Error(FULL);
      await write(name, bytes);
    };
    return await runTraining('rail', { store, checkpointSeconds: 0, maxDecisions: 768 });
  }
  const unwritten = (name: string) => ({
    file: `memory/${name}`,
    reason: `"memory/${name}" cannot be written: ${FULL}.`,
  });
  const warningsOf = (events: readonly TrainingEvent[]) =>
    events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));

  it('trains to the end with warnings, and hands out the policy', async () => {
    const events = await trainWithout([POLICY_FILE, CHECKPOINT_FILE]);
    expect(updatesOf(events)).toHaveLength(3);
    const both = [unwritten(POLICY_FILE), unwritten(CHECKPOINT_FILE)];
    expect(warningsOf(events)).toEqual([...both, ...both, ...both].map(({ reason }) => reason));
    expect(events.some(({ kind }) => kind === 'checkpoint')).toBe(false);
    const finished = finishOf(events);
    expect(finished).toMatchObject({ checkpointPath: null, savedUpdates: null, unwritten: both });
    expect(finished.policies[0].policyPath).toBe(null);
    expect(parsePolicy(finished.policies[0].policyFile).spec.name).toBe('agent');
  });

  it('keeps the policy where the checkpoint does not fit', async () => {
    const store = new MemoryStore();
    const finished = finishOf(await trainWithout([CHECKPOINT_FILE], store));
    expect(finished).toMatchObject({ checkpointPath: null, savedUpdates: null });
    expect(finished.unwritten).toEqual([unwritten(CHECKPOINT_FILE)]);
    const [{ policyPath, policyFile }] = finished.policies;
    expect(policyPath).toBe(`memory/${POLICY_FILE}`);
    expect(store.files.get(POLICY_FILE)).toEqual(policyFile);
  });

  it('keeps the checkpoint where the policy cannot be written, and says in both events which it was', async () => {
    const events = await trainWithout([POLICY_FILE]);
    const finished = finishOf(events);
    expect(finished).toMatchObject({ checkpointPath: `memory/${CHECKPOINT_FILE}`, savedUpdates: 3 });
    expect(finished.unwritten).toEqual([unwritten(POLICY_FILE)]);
    const checkpoint = events.find(({ kind }) => kind === 'checkpoint');
    expect(checkpoint).toMatchObject({ update: 1, policies: [{ name: 'agent', policyPath: null }] });
  });

  it('says which update can be resumed from when only the last checkpoint fails', async () => {
    const store = new MemoryStore();
    const write = store.write.bind(store);
    let checkpoints = 0;
    store.write = async (name, bytes) => {
      if (name === CHECKPOINT_FILE && ++checkpoints === 3) throw new Error(FULL);
      await write(name, bytes);
    };
    const finished = finishOf(await runTraining('rail', { store, checkpointSeconds: 0, maxDecisions: 768 }));
    expect(finished).toMatchObject({ updates: 3, savedUpdates: 2, checkpointPath: null });
  });

  it('finishes once it is told to stop while a write never ends', async () => {
    const store = new MemoryStore();
    const abort = new AbortController();
    store.write = () => {
      abort.abort();
      return new Promise(() => {});
    };
    const events = await runTraining('rail', { store, checkpointSeconds: 0, signal: abort.signal });
    const late = 'The store did not answer within 5 s once the run was told to stop.';
    expect(warningsOf(events)[0]).toBe(`"memory/${POLICY_FILE}" cannot be written: ${late}`);
    const finished = finishOf(events);
    expect(finished).toMatchObject({ reason: 'interrupted', checkpointPath: null, savedUpdates: null });
    expect(finished.unwritten.map(({ file }) => file)).toEqual([`memory/${POLICY_FILE}`, `memory/${CHECKPOINT_FILE}`]);
  });

  it('finishes where the store cannot say where its files are', async () => {
    const store = new MemoryStore();
    store.locate = () => {
      throw new TypeError('nowhere');
    };
    const finished = finishOf(await runTraining('rail', { store, maxDecisions: 256 }));
    expect(finished).toMatchObject({ checkpointPath: CHECKPOINT_FILE, unwritten: [] });
  });

  it('names the file where the store cannot read it', async () => {
    const store = new MemoryStore();
    store.read = () => {
      throw new TypeError('disk gone');
    };
    await expect(runTraining('rail', { store, resume: true })).rejects.toThrow(
      `[agents] "memory/${CHECKPOINT_FILE}" cannot be read: disk gone. Check the store.`,
    );
  });

  it('leaves the last checkpoint and policy whole when the run itself fails', async () => {
    const store = new MemoryStore();
    await expect(
      runTraining('nan-later', {
        store,
        checkpointSeconds: 0,
        areas: 2,
        workers: 1,
        horizon: 32,
        minibatch: 64,
        backend: 'wasm',
      }),
    ).rejects.toThrow('wrote NaN');
    expect(readCheckpoint(store.files.get(CHECKPOINT_FILE) as Uint8Array, 'It').progress.updates).toBe(3);
    expect(parsePolicy(store.files.get(POLICY_FILE) as Uint8Array).spec.layout.sensors).toEqual([
      { name: 'place', size: 1 },
    ]);
  });
});

describe('train, given something wrong', () => {
  const refusal = (environment: string, options: Parameters<typeof runTraining>[1]) =>
    runTraining(environment, options).then(
      () => 'no error',
      (error: unknown) => (AgentsError.is(error) ? error.message : error),
    );

  it('names the environments that there are', async () => {
    expect(await refusal('chess', {})).toMatch(/^\[agents\] No environment "chess" in this worker\. It has: rail, /);
  });

  it('names the sensor, its area, index and decision when it writes NaN', async () => {
    expect(await refusal('nan-sensor', { areas: 2, workers: 1, horizon: 8 })).toMatch(
      /^\[agents\] Sensor "place" of agent "agent" on node "bead" in area 0 wrote NaN at index 0, decision 3 of this rollout of "nan-sensor"\. Its function wrote that: look in it for a division by zero/,
    );
  });

  it('names the agent whose reward is not a number', async () => {
    expect(await refusal('nan-reward', { areas: 2, workers: 1, horizon: 8 })).toMatch(
      /^\[agents\] The reward of agent "agent" on node "bead" in area 0 is NaN, decision 2 of this rollout of "nan-reward"\. Check for division by zero before addReward\(\) or setReward\(\)\. See test\/fixtures\/environments\.ts:\d+:\d+\.$/,
    );
  });

  it('passes on what an environment throws', async () => {
    expect(await refusal('throwing', { areas: 1, workers: 1 })).toMatch(
      /^\[agents\] afterStep\(\) of environment "throwing" failed in area 0, decision 3 of episode 1: rail is broken\. See test\/fixtures\/environments\.ts:\d+:\d+\.$/,
    );
  });

  it('refuses an image that does not fit the agents', async () => {
    expect(await refusal('rail', { mirrors: [{ sensors: { palce: { flip: [0] } } }] })).toBe(
      '[agents] Setting "mirrors.0.sensors" of policy "agent" names "palce". It must name only place. Did you mean "place"?',
    );
  });

  it('refuses unknown settings and parameters before any work', async () => {
    expect(await refusal('rail', { ...({ learningrate: 1 } as object) })).toMatch(
      /^\[agents\] Unknown setting "learningrate"\. Did you mean "learningRate"\? There are: /,
    );
    expect(await refusal('rail', { parameters: { sped: 1 } })).toBe(
      '[agents] Environment "rail" has no parameter "sped". Did you mean "speed"? It has: speed.',
    );
  });
});
