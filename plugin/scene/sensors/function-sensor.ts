import { AgentPart } from '../agent-part.ts';
import type { Sensor } from '../sensor.ts';

/** A sensor made of one function, which writes exactly `out[offset … offset + size)` and changes nothing. */
export class FunctionSensor extends AgentPart implements Sensor {
  readonly size: number;
  readonly #write: (out: Float32Array, offset: number) => void;

  constructor(name: string, size: number, observe: (out: Float32Array, offset: number) => void) {
    super(name);
    this.size = size;
    this.#write = observe;
  }

  observe(out: Float32Array, offset: number): void {
    this.#write(out, offset);
  }
}
