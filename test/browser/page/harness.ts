import { createWorker } from '../../../demo-scenes/platform.ts';
import { type TrainingSettings, train } from '../../../plugin/training.ts';

/** What a test wants to know of a run. */
export interface Outcome {
  readonly backend: string;
  readonly isolated: boolean;
  /** how often a rollout's columns came in shared memory, and how often as a copy or transfer */
  readonly sharedRollouts: number;
  readonly transferredRollouts: number;
  /** after each update */
  readonly decisions: readonly number[];
  readonly meanReturns: readonly (number | null)[];
  readonly weights: readonly (readonly number[])[];
}

/** Trains balance-ball in real workers for some updates, or until a mean return is reached. */
async function trainFor(updates: number, settings: Partial<TrainingSettings>, until = Infinity): Promise<Outcome> {
  const memory = { shared: 0, transferred: 0 };
  const [decisions, meanReturns, weights] = [[] as number[], [] as (number | null)[], [] as number[][]];
  let backend = '';
  const options = { ...settings, createWorker: () => watchMemory(createWorker(), memory) };
  for await (const event of train('balance-ball', options)) {
    if (event.kind === 'started') backend = event.backend;
    if (event.kind !== 'update') continue;
    decisions.push(event.decisions);
    meanReturns.push(event.meanReturn);
    weights.push(Array.from(event.weights));
    if (event.update === updates || (event.meanReturn ?? 0) >= until) break;
  }
  const { shared: sharedRollouts, transferred: transferredRollouts } = memory;
  return {
    backend,
    isolated: crossOriginIsolated,
    sharedRollouts,
    transferredRollouts,
    decisions,
    meanReturns,
    weights,
  };
}

/** Trains with workers that do not start, from number `from` on; answers with the error. */
async function trainWithBrokenWorkers(script: 'throws' | 'missing', from: number): Promise<string> {
  let started = 0;
  const start = () => (started++ < from ? createWorker() : createBrokenWorker(script));
  try {
    for await (const event of train('balance-ball', { workers: 1, areas: 1, createWorker: start })) {
      if (event.kind === 'update') break;
    }
    return 'It trained.';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Terminates a rollout worker after the first update; answers with the warnings and the updates made by the end. */
async function trainWithKilledWorker(): Promise<{ readonly warnings: readonly string[]; readonly updates: number }> {
  const workers: Worker[] = [];
  const start = () => {
    const worker = createWorker();
    workers.push(worker);
    return worker;
  };
  const warnings: string[] = [];
  let updates = 0;
  const settings = { workers: 1, areas: 4, horizon: 16, maxDecisions: 4 * 4 * 16, createWorker: start };
  for await (const event of train('balance-ball', settings)) {
    if (event.kind === 'warning') warnings.push(event.message);
    if (event.kind === 'update' && ++updates === 1) workers[0].terminate();
  }
  return { warnings, updates };
}

/** Trains in an environment whose functions go wrong; answers with the error, and with what was warned of before. */
async function trainFaulty(environment: string): Promise<readonly string[]> {
  const createFaulty = () => new Worker(new URL('./faulty-worker.ts', import.meta.url), { type: 'module' });
  const told: string[] = [];
  try {
    for await (const event of train(environment, { createWorker: createFaulty, maxDecisions: 1024 }))
      if (event.kind === 'warning') told.push(event.message);
  } catch (error) {
    told.push(error instanceof Error ? error.message : String(error));
  }
  return told;
}

function createBrokenWorker(script: 'throws' | 'missing'): Worker {
  if (script === 'missing') return new Worker('/no-such-folder/worker.js', { type: 'module' });
  return new Worker(new URL('./throwing-worker.ts', import.meta.url), { type: 'module' });
}

/** Looks into the messages that a worker answers with. */
function watchMemory(worker: Worker, memory: { shared: number; transferred: number }): Worker {
  type Answer = { value?: { policies?: readonly { rollout: { reward: Float32Array } }[] } };
  worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
    const buffer = data.value?.policies?.[0]?.rollout?.reward.buffer;
    if (!buffer) return;
    if (buffer instanceof ArrayBuffer) memory.transferred++;
    else memory.shared++;
  });
  return worker;
}

const harness = { trainFor, trainFaulty, trainWithBrokenWorkers, trainWithKilledWorker };

declare global {
  interface Window {
    harness: typeof harness;
  }
}

window.harness = harness;
