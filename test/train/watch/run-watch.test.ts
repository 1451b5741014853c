import { describe, expect, it } from 'vitest';
import { prepareNodeWorkers } from '../../../plugin/cli/node-workers.ts';
import { readCheckpoint } from '../../../plugin/train/checkpoint.ts';
import { CHECKPOINT_FILE, type TrainingOptions, train } from '../../../plugin/training.ts';
import { MemoryStore } from '../../fixtures/memory-store.ts';
import { finishOf } from '../../fixtures/run-training.ts';

const createWorker = await prepareNodeWorkers(new URL('../../fixtures/vain/worker.ts', import.meta.url).pathname);

type Options = Omit<TrainingOptions, 'createWorker'>;

async function run(environment: string, options: Options) {
  const events = [];
  for await (const event of train(environment, { createWorker, ...options })) events.push(event);
  const warnings = events.filter((event) => event.kind === 'warning').map(({ message }) => message);
  return { warnings, finished: finishOf(events) };
}

/** What 50 updates on a sound rail come to. */
const LEARNED = 12_800;

describe('a run whose observations have outliers', () => {
  it.each([
    ['outlier-at-first', 'wrote 1000 at index 0, and so in 8 decisions of this update'],
    ['outlier-later', 'wrote -1000000 at index 0, and so in 8 decisions of this update'],
    ['outlier-in-episodes', 'wrote 1000 at index 0, and so in 16 decisions of this update'],
  ])('learns what it learns without, and names the sensor: %s', async (environment, words) => {
    const { warnings, finished } = await run(environment, { maxDecisions: LEARNED });
    expect(finished.meanReturn).toBeGreaterThan(12); // of 16; without outliers 13, without holding them back 7
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('Sensor "place" of agent "agent" on node "bead-agent" in area 0');
    expect(warnings[0]).toContain(words);
  });

  it('learns as much in the mirror, whose samples are normalized by the same statistics', async () => {
    const mirrors = [{ sensors: { place: { flip: [0] } }, actuators: { push: { flip: [0] } } }];
    const store = new MemoryStore();
    const { finished } = await run('outlier-at-first', { maxDecisions: LEARNED, mirrors, store });
    expect(finished.meanReturn).toBeGreaterThan(12);
    const { observation } = readCheckpoint(store.files.get(CHECKPOINT_FILE) as Uint8Array, 'It').policies[0].learner;
    expect(observation.mean[0]).toBeCloseTo(0, 9);
    expect(Math.sqrt(observation.squares[0] / observation.count)).toBeLessThan(1);
  });

  it('says of several policies which one', async () => {
    const { warnings } = await run('outlier-of-one', { maxDecisions: 2000 });
    expect(warnings).toEqual([
      expect.stringMatching(/^Policy "left": Sensor "place" of .* "bead-left" in area 0 wrote 1000/),
    ]);
  });

  it('comes to the same bytes when it is resumed before, or after they were seen', async () => {
    const options = { maxDecisions: 3072 }; // 12 updates; the outliers are in the seventh
    const whole = await run('outlier-later', options);
    for (const updates of [5, 9]) {
      const store = new MemoryStore();
      const stop = new AbortController();
      for await (const event of train('outlier-later', { createWorker, ...options, store, signal: stop.signal }))
        if (event.kind === 'update' && event.update === updates) stop.abort();
      const resumed = await run('outlier-later', { ...options, store, resume: true });
      expect(resumed.finished.policies[0].policyFile).toEqual(whole.finished.policies[0].policyFile);
    }
  });
});

describe('a run in vain', () => {
  it('says nothing while all is well', async () => {
    expect((await run('sound', { maxDecisions: 40_000 })).warnings).toEqual([]);
  });

  it.each([
    ['unrewarded', 'No agent has been rewarded in 30,'],
    ['always-rewarded', 'episodes so far returned exactly 8: nothing that an agent has done so far changed it.'],
    ['spiked', 'A reward of -1000000 went to agent "agent" on node "bead-agent" in area 0, where others are about'],
    ['blind', 'Agents see nothing: every float they observed stayed the same in 30,'],
    ['choiceless', 'The mask of actuator "pick" left one choice of 3 in branch 0'],
  ])('says so once: %s', async (environment, words) => {
    const { warnings } = await run(environment, { maxDecisions: 40_000 });
    expect(warnings.filter((message) => message.includes(words))).toHaveLength(1);
  });
});
