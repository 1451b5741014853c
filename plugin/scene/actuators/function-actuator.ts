import type { NotAPromise } from '../../core/synchronous.ts';
import type { Actuator } from '../actuator.ts';
import { AgentPart } from '../agent-part.ts';

export interface FunctionActuatorOptions {
  readonly name: string;
  /** floats in [−1, 1] that it takes */
  readonly continuous?: number;
  /** choices of each integer that it takes, after the floats */
  readonly branches?: readonly number[];
  /** acts on `action[offset …]`, before every physics step */
  readonly apply: (action: Float32Array, offset: number) => NotAPromise;
  /** writes 0 over the 1s of `out[offset …]` for the choices that it forbids, before every decision */
  readonly mask?: (out: Uint8Array, offset: number) => NotAPromise;
}

/** An actuator made of functions. */
export class FunctionActuator extends AgentPart implements Actuator {
  readonly continuous: number;
  readonly branches: readonly number[];
  readonly #apply: (action: Float32Array, offset: number) => NotAPromise;
  readonly #mask: ((out: Uint8Array, offset: number) => NotAPromise) | undefined;

  constructor({ name, continuous = 0, branches = [], apply, mask }: FunctionActuatorOptions) {
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
