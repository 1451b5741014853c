import {
  type GradientEngine,
  type LearnerContext,
  REPORT,
  stepsPerEpoch,
  type TrainingJob,
  type TrainingOutcome,
} from '../engine.ts';
import { RECORD } from './adam.ts';
import { guarded, mapForReading, requireDevice } from './device.ts';
import { createDispatches, type Dispatch } from './dispatches.ts';
import { bindBuffers, bindStep, compileAll, createStepLayout, type Kernel } from './kernel.ts';
import { createLayerTable } from './layer-table.ts';
import { Memory } from './memory.ts';
import { type Plan, planNetwork } from './plan.ts';
import { chunksOf, STEP_STRIDE, stepsOf } from './step-table.ts';

/**
 * Takes gradient steps with its own WGSL programs on the GPU that TensorFlow.js opened: 2·(hidden layers) + 5 dispatches
 * per step, and per update one round of uploads and one read-back. The same job gives the same bytes on the same machine.
 */
export function createWebgpuEngine(context: LearnerContext): GradientEngine {
  return new WebgpuEngine(context, requireDevice());
}

/** Multiply-adds between two submissions: a few ms of GPU time, so that other users of the GPU get their turn. */
const WORK_PER_SUBMISSION = 1e9;

class WebgpuEngine implements GradientEngine {
  readonly #plan: Plan;
  readonly #device: GPUDevice;
  readonly #dispatches: readonly Dispatch[];
  readonly #stepLayout: GPUBindGroupLayout;
  /** per dispatch */
  readonly #kernels: Promise<readonly Kernel[]>;
  readonly #memory: Memory;
  #stepGroup!: GPUBindGroup;
  /** per dispatch */
  #groups: readonly GPUBindGroup[] = [];
  #training = false;
  #disposed = false;

  constructor(context: LearnerContext, device: GPUDevice) {
    this.#device = device;
    this.#plan = planNetwork(context);
    this.#dispatches = createDispatches(context, this.#plan);
    this.#memory = new Memory(context, this.#plan, device, createLayerTable(this.#dispatches));
    this.#stepLayout = createStepLayout(device);
    this.#kernels = guarded(device, () => compileAll(device, this.#stepLayout, this.#dispatches));
    this.#kernels.catch(() => {}); // the first update will report it
  }

  async train(job: TrainingJob): Promise<TrainingOutcome> {
    this.#training = true;
    const { results } = this.#memory;
    try {
      const kernels = await this.#kernels;
      const bytes = this.#memory.resultBytes(job);
      await guarded(this.#device, () => {
        if (this.#memory.reserve(job)) this.#bind(kernels);
        this.#memory.upload(job);
        this.#issue(kernels, job);
        return mapForReading(this.#device, results.buffer, bytes);
      });
      return unpack(new Float32Array(results.buffer.getMappedRange(0, bytes)), this.#plan, job);
    } catch (error) {
      this.#memory.dispose(); // the next update starts over, whatever it holds now
      throw error;
    } finally {
      results.unmap();
      this.#training = false;
      if (this.#disposed) this.#memory.dispose();
    }
  }

  dispose(): void {
    this.#disposed = true;
    if (!this.#training) this.#memory.dispose();
  }

  #bind(kernels: readonly Kernel[]): void {
    this.#stepGroup = bindStep(this.#device, this.#stepLayout, this.#memory.steps.buffer);
    this.#groups = kernels.map((kernel, i) =>
      bindBuffers(this.#device, kernel, (name) => this.#memory.bindingOf(name, i)),
    );
  }

  /** Issues all gradient steps, and the copy of their results. */
  #issue(kernels: readonly Kernel[], job: TrainingJob): void {
    const work = 3 * job.minibatch * this.#plan.weights; // forward and two products backward
    const stepsPerSubmission = Math.max(1, Math.floor(WORK_PER_SUBMISSION / work));
    const size = { rows: job.minibatch, chunks: chunksOf(job.minibatch).chunks };
    const grids = this.#dispatches.map(({ grid }) => grid(size));
    const steps = stepsOf(job);
    for (let first = 0; first < steps; first += stepsPerSubmission) {
      const end = Math.min(first + stepsPerSubmission, steps);
      const encoder = this.#device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (let step = first; step < end; step++) this.#encodeStep(pass, kernels, grids, step);
      pass.end();
      if (end === steps) this.#memory.copyResults(encoder, job);
      this.#device.queue.submit([encoder.finish()]);
    }
  }

  #encodeStep(
    pass: GPUComputePassEncoder,
    kernels: readonly Kernel[],
    grids: readonly (readonly [x: number, y: number])[],
    step: number,
  ): void {
    pass.setBindGroup(0, this.#stepGroup, [step * STEP_STRIDE]);
    for (let i = 0; i < kernels.length; i++) {
      pass.setPipeline(kernels[i].pipeline);
      pass.setBindGroup(1, this.#groups[i]);
      pass.dispatchWorkgroups(grids[i][0], grids[i][1]);
    }
  }
}

/** Splits the copied results into state and records. */
function unpack(values: Float32Array, { weights }: Plan, job: TrainingJob): TrainingOutcome {
  const records = values.subarray(3 * weights);
  const steps = stepsPerEpoch(job);
  const totals = new Float32Array(job.orders.length * REPORT.length);
  for (let at = 0; at < totals.length; at++) {
    const [epoch, entry] = [Math.floor(at / REPORT.length), at % REPORT.length];
    let sum = 0;
    for (let step = epoch * steps; step < (epoch + 1) * steps; step++) sum += records[step * RECORD + entry];
    totals[at] = sum;
  }
  return {
    trained: values.slice(0, weights),
    firstMoment: values.slice(weights, 2 * weights),
    secondMoment: values.slice(2 * weights, 3 * weights),
    learningRate: records[records.length - 1],
    totals,
    first: records.slice(0, REPORT.length),
  };
}
