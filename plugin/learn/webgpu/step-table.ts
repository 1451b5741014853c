import { ADAM, type LearnerContext, stepsPerEpoch, type TrainingJob } from '../engine.ts';

/** What the host passes to a gradient step, as the WGSL uniform `step`. */
const FIELDS = {
  /** P */
  weights: 'u32',
  /** B, rows of the minibatch */
  rows: 'u32',
  /** S, samples in the rollout */
  samples: 'u32',
  /** where its samples begin in `order` */
  first: 'u32',
  /** index of the step within the update */
  index: 'u32',
  /** rows per chunk of a sum over rows */
  chunkRows: 'u32',
  chunks: 'u32',
  /** whether the learning rate follows this step's KL divergence; else it is `learningRate` */
  adapt: 'u32',
  learningRate: 'f32',
  /** the minibatch's advantages become (Â − mean) · scale */
  advantageMean: 'f32',
  advantageScale: 'f32',
  /** 1 − β₁ᵗ and 1 − β₂ᵗ */
  correction1: 'f32',
  correction2: 'f32',
  /** β */
  klCoefficient: 'f32',
} as const;

type StepValues = Readonly<Record<keyof typeof FIELDS, number>>;

/** `Step` in WGSL. */
export const STEP_STRUCT = `struct Step { ${Object.entries(FIELDS)
  .map(([name, type]) => `${name}: ${type}`)
  .join(', ')} }`;

/** Bytes of `Step`. */
export const STEP_BYTES = 4 * Object.keys(FIELDS).length;

/** Bytes from one step to the next: WebGPU guarantees that dynamic offsets may be multiples of this. */
export const STEP_STRIDE = 256;

/** Sums over rows are split into chunks of at least this many rows, so that narrow layers keep a GPU busy, too … */
const LEAST_CHUNK_ROWS = 256;
/** … but not into more chunks than this: their partial sums would cost more than they save. */
const MOST_CHUNKS = 16;

/** How a minibatch's rows are split into chunks. */
export function chunksOf(rows: number): { readonly chunkRows: number; readonly chunks: number } {
  const chunkRows = Math.max(LEAST_CHUNK_ROWS, Math.ceil(rows / MOST_CHUNKS));
  return { chunkRows, chunks: Math.ceil(rows / chunkRows) };
}

/** Gradient steps of an update. */
export function stepsOf(job: TrainingJob): number {
  return job.orders.length * stepsPerEpoch(job);
}

/** The table of an update's gradient steps, one every STEP_STRIDE bytes. */
export function createStepTable({ settings, layout }: LearnerContext, job: TrainingJob): ArrayBuffer {
  const steps = stepsPerEpoch(job);
  const table = new ArrayBuffer(stepsOf(job) * STEP_STRIDE);
  const chunks = chunksOf(job.minibatch);
  for (let index = 0; index < stepsOf(job); index++) {
    const t = job.state.steps + index + 1;
    const order = job.orders[Math.floor(index / steps)];
    const from = (index % steps) * job.minibatch;
    const untouched = index === 0; // a policy's divergence from itself says nothing about the rate
    writeStep(table, index, {
      weights: layout.size - layout.trainable,
      rows: job.minibatch,
      samples: job.samples.count,
      first: index * job.minibatch,
      index,
      ...chunks,
      adapt: settings.learningRateSchedule === 'adaptive' && !untouched ? 1 : 0,
      learningRate: job.learningRate,
      klCoefficient: job.state.klCoefficient,
      ...(settings.normalizeAdvantage ? advantageScale(job, order, from) : { advantageMean: 0, advantageScale: 1 }),
      correction1: 1 - ADAM.beta1 ** t,
      correction2: 1 - ADAM.beta2 ** t,
    });
  }
  return table;
}

function writeStep(table: ArrayBuffer, index: number, values: StepValues): void {
  const view = new DataView(table, index * STEP_STRIDE, STEP_BYTES);
  (Object.keys(FIELDS) as (keyof StepValues)[]).forEach((name, i) => {
    if (FIELDS[name] === 'u32') view.setUint32(4 * i, values[name], true);
    else view.setFloat32(4 * i, values[name], true);
  });
}

/** The shift and scale that give a minibatch's advantages mean 0 and deviation 1; see standardise(). */
function advantageScale(
  { samples: { advantage }, minibatch }: TrainingJob,
  order: Int32Array,
  from: number,
): Pick<StepValues, 'advantageMean' | 'advantageScale'> {
  const at = (row: number) => advantage[order[(from + row) % order.length]];
  let mean = 0;
  for (let row = 0; row < minibatch; row++) mean += at(row) / minibatch;
  let variance = 0;
  for (let row = 0; row < minibatch; row++) variance += (at(row) - mean) ** 2 / minibatch;
  return { advantageMean: mean, advantageScale: 1 / (Math.sqrt(variance) + 1e-8) };
}

/** [steps, B] the samples of every gradient step: each epoch's order, filled up from its start. */
export function createOrder(job: TrainingJob): Uint32Array<ArrayBuffer> {
  const epochRows = stepsPerEpoch(job) * job.minibatch;
  const rows = new Uint32Array(job.orders.length * epochRows);
  job.orders.forEach((order, epoch) => {
    rows.set(order, epoch * epochRows);
    rows.set(order.subarray(0, epochRows - order.length), epoch * epochRows + order.length);
  });
  return rows;
}
