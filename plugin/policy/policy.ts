import { AgentsError } from '../core/errors.ts';
import { type AgentLayout, describeLayout, type LayoutSizes, measureLayout, sameLayout } from '../core/layout.ts';
import type { Random } from '../core/random.ts';
import { likeliest, maskedLogSoftmax, sampleCategorical } from './categorical.ts';
import { gaussianLogProb, sampleGaussian } from './gaussian.ts';
import {
  applyActivation,
  applyDense,
  type DenseLayer,
  denseLayer,
  type NetworkSpec,
  type ParameterLayout,
  parameterLayout,
  requireSlice,
} from './network.ts';

/** Everything about a policy but its numbers. */
export interface PolicySpec {
  /** which agents it drives: those with `policy: name` */
  readonly name: string;
  /** what those agents must observe and how they act */
  readonly layout: AgentLayout;
  readonly network: NetworkSpec;
  /** normalised observations are held in [−clip, clip] */
  readonly normaliserClip: number;
  /** how a continuous action reaches [−1, 1] before the actuator sees it */
  readonly bounds: 'clip';
  /** seconds of one physics step that it was trained with */
  readonly timeStep: number;
  /** physics steps that it held an action */
  readonly decisionPeriod: number;
}

/** Where a rollout keeps what was decided; each array at the row of the batch's first agent. */
export interface DecisionColumns {
  /** [rows, C] raw */
  readonly continuousAction: Float32Array;
  /** [rows, D] */
  readonly discreteAction: Int32Array;
  /** [rows] */
  readonly logProb: Float32Array;
  /** [rows] */
  readonly value: Float32Array;
}

/**
 * A trained (or training) actor: normaliser → dense network → Gaussian and categorical heads, over one flat vector.
 * It is a Controller. Nothing is allocated per decision once a batch size was seen.
 */
export class Policy {
  readonly spec: PolicySpec;
  readonly sizes: LayoutSizes;
  readonly parameterLayout: ParameterLayout;
  /** [P] see parameterLayout(); write with update() */
  readonly parameters: Float32Array;
  readonly #trunk: readonly DenseLayer[];
  readonly #critic: readonly DenseLayer[];
  readonly #continuous: DenseLayer | undefined;
  readonly #discrete: DenseLayer | undefined;
  readonly #value: DenseLayer | undefined;
  readonly #logDeviation: number;
  #rows = 0;
  #batch!: Batch;
  #sampling: Random | undefined;

  constructor(spec: PolicySpec, parameters?: Float32Array) {
    this.spec = spec;
    this.sizes = measureLayout(spec.layout);
    const layout = parameterLayout(this.sizes, spec.network);
    this.parameterLayout = layout;
    if (parameters) this.#requireCount(parameters);
    this.parameters = parameters ?? new Float32Array(layout.size);
    this.#trunk = spec.network.hidden.map((_, i) => denseLayer(layout, `trunk.${i}`));
    this.#critic =
      spec.network.critic === 'separate' ? spec.network.hidden.map((_, i) => denseLayer(layout, `critic.${i}`)) : [];
    this.#continuous = this.sizes.continuous > 0 ? denseLayer(layout, 'continuous') : undefined;
    this.#discrete = this.sizes.mask > 0 ? denseLayer(layout, 'discrete') : undefined;
    this.#value = spec.network.critic === 'none' ? undefined : denseLayer(layout, 'value');
    this.#logDeviation = this.#continuous ? requireSlice(layout, 'continuous.logDeviation').offset : 0;
    this.#reserve(1);
  }

  /** Throws when agents of another layout are to be driven, with both layouts in the message. */
  requireLayout(layout: AgentLayout): void {
    if (sameLayout(this.spec.layout, layout)) return;
    throw new AgentsError(
      `Policy "${this.spec.name}" ${describeLayout(this.spec.layout)}, but the agent ${describeLayout(layout)}. Train it again with this agent, or restore the sensors and actuators that it was trained with.`,
    );
  }

  /** Draws actions from `random` from now on; without it the mean and the likeliest choices are taken, as a new policy does. */
  sampleWith(random: Random | undefined): this {
    this.#sampling = random;
    return this;
  }

  /** Replaces every parameter. */
  update(parameters: Float32Array): void {
    this.#requireCount(parameters);
    this.parameters.set(parameters);
  }

  /**
   * Decides for a batch of agents.
   *
   * @param observation [rows, O]
   * @param action      [rows, A] continuous actions in [−1, 1] and choices, in the order of the actuators
   * @param mask        [rows, M] 1 = allowed; all are when it is left out
   */
  act(observation: Float32Array, action: Float32Array, mask?: Uint8Array): void {
    const rows = observation.length / this.sizes.observation;
    this.#forward(observation, rows, mask, false);
    const { continuous, branches } = this.sizes;
    const { raw, choice } = this.#batch;
    for (let row = 0; row < rows; row++) {
      this.#choose(row, raw, row * continuous, choice, row * branches.length, this.#sampling);
      this.#write(row, raw, row * continuous, choice, row * branches.length, action);
    }
  }

  /**
   * Decides for a batch of agents by sampling, and keeps what PPO needs to know of each decision.
   *
   * @param observation [rows, O]
   * @param mask        [rows, M]
   * @param action      [rows, A] as act() writes it
   * @param columns     where raw actions, log π(a|s) and V(s) go
   */
  decide(
    observation: Float32Array,
    mask: Uint8Array,
    action: Float32Array,
    columns: DecisionColumns,
    random: Random,
  ): void {
    const rows = columns.value.length;
    this.#forward(observation, rows, mask, true);
    const { continuous, branches } = this.sizes;
    const { continuousAction, discreteAction, logProb, value } = columns;
    for (let row = 0; row < rows; row++) {
      logProb[row] = this.#choose(
        row,
        continuousAction,
        row * continuous,
        discreteAction,
        row * branches.length,
        random,
      );
      this.#write(row, continuousAction, row * continuous, discreteAction, row * branches.length, action);
      value[row] = this.#batch.value[row];
    }
  }

  /** Turns recorded raw actions into what the actuators got: the last part of decide(), for replaying a rollout. */
  replay(
    { continuousAction, discreteAction }: Pick<DecisionColumns, 'continuousAction' | 'discreteAction'>,
    rows: number,
    action: Float32Array,
  ): void {
    const { continuous, branches } = this.sizes;
    for (let row = 0; row < rows; row++)
      this.#write(row, continuousAction, row * continuous, discreteAction, row * branches.length, action);
  }

  /** V(s) in units of reward: `out[row]` for each row of `observation` [rows, O]. */
  values(observation: Float32Array, out: Float32Array, rows = out.length): void {
    this.#normalise(observation, rows);
    if (this.spec.network.critic === 'shared') this.#stack(this.#trunk, rows);
    this.#evaluate(rows);
    for (let row = 0; row < rows; row++) out[row] = this.#batch.value[row];
  }

  /** Fills the batch: mean, logProbs and (with the critic) value. */
  #forward(observation: Float32Array, rows: number, mask: Uint8Array | undefined, withValue: boolean): void {
    this.#normalise(observation, rows);
    const features = this.#stack(this.#trunk, rows);
    const batch = this.#batch;
    if (this.#continuous) applyDense(this.parameters, this.#continuous, features, rows, batch.mean);
    if (this.#discrete) {
      applyDense(this.parameters, this.#discrete, features, rows, batch.logProbs);
      const allowed = mask ?? batch.allowed;
      for (let row = 0, at = 0; row < rows; row++) {
        for (const size of this.sizes.branches) {
          maskedLogSoftmax(batch.logProbs, at, allowed, at, size);
          at += size;
        }
      }
    }
    if (withValue) this.#evaluate(rows);
  }

  /** clip((s − mean) / deviation) into batch.input [rows, O]. */
  #normalise(observation: Float32Array, rows: number): void {
    this.#reserve(rows);
    const { parameters } = this;
    const size = this.sizes.observation;
    const clip = this.spec.normaliserClip;
    const { input } = this.#batch;
    for (let row = 0, at = 0; row < rows; row++) {
      for (let i = 0; i < size; i++, at++) {
        const x = (observation[at] - parameters[i]) / parameters[size + i];
        input[at] = Math.min(Math.max(x, -clip), clip);
      }
    }
  }

  /** Runs batch.input through hidden layers; the features stay in batch.features. */
  #stack(layers: readonly DenseLayer[], rows: number): Float32Array {
    const batch = this.#batch;
    let from = batch.input;
    let to = batch.even;
    for (const layer of layers) {
      applyDense(this.parameters, layer, from, rows, to);
      applyActivation(this.spec.network.activation, to, rows * layer.outputs);
      from = to;
      to = from === batch.even ? batch.odd : batch.even;
    }
    batch.features = from;
    return from;
  }

  /** V(s) into batch.value, from the trunk's features or the critic's own. */
  #evaluate(rows: number): void {
    if (!this.#value)
      throw new AgentsError(
        `Policy "${this.spec.name}" has no value head: its file was exported for play. Use the run's checkpoint.`,
      );
    const features = this.spec.network.critic === 'separate' ? this.#stack(this.#critic, rows) : this.#batch.features;
    const { value } = this.#batch;
    applyDense(this.parameters, this.#value, features, rows, value);
    const mean = this.parameters[2 * this.sizes.observation];
    const deviation = this.parameters[2 * this.sizes.observation + 1];
    for (let row = 0; row < rows; row++) value[row] = value[row] * deviation + mean;
  }

  /** Chooses for one row and returns log π(a|s); without `random`, the mean and the likeliest choices. */
  #choose(
    row: number,
    raw: Float32Array,
    rawAt: number,
    choice: Int32Array,
    choiceAt: number,
    random: Random | undefined,
  ): number {
    const { continuous, branches } = this.sizes;
    const { mean, logProbs } = this.#batch;
    let logProb = 0;
    if (continuous > 0) {
      const meanAt = row * continuous;
      if (random) sampleGaussian(raw, rawAt, mean, meanAt, this.parameters, this.#logDeviation, continuous, random);
      else for (let i = 0; i < continuous; i++) raw[rawAt + i] = mean[meanAt + i];
      logProb += gaussianLogProb(raw, rawAt, mean, meanAt, this.parameters, this.#logDeviation, continuous);
    }
    let at = row * this.sizes.mask;
    for (let branch = 0; branch < branches.length; branch++) {
      const size = branches[branch];
      const chosen = random ? sampleCategorical(logProbs, at, size, random) : likeliest(logProbs, at, size);
      choice[choiceAt + branch] = chosen;
      logProb += logProbs[at + chosen];
      at += size;
    }
    return logProb;
  }

  /** Writes one row's action in the order of the actuators, continuous ones clipped to [−1, 1]. */
  #write(
    row: number,
    raw: Float32Array,
    rawAt: number,
    choice: Int32Array,
    choiceAt: number,
    action: Float32Array,
  ): void {
    const { continuousAt, branchAt } = this.sizes;
    const at = row * this.sizes.action;
    for (let i = 0; i < continuousAt.length; i++) {
      action[at + continuousAt[i]] = Math.min(Math.max(raw[rawAt + i], -1), 1);
    }
    for (let i = 0; i < branchAt.length; i++) action[at + branchAt[i]] = choice[choiceAt + i];
  }

  #requireCount({ length }: Float32Array): void {
    const { size } = this.parameterLayout;
    if (length === size) return;
    throw new AgentsError(
      `Policy "${this.spec.name}" needs ${size} parameters and got ${length}. Load it with its own file.`,
    );
  }

  #reserve(rows: number): void {
    if (rows <= this.#rows) return;
    this.#rows = rows;
    const { observation, continuous, branches, mask } = this.sizes;
    const widest = Math.max(1, ...this.spec.network.hidden);
    const even = new Float32Array(rows * widest);
    this.#batch = {
      input: new Float32Array(rows * observation),
      even,
      odd: new Float32Array(rows * widest),
      features: even,
      mean: new Float32Array(rows * continuous),
      logProbs: new Float32Array(rows * mask),
      allowed: new Uint8Array(rows * mask).fill(1),
      value: new Float32Array(rows),
      raw: new Float32Array(rows * continuous),
      choice: new Int32Array(rows * branches.length),
    };
  }
}

/** Scratch memory of one batch; the comments give shapes. */
interface Batch {
  /** [rows, O] normalised */
  readonly input: Float32Array;
  /** [rows, widest layer] outputs of hidden layers 0, 2, … */
  readonly even: Float32Array;
  /** [rows, widest layer] outputs of hidden layers 1, 3, … */
  readonly odd: Float32Array;
  /** which of input, even and odd holds the last hidden layer */
  features: Float32Array;
  /** [rows, C] */
  readonly mean: Float32Array;
  /** [rows, M] */
  readonly logProbs: Float32Array;
  /** [rows, M] of ones */
  readonly allowed: Uint8Array;
  /** [rows] */
  readonly value: Float32Array;
  /** [rows, C] */
  readonly raw: Float32Array;
  /** [rows, D] */
  readonly choice: Int32Array;
}
