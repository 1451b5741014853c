/** What one sensor adds to the observation: `size` floats under its name. */
export interface SensorLayout {
  /** the sensor’s `name` */
  readonly name: string;
  /** number of floats */
  readonly size: number;
}

/**
 * What one actuator adds to the action: `continuous` floats in [−1, 1], then one integer per branch. Each entry of `branches`
 * is that branch's number of choices.
 */
export interface ActuatorLayout {
  /** the actuator’s `name` */
  readonly name: string;
  /** number of floats in [−1, 1] */
  readonly continuous: number;
  /** number of choices of each branch */
  readonly branches: readonly number[];
}

/** An agent's interface: its sensors and actuators in hierarchy order. A policy fits agents with an equal layout. */
export interface AgentLayout {
  /** in the order of their floats in the observation */
  readonly sensors: readonly SensorLayout[];
  /** in the order of their entries in the action */
  readonly actuators: readonly ActuatorLayout[];
}

/** The sizes derived from a layout. */
export interface LayoutSizes {
  /** O, floats of an observation */
  readonly observation: number;
  /** A, entries of an action: each actuator's floats, then its choices, actuator by actuator */
  readonly action: number;
  /** C, continuous actions over all actuators */
  readonly continuous: number;
  /** the number of choices of every branch, over all actuators */
  readonly branches: readonly number[];
  /** M, entries of a mask: one per choice of each branch */
  readonly mask: number;
  /** [C] the index of each continuous action in the action */
  readonly continuousAt: readonly number[];
  /** [D] the index of each branch in the action */
  readonly branchAt: readonly number[];
}

/** Adds up a layout. */
export function measureLayout({ sensors, actuators }: AgentLayout): LayoutSizes {
  const continuousAt: number[] = [];
  const branchAt: number[] = [];
  let action = 0;
  for (const actuator of actuators) {
    for (let i = 0; i < actuator.continuous; i++) continuousAt.push(action++);
    for (let i = 0; i < actuator.branches.length; i++) branchAt.push(action++);
  }
  const branches = actuators.flatMap((actuator) => actuator.branches);
  return {
    observation: sum(sensors.map((sensor) => sensor.size)),
    action,
    continuous: continuousAt.length,
    branches,
    mask: sum(branches),
    continuousAt,
    branchAt,
  };
}

/** Whether names, sizes and order are equal. */
export function sameLayout(a: AgentLayout, b: AgentLayout): boolean {
  return identify(a) === identify(b);
}

/** A readable layout: `observes 11 floats (rays 8, velocity 3) and acts with tilt 2 continuous, jump branches 3×2`. */
export function describeLayout({ sensors, actuators }: AgentLayout): string {
  const floats = sum(sensors.map(({ size }) => size));
  return `observes ${floats} floats (${sensors.map(describePart).join(', ')}) and acts with ${actuators.map(describePart).join(', ')}`;
}

/**
 * A readable side-by-side comparison of a policy's layout and an agent's: one line per sensor or actuator, with what changed.
 * The policy's come first, in its order; those that only the agent has follow.
 */
export function compareLayouts(policy: AgentLayout, agent: AgentLayout): string {
  const rows = [['', 'policy', 'agent', '']];
  for (const kind of ['sensors', 'actuators'] as const) {
    const [before, now] = [policy, agent].map((layout) => nameParts(layout[kind]));
    const kept = [...before.keys()].filter((name) => now.has(name));
    const keptNow = [...now.keys()].filter((name) => before.has(name));
    for (const name of new Set([...before.keys(), ...now.keys()])) {
      const [was = '–', is = '–'] = [before.get(name), now.get(name)];
      const differs = [];
      if (!now.has(name)) differs.push('removed');
      else if (!before.has(name)) differs.push('added');
      else if (was !== is) differs.push('resized');
      if (kept.indexOf(name) !== keptNow.indexOf(name)) differs.push('reordered');
      rows.push([kind.slice(0, -1), was, is, differs.join(', ')]);
    }
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i])).join('  ')}`.trimEnd()).join('\n');
}

function nameParts(parts: readonly (SensorLayout | ActuatorLayout)[]): Map<string, string> {
  return new Map(parts.map((part) => [part.name, describePart(part)]));
}

/** `rays 8`, or `legs 2 continuous + branches 3×2`. */
function describePart(part: SensorLayout | ActuatorLayout): string {
  if ('size' in part) return `${part.name} ${part.size}`;
  const { name, continuous, branches } = part;
  const kinds = [continuous && `${continuous} continuous`, branches.length && `branches ${branches.join('×')}`];
  return `${name} ${kinds.filter(Boolean).join(' + ')}`;
}

function identify({ sensors, actuators }: AgentLayout): string {
  return JSON.stringify([
    sensors.map(({ name, size }) => [name, size]),
    actuators.map(({ name, continuous, branches }) => [name, continuous, branches]),
  ]);
}

/** The sensor that wrote entry `index` of the observation, and the index within that sensor. */
export function locateSensor(
  { sensors }: AgentLayout,
  index: number,
): { readonly name: string; readonly index: number } {
  let rest = index;
  for (const sensor of sensors) {
    if (rest < sensor.size) return { name: sensor.name, index: rest };
    rest -= sensor.size;
  }
  throw new RangeError(`No sensor wrote entry ${index} of this observation.`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
