import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { AgentsError } from '../../core/errors.ts';
import { describeValue, integerFrom } from '../../core/options.ts';
import type { NotAPromise } from '../../core/synchronous.ts';
import { AgentPart } from '../agent-part.ts';
import { requirePartOptions } from '../part-options.ts';
import type { Pen } from '../pen.ts';
import { isSensor, type Sensor } from '../sensor.ts';

/** Options of a {@link StackedSensor}. */
export interface StackedSensorOptions {
  /** number of observations to write, including the newest */
  readonly count: number;
  /** the sensor's name and the count by default, such as `rays-x3` */
  readonly name?: string;
}

/**
 * The floats that another sensor wrote at the last `count` decisions [count, its size], **oldest first**, as in ML-Agents'
 * stacking: the newest is last. Entries from before the start of the episode are 0. Pass the other sensor only to this
 * one, not to the agent or a node.
 */
export class StackedSensor extends AgentPart implements Sensor {
  readonly size: number;
  readonly #sensor: Sensor;
  /** [count − 1, its size] observations of the previous decisions, oldest first */
  readonly #past: Float32Array;

  constructor(sensor: Sensor, options: StackedSensorOptions) {
    if (!isSensor(sensor))
      throw new AgentsError(
        `A StackedSensor was given ${describeValue(sensor)} to stack. Pass a sensor: new StackedSensor(sensor, { count: 3 }).`,
      );
    const defaultName = `${sensor.name}-x${options?.count}`;
    const { count, name = defaultName } = requirePartOptions('Sensor', defaultName, options, RULES);
    if (!(Number.isSafeInteger(sensor.size) && sensor.size >= 1))
      throw new AgentsError(
        `Sensor "${name}" stacks "${sensor.name}", whose size is ${sensor.size}. It must be an integer ≥ 1.`,
      );
    super(name);
    this.size = count * sensor.size;
    this.#sensor = sensor;
    this.#past = new Float32Array((count - 1) * sensor.size);
  }

  /** The remedy of the sensor it stacks. */
  get nanRemedy(): string {
    return (
      this.#sensor.nanRemedy ??
      `What it stacks, "${this.#sensor.name}", wrote that: look in its observe() for a division by zero, the root of a negative number, or undefined.`
    );
  }

  protected override onAttach(node: TransformNode): void {
    const { name, attachedNode } = this.#sensor;
    if (attachedNode)
      throw new AgentsError(
        `Sensor "${this.name}" stacks "${name}", which is itself attached to node "${attachedNode.name}". Give the agent only the StackedSensor.`,
      );
    this.#sensor.attach(node);
    this.forget();
  }

  /** The sensor whose observations it stacks. */
  get stacked(): Sensor {
    return this.#sensor;
  }

  override detach(): void {
    super.detach();
    this.#sensor.detach();
  }

  observe(out: Float32Array, offset: number): NotAPromise {
    const past = this.#past;
    for (let i = 0; i < past.length; i++) out[offset + i] = past[i];
    return this.#sensor.observe(out, offset + past.length);
  }

  /** Keeps all observations but the oldest. */
  remember(observation: Float32Array, offset: number): NotAPromise {
    const past = this.#past;
    const { size } = this.#sensor;
    for (let i = 0; i < past.length; i++) past[i] = observation[offset + size + i];
    return this.#sensor.remember?.(observation, offset + past.length);
  }

  forget(): NotAPromise {
    this.#past.fill(0);
    return this.#sensor.forget?.();
  }

  draw(pen: Pen): void {
    this.#sensor.draw?.(pen);
  }
}

const RULES = { count: integerFrom(1) };
