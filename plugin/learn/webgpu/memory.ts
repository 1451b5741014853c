import type { LearnerContext, TrainingJob } from '../engine.ts';
import { RECORD } from './adam.ts';
import { GrowingBuffer } from './device.ts';
import type { LayerTable } from './layer-table.ts';
import type { Plan } from './plan.ts';
import { BUFFERS, type BufferName } from './program.ts';
import { flatGroups } from './reduce.ts';
import { sampleColumns, sampleWidth } from './sample-columns.ts';
import { chunksOf, createOrder, createStepTable, STEP_STRIDE, stepsOf } from './step-table.ts';

/** The memory of gradient steps. Buffers grow to the largest job seen and stay, since rollouts vary in size between updates. */
export class Memory {
  /** the uniform of every gradient step, STEP_STRIDE bytes apart */
  readonly steps: GrowingBuffer;
  /** what the host reads: the state, then the records */
  readonly results: GrowingBuffer;
  readonly #context: LearnerContext;
  readonly #plan: Plan;
  readonly #device: GPUDevice;
  readonly #table: LayerTable;
  readonly #buffers: Readonly<Record<BufferName, GrowingBuffer>>;

  constructor(context: LearnerContext, plan: Plan, device: GPUDevice, table: LayerTable) {
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const create = (label: string, usage: GPUBufferUsageFlags) => new GrowingBuffer(device, label, usage);
    const names = Object.keys(BUFFERS) as BufferName[];
    this.#context = context;
    this.#plan = plan;
    this.#device = device;
    this.#table = table;
    this.steps = create('steps', UNIFORM | COPY_DST);
    this.results = create('results', MAP_READ | COPY_DST);
    this.#buffers = Object.fromEntries(
      names.map((name) => [name, create(name, STORAGE | COPY_SRC | COPY_DST)]),
    ) as Record<BufferName, GrowingBuffer>;
  }

  /** Makes room for a job. Returns whether anything needs rebinding. */
  reserve(job: TrainingJob): boolean {
    const bytes = this.#measure(job);
    const moved = (Object.keys(bytes) as BufferName[]).filter((name) => this.#buffers[name].reserve(bytes[name]));
    if (moved.includes('layers')) this.#write(this.#buffers.layers, 0, this.#table.data);
    this.results.reserve(this.resultBytes(job));
    return this.steps.reserve(stepsOf(job) * STEP_STRIDE) || moved.length > 0;
  }

  /** The buffer that a dispatch sees under a name. */
  bindingOf(name: BufferName, dispatch: number): GPUBufferBinding {
    const { buffer } = this.#buffers[name];
    return name === 'layers' ? { buffer, ...this.#table.parts[dispatch] } : { buffer };
  }

  /** Uploads the host's data for an update. */
  upload(job: TrainingJob): void {
    const { samples: columns, state, order } = this.#buffers;
    const { weights } = this.#plan;
    for (const { name, before } of sampleColumns(this.#context))
      this.#write(columns, before * job.samples.count, job.samples[name]);
    this.#write(state, 0, job.state.weights.subarray(this.#context.layout.trainable));
    this.#write(state, weights, job.state.firstMoment);
    this.#write(state, 2 * weights, job.state.secondMoment);
    this.#write(order, 0, createOrder(job));
    this.#write(this.steps, 0, createStepTable(this.#context, job));
  }

  copyResults(encoder: GPUCommandEncoder, job: TrainingJob): void {
    const { state, records } = this.#buffers;
    const stateBytes = 12 * this.#plan.weights;
    encoder.copyBufferToBuffer(state.buffer, 0, this.results.buffer, 0, stateBytes);
    encoder.copyBufferToBuffer(records.buffer, 0, this.results.buffer, stateBytes, this.resultBytes(job) - stateBytes);
  }

  resultBytes(job: TrainingJob): number {
    return 12 * this.#plan.weights + 4 * stepsOf(job) * RECORD;
  }

  dispose(): void {
    for (const buffer of [...Object.values(this.#buffers), this.steps, this.results]) buffer.dispose();
  }

  #write(to: GrowingBuffer, firstFloat: number, data: ArrayBufferView | ArrayBuffer): void {
    this.#device.queue.writeBuffer(to.buffer, 4 * firstFloat, data as GPUAllowSharedBufferSource);
  }

  /** Bytes that a job needs in each buffer. */
  #measure(job: TrainingJob): Readonly<Record<BufferName, number>> {
    const { minibatch, samples } = job;
    const { weights, report, activations, deltas } = this.#plan;
    const gradient = weights + report.outputs;
    return {
      layers: this.#table.data.byteLength,
      state: 12 * weights,
      samples: 4 * sampleWidth(this.#context) * samples.count,
      order: 4 * stepsOf(job) * minibatch,
      activations: 4 * activations * minibatch,
      deltas: 4 * deltas * minibatch,
      partials: 4 * chunksOf(minibatch).chunks * gradient,
      gradient: 4 * (gradient + flatGroups(weights)),
      records: 4 * stepsOf(job) * RECORD,
    };
  }
}
