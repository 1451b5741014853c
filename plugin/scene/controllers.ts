import { AgentsError } from '../core/errors.ts';
import { type AgentLayout, describeLayout, measureLayout, sameLayout } from '../core/layout.ts';
import { type NotAPromise, refusePromise } from '../core/synchronous.ts';
import type { PolicySpec } from '../policy/policy.ts';
import type { Controller } from './decision-clock.ts';
import type { Clock } from './require-clock.ts';

/** A controller that takes only agents of a layout it knows, and only at times it knows, as a policy does. */
export interface CheckedController extends Controller {
  /** of a policy: the clock that it was trained at, which must be that of whoever plays it */
  readonly spec?: Clock & Pick<PolicySpec, 'name'>;
  /** controllers that decide for it, which must fit as well */
  readonly asks?: readonly CheckedController[];
  /** Throws when it cannot drive agents of this layout; called before it first decides for them. `whose` names one of them. */
  requireLayout?(layout: AgentLayout, whose?: string): void;
}

/** Who drives an environment's agents: one for all of them, or one for each policy by its name. */
export type Controllers = CheckedController | Readonly<Record<string, CheckedController>>;

/** The controller of each policy, in their order; throws, in the name of `who`, where there is none or nobody to drive. */
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
 * Two controllers as one: `first` drives the first `count` agents, `others` the rest, such as a person and a policy. The
 * second is asked for all of them and overruled, so that what it draws by chance for the rest depends on nobody else.
 * For agents of one layout, which it learns when a playback takes it.
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

  /** The rows of the first agents; a playback's arrays stay the same, and so do these. */
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
  /** the action of all agents, of which these are the first */
  readonly of: Float32Array;
  readonly observation: Float32Array;
  readonly action: Float32Array;
  readonly mask: Uint8Array;
}
