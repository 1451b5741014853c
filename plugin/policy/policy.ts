import { AgentsError } from '../core/errors.ts';
import { type AgentLayout, compareLayouts, type LayoutSizes, measureLayout, sameLayout } from '../core/layout.ts';
import type { Random } from '../core/random.ts';
import { likeliest, sampleCategorical } from './categorical.ts';
import { ForwardPass } from './forward-pass.ts';
import { sampleGaussian } from './gaussian.ts';
import { type NetworkSpec, requireSlice, type WeightLayout, weightLayout } from './network.ts';

/** Everything about a policy but its numbers. */
export interface PolicySpec {
  /** which agents it drives: those with `policy: name` */
  readonly name: string;
  /** what those agents must observe and how they act */
  readonly layout: AgentLayout;
  readonly network: NetworkSpec;
  /** normalized observations are held in [−clip, clip] */
  readonly observationClip: number;
  /** 'clip': continuous actions are held in [−1, 1] before the actuator sees them; 'none': they are what the network gives, as policies of other trainers may have it */
  readonly bounds: 'clip' | 'none';
  /** seconds of one physics step that it was trained with */
  readonly timeStep: number;
  /** physics steps that it held an action */
  readonly decisionPeriod: number;
  /** physics steps of one frame that it was trained with; left out where it was trained without frames */
  readonly frames?: number;
}

/** How a policy computes. */
export interface PolicyOptions {
  /** false: the dense layers in plain TypeScript, even where SIMD WebAssembly is there; the same within 1e-5 */
  readonly kernel?: boolean;
}

/**
 * A trained actor: normalizer → dense network → Gaussian and categorical heads, over one flat vector.
 * It is a Controller. Nothing is allocated per decision once a batch size was seen.
 */
export class Policy {
  readonly spec: PolicySpec;
  readonly sizes: LayoutSizes;
  readonly weightLayout: WeightLayout;
  /** [P] see weightLayout(); write with update() */
  readonly weights: Float32Array;
  protected readonly pass: ForwardPass;
  /** where log σ [C] stands in the weights */
  protected readonly logDeviation: number;
  #sampling: Random | undefined;
  /** [rows, C] and [rows, D] of the last act() */
  #raw = new Float32Array(0);
  #choice = new Int32Array(0);

  /**
   * @param weights [P] kept and written to by update(); zeros when left out
   * @param Pass       what runs the network; training has its own
   */
  constructor(
    spec: PolicySpec,
    weights?: Float32Array,
    { kernel = true }: PolicyOptions = {},
    Pass: typeof ForwardPass = ForwardPass,
  ) {
    this.spec = spec;
    this.sizes = measureLayout(spec.layout);
    const layout = weightLayout(this.sizes, spec.network);
    this.weightLayout = layout;
    if (weights) this.#requireCount(weights);
    this.weights = weights ?? new Float32Array(layout.size);
    this.pass = new Pass(this.sizes, spec.network, layout, spec.observationClip, this.weights, kernel);
    this.logDeviation = this.sizes.continuous > 0 ? requireSlice(layout, 'continuous.logDeviation').offset : 0;
  }

  /** Throws when agents of another layout are to be driven, with both layouts side by side; `whose` names one of them. */
  requireLayout(layout: AgentLayout, whose = 'the agent'): void {
    if (sameLayout(this.spec.layout, layout)) return;
    throw new AgentsError(
      `Policy "${this.spec.name}" does not fit ${whose}:\n\n${compareLayouts(this.spec.layout, layout)}\n\nTrain it again with this agent, or give it the policy's sensors and actuators, in that order.`,
    );
  }

  /** Draws actions from `random` from now on; without it the mean and the likeliest choices are taken, as a new policy does. */
  sampleWith(random: Random | undefined): this {
    this.#sampling = random;
    return this;
  }

  /** Replaces every weight. */
  update(weights: Float32Array): void {
    this.#requireCount(weights);
    this.weights.set(weights);
    this.pass.refresh();
  }

  /**
   * Decides for a batch of agents.
   *
   * @param observation [rows, O]
   * @param action      [rows, A] continuous actions in [−1, 1] and choices, in the order of the actuators
   * @param mask        [rows, M] 1 = allowed; all are when it is left out
   * @param random      draws the actions of this call, in place of what sampleWith() said
   */
  act(observation: Float32Array, action: Float32Array, mask?: Uint8Array, random = this.#sampling): void {
    const { continuous, branches } = this.sizes;
    const rows = observation.length / this.sizes.observation;
    if (this.#raw.length < rows * continuous) this.#raw = new Float32Array(rows * continuous);
    if (this.#choice.length < rows * branches.length) this.#choice = new Int32Array(rows * branches.length);
    this.pass.act(observation, rows, mask);
    for (let row = 0; row < rows; row++) {
      this.choose(row, this.#raw, this.#choice, random);
      this.write(row, this.#raw, this.#choice, action);
    }
  }

  /** Chooses for one row; without `random`, the mean and the likeliest choices. */
  protected choose(row: number, raw: Float32Array, choice: Int32Array, random: Random | undefined): void {
    const { continuous, branches, mask } = this.sizes;
    const { mean, logProbs } = this.pass;
    const first = row * continuous;
    if (random) sampleGaussian(raw, first, mean, first, this.weights, this.logDeviation, continuous, random);
    else for (let i = first; i < first + continuous; i++) raw[i] = mean[i];
    for (let branch = 0, at = row * mask; branch < branches.length; at += branches[branch++]) {
      const size = branches[branch];
      choice[row * branches.length + branch] = random
        ? sampleCategorical(logProbs, at, size, random)
        : likeliest(logProbs, at, size);
    }
  }

  /** Writes one row's action in the order of the actuators, continuous ones within their bounds. */
  protected write(row: number, raw: Float32Array, choice: Int32Array, action: Float32Array): void {
    const { continuousAt, branchAt, action: size } = this.sizes;
    const limit = this.spec.bounds === 'none' ? Infinity : 1;
    const at = row * size;
    for (let i = 0; i < continuousAt.length; i++) {
      action[at + continuousAt[i]] = Math.min(Math.max(raw[row * continuousAt.length + i], -limit), limit);
    }
    for (let i = 0; i < branchAt.length; i++) action[at + branchAt[i]] = choice[row * branchAt.length + i];
  }

  #requireCount({ length }: Float32Array): void {
    const { size } = this.weightLayout;
    if (length === size) return;
    throw new AgentsError(
      `Policy "${this.spec.name}" needs ${size} weights and got ${length}. Load it with its own file.`,
    );
  }
}
