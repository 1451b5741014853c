import type { AgentLayout } from '../../plugin/core/layout.ts';
import { Random } from '../../plugin/core/random.ts';
import type { NetworkSpec } from '../../plugin/policy/network.ts';
import type { Policy } from '../../plugin/policy/policy.ts';
import { createPolicy, createSpec, MIXED } from '../policy/fixtures.ts';

const SENSORS = [
  { name: 'touch', size: 3 },
  { name: 'eyes', size: 4 },
];

/** An agent with each kind of actions; its sensors are not in the order of their names. */
export const LAYOUTS: Readonly<Record<'continuous' | 'discrete' | 'mixed', AgentLayout>> = {
  continuous: { sensors: SENSORS, actuators: [{ name: 'legs', continuous: 4, branches: [] }] },
  discrete: { sensors: SENSORS, actuators: [{ name: 'hands', continuous: 0, branches: [3, 2] }] },
  mixed: { sensors: SENSORS, actuators: MIXED.actuators },
};

export type Kind = keyof typeof LAYOUTS;
export const KINDS = Object.keys(LAYOUTS) as Kind[];

/** A policy for play with random weights, about as large as trained ones: 1.4 / √inputs. */
export function createPlayer(layout: AgentLayout, network: Partial<NetworkSpec> = {}, seed = 1): Policy {
  const policy = createPolicy(createSpec(layout, { critic: 'none', hidden: [12, 9], ...network }), seed);
  for (const { name, shape, offset, size } of policy.weightLayout.slices) {
    if (!name.endsWith('.weight')) continue;
    for (let i = offset; i < offset + size; i++) policy.weights[i] *= 2 / Math.sqrt(shape[0]);
  }
  return policy;
}

/** [rows, M] each choice allowed with probability 1/2, and at least one per branch. */
export function createMasks({ sizes }: Policy, rows: number, seed = 3): Uint8Array {
  const random = new Random(seed);
  const mask: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (const choices of sizes.branches) {
      const allowed = random.integer(choices);
      for (let i = 0; i < choices; i++) mask.push(i === allowed || random.uniform() < 0.5 ? 1 : 0);
    }
  }
  return Uint8Array.from(mask);
}

/** What a policy does: continuous actions [rows, C] and choices [rows, D], separately. */
export function actOf(policy: Policy, observation: Float32Array, mask: Uint8Array) {
  const { action: width, observation: size, continuousAt, branchAt } = policy.sizes;
  const rows = observation.length / size;
  const action = new Float32Array(rows * width);
  policy.act(observation, action, mask);
  const pick = (places: readonly number[]) =>
    Array.from({ length: rows }, (_, row) => places.map((at) => action[row * width + at])).flat();
  return { continuous: pick(continuousAt), choices: pick(branchAt) };
}

/** The largest difference between two lists of equal length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} numbers against ${b.length}.`);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}
