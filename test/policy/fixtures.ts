import type { AgentLayout } from '../../plugin/core/layout.ts';
import { Random } from '../../plugin/core/random.ts';
import { type NetworkSpec, requireSlice } from '../../plugin/policy/network.ts';
import type { Policy, PolicySpec } from '../../plugin/policy/policy.ts';
import { RolloutPolicy } from '../../plugin/policy/rollout-policy.ts';

/** O = 2 + 1, C = 3, D = 2, M = 2 + 3: several actuators whose floats and choices alternate. */
export const MIXED: AgentLayout = {
  sensors: [
    { name: 'place', size: 2 },
    { name: 'speed', size: 1 },
  ],
  actuators: [
    { name: 'legs', continuous: 1, branches: [2] },
    { name: 'voice', continuous: 0, branches: [3] },
    { name: 'head', continuous: 2, branches: [] },
  ],
};

/** A specification of `layout` that differs from every default. */
export function createSpec(layout: AgentLayout, network: Partial<NetworkSpec> = {}): PolicySpec {
  return {
    name: 'walker',
    layout,
    network: { hidden: [5, 4], activation: 'tanh', critic: 'shared', ...network },
    observationClip: 3,
    bounds: 'clip',
    timeStep: 1 / 50,
    decisionPeriod: 6,
  };
}

/** A policy with random weights and random statistics. */
export function createPolicy(spec: PolicySpec, seed = 1): RolloutPolicy {
  const policy = new RolloutPolicy(spec);
  const random = new Random(seed);
  const { weights } = policy;
  for (let i = 0; i < weights.length; i++) weights[i] = 0.7 * random.normal();
  for (const name of ['normalizer.deviation', 'value.deviation']) {
    if (spec.network.critic === 'none' && name === 'value.deviation') continue;
    const { offset, size } = requireSlice(policy.weightLayout, name);
    for (let i = offset; i < offset + size; i++) weights[i] = random.between(0.5, 2);
  }
  return policy;
}

/** A policy of zeros, deviations of 1, and the given `slices`. */
export function createExactPolicy(
  spec: PolicySpec,
  slices: Readonly<Record<string, readonly number[]>>,
): RolloutPolicy {
  const policy = new RolloutPolicy(spec);
  const ones = policy.weightLayout.slices.filter(
    ({ name }) => name.startsWith('normalizer.dev') || name.startsWith('value.dev'),
  );
  for (const { offset, size } of ones) policy.weights.fill(1, offset, offset + size);
  for (const [name, values] of Object.entries(slices)) {
    policy.weights.set(values, requireSlice(policy.weightLayout, name).offset);
  }
  return policy;
}

/** `rows` random observations for a policy. */
export function createObservations({ sizes }: Policy, rows: number, seed = 2): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: rows * sizes.observation }, () => 2 * random.normal());
}

/** A mask that allows every choice of `rows` agents. */
export function allowAll({ sizes }: Policy, rows: number): Uint8Array {
  return new Uint8Array(rows * sizes.mask).fill(1);
}
