import { AgentsError } from '../core/errors.ts';
import { type AgentLayout, compareLayouts, type LayoutSizes, measureLayout, sameLayout } from '../core/layout.ts';
import type { Random } from '../core/random.ts';
import { likeliest, sampleCategorical } from './categorical.ts';
import { ForwardPass } from './forward-pass.ts';
import { sampleGaussian } from './gaussian.ts';
import { type NetworkSpec, requireSlice, type WeightLayout, weightLayout } from './network.ts';

/** Everything about a policy except its weights. */
export interface PolicySpec {
  /** which agents it drives: those with `policy: name` */
  readonly name: string;
  /** the sensors and actuators that those agents must have */
  readonly layout: AgentLayout;
  /** the shape of its network */
  readonly network: NetworkSpec;
  /** normalized observations are clipped to [−observationClip, observationClip] */
  readonly observationClip: number;
  /** 'clip': continuous actions are clipped to [−1, 1] before the actuator gets them; 'none': unclipped, as some policies of other trainers need */
  readonly bounds: 'clip' | 'none';
  /** seconds per physics step in training */
  readonly timeStep: number;
  /** physics steps per decision in training */
  readonly decisionPeriod: number;
  /** physics steps per frame in training; omitted if trained without frames */
  readonly frames?: number;
}

/** How a policy computes. */
export interface PolicyOptions {
  /** false: plain TypeScript for the dense layers, even if SIMD WebAssembly is available; same results within 1e-5 */
  readonly kernel?: boolean;
}

/**
 * A trained actor: normalizer → dense network → Gaussian and categorical heads, over one flat vector.
 * It is a Controller. After the first call with a batch size, decisions allocate nothing.
 */
export class Policy {
  /** everything about it except its weights */
  readonly spec: PolicySpec;
  /** the sizes derived from its layout */
  readonly sizes: LayoutSizes;
  /** the name, shape and place of each tensor in `weights` */
  readonly weightLayout: WeightLayout;
  /** [P] see weightLayout(); write with update() */
  readonly weights: Float32Array;
  /** @internal */
  protected readonly pass: ForwardPass;
  /** the offset of log σ [C] in the weights */
  protected readonly logDeviation: number;
  #sampling: Random | undefined;
  /** [rows, C] and [rows, D] of the last act() */
  #raw = new Float32Array(0);
  #choice = new Int32Array(0);

  /**
   * @param weights [P] kept, and written to by update(); zeros by default
   * @param Pass    runs the network; training has its own
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

  /** Throws if an agent's layout differs, with both layouts side by side; `whose` names the agent. */
  requireLayout(layout: AgentLayout, whose = 'the agent'): void {
    if (sameLayout(this.spec.layout, layout)) return;
    throw new AgentsError(
      `Policy "${this.spec.name}" does not fit ${whose}:\n\n${compareLayouts(this.spec.layout, layout)}\n\nTrain it again with this agent, or give it the policy's sensors and actuators, in that order.`,
    );
  }

  /** Samples actions from `random` from now on. Without it, takes the mean and the likeliest choices, as a new policy does. */
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
   * @param action      [rows, A] continuous actions in [−1, 1] and choices, actuator by actuator
   * @param mask        [rows, M] 1 = allowed; all allowed if omitted
   * @param random      samples this call's actions, overriding sampleWith()
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

  /** Chooses for one row: samples with `random`, else takes the mean and the likeliest choices. */
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

  /** Writes one row's action, actuator by actuator, with continuous actions within their bounds. */
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
