import { messageOf } from '../core/errors.ts';
import { measureLayout } from '../core/layout.ts';
import type { Agent } from '../scene/agent.ts';
import { runtimeOf } from '../scene/agent-runtime.ts';

/** What one sensor reads. */
export interface SensorReading {
  readonly name: string;
  readonly values: readonly number[];
}

/** One integer that an actuator takes. */
export interface BranchReading {
  readonly choice: number;
  /** one entry for each choice: whether the mask leaves it */
  readonly allowed: readonly boolean[];
}

/** What one actuator was handed last. */
export interface ActuatorReading {
  readonly name: string;
  readonly continuous: readonly number[];
  readonly branches: readonly BranchReading[];
}

/** What an agent senses, and what it does. */
export interface Snapshot {
  readonly sensors: readonly SensorReading[];
  readonly actuators: readonly ActuatorReading[];
  /** why its sensors or masks cannot be read, for a person; what they read is left out then */
  readonly problem: string | undefined;
}

/** Reads an agent’s current observation and masks, which changes nothing, and its held action. Never throws. */
export function takeSnapshot(agent: Agent): Snapshot {
  const sizes = measureLayout(agent.layout);
  const observation = new Float32Array(sizes.observation);
  const mask = new Uint8Array(sizes.mask).fill(1);
  try {
    agent.sense(observation, 0);
    runtimeOf(agent).writeMask(mask, 0);
    return { sensors: splitSensors(agent, observation), actuators: splitActuators(agent, mask), problem: undefined };
  } catch (error) {
    return { sensors: [], actuators: splitActuators(agent, mask.fill(1)), problem: messageOf(error) };
  }
}

function splitSensors({ layout }: Agent, observation: Float32Array): SensorReading[] {
  let at = 0;
  return layout.sensors.map(({ name, size }) => {
    const values = Array.from(observation.subarray(at, at + size));
    at += size;
    return { name, values };
  });
}

function splitActuators({ layout, lastAction }: Agent, mask: Uint8Array): ActuatorReading[] {
  let at = 0;
  let maskAt = 0;
  return layout.actuators.map(({ name, continuous, branches }) => {
    const floats = Array.from(lastAction.subarray(at, at + continuous));
    at += continuous;
    const choices = branches.map((size) => {
      const allowed = Array.from(mask.subarray(maskAt, maskAt + size), (entry) => entry === 1);
      maskAt += size;
      return { choice: lastAction[at++], allowed };
    });
    return { name, continuous: floats, branches: choices };
  });
}
