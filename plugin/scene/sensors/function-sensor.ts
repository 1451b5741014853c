import { CallbackMisuse } from '../../core/callback-error.ts';
import { aFunction, aName, describeValue, integerFrom, requireOptions } from '../../core/options.ts';
import { type NotAPromise, refusePromise } from '../../core/synchronous.ts';
import { AgentPart } from '../agent-part.ts';
import type { Sensor } from '../sensor.ts';
import { bitsOf, UNWRITTEN } from '../unwritten.ts';
import { FUNCTION_WROTE_IT } from './nan-remedies.ts';

/**
 * A sensor made from a function that must not change anything. The function either writes exactly
 * `out[offset … offset + size)`, which allocates nothing, or returns its numbers, as in
 * `() => [ball.position.x, ball.position.z]`, or a single number. The first call decides which.
 */
export class FunctionSensor extends AgentPart implements Sensor {
  readonly nanRemedy: string = FUNCTION_WROTE_IT;
  readonly size: number;
  readonly #function: (out: Float32Array, offset: number) => NotAPromise;
  /** undefined until its first call */
  #returns: boolean | undefined;

  constructor(name: string, size: number, observe: (out: Float32Array, offset: number) => NotAPromise) {
    requireOptions(`Sensor "${name}"`, { name, size, observe }, RULES);
    super(name);
    this.size = size;
    this.#function = observe;
  }

  observe(out: Float32Array, offset: number): void {
    const untried = this.#returns === undefined;
    if (untried) bitsOf(out, offset, this.size).fill(UNWRITTEN);
    const returned: unknown = this.#function(out, offset);
    if (returned !== undefined) refusePromise(returned);
    if (untried) this.#returns = returned !== undefined && bitsOf(out, offset, this.size).every((b) => b === UNWRITTEN);
    if (this.#returns) this.#copy(returned, out, offset);
  }

  /** Whether these are exactly `size` numbers. */
  #isAll(returned: unknown): returned is number | ArrayLike<number> {
    if (typeof returned === 'number') return this.size === 1;
    if (!Array.isArray(returned) && !ArrayBuffer.isView(returned)) return false;
    const numbers = returned as ArrayLike<unknown>;
    if (numbers.length !== this.size) return false;
    for (let i = 0; i < this.size; i++) if (typeof numbers[i] !== 'number') return false;
    return true;
  }

  #copy(returned: unknown, out: Float32Array, offset: number): void {
    if (!this.#isAll(returned))
      throw new CallbackMisuse(
        `wrote nothing and returned ${describeValue(returned)}`,
        `Return ${this.size === 1 ? 'a number' : `a list of ${this.size} numbers`} at every call, or write them to out[offset … offset + ${this.size}) and return nothing.`,
      );
    if (typeof returned === 'number') out[offset] = returned;
    else for (let i = 0; i < this.size; i++) out[offset + i] = returned[i];
  }
}

const RULES = { name: aName, size: integerFrom(1), observe: aFunction };
