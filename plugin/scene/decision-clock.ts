import { blame, CallbackError } from '../core/callback-error.ts';
import { AgentsError } from '../core/errors.ts';
import { OWN_SENSOR } from '../core/finite-rollout.ts';
import { type AgentLayout, type LayoutSizes, locateSensor, measureLayout } from '../core/layout.ts';
import { type NotAPromise, refusePromise } from '../core/synchronous.ts';
import type { Agent } from './agent.ts';
import { runtimeOf } from './agent-runtime.ts';
import type { Area } from './area.ts';
import type { Environment } from './environment.ts';

/** Chooses actions for agents of one layout: for example a policy, a person or noise. */
export interface Controller {
  /**
   * Writes the next action of each of N agents. All arrays are reused, so do not keep them.
   *
   * @param observation [N, O]
   * @param action      [N, A] continuous actions in [−1, 1] and choices, in the order of the actuators
   * @param mask        [N, M] 1 = allowed
   */
  act(observation: Float32Array, action: Float32Array, mask: Uint8Array): NotAPromise;
}

/** All agents that one policy may drive, in area order, with their observations, actions and masks as rows. */
export interface PolicyRows {
  /** the policy’s name */
  readonly policy: string;
  /** one per row */
  readonly agents: readonly Agent[];
  /** the layout they share */
  readonly layout: AgentLayout;
  /** the sizes derived from `layout` */
  readonly sizes: LayoutSizes;
  /** [N, O] 0 for agents that it does not drive now, because they have ended or another policy drives them */
  readonly observation: Float32Array;
  /** [N, A] */
  readonly action: Float32Array;
  /** [N, M] 1 for agents that it does not drive */
  readonly mask: Uint8Array;
  /** Whether this policy takes agent n's next decision. */
  drives(n: number): boolean;
}

/** Options of a clock in training. */
export interface ClockOptions {
  /** [areas] decisions after which each area's first episode is truncated; maxDecisions by default */
  readonly firstLimits?: readonly number[] | undefined;
}

/**
 * Runs the episodes of some areas: when to observe, how long to hold an action, when an episode ends and the next
 * begins. It reads no wall clock and does not step physics. For every decision, its owner calls
 *
 *   observe() · choose actions · decisionPeriod × (apply() · a physics step · afterStep()) · close() · restart()
 */
export class DecisionClock {
  /** the areas whose episodes it runs */
  readonly areas: readonly Area[];
  /** their agents, by policy */
  readonly policyRows: readonly PolicyRows[];
  /** physics steps per decision */
  readonly decisionPeriod: number;
  /** decisions after which an episode is truncated */
  readonly maxDecisions: number;
  /** completed decisions since the clock began */
  decisions = 0;
  /** [areas] decisions after which each area's current episode is truncated */
  readonly #limits: Int32Array;

  constructor(
    areas: readonly Area[],
    { decisionPeriod, maxDecisions }: Pick<Environment, 'decisionPeriod' | 'maxDecisions'>,
    { firstLimits }: ClockOptions = {},
  ) {
    this.areas = areas;
    this.policyRows = rowsOfPolicies(areas);
    this.decisionPeriod = decisionPeriod;
    this.maxDecisions = maxDecisions;
    this.#limits = Int32Array.from(areas, (_, i) => firstLimits?.[i] ?? maxDecisions);
    for (const area of areas) area.begin();
  }

  /** Reads the sensors and masks of every running agent. */
  observe(): void {
    try {
      for (const rows of this.policyRows) observeRows(rows);
    } catch (error) {
      throw this.blame(error);
    }
  }

  /** Passes the held actions to the actuators; call it before every physics step. */
  apply(): void {
    try {
      for (const rows of this.policyRows) {
        const { agents, action, sizes } = rows;
        for (let n = 0; n < agents.length; n++)
          if (rows.drives(n)) runtimeOf(agents[n]).apply(action, n * sizes.action);
      }
    } catch (error) {
      throw this.blame(error);
    }
  }

  /** Calls the areas' afterStep(); call it after every physics step. */
  afterStep(): void {
    for (const area of this.areas) if (!area.over) area.afterStep();
  }

  /**
   * Ends the current decision: counts it, lets sensors remember it, and truncates the agents of
   * areas that ran out of decisions or were ended.
   */
  close(): void {
    this.#remember();
    this.decisions++;
    for (let i = 0; i < this.areas.length; i++) {
      const area = this.areas[i];
      area.decisions++;
      if (!area.over && area.decisions < this.#limits[i]) continue;
      for (const agent of area.agents) runtimeOf(agent).truncate();
    }
  }

  /** Adds the area and the decision to an error thrown by an agent's parts. @internal */
  blame(error: unknown): CallbackError {
    const owner = error instanceof CallbackError ? error.tellCircumstances().owner : undefined;
    const area = this.areas.find(({ agents }) => agents.some((agent) => agent === owner));
    return area ? area.blame(error) : blame(error, {});
  }

  #remember(): void {
    try {
      for (const { policy, agents, observation, sizes } of this.policyRows)
        for (let n = 0; n < agents.length; n++)
          if (agents[n].policy === policy) runtimeOf(agents[n]).remember(observation, n * sizes.observation);
    } catch (error) {
      throw this.blame(error);
    }
  }

  /** Begins new episodes in areas that are over; in other areas, releases what ended agents hold. */
  restart(): void {
    for (let i = 0; i < this.areas.length; i++) {
      if (this.areas[i].over) {
        this.#limits[i] = this.maxDecisions;
        this.areas[i].begin();
      } else this.areas[i].releaseEnded();
    }
  }
}

/** Reads the sensors and masks of the agents that a policy drives. */
export function observeRows(rows: PolicyRows): void {
  const { agents, sizes, observation, mask } = rows;
  for (let n = 0; n < agents.length; n++) {
    if (rows.drives(n)) {
      runtimeOf(agents[n]).observe(observation, n * sizes.observation);
      runtimeOf(agents[n]).writeMask(mask, n * sizes.mask);
    } else {
      observation.fill(0, n * sizes.observation, (n + 1) * sizes.observation);
      mask.fill(1, n * sizes.mask, (n + 1) * sizes.mask);
    }
  }
}

/** Lets `controller` choose for all agents of a policy at once; throws if an action is not finite or not a valid choice. */
export function chooseActions(rows: PolicyRows, controller: Controller): void {
  const { policy, observation, action, mask } = rows;
  try {
    const returned: unknown = controller.act(observation, action, mask);
    if (returned !== undefined) refusePromise(returned);
  } catch (error) {
    throw blame(error, { what: `act() of the controller of policy "${policy}"` });
  }
  for (let i = 0; i < action.length; i++)
    if (!Number.isFinite(action[i])) throw notFinite(rows, Math.floor(i / rows.sizes.action));
  requireChoices(rows);
}

/** Throws if the action of a branch is not one of its choices. */
function requireChoices({ agents, action, sizes }: PolicyRows): void {
  const { branches, branchAt, action: width } = sizes;
  for (let b = 0; b < branches.length; b++) {
    for (let n = 0; n < agents.length; n++) {
      const choice = action[n * width + branchAt[b]];
      if (Number.isInteger(choice) && choice >= 0 && choice < branches[b]) continue;
      throw new AgentsError(
        `The controller chose ${choice} for branch ${b} of ${agents[n].label}, which has ${branches[b]} choices. Choose an integer from 0 to ${branches[b] - 1}.`,
      );
    }
  }
}

/** The error for a non-finite action of agent n; blames the sensor that caused it, if any. */
function notFinite({ agents, layout, sizes, observation, action }: PolicyRows, n: number): AgentsError {
  const row = observation.subarray(n * sizes.observation, (n + 1) * sizes.observation);
  const at = row.findIndex((value) => !Number.isFinite(value));
  if (at < 0)
    return new AgentsError(
      `The controller chose an action that is not finite: [${action.subarray(n * sizes.action, (n + 1) * sizes.action)}]. Look at what it computes from the observation of ${agents[n].label}.`,
    );
  const { name, index } = locateSensor(layout, at);
  const remedy = agents[n].sensors.find((sensor) => sensor.name === name)?.nanRemedy ?? OWN_SENSOR;
  return new AgentsError(`Sensor "${name}" of ${agents[n].label} wrote ${row[at]} at index ${index}. ${remedy}`);
}

/** The rows of each policy that an agent names, in order of first mention. */
function rowsOfPolicies(areas: readonly Area[]): PolicyRows[] {
  const agents = areas.flatMap((area) => area.agents);
  const policies = new Set(agents.flatMap((agent) => agent.policies));
  return [...policies].map((policy) => new AreaRows(policy, agents));
}

class AreaRows implements PolicyRows {
  readonly policy: string;
  readonly agents: readonly Agent[];
  readonly layout: AgentLayout;
  readonly sizes: LayoutSizes;
  readonly observation: Float32Array;
  readonly action: Float32Array;
  readonly mask: Uint8Array;

  constructor(policy: string, agents: readonly Agent[]) {
    this.policy = policy;
    this.agents = agents.filter((agent) => agent.policies.includes(policy));
    this.layout = this.agents[0].layout;
    this.sizes = measureLayout(this.layout);
    const { length } = this.agents;
    this.observation = new Float32Array(length * this.sizes.observation);
    this.action = new Float32Array(length * this.sizes.action);
    this.mask = new Uint8Array(length * this.sizes.mask).fill(1);
  }

  drives(n: number): boolean {
    const agent = this.agents[n];
    return agent.active && agent.policy === this.policy;
  }
}
