import {
  type GradientEngine,
  type LearnerContext,
  LOG_DEVIATION_RANGE,
  REPORT,
  stepsPerEpoch,
  type TrainingJob,
  type TrainingOutcome,
} from '../engine.ts';
import { standardise } from '../samples.ts';
import { adaptRate, applyAdam } from './adam.ts';
import { backward, forward, transposeWeights } from './network.ts';
import { type MinibatchRows, Objective } from './objective.ts';
import { pack, unpack } from './packing.ts';
import { CHUNK, createWorkspace, type LearnerWorkspace } from './workspace.ts';

export { requireSimd } from './kernel.ts';

/** What one update's gradient steps share. */
interface Training {
  readonly context: LearnerContext;
  readonly workspace: LearnerWorkspace;
  readonly objective: Objective;
  readonly job: TrainingJob;
  /** overwritten by every step */
  readonly minibatch: MinibatchRows;
}

/**
 * Takes gradient steps in SIMD WebAssembly, on this thread and without TensorFlow.js, for machines without a GPU. The same
 * job gives the same bits.
 */
export function createWasmEngine(context: LearnerContext): GradientEngine {
  const workspace = createWorkspace(context);
  const objective = new Objective(context, workspace);
  let minibatch = createMinibatch(0);

  return {
    async train(job) {
      if (minibatch.sample.length !== job.minibatch) minibatch = createMinibatch(job.minibatch);
      const training = { context, workspace, objective, job, minibatch };
      load(workspace, job, context.layout.trainable);
      const totals = new Float32Array(job.orders.length * REPORT.length);
      const first = new Float32Array(REPORT.length);
      let { learningRate } = job;
      for (let epoch = 0; epoch < job.orders.length; epoch++)
        learningRate = trainEpoch(training, epoch, learningRate, totals.subarray(epoch * REPORT.length), first);
      return outcomeOf(workspace, learningRate, totals, first);
    },
    dispose() {},
  };
}

/** Returns the learning rate of its last step. `totals` gets the sums of REPORT's entries over its steps, `first` the first report. */
function trainEpoch(
  training: Training,
  epoch: number,
  learningRate: number,
  totals: Float32Array,
  first: Float32Array,
): number {
  const { context, workspace, objective, job } = training;
  const { learningRateSchedule, maxGradientNorm, targetKl } = context.settings;
  const { report } = objective;
  const order = job.orders[epoch];
  let rate = learningRate;
  let step = job.state.steps + epoch * stepsPerEpoch(job) + 1;
  for (let from = 0; from < order.length; from += job.minibatch, step++) {
    takeMinibatch(training, order, from);
    computeGradient(training);
    const untouched = epoch === 0 && from === 0; // a policy's divergence from itself says nothing about the rate
    if (learningRateSchedule === 'adaptive' && !untouched)
      rate = adaptRate(rate, report[REPORT.indexOf('approximateKl')], targetKl);
    report[REPORT.indexOf('gradientNorm')] = applyAdam(workspace, maxGradientNorm, rate, step);
    boundDeviations(context, workspace);
    for (const stack of workspace.stacks) transposeWeights(workspace, stack);
    if (untouched) first.set(report);
    for (let i = 0; i < report.length; i++) totals[i] += report[i];
  }
  return rate;
}

function createMinibatch(count: number): MinibatchRows {
  return { sample: new Int32Array(count), advantage: new Float32Array(count) };
}

/** Samples order[from], order[from + 1], …, wrapping around to the start of `order`. */
function takeMinibatch({ context, job, minibatch }: Training, order: Int32Array, from: number): void {
  const { sample, advantage } = minibatch;
  for (let i = 0; i < sample.length; i++) {
    const at = from + i;
    sample[i] = order[at < order.length ? at : at - order.length];
    advantage[i] = job.samples.advantage[sample[i]];
  }
  if (context.settings.normalizeAdvantage) standardise(advantage);
}

/** The gradient of a minibatch, chunk by chunk: each one goes through the whole network and back before the next. */
function computeGradient(training: Training): void {
  const { workspace, objective, job, minibatch } = training;
  const { kernel, packing, gradient, stacks } = workspace;
  const count = minibatch.sample.length;
  kernel.clear(gradient.byteOffset, packing.size);
  objective.begin(minibatch, job.state.klCoefficient);
  for (let first = 0; first < count; first += CHUNK) {
    const rows = Math.min(CHUNK, count - first);
    gatherObservations(training, first, rows);
    for (const stack of stacks) forward(workspace, stack, rows);
    objective.addRows(job.samples, minibatch, first, rows);
    for (const stack of stacks) backward(workspace, stack, rows);
  }
  objective.finish();
}

function gatherObservations(training: Training, first: number, rows: number): void {
  const { context, workspace, job, minibatch } = training;
  const { observation: out, stacks } = workspace;
  const { observation } = job.samples;
  const { sample } = minibatch;
  const size = context.sizes.observation;
  const width = stacks[0][0].inputs;
  for (let row = 0; row < rows; row++) {
    const from = sample[first + row] * size;
    const to = row * width;
    for (let i = 0; i < size; i++) out[to + i] = observation[from + i];
  }
}

function boundDeviations({ sizes }: LearnerContext, { packing, weights }: LearnerWorkspace): void {
  const [least, most] = LOG_DEVIATION_RANGE;
  for (let i = packing.logDeviation; i < packing.logDeviation + sizes.continuous; i++)
    weights[i] = Math.max(least, Math.min(most, weights[i]));
}

function load(workspace: LearnerWorkspace, { state }: TrainingJob, trainable: number): void {
  const { packing, weights, firstMoment, secondMoment, stacks } = workspace;
  pack(packing, state.weights.subarray(trainable), weights);
  pack(packing, state.firstMoment, firstMoment);
  pack(packing, state.secondMoment, secondMoment);
  for (const stack of stacks) transposeWeights(workspace, stack);
}

function outcomeOf(
  workspace: LearnerWorkspace,
  learningRate: number,
  totals: Float32Array,
  first: Float32Array,
): TrainingOutcome {
  const { packing, weights, firstMoment, secondMoment } = workspace;
  return {
    trained: unpack(packing, weights),
    firstMoment: unpack(packing, firstMoment),
    secondMoment: unpack(packing, secondMoment),
    learningRate,
    totals,
    first,
  };
}
