import { AgentsError } from '../core/errors.ts';
import { type AgentLayout, describeLayout, measureLayout, sameLayout } from '../core/layout.ts';
import { type NotAPromise, refusePromise } from '../core/synchronous.ts';
import type { PolicySpec } from '../policy/policy.ts';
import type { Controller } from './decision-clock.ts';
import type { Clock } from './require-clock.ts';

/** A controller that requires a certain layout and clock, as a policy does. */
export interface CheckedController extends Controller {
  /** the clock that a policy was trained with; it must match the playback's */
  readonly spec?: Clock & Pick<PolicySpec, 'name'>;
  /** the controllers that it delegates to, which are checked as well */
  readonly asks?: readonly CheckedController[];
  /** Throws if it cannot drive agents of this layout; called before it first decides for them. `whose` names one of them. */
  requireLayout?(layout: AgentLayout, whose?: string): void;
}

/** Who drives an environment's agents: one controller for all, or one per policy name. */
export type Controllers = CheckedController | Readonly<Record<string, CheckedController>>;

/** The controller of each policy, in policy order; throws, naming `who`, if one is missing or has no agents to drive. */
export function assignControllers(
  controllers: Controllers,
  policies: readonly string[],
  who: string,
): readonly CheckedController[] {
  if (typeof controllers.act === 'function') return policies.map(() => controllers as CheckedController);
  const named = controllers as Readonly<Record<string, CheckedController>>;
  const list = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ') || 'none';
  for (const name of Object.keys(named))
    if (!policies.includes(name))
      throw new AgentsError(
        `${who} was given a controller for policy "${name}", which no agent has. Known policies: ${list(policies)}.`,
      );
  return policies.map((policy) => {
    if (Object.hasOwn(named, policy) && typeof named[policy]?.act === 'function') return named[policy];
    throw new AgentsError(
      `${who} was given no controller for policy "${policy}", only for ${list(Object.keys(named))}. Pass one for each: { ${policies.map((name) => JSON.stringify(name)).join(': …, ')}: … }.`,
    );
  });
}

/**
 * Two controllers as one: `first` drives the first `count` agents, `others` the rest, such as a person and a policy. `others`
 * decides for all agents and is then overridden, so its random draws do not depend on `first`. It drives agents of one
 * layout, which it gets from the playback.
 */
export class SplitController implements CheckedController {
  readonly #first: CheckedController;
  readonly #count: number;
  readonly #others: CheckedController;
  #layout: AgentLayout | undefined;
  #rows: RowViews | undefined;

  constructor(first: CheckedController, count: number, others: CheckedController) {
    this.#first = first;
    this.#count = count;
    this.#others = others;
  }

  get asks(): readonly CheckedController[] {
    return [this.#first, this.#others];
  }

  requireLayout(layout: AgentLayout, whose?: string): void {
    if (this.#layout && !sameLayout(this.#layout, layout))
      throw new AgentsError(
        `A SplitController drives agents that ${describeLayout(this.#layout)}, not agents that ${describeLayout(layout)}. Make one for each layout.`,
      );
    this.#first.requireLayout?.(layout, whose);
    this.#others.requireLayout?.(layout, whose);
    this.#layout = layout;
  }

  act(observation: Float32Array, action: Float32Array, mask: Uint8Array): NotAPromise {
    const returned: unknown = this.#others.act(observation, action, mask);
    if (returned !== undefined) refusePromise(returned);
    if (this.#rows?.of !== action) this.#rows = this.#view(observation, action, mask);
    return this.#first.act(this.#rows.observation, this.#rows.action, this.#rows.mask);
  }

  /** Views of the first agents' rows; made once, since a playback reuses its arrays. */
  #view(observation: Float32Array, action: Float32Array, mask: Uint8Array): RowViews {
    if (!this.#layout)
      throw new AgentsError('A SplitController acted before it knew a layout. Call requireLayout(layout) first.');
    const sizes = measureLayout(this.#layout);
    return {
      of: action,
      observation: observation.subarray(0, this.#count * sizes.observation),
      action: action.subarray(0, this.#count * sizes.action),
      mask: mask.subarray(0, this.#count * sizes.mask),
    };
  }
}

interface RowViews {
  /** the action array of all agents that these are views of */
  readonly of: Float32Array;
  readonly observation: Float32Array;
  readonly action: Float32Array;
  readonly mask: Uint8Array;
}
