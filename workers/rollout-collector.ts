import { estimateAdvantage } from '../plugin/core/advantage.ts';
import { requireFiniteRollout } from '../plugin/core/finite-rollout.ts';
import { Random } from '../plugin/core/random.ts';
import { createRollout, type Rollout, type RolloutShape } from '../plugin/core/rollout.ts';
import { RunningStatistics } from '../plugin/core/running-statistics.ts';
import type { Policy } from '../plugin/policy/policy.ts';
import { type DecisionColumns, RolloutPolicy } from '../plugin/policy/rollout-policy.ts';
import type {
  CollectedRollout,
  EpisodeSummary,
  EpisodeTerms,
  LivedRollout,
  WorldRequest,
} from '../plugin/train/worker-protocol.ts';
import type { HeadlessWorld } from './headless-world.ts';

/** Fills rollouts: T decisions of every agent of a world, acted by a copy of the policy. */
export class RolloutCollector {
  readonly #world: HeadlessWorld;
  readonly #request: WorldRequest;
  readonly #policy: RolloutPolicy;
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
  #policyMs = 0;

  constructor(world: HeadlessWorld, request: WorldRequest, shared: boolean) {
    const { layout, agents, sizes } = world.group;
    const { spec, horizon } = request;
    this.#world = world;
    this.#request = request;
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

  /** Collects T decisions with `parameters`; `seeds` fixes the chance in choosing actions, `terms` what episodes begin with. */
  collect(parameters: Float32Array, seeds: readonly number[], terms?: EpisodeTerms): CollectedRollout {
    const began = performance.now();
    const physicsBefore = this.#world.physicsMs;
    this.#policyMs = 0;
    if (terms) this.#world.setTerms(terms);
    this.#policy.update(parameters);
    this.#takeColumns();
    const random = new Random(...seeds);
    const episodes: EpisodeSummary[] = [];
    let decisions = 0;
    for (let t = 0; t < this.#request.horizon; t++) {
      decisions += this.#observe(t);
      this.#choose(t, random);
      this.#live(t, episodes);
    }
    this.#finish();
    return {
      rollout: this.#columns.rollout,
      observation: this.#observed(),
      episodes,
      decisions,
      physicsSteps: this.#request.horizon * this.#world.environment.decisionPeriod * this.#world.clock.areas.length,
      times: {
        totalMs: performance.now() - began,
        physicsMs: this.#world.physicsMs - physicsBefore,
        policyMs: this.#policyMs,
      },
    };
  }

  /**
   * Lives through earlier rollouts again, from the start of this world on. Sensors are read as they were then: reading
   * them updates nodes' matrices, and what Babylon derives from those must come out the same to the last bit.
   */
  replay(history: readonly LivedRollout[]): void {
    const { agents, action, sizes } = this.#world.group;
    const lived: EpisodeSummary[] = [];
    for (const { continuousAction, discreteAction, terms } of history) {
      this.#world.setTerms(terms);
      for (let t = 0; t < this.#request.horizon; t++) {
        this.#observe(t);
        const at = t * agents.length;
        const row = {
          continuousAction: continuousAction.subarray(at * sizes.continuous),
          discreteAction: discreteAction.subarray(at * sizes.branches.length),
        };
        this.#policy.replay(row, agents.length, action);
        this.#live(t, lived);
      }
      this.#world.clock.observe();
    }
  }

  /** Reads the sensors into row t; returns how many agents decide. */
  #observe(t: number): number {
    const { clock, group } = this.#world;
    const { agents, observation, mask } = group;
    clock.observe();
    this.#columns.rollout.observation.set(observation, t * observation.length);
    this.#columns.rollout.mask.set(mask, t * mask.length);
    const base = t * agents.length;
    let deciding = 0;
    for (let n = 0; n < agents.length; n++) {
      const active = agents[n].active ? 1 : 0;
      this.#columns.rollout.active[base + n] = active;
      deciding += active;
    }
    return deciding;
  }

  /** Chooses the actions of row t. */
  #choose(t: number, random: Random): void {
    const { observation, mask, action } = this.#world.group;
    const began = performance.now();
    this.#policy.decide(observation, mask, action, this.#columns.rows[t], random);
    this.#policyMs += performance.now() - began;
  }

  /** Holds the chosen actions, and records what came of them in row t. */
  #live(t: number, episodes: EpisodeSummary[]): void {
    this.#world.step();
    this.#record(t * this.#world.group.agents.length, episodes);
    this.#world.restart();
  }

  /** Rewards and ends of the decision whose row begins at `base`. */
  #record(base: number, episodes: EpisodeSummary[]): void {
    const { agents, sizes } = this.#world.group;
    const { reward, terminated, truncated, active, finalValue } = this.#columns.rollout;
    let stopped = 0;
    for (let n = 0; n < agents.length; n++) {
      const agent = agents[n];
      const at = base + n;
      const ended = active[at] === 1 && !agent.active;
      reward[at] = agent.takeReward();
      terminated[at] = ended && agent.outcome === 'terminated' ? 1 : 0;
      truncated[at] = ended && agent.outcome === 'truncated' ? 1 : 0;
      finalValue[at] = 0;
      if (ended) episodes.push(this.#world.summarise(agent, n));
      if (truncated[at] === 0) continue;
      agent.observe(this.#final, stopped * sizes.observation);
      this.#finalOf[stopped++] = at;
    }
    if (stopped === 0) return;
    this.#policy.values(this.#final, this.#finalValue, stopped);
    for (let i = 0; i < stopped; i++) finalValue[this.#finalOf[i]] = this.#finalValue[i];
  }

  /** Values what comes after the last decision, checks every column and estimates advantages. */
  #finish(): void {
    const { clock, group, environment } = this.#world;
    clock.observe();
    this.#policy.values(group.observation, this.#columns.rollout.lastValue);
    requireFiniteRollout(this.#columns.rollout, (n) => this.#world.nameAgent(n), `"${environment.name}"`);
    estimateAdvantage(this.#columns.rollout, this.#request.discount, this.#request.lambda);
  }

  #observed(): CollectedRollout['observation'] {
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
