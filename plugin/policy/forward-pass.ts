import type { LayoutSizes } from '../core/layout.ts';
import { maskedLogSoftmax } from './categorical.ts';
import type { DenseWorkspace } from './dense.ts';
import { createKernelWorkspace } from './kernel.ts';
import { ACTIVATIONS, activationsOf, type NetworkSpec, type WeightLayout } from './network.ts';
import { BLOCK_ROWS, copyWeights, type PackedLayer, type PackedNetwork, packNetwork } from './packed-network.ts';
import { createPlainWorkspace } from './plain-dense.ts';

/**
 * Runs observations of a batch of agents through the normalizer and the actor of one flat weight vector. The results stay
 * in its arrays until the next call; nothing is allocated after the first call with a batch size. The dense layers run in
 * the kernel if available, else in plain TypeScript; a row's results do not depend on the rows around it.
 */
export class ForwardPass {
  /** [rows, C] μ */
  mean = new Float32Array(0);
  /** [rows, M] log-probabilities of every branch's choices, −∞ where masked */
  logProbs = new Float32Array(0);
  protected readonly sizes: LayoutSizes;
  protected readonly weights: Float32Array;
  protected readonly packed: PackedNetwork;
  /** of each hidden layer, as the kernel numbers them */
  readonly #activations: readonly number[];
  readonly #observationClip: number;
  readonly #kernel: boolean;
  /** created on the first call: many policies never act */
  #workspace: DenseWorkspace | undefined;
  #stale = true;
  #rows = 0;
  /** [rows, M] of ones */
  #allowed = new Uint8Array(0);

  /**
   * @param weights [P] kept; call refresh() after writing to it
   * @param kernel  false: plain TypeScript even if WebAssembly is available
   */
  constructor(
    sizes: LayoutSizes,
    network: NetworkSpec,
    layout: WeightLayout,
    observationClip: number,
    weights: Float32Array,
    kernel: boolean,
  ) {
    this.sizes = sizes;
    this.#activations = activationsOf(network).map((activation) => 1 + ACTIVATIONS.indexOf(activation));
    this.#observationClip = observationClip;
    this.weights = weights;
    this.packed = packNetwork(sizes, network, layout);
    this.#kernel = kernel;
  }

  /** Call it after writing to the weights: the next call reads them. */
  refresh(): void {
    this.#stale = true;
  }

  /**
   * Fills `mean` and `logProbs`.
   *
   * @param observation [rows, O]
   * @param mask        [rows, M] 1 = allowed; all allowed if omitted
   */
  act(observation: Float32Array, rows: number, mask?: Uint8Array): void {
    const workspace = this.ready(rows);
    for (let first = 0; first < rows; first += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows - first);
      this.normalize(workspace.floats, observation, first, count);
      this.takeHeads(workspace, this.run(workspace, this.packed.actor, count), first, count);
    }
    this.#softmax(rows, mask ?? this.#allowed);
  }

  /** clip((s − mean) / deviation) of `count` rows of the observation */
  protected normalize(floats: Float32Array, observation: Float32Array, first: number, count: number): void {
    const weights = this.weights;
    const bound = this.#observationClip;
    const size = this.sizes.observation;
    let from = first * size;
    let to = this.packed.input;
    for (let row = 0; row < count; row++) {
      for (let i = 0; i < size; i++, from++, to++) {
        const x = (observation[from] - weights[i]) / weights[size + i];
        floats[to] = Math.min(Math.max(x, -bound), bound);
      }
    }
  }

  /** Runs the layers over `count` rows; returns the offset of the last layer's outputs, valid until the next call. */
  protected run({ dense }: DenseWorkspace, layers: readonly PackedLayer[], count: number): number {
    const { input, between } = this.packed;
    let from = input;
    for (let i = 0; i < layers.length; i++) {
      const { place, inputs, outputs } = layers[i];
      const to = between[i % 2];
      dense(from, place, to, count, inputs, outputs, this.#activations[i] ?? 0);
      from = to;
    }
    return from;
  }

  /** Reads μ and the logits of `count` rows, starting at `from`. */
  protected takeHeads({ floats }: DenseWorkspace, from: number, first: number, count: number): void {
    const { continuous, mask } = this.sizes;
    const { actor } = this.packed;
    if (continuous + mask === 0) return;
    const width = actor[actor.length - 1].outputs;
    for (let row = first; row < first + count; row++, from += width) {
      for (let i = 0; i < continuous; i++) this.mean[row * continuous + i] = floats[from + i];
      for (let i = 0; i < mask; i++) this.logProbs[row * mask + i] = floats[from + continuous + i];
    }
  }

  #softmax(rows: number, mask: Uint8Array): void {
    const { branches } = this.sizes;
    if (branches.length === 0) return;
    for (let row = 0, at = 0; row < rows; row++) {
      for (let branch = 0; branch < branches.length; branch++) {
        maskedLogSoftmax(this.logProbs, at, mask, at, branches[branch]);
        at += branches[branch];
      }
    }
  }

  /** The workspace with the current weights, and room for the results. */
  protected ready(rows: number): DenseWorkspace {
    if (rows > this.#rows) this.reserve(rows);
    const { size } = this.packed;
    this.#workspace ??= (this.#kernel ? createKernelWorkspace(size) : undefined) ?? createPlainWorkspace(size);
    if (this.#stale) this.copy(this.#workspace.floats);
    this.#stale = false;
    return this.#workspace;
  }

  /** Copies the weights that it needs into the workspace. */
  protected copy(floats: Float32Array): void {
    copyWeights(this.weights, this.packed.actor, floats);
  }

  protected reserve(rows: number): void {
    this.#rows = rows;
    const { continuous, mask } = this.sizes;
    this.#allowed = new Uint8Array(rows * mask).fill(1);
    this.mean = new Float32Array(rows * continuous);
    this.logProbs = new Float32Array(rows * mask);
  }
}
