import { afterEach, describe, expect, it } from 'vitest';
import { CHECKPOINT_FILE, POLICY_FILE, type TrainingSettings } from '../../plugin/training.ts';
import { MemoryStore } from '../fixtures/memory-store.ts';
import { finishOf, interruptAt, runTraining } from '../fixtures/run-training.ts';

describe('train, resumed', () => {
  it.each([
    ['crowd', 7, { maxDecisions: 3000 }],
    ['crowd', 7, { maxDecisions: 3000, overlap: false }],
    ['stacked-rail', 7, { maxDecisions: 3000 }],
    ['rail', 3, { maxDecisions: 256 * 6, stagger: true }],
    [
      'balance-ball',
      3,
      { maxDecisions: 6144, areas: 8, workers: 2, horizon: 128, backend: 'wasm', hidden: [16], minibatch: 256 },
    ],
  ] as const)('comes to the same policy and counters as %s without a break', async (environment, update, settings) => {
    const whole = new MemoryStore();
    const uninterrupted = finishOf(await runTraining(environment, { ...settings, store: whole }));
    const store = new MemoryStore();
    await interruptAt(environment, update, { ...settings, store });
    const events = await runTraining(environment, { store, resume: true });
    const resumed = finishOf(events);
    expect(events[0]).toMatchObject({ kind: 'started', resumedFrom: update });
    expect(Buffer.compare(resumed.policies[0].policyFile, uninterrupted.policies[0].policyFile)).toBe(0);
    for (const counter of ['decisions', 'physicsSteps', 'updates', 'episodes', 'meanReturn'] as const) {
      expect(resumed[counter], counter).toBe(uninterrupted[counter]);
    }
  });

  it.each([
    [3, true],
    [4, true],
    [5, true],
    [4, false],
    [5, false],
  ])('resumes exactly after update %i of worlds that are built anew after 4 (overlap %s)', async (update, overlap) => {
    const settings = { areas: 2, workers: 1, horizon: 1024, maxDecisions: 2048 * 6, overlap }; // worlds live for 4096 decisions
    const uninterrupted = finishOf(await runTraining('rail', settings));
    const store = new MemoryStore();
    await interruptAt('rail', update, { ...settings, store });
    const resumed = finishOf(await runTraining('rail', { store, resume: true }));
    expect(Buffer.compare(resumed.policies[0].policyFile, uninterrupted.policies[0].policyFile)).toBe(0);
  });

  it('keeps the limits that it began with, the scene’s goal or none', async () => {
    const budgeted = new MemoryStore();
    await interruptAt('rail-goal', 1, { maxDecisions: 20_480, store: budgeted });
    expect(finishOf(await runTraining('rail-goal', { store: budgeted, resume: true })).reason).toBe('budget');
    const open = new MemoryStore();
    await interruptAt('rail-goal', 1, { store: open });
    expect(finishOf(await runTraining('rail-goal', { store: open, resume: true })).reason).toBe('solved');
  });

  it('gets another budget when asked, but no other task', async () => {
    const store = new MemoryStore();
    await runTraining('rail', { store, maxDecisions: 512 });
    expect(finishOf(await runTraining('rail', { store, resume: true, maxDecisions: 1024 })).decisions).toBe(1024);
    await expect(runTraining('rail', { store, resume: true, seed: 2 })).rejects.toThrow(
      '[agents] This run began with seed 1 and cannot be resumed with 2. Leave it out, or start another run.',
    );
    await expect(runTraining('crowd', { store, resume: true })).rejects.toThrow(
      'belongs to environment "rail", not "crowd"',
    );
  });

  it('refuses a missing, a damaged and a foreign checkpoint, and leaves the files as they are', async () => {
    await expect(runTraining('rail', { store: new MemoryStore(), resume: true })).rejects.toThrow(
      '[agents] Checkpoint "memory/checkpoint.safetensors" does not exist.',
    );
    const store = new MemoryStore();
    await runTraining('rail', { store, maxDecisions: 256 });
    const sound = store.files.get(CHECKPOINT_FILE) as Uint8Array;
    const policy = store.files.get(POLICY_FILE) as Uint8Array;
    for (const [file, complaint] of [
      [sound.subarray(0, sound.length - 100), 'is cut off'],
      [flip(sound, sound.length - 50), 'is damaged'],
      [new TextEncoder().encode('{"hello": "world"}'), 'is not a safetensors file'],
      [policy, 'but no checkpoint'],
    ] as const) {
      store.files.set(CHECKPOINT_FILE, file);
      await expect(runTraining('rail', { store, resume: true })).rejects.toThrow(complaint);
      expect(store.files.get(CHECKPOINT_FILE)).toBe(file);
      expect(store.files.get(POLICY_FILE)).toBe(policy);
    }
  });
});

describe('train, resumed in an environment that has changed', () => {
  afterEach(() => void delete process.env.CHANGES);

  /** Resumes after two updates, the environment's worlds being other ones then. */
  async function resumeAfter(before: object, now: object, settings: Partial<TrainingSettings> = {}) {
    const store = new MemoryStore();
    process.env.CHANGES = JSON.stringify(before);
    await interruptAt('changing', 2, { ...settings, maxDecisions: 256 * 4, store });
    process.env.CHANGES = JSON.stringify(now);
    return await runTraining('changing', { store, resume: true });
  }
  const AS_IT_WAS = { timeStep: 0.1, decisionPeriod: 1, maxDecisions: 16, spacing: 20, parameters: { speed: 2 } };

  it.each<[string, object]>([
    ['timeStep was 0.1 and is 0.05', { timeStep: 0.05 }],
    ['decisionPeriod was 1 and is 2', { decisionPeriod: 2 }],
    ['frames was absent and is 1', { frames: 1 }],
    ['maxDecisions was 16 and is 20', { maxDecisions: 20 }],
    ['spacing was 20 and is 30', { spacing: 30 }],
    ['the number of agents of "agent" in an area was 1 and is 2', { beads: 2 }],
    ['parameter "speed" was 2 and is 3', { parameters: { speed: 3 } }],
    ['parameter "mass" was absent and is 1', { parameters: { speed: 2, mass: 1 } }],
    ['timeStep was 0.1 and is 0.2, maxDecisions was 16 and is 8', { timeStep: 0.2, maxDecisions: 8 }],
  ])('is refused: %s', async (changes, now) => {
    await expect(resumeAfter(AS_IT_WAS, now)).rejects.toThrow(
      `[agents] Environment "changing" has changed since the checkpoint was written: ${changes}. Change it back, or start another run.`,
    );
  });

  it('resumes where what changed is a parameter that the run sets itself', async () => {
    const now = { parameters: { speed: 9 } };
    expect(finishOf(await resumeAfter({}, now, { parameters: { speed: 2 } })).reason).toBe('budget');
  });

  it('warns once where the same actions lead to other rewards, and from then on takes the world as it is', async () => {
    const store = new MemoryStore();
    const warningsUpTo = async (updates: number) => {
      const events = await runTraining('changing', { store, resume: true, maxDecisions: 256 * updates });
      return events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
    };
    await interruptAt('changing', 2, { maxDecisions: 256 * 8, store });
    process.env.CHANGES = JSON.stringify({ middle: 2 });
    expect(await warningsUpTo(4)).toEqual([
      expect.stringMatching(
        /^Environment "changing" comes out differently than before: rollout worker [12] took the actions of its last 2 rollouts again, and from number 1 on they led to other rewards or observations\./,
      ),
    ]);
    expect(await warningsUpTo(6)).toEqual([]);
  });

  it('says nothing where nothing has changed', async () => {
    const events = await resumeAfter({}, AS_IT_WAS);
    expect(events.filter(({ kind }) => kind === 'warning')).toEqual([]);
  });
});

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] ^= 1;
  return copy;
}
