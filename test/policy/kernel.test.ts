import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AgentLayout } from '../../plugin/core/layout.ts';
import { measureLayout } from '../../plugin/core/layout.ts';
import { Random } from '../../plugin/core/random.ts';
import type { ForwardPass } from '../../plugin/policy/forward-pass.ts';
import { ACTIVATIONS, type Critic, type NetworkSpec } from '../../plugin/policy/network.ts';
import { RolloutPolicy } from '../../plugin/policy/rollout-policy.ts';
import { createObservations, createPolicy, createSpec } from './fixtures.ts';

const SENSORS = [{ name: 'sight', size: 7 }];
const LAYOUTS: Readonly<Record<string, AgentLayout>> = {
  continuous: { sensors: SENSORS, actuators: [{ name: 'move', continuous: 3, branches: [] }] },
  discrete: { sensors: SENSORS, actuators: [{ name: 'pick', continuous: 0, branches: [3, 2] }] },
  both: { sensors: SENSORS, actuators: [{ name: 'do', continuous: 2, branches: [4] }] },
};
const HIDDEN = [[], [5], [9, 6], [128, 128], [3, 17, 10]];
const CRITICS: readonly Critic[] = ['shared', 'separate', 'none'];

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.resetModules();
});

describe('the kernel and plain TypeScript', () => {
  const networks = HIDDEN.flatMap((hidden) =>
    CRITICS.flatMap((critic) => ACTIVATIONS.map((activation): NetworkSpec => ({ hidden, critic, activation }))),
  );

  it.each(networks)('agree within 1e-5 at batches of 1 to 9, 16, 33 and 130: %o', (network) => {
    for (const layout of Object.values(LAYOUTS)) {
      const { kernel, plain } = bothWays(layout, network);
      for (const rows of [1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 33, 130]) {
        const observation = createObservations(kernel, rows, rows);
        const [fast, slow] = [decide(kernel, observation), decide(plain, observation)];
        expectNear(fast.action, slow.action);
        if (network.critic === 'none') continue;
        expectNear(fast.value, slow.value);
        expectNear(fast.logProb, slow.logProb);
        expectNear(fast.values, slow.values);
      }
    }
  });
});

describe.each([
  ['the kernel', true],
  ['plain TypeScript', false],
])('a policy on %s', (_, kernel) => {
  const spec = createSpec(LAYOUTS.both, { hidden: [33, 20], critic: 'separate' });
  const policy = new RolloutPolicy(spec, scaledWeights(spec), { kernel });

  it('gives a row the same bits in any batch', () => {
    const observation = createObservations(policy, 200);
    const all = act(policy, observation);
    for (const rows of [1, 2, 3, 4, 5, 63, 64, 65, 130]) {
      for (const first of [0, 200 - rows]) {
        const part = act(policy, observation.subarray(first * 7, (first + rows) * 7));
        expect(part.action).toEqual(all.action.subarray(first * 3, (first + rows) * 3));
        expect(part.values).toEqual(all.values.subarray(first, first + rows));
      }
    }
  });

  it('acts by new weights after a swap, and as before after swapping back', () => {
    const observation = createObservations(policy, 5);
    const first = policy.weights.slice();
    const second = scaledWeights(spec, 9);
    const before = act(policy, observation);
    policy.update(second);
    expect(act(policy, observation)).toEqual(act(new RolloutPolicy(spec, second, { kernel }), observation));
    expect(act(policy, observation)).not.toEqual(before);
    policy.update(first);
    expect(act(policy, observation)).toEqual(before);
  });

  it('shares nothing with another policy of its kind', () => {
    const observation = createObservations(policy, 5);
    const other = new RolloutPolicy(spec, scaledWeights(spec, 9), { kernel });
    const [mine, others] = [act(policy, observation), act(other, observation)];
    expect(act(policy, observation)).toEqual(mine);
    expect(act(other, observation)).toEqual(others);
    expect(mine).not.toEqual(others);
  });

  it('passes NaN on, so that it can be found', () => {
    const observation = createObservations(policy, 5).fill(Number.NaN, 7, 8);
    const { action, values } = act(policy, observation);
    expect([...values].map(Number.isNaN)).toEqual([false, true, false, false, false]);
    expect(Number.isNaN(action[3])).toBe(true);
  });
});

describe('ForwardPass', () => {
  it('compiles the kernel once, and gives each policy that acts an instance', async () => {
    const modules = vi.spyOn(WebAssembly, 'Module');
    const instances = vi.spyOn(WebAssembly, 'Instance');
    const create = await freshPolicies();
    const policies = [create(), create(), create()];
    expect(instances).not.toHaveBeenCalled(); // none has acted yet
    for (const policy of policies.slice(0, 2)) act(policy, new Float32Array(7));
    act(policies[0], new Float32Array(500 * 7));
    expect(modules).toHaveBeenCalledTimes(1);
    expect(instances).toHaveBeenCalledTimes(2);
  });

  it('needs no kernel if plain TypeScript is requested', async () => {
    const modules = vi.spyOn(WebAssembly, 'Module');
    const create = await freshPolicies();
    act(create({ kernel: false }), new Float32Array(7));
    expect(modules).not.toHaveBeenCalled();
  });

  const absences: readonly [string, object | undefined][] = [
    ['there is no WebAssembly', undefined],
    ['compiling is forbidden', { ...PARTS, Module: Refusing }],
    ['no memory is left', { ...PARTS, Memory: Refusing }],
  ];

  it.each(absences)('computes in plain TypeScript if %s', async (_, platform) => {
    const expected = act(new RolloutPolicy(SPEC, scaledWeights(SPEC), { kernel: false }), OBSERVATION);
    vi.stubGlobal('WebAssembly', platform);
    const create = await freshPolicies();
    expect(act(create(), OBSERVATION)).toEqual(expected);
  });

  it('reads new weights after refresh()', async () => {
    const { ForwardPass } = await import('../../plugin/policy/forward-pass.ts');
    const { weights, weightLayout } = new RolloutPolicy(SPEC, scaledWeights(SPEC));
    const pass: ForwardPass = new ForwardPass(measureLayout(SPEC.layout), SPEC.network, weightLayout, 3, weights, true);
    const mean = () => {
      pass.act(OBSERVATION, 1);
      return pass.mean.slice(0, 2);
    };
    const before = mean();
    weights.fill(0.1, weightLayout.trainable);
    expect(mean()).toEqual(before);
    pass.refresh();
    expect(mean()).not.toEqual(before);
  });
});

const PARTS = { Module: WebAssembly.Module, Instance: WebAssembly.Instance, Memory: WebAssembly.Memory };

class Refusing {
  constructor() {
    throw new Error('refused');
  }
}

const SPEC = createSpec(LAYOUTS.both, { hidden: [6], critic: 'shared' });
const OBSERVATION = Float32Array.from({ length: 21 }, (_, i) => Math.sin(i));

/** Policies of a module that has not looked for WebAssembly yet. */
async function freshPolicies() {
  vi.resetModules();
  const fresh = await import('../../plugin/policy/rollout-policy.ts');
  return (options?: { readonly kernel: boolean }) => new fresh.RolloutPolicy(SPEC, scaledWeights(SPEC), options);
}

function bothWays(layout: AgentLayout, network: NetworkSpec) {
  const spec = createSpec(layout, network);
  const weights = scaledWeights(spec);
  return {
    kernel: new RolloutPolicy(spec, weights),
    plain: new RolloutPolicy(spec, weights.slice(), { kernel: false }),
  };
}

/** Random weights, with matrices scaled to keep the sums of wide layers near 1. */
function scaledWeights(spec: ReturnType<typeof createSpec>, seed = 1): Float32Array {
  const { weights, weightLayout } = createPolicy(spec, seed);
  for (const { shape, offset, size } of weightLayout.slices) {
    if (shape.length === 2) for (let i = offset; i < offset + size; i++) weights[i] /= Math.sqrt(shape[0]);
  }
  return weights;
}

/** Deterministic actions and, with a critic, values. */
function act(policy: RolloutPolicy, observation: Float32Array) {
  const rows = observation.length / 7;
  const action = new Float32Array(rows * policy.sizes.action);
  const values = new Float32Array(rows);
  policy.act(observation, action);
  if (policy.spec.network.critic !== 'none') policy.values(observation, values);
  return { action, values };
}

/** The same, and what sampling records. */
function decide(policy: RolloutPolicy, observation: Float32Array) {
  const { continuous, branches, mask, action: width } = policy.sizes;
  const certain = act(policy, observation);
  const rows = certain.values.length;
  const columns = {
    continuousAction: new Float32Array(rows * continuous),
    discreteAction: new Int32Array(rows * branches.length),
    logProb: new Float32Array(rows),
    mean: new Float32Array(rows * continuous),
    logDeviation: new Float32Array(continuous),
    logProbs: new Float32Array(rows * mask),
    value: new Float32Array(rows),
  };
  if (policy.spec.network.critic !== 'none') {
    const allowed = new Uint8Array(rows * mask).fill(1);
    policy.decide(observation, allowed, new Float32Array(rows * width), columns, new Random(3));
  }
  return { ...certain, ...columns };
}

function expectNear(values: Float32Array, expected: Float32Array): void {
  const errors = expected.map((value, i) => Math.abs(values[i] - value) / Math.max(1, Math.abs(value)));
  expect(values).toHaveLength(expected.length);
  expect(errors.every((error) => error <= 1e-5)).toBe(true);
}
