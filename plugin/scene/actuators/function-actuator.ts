import { AgentsError } from '../../core/errors.ts';
import {
  aFunction,
  aName,
  integerFrom,
  listOf,
  type OptionRules,
  optional,
  requireOptions,
} from '../../core/options.ts';
import type { NotAPromise } from '../../core/synchronous.ts';
import type { Actuator } from '../actuator.ts';
import { AgentPart } from '../agent-part.ts';

/** Options of a {@link FunctionActuator}. */
export interface FunctionActuatorOptions {
  /** unique among the agent’s actuators */
  readonly name: string;
  /** number of floats in [−1, 1] that it takes */
  readonly continuous?: number;
  /** number of choices for each integer that it takes, after the floats */
  readonly branches?: readonly number[];
  /** acts on `action[offset …]`, before every physics step */
  readonly apply: (action: Float32Array, offset: number) => NotAPromise;
  /** called before every decision to forbid choices: overwrite their 1s in `out[offset …]` with 0 */
  readonly mask?: (out: Uint8Array, offset: number) => NotAPromise;
}

/** An actuator made from functions: `apply` gets its actions, first the floats, then one choice per branch. */
export class FunctionActuator extends AgentPart implements Actuator {
  readonly continuous: number;
  readonly branches: readonly number[];
  readonly #apply: (action: Float32Array, offset: number) => NotAPromise;
  readonly #mask: ((out: Uint8Array, offset: number) => NotAPromise) | undefined;

  constructor(options: FunctionActuatorOptions) {
    const {
      name,
      continuous = 0,
      branches = [],
      apply,
      mask,
    } = requireOptions(`Actuator "${options?.name}"`, options, RULES);
    if (mask && branches.length === 0)
      throw new AgentsError(`Actuator "${name}" has a mask but no branches. Leave \`mask\` out.`);
    super(name);
    this.continuous = continuous;
    this.branches = [...branches];
    this.#apply = apply;
    this.#mask = mask;
  }

  apply(action: Float32Array, offset: number): NotAPromise {
    return this.#apply(action, offset);
  }

  mask(out: Uint8Array, offset: number): NotAPromise {
    return this.#mask?.(out, offset);
  }
}

const RULES: OptionRules<FunctionActuatorOptions> = {
  name: aName,
  continuous: optional(integerFrom(0)),
  branches: optional(listOf('a list of the number of choices of each branch, such as [3, 2]', integerFrom(1))),
  apply: aFunction,
  mask: optional(aFunction),
};
