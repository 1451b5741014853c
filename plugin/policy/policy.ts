import { AgentsError } from '../core/errors.ts';
import { type AgentLayout, describeLayout, type LayoutSizes, measureLayout, sameLayout } from '../core/layout.ts';
import type { Random } from '../core/random.ts';
import { likeliest, sampleCategorical } from './categorical.ts';
import { ForwardPass } from './forward-pass.ts';
import { gaussianLogProb, sampleGaussian } from './gaussian.ts';
import { type NetworkSpec, type ParameterLayout, parameterLayout, requireSlice } from './network.ts';

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

/** How a policy computes. */
export interface PolicyOptions {
  /** false: the dense layers in plain TypeScript, even where SIMD WebAssembly is there; the same within 1e-5 */
  readonly kernel?: boolean;
}

/** What was chosen for a batch, as the heads drew it. */
export interface RecordedActions {
  /** [rows, C] raw */
  readonly continuousAction: Float32Array;
  /** [rows, D] */
  readonly discreteAction: Int32Array;
}

/** Where a rollout keeps what was decided; each array at the row of the batch's first agent. */
export interface DecisionColumns extends RecordedActions {
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
  readonly #pass: ForwardPass;
  /** where log σ [C] stands in the parameters */
  readonly #logDeviation: number;
  #sampling: Random | undefined;
  /** [rows, C] and [rows, D] of the last act() */
  #raw = new Float32Array(0);
  #choice = new Int32Array(0);

  /** @param parameters [P] kept and written to by update(); zeros when left out */
  constructor(spec: PolicySpec, parameters?: Float32Array, { kernel = true }: PolicyOptions = {}) {
    this.spec = spec;
    this.sizes = measureLayout(spec.layout);
    const layout = parameterLayout(this.sizes, spec.network);
    this.parameterLayout = layout;
    if (parameters) this.#requireCount(parameters);
    this.parameters = parameters ?? new Float32Array(layout.size);
    this.#pass = new ForwardPass(this.sizes, spec.network, layout, spec.normaliserClip, this.parameters, kernel);
    this.#logDeviation = this.sizes.continuous > 0 ? requireSlice(layout, 'continuous.logDeviation').offset : 0;
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
    this.#pass.refresh();
  }

  /**
   * Decides for a batch of agents.
   *
   * @param observation [rows, O]
   * @param action      [rows, A] continuous actions in [−1, 1] and choices, in the order of the actuators
   * @param mask        [rows, M] 1 = allowed; all are when it is left out
   */
  act(observation: Float32Array, action: Float32Array, mask?: Uint8Array): void {
    const { continuous, branches } = this.sizes;
    const rows = observation.length / this.sizes.observation;
    if (this.#raw.length < rows * continuous) this.#raw = new Float32Array(rows * continuous);
    if (this.#choice.length < rows * branches.length) this.#choice = new Int32Array(rows * branches.length);
    this.#pass.act(observation, rows, mask, false);
    for (let row = 0; row < rows; row++) {
      this.#choose(row, this.#raw, this.#choice, this.#sampling);
      this.#write(row, this.#raw, this.#choice, action);
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
    this.#requireCritic();
    const { continuousAction, discreteAction, logProb, value } = columns;
    const rows = value.length;
    this.#pass.act(observation, rows, mask, true);
    for (let row = 0; row < rows; row++) {
      this.#choose(row, continuousAction, discreteAction, random);
      logProb[row] = this.#logProb(row, continuousAction, discreteAction);
      value[row] = this.#pass.value[row];
    }
    this.replay(columns, rows, action);
  }

  /** Turns recorded raw actions into what the actuators get: the last part of decide(), alone for living through a rollout again. */
  replay({ continuousAction, discreteAction }: RecordedActions, rows: number, action: Float32Array): void {
    for (let row = 0; row < rows; row++) this.#write(row, continuousAction, discreteAction, action);
  }

  /** V(s) in units of reward: `out[row]` for each row of `observation` [rows, O]. */
  values(observation: Float32Array, out: Float32Array, rows = out.length): void {
    this.#requireCritic();
    this.#pass.evaluate(observation, rows);
    for (let row = 0; row < rows; row++) out[row] = this.#pass.value[row];
  }

  /** Chooses for one row; without `random`, the mean and the likeliest choices. */
  #choose(row: number, raw: Float32Array, choice: Int32Array, random: Random | undefined): void {
    const { continuous, branches, mask } = this.sizes;
    const { mean, logProbs } = this.#pass;
    const first = row * continuous;
    if (random) sampleGaussian(raw, first, mean, first, this.parameters, this.#logDeviation, continuous, random);
    else for (let i = first; i < first + continuous; i++) raw[i] = mean[i];
    for (let branch = 0, at = row * mask; branch < branches.length; at += branches[branch++]) {
      const size = branches[branch];
      choice[row * branches.length + branch] = random
        ? sampleCategorical(logProbs, at, size, random)
        : likeliest(logProbs, at, size);
    }
  }

  /** log π(a|s) of what was chosen for one row. */
  #logProb(row: number, raw: Float32Array, choice: Int32Array): number {
    const { continuous, branches, mask } = this.sizes;
    const { mean, logProbs } = this.#pass;
    const first = row * continuous;
    let sum = gaussianLogProb(raw, first, mean, first, this.parameters, this.#logDeviation, continuous);
    for (let branch = 0, at = row * mask; branch < branches.length; at += branches[branch++])
      sum += logProbs[at + choice[row * branches.length + branch]];
    return sum;
  }

  /** Writes one row's action in the order of the actuators, continuous ones clipped to [−1, 1]. */
  #write(row: number, raw: Float32Array, choice: Int32Array, action: Float32Array): void {
    const { continuousAt, branchAt, action: size } = this.sizes;
    const at = row * size;
    for (let i = 0; i < continuousAt.length; i++) {
      action[at + continuousAt[i]] = Math.min(Math.max(raw[row * continuousAt.length + i], -1), 1);
    }
    for (let i = 0; i < branchAt.length; i++) action[at + branchAt[i]] = choice[row * branchAt.length + i];
  }

  #requireCritic(): void {
    if (this.spec.network.critic !== 'none') return;
    throw new AgentsError(
      `Policy "${this.spec.name}" has no value head: its file was exported for play. Use the run's checkpoint.`,
    );
  }

  #requireCount({ length }: Float32Array): void {
    const { size } = this.parameterLayout;
    if (length === size) return;
    throw new AgentsError(
      `Policy "${this.spec.name}" needs ${size} parameters and got ${length}. Load it with its own file.`,
    );
  }
}
