import { aFunction, aName, integerFrom, requireOptions } from '../../core/options.ts';
import { type NotAPromise, refusePromise } from '../../core/synchronous.ts';
import { AgentPart } from '../agent-part.ts';
import type { Sensor } from '../sensor.ts';
import { FUNCTION_WROTE_IT } from './nan-remedies.ts';

/** A sensor made of one function, which writes exactly `out[offset … offset + size)` and changes nothing. */
export class FunctionSensor extends AgentPart implements Sensor {
  readonly nanRemedy: string = FUNCTION_WROTE_IT;
  readonly size: number;
  readonly #write: (out: Float32Array, offset: number) => NotAPromise;

  constructor(name: string, size: number, observe: (out: Float32Array, offset: number) => NotAPromise) {
    requireOptions(`Sensor "${name}"`, { name, size, observe }, RULES);
    super(name);
    this.size = size;
    this.#write = observe;
  }

  observe(out: Float32Array, offset: number): void {
    const returned: unknown = this.#write(out, offset);
    if (returned !== undefined) refusePromise(returned);
  }
}

const RULES = { name: aName, size: integerFrom(1), observe: aFunction };
