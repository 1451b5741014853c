import { estimateAdvantage } from '../plugin/core/advantage.ts';
import { type RolloutWitness, requireFiniteRollout } from '../plugin/core/finite-rollout.ts';
import type { Random } from '../plugin/core/random.ts';
import { createRollout, type Rollout, type RolloutShape } from '../plugin/core/rollout.ts';
import { RunningStatistics } from '../plugin/core/running-statistics.ts';
import type { Policy } from '../plugin/policy/policy.ts';
import { type DecisionColumns, RolloutPolicy } from '../plugin/policy/rollout-policy.ts';
import type { Agent } from '../plugin/scene/agent.ts';
import { runtimeOf } from '../plugin/scene/agent-runtime.ts';
import type { PolicyRows } from '../plugin/scene/decision-clock.ts';
import type { ActingPolicy, ActionLog, CollectedPolicy, EpisodeSummary } from '../plugin/train/worker-protocol.ts';
import type { HeadlessWorld } from './headless-world.ts';

/**
 * Fills the rollouts of one policy: all agents that it may drive have a row in each, which is inactive where they have ended
 * or another policy drives them.
 */
export class PolicyRecorder {
  readonly #world: HeadlessWorld;
  readonly #rows: PolicyRows;
  readonly #policy: RolloutPolicy;
  readonly #discount: number;
  readonly #lambda: number;
  readonly #statistics: RunningStatistics;
  readonly #shared: boolean;
  /** [N, O] observations that episodes were truncated at, packed */
  readonly #final: Float32Array;
  /** [N] which agents those belong to, and their values */
  readonly #finalOf: Int32Array;
  readonly #finalValue: Float32Array;
  /** being filled, or filled last */
  #columns: Columns;
  /** the ones before, which the learner may still read; filled next */
  #spare: Columns;
  #episodes: EpisodeSummary[] = [];
  #decisions = 0;

  /** @param horizon T */
  constructor(world: HeadlessWorld, { spec, discount, lambda }: ActingPolicy, horizon: number, shared: boolean) {
    this.#world = world;
    this.#rows = world.rowsOf(spec.name);
    this.#discount = discount;
    this.#lambda = lambda;
    const { layout, agents, sizes } = this.#rows;
    this.#policy = new RolloutPolicy(spec);
    this.#policy.requireLayout(layout);
    this.#statistics = new RunningStatistics(sizes.observation);
    this.#shared = shared;
    this.#final = new Float32Array(agents.length * sizes.observation);
    this.#finalOf = new Int32Array(agents.length);
    this.#finalValue = new Float32Array(agents.length);
    const shape = { horizon, agents: agents.length, layout };
    this.#columns = createColumns(shape, this.#policy, shared);
    this.#spare = shared ? createColumns(shape, this.#policy, shared) : this.#columns;
  }

  /** Begins a rollout in which `weights` act. */
  begin(weights: Float32Array): void {
    this.#policy.update(weights);
    this.#takeColumns();
    this.#episodes = [];
    this.#decisions = 0;
  }

  /** Copies what the agents have just observed into row t. */
  observe(t: number): void {
    const { agents, observation, mask } = this.#rows;
    const { rollout } = this.#columns;
    rollout.observation.set(observation, t * observation.length);
    rollout.mask.set(mask, t * mask.length);
    const base = t * agents.length;
    for (let n = 0; n < agents.length; n++) {
      const active = this.#rows.drives(n) ? 1 : 0;
      rollout.active[base + n] = active;
      this.#decisions += active;
    }
  }

  /** Chooses the actions of row t. */
  choose(t: number, random: Random): void {
    const { observation, mask, action } = this.#rows;
    this.#policy.decide(observation, mask, action, this.#columns.rows[t], random);
  }

  /** Takes the actions of row t as they were chosen in an earlier life. */
  replay(t: number, { continuousAction, discreteAction }: ActionLog): void {
    const { agents, action, sizes } = this.#rows;
    const at = t * agents.length;
    const row = {
      continuousAction: continuousAction.subarray(at * sizes.continuous),
      discreteAction: discreteAction.subarray(at * sizes.branches.length),
    };
    this.#policy.replay(row, agents.length, action);
  }

  /** Writes rewards and ends of the decision into row t. */
  record(t: number): void {
    const { agents, sizes } = this.#rows;
    const { reward, terminated, truncated, active, finalValue } = this.#columns.rollout;
    const base = t * agents.length;
    let stopped = 0;
    for (let n = 0; n < agents.length; n++) {
      const agent = agents[n];
      const at = base + n;
      const ended = active[at] === 1 && !agent.active;
      reward[at] = active[at] === 1 ? runtimeOf(agent).takeReward() : 0;
      terminated[at] = ended && agent.outcome === 'terminated' ? 1 : 0;
      truncated[at] = ended && agent.outcome === 'truncated' ? 1 : 0;
      finalValue[at] = 0;
      if (ended && this.#world.isWhole(agent)) this.#episodes.push(this.#world.summarize(agent));
      if (truncated[at] === 0) continue;
      this.#observeEnd(agent, stopped * sizes.observation);
      this.#finalOf[stopped++] = at;
    }
    if (stopped === 0) return;
    this.#policy.values(this.#final, this.#finalValue, stopped);
    for (let i = 0; i < stopped; i++) finalValue[this.#finalOf[i]] = this.#finalValue[i];
  }

  /** Writes the observation that an agent was truncated at. */
  #observeEnd(agent: Agent, at: number): void {
    try {
      runtimeOf(agent).observe(this.#final, at);
    } catch (error) {
      throw this.#world.clock.blame(error);
    }
  }

  /** What its agents came to in the rollout that was filled last: rewards, ends, and what they observe after it. */
  get trace(): readonly (Float32Array | Uint8Array)[] {
    const { reward, terminated, truncated } = this.#columns.rollout;
    return [reward, terminated, truncated, this.#rows.observation];
  }

  /** Values what the agents have just observed, after the last decision; checks every column and estimates advantages. */
  finish(): CollectedPolicy {
    const { agents, observation } = this.#rows;
    const { rollout } = this.#columns;
    this.#policy.values(observation, rollout.lastValue);
    const witness: RolloutWitness = {
      nameAgent: (n) => this.#world.nameAgent(agents[n]),
      remedyOf: (n, name) => agents[n].sensors.find((sensor) => sensor.name === name)?.nanRemedy,
      rewardPlaceOf: (n) => runtimeOf(agents[n]).badRewardPlace,
    };
    requireFiniteRollout(rollout, witness, `"${this.#world.environment.name}"`);
    estimateAdvantage(rollout, this.#discount, this.#lambda);
    return { rollout, observation: this.#observed(), episodes: this.#episodes, decisions: this.#decisions };
  }

  #observed(): CollectedPolicy['observation'] {
    const { observation, active } = this.#columns.rollout;
    this.#statistics.clear();
    for (let at = 0; at < active.length; at++) {
      if (active[at] === 1) this.#statistics.add(observation, at * this.#statistics.size);
    }
    return this.#statistics.moments();
  }

  /** Turns to the columns to fill next: the spare ones, or new ones where the last were given away. */
  #takeColumns(): void {
    const last = this.#columns;
    this.#columns = this.#shared ? this.#spare : createColumns(last.rollout.shape, this.#policy, false);
    this.#spare = last;
  }
}

/** A rollout, and views of its rows. */
interface Columns {
  readonly rollout: Rollout;
  readonly rows: readonly DecisionColumns[];
}

function createColumns(shape: RolloutShape, policy: Policy, shared: boolean): Columns {
  const rollout = createRollout(shape, shared);
  return { rollout, rows: decisionRows(rollout, policy) };
}

/** Views of each decision's row, made once so that a decision allocates nothing. */
function decisionRows(rollout: Rollout, { sizes }: Policy): DecisionColumns[] {
  const { horizon, agents } = rollout.shape;
  const { continuous, branches, mask } = sizes;
  return Array.from({ length: horizon }, (_, t) => {
    const [from, to] = [t * agents, (t + 1) * agents];
    return {
      continuousAction: rollout.continuousAction.subarray(from * continuous, to * continuous),
      discreteAction: rollout.discreteAction.subarray(from * branches.length, to * branches.length),
      logProb: rollout.logProb.subarray(from, to),
      mean: rollout.mean.subarray(from * continuous, to * continuous),
      logDeviation: rollout.logDeviation,
      logProbs: rollout.logProbs.subarray(from * mask, to * mask),
      value: rollout.value.subarray(from, to),
    };
  });
}
