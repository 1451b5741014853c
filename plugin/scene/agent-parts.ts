import { AgentsError } from '../core/errors.ts';
import type { AgentLayout } from '../core/layout.ts';
import type { Actuator } from './actuator.ts';
import type { Sensor } from './sensor.ts';

/** Throws if two parts of `who` share a name, or one has invalid sizes. */
export function requireSoundParts(who: string, sensors: readonly Sensor[], actuators: readonly Actuator[]): void {
  for (const parts of [sensors, actuators]) {
    const names = parts.map((part) => part.name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined)
      throw new AgentsError(`${who} has two parts named "${twice}". Pass a \`name\` to one of them.`);
  }
  for (const { name, size } of sensors) {
    if (!Number.isInteger(size) || size < 1)
      throw new AgentsError(`Sensor "${name}" of ${who} has size ${size}. It must be an integer ≥ 1.`);
  }
  for (const { name, continuous, branches } of actuators) {
    const counts =
      Number.isInteger(continuous) && continuous >= 0 && branches.every((size) => Number.isInteger(size) && size >= 1);
    if (!counts || continuous + branches.length === 0) {
      throw new AgentsError(
        `Actuator "${name}" of ${who} takes ${continuous} continuous actions and branches [${branches}]. It must take at least one action, and each branch at least one choice.`,
      );
    }
  }
}

/** The layout of an agent with these parts. */
export function layoutOf(sensors: readonly Sensor[], actuators: readonly Actuator[]): AgentLayout {
  return {
    sensors: sensors.map(({ name, size }) => ({ name, size })),
    actuators: actuators.map(({ name, continuous, branches }) => ({ name, continuous, branches: [...branches] })),
  };
}

/** The sensors with remember() or forget(). */
export function memoriesOf(sensors: readonly Sensor[]): { readonly sensor: Sensor; readonly at: number }[] {
  let end = 0;
  const placed = sensors.map((sensor) => {
    end += sensor.size;
    return { sensor, at: end - sensor.size };
  });
  return placed.filter(({ sensor }) => sensor.remember || sensor.forget);
}

/** Whether one of `mask[at … at + size)` is 1; makes no view, since it runs at every decision. */
export function allowsAny(mask: Uint8Array, at: number, size: number): boolean {
  for (let i = at; i < at + size; i++) if (mask[i] === 1) return true;
  return false;
}
