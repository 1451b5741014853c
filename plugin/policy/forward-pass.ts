import type { LayoutSizes } from '../core/layout.ts';
import { maskedLogSoftmax } from './categorical.ts';
import {
  applyActivation,
  applyDense,
  type DenseLayer,
  denseLayer,
  type NetworkSpec,
  type ParameterLayout,
} from './network.ts';

/**
 * Runs observations through the normaliser and the network of one flat parameter vector, for a batch of agents. What came
 * out lies in its arrays until the next call; nothing is allocated once a batch size was seen.
 */
export class ForwardPass {
  /** [rows, C] μ */
  mean = new Float32Array(0);
  /** [rows, M] log-probabilities of every branch's choices, −∞ where masked */
  logProbs = new Float32Array(0);
  /** [rows] V(s) in units of reward */
  value = new Float32Array(0);
  readonly #sizes: LayoutSizes;
  readonly #network: NetworkSpec;
  readonly #clip: number;
  readonly #parameters: Float32Array;
  readonly #trunk: readonly DenseLayer[];
  readonly #critic: readonly DenseLayer[];
  readonly #continuous: DenseLayer | undefined;
  readonly #discrete: DenseLayer | undefined;
  readonly #value: DenseLayer | undefined;
  #rows = 0;
  /** [rows, O] normalised */
  #input = new Float32Array(0);
  /** [rows, widest layer] outputs of hidden layers 0, 2, … */
  #even = new Float32Array(0);
  /** [rows, widest layer] outputs of hidden layers 1, 3, … */
  #odd = new Float32Array(0);
  /** [rows, M] of ones */
  #allowed = new Uint8Array(0);

  /** @param parameters [P] read at every call, so that it may be written in between */
  constructor(
    sizes: LayoutSizes,
    network: NetworkSpec,
    layout: ParameterLayout,
    clip: number,
    parameters: Float32Array,
  ) {
    const stack = (name: string) => network.hidden.map((_, i) => denseLayer(layout, `${name}.${i}`));
    this.#sizes = sizes;
    this.#network = network;
    this.#clip = clip;
    this.#parameters = parameters;
    this.#trunk = stack('trunk');
    this.#critic = network.critic === 'separate' ? stack('critic') : this.#trunk;
    this.#continuous = sizes.continuous > 0 ? denseLayer(layout, 'continuous') : undefined;
    this.#discrete = sizes.mask > 0 ? denseLayer(layout, 'discrete') : undefined;
    this.#value = network.critic === 'none' ? undefined : denseLayer(layout, 'value');
  }

  /**
   * Fills `mean` and `logProbs`, and `value` too if asked and there is a critic.
   *
   * @param observation [rows, O]
   * @param mask        [rows, M] 1 = allowed; all are when it is left out
   */
  act(observation: Float32Array, rows: number, mask: Uint8Array | undefined, withValue: boolean): void {
    this.#normalise(observation, rows);
    const features = this.#hidden(this.#trunk, rows);
    if (this.#continuous) applyDense(this.#parameters, this.#continuous, features, rows, this.mean);
    if (this.#discrete) {
      applyDense(this.#parameters, this.#discrete, features, rows, this.logProbs);
      this.#softmax(rows, mask ?? this.#allowed);
    }
    if (!withValue) return;
    this.#evaluate(this.#network.critic === 'shared' ? features : this.#hidden(this.#critic, rows), rows);
  }

  /** Fills `value` alone; for a network that has a critic. */
  evaluate(observation: Float32Array, rows: number): void {
    this.#normalise(observation, rows);
    this.#evaluate(this.#hidden(this.#critic, rows), rows);
  }

  /** clip((s − mean) / deviation) */
  #normalise(observation: Float32Array, rows: number): void {
    this.#reserve(rows);
    const parameters = this.#parameters;
    const input = this.#input;
    const clip = this.#clip;
    const size = this.#sizes.observation;
    for (let row = 0, at = 0; row < rows; row++) {
      for (let i = 0; i < size; i++, at++) {
        const x = (observation[at] - parameters[i]) / parameters[size + i];
        input[at] = Math.min(Math.max(x, -clip), clip);
      }
    }
  }

  /** The features after hidden layers; valid until the next call. */
  #hidden(layers: readonly DenseLayer[], rows: number): Float32Array {
    let from = this.#input;
    let to = this.#even;
    for (const layer of layers) {
      applyDense(this.#parameters, layer, from, rows, to);
      applyActivation(this.#network.activation, to, rows * layer.outputs);
      from = to;
      to = from === this.#even ? this.#odd : this.#even;
    }
    return from;
  }

  #softmax(rows: number, mask: Uint8Array): void {
    const { branches } = this.#sizes;
    for (let row = 0, at = 0; row < rows; row++) {
      for (let branch = 0; branch < branches.length; branch++) {
        maskedLogSoftmax(this.logProbs, at, mask, at, branches[branch]);
        at += branches[branch];
      }
    }
  }

  /** V = deviation · (w·h + b) + mean */
  #evaluate(features: Float32Array, rows: number): void {
    applyDense(this.#parameters, this.#value as DenseLayer, features, rows, this.value);
    const mean = this.#parameters[2 * this.#sizes.observation];
    const deviation = this.#parameters[2 * this.#sizes.observation + 1];
    for (let row = 0; row < rows; row++) this.value[row] = this.value[row] * deviation + mean;
  }

  #reserve(rows: number): void {
    if (rows <= this.#rows) return;
    this.#rows = rows;
    const { observation, continuous, mask } = this.#sizes;
    const widest = Math.max(1, ...this.#network.hidden);
    this.#input = new Float32Array(rows * observation);
    this.#even = new Float32Array(rows * widest);
    this.#odd = new Float32Array(rows * widest);
    this.#allowed = new Uint8Array(rows * mask).fill(1);
    this.mean = new Float32Array(rows * continuous);
    this.logProbs = new Float32Array(rows * mask);
    this.value = new Float32Array(rows);
  }
}
