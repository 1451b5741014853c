import { AgentsError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import { gaussianLogProb } from './gaussian.ts';
import { Policy, type PolicyOptions, type PolicySpec } from './policy.ts';
import { ValuePass } from './value-pass.ts';

/** The actions of a batch, as sampled from the heads. */
export interface RecordedActions {
  /** [rows, C] raw */
  readonly continuousAction: Float32Array;
  /** [rows, D] */
  readonly discreteAction: Int32Array;
}

/** The rollout columns that record decisions; each array starts at the row of the batch's first agent. */
export interface DecisionColumns extends RecordedActions {
  /** [rows] */
  readonly logProb: Float32Array;
  /** [rows, C] μ */
  readonly mean: Float32Array;
  /** [C] log σ */
  readonly logDeviation: Float32Array;
  /** [rows, M] log-probability of each choice, −∞ where masked */
  readonly logProbs: Float32Array;
  /** [rows] */
  readonly value: Float32Array;
}

/** A policy in training: it records what PPO needs about its decisions, and estimates values. Games do not load it. */
export class RolloutPolicy extends Policy {
  constructor(spec: PolicySpec, weights?: Float32Array, options?: PolicyOptions) {
    super(spec, weights, options, ValuePass);
  }

  /**
   * Samples actions for a batch of agents and records what PPO needs about each decision.
   *
   * @param observation [rows, O]
   * @param mask        [rows, M]
   * @param action      [rows, A] as act() writes it
   * @param columns     receives raw actions, log π(a|s), the distributions they were drawn from, and V(s)
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
    this.pass.act(observation, rows, mask);
    for (let row = 0; row < rows; row++) {
      this.choose(row, continuousAction, discreteAction, random);
      logProb[row] = this.#logProb(row, continuousAction, discreteAction);
      value[row] = this.#values.value[row];
    }
    this.#keepDistributions(columns, rows);
    this.replay(columns, rows, action);
  }

  /** Turns recorded raw actions into what the actuators get: the last part of decide(), used to replay a rollout. */
  replay({ continuousAction, discreteAction }: RecordedActions, rows: number, action: Float32Array): void {
    for (let row = 0; row < rows; row++) this.write(row, continuousAction, discreteAction, action);
  }

  /** V(s) in units of reward: `out[row]` for each row of `observation` [rows, O]. */
  values(observation: Float32Array, out: Float32Array, rows = out.length): void {
    this.#requireCritic();
    this.#values.evaluate(observation, rows);
    for (let row = 0; row < rows; row++) out[row] = this.#values.value[row];
  }

  #keepDistributions({ mean, logDeviation, logProbs }: DecisionColumns, rows: number): void {
    const { continuous, mask } = this.sizes;
    for (let i = 0; i < rows * continuous; i++) mean[i] = this.pass.mean[i];
    for (let i = 0; i < continuous; i++) logDeviation[i] = this.weights[this.logDeviation + i];
    for (let i = 0; i < rows * mask; i++) logProbs[i] = this.pass.logProbs[i];
  }

  /** log π(a|s) of the action chosen for one row. */
  #logProb(row: number, raw: Float32Array, choice: Int32Array): number {
    const { continuous, branches, mask } = this.sizes;
    const { mean, logProbs } = this.pass;
    const first = row * continuous;
    let sum = gaussianLogProb(raw, first, mean, first, this.weights, this.logDeviation, continuous);
    for (let branch = 0, at = row * mask; branch < branches.length; at += branches[branch++])
      sum += logProbs[at + choice[row * branches.length + branch]];
    return sum;
  }

  get #values(): ValuePass {
    return this.pass as ValuePass;
  }

  #requireCritic(): void {
    if (this.spec.network.critic !== 'none') return;
    throw new AgentsError(
      `Policy "${this.spec.name}" has no value head: its file was exported for play. Use the run's checkpoint.`,
    );
  }
}
