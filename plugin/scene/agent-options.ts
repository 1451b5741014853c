import { AgentsError } from '../core/errors.ts';
import { aName, describeValue, listOf, optional, requireOptions } from '../core/options.ts';
import { isActuator } from './actuator.ts';
import type { AgentOptions } from './agent.ts';
import { isSensor } from './sensor.ts';

/** Checks an agent's options; throws if one is unknown, or a listed part is not a sensor or actuator. */
export function requireAgentOptions(options: AgentOptions): AgentOptions {
  const who = `Agent "${typeof options?.name === 'string' ? options.name : 'agent'}"`;
  requireOptions(who, options, RULES);
  requireParts(who, 'sensors', options.sensors, isSensor, SENSOR);
  requireParts(who, 'actuators', options.actuators, isActuator, ACTUATOR);
  return options;
}

const names = listOf('', aName);
const anyList = optional(listOf('a list', () => undefined)); // requireParts() checks the items
const RULES = {
  sensors: anyList,
  actuators: anyList,
  policy: optional((value) => (aName(value) && names(value) !== undefined ? 'a name, or a list of names' : undefined)),
  name: optional(aName),
};

const SENSOR = "new RaySensor({ tags: ['goal'] }), or one of your own with name, size, observe(out, offset)";
const ACTUATOR =
  'new ForceActuator({ maxForce: 10 }), or one of your own with name, continuous, branches, apply(action, offset)';

function requireParts(
  who: string,
  kind: 'sensors' | 'actuators',
  parts: readonly unknown[] = [],
  isPart: (part: unknown) => boolean,
  example: string,
): void {
  const stranger = parts.find((part) => !(isPart(part) && isBehavior(part)));
  if (stranger !== undefined || parts.includes(undefined))
    throw new AgentsError(
      `${who} was given ${describeValue(stranger)} among its ${kind}. Pass ${example}, init(), attach(node) and detach().`,
    );
}

/** Whether Babylon can add it to a node as a behavior. */
function isBehavior(part: unknown): boolean {
  const methods = part as Readonly<Record<string, unknown>>;
  return ['init', 'attach', 'detach'].every((name) => typeof methods[name] === 'function');
}
