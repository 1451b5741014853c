import { describe, expect, it } from 'vitest';
import { AgentsError } from '../../plugin/core/errors.ts';
import type { AgentLayout } from '../../plugin/core/layout.ts';
import { Random } from '../../plugin/core/random.ts';
import { activationsOf, type NetworkSpec, requireSlice } from '../../plugin/policy/network.ts';
import { Policy } from '../../plugin/policy/policy.ts';
import { type DecisionColumns, RolloutPolicy } from '../../plugin/policy/rollout-policy.ts';
import { allowAll, createExactPolicy, createObservations, createPolicy, createSpec, MIXED } from './fixtures.ts';

/** O = 1, and two continuous actions. */
const MOVER: AgentLayout = {
  sensors: [{ name: 'place', size: 1 }],
  actuators: [{ name: 'move', continuous: 2, branches: [] }],
};

/** O = 1, and one choice of three. */
const PICKER: AgentLayout = {
  sensors: [{ name: 'place', size: 1 }],
  actuators: [{ name: 'pick', continuous: 0, branches: [3] }],
};

/** Policies compute in float32, the expectations in float64. */
const FLOAT32 = 2e-6;

describe('Policy', () => {
  it('rejects weights of another network', () => {
    const spec = createSpec(MOVER, { hidden: [], critic: 'none' });
    expect(() => new Policy(spec, new Float32Array(7))).toThrow(
      new AgentsError('Policy "walker" needs 8 weights and got 7. Load it with its own file.'), // 1 + 1 + 2 + 2 + 2
    );
  });

  const networks: readonly Partial<NetworkSpec>[] = [
    { hidden: [], critic: 'shared' },
    { hidden: [], critic: 'separate' },
    { hidden: [5], critic: 'shared', activation: 'relu' },
    { hidden: [5, 4], critic: 'separate', activation: 'tanh' },
    { hidden: [2, 7, 3], critic: 'separate', activation: 'swish' },
    { hidden: [4, 4], critic: 'none' },
    { hidden: [4, 5, 3], critic: 'none', activation: ['relu', 'tanh', 'elu'] },
    { hidden: [4, 5], critic: 'none', activation: ['swish'] }, // the second has none
  ];

  it.each(networks)('computes what its named weights define: %o', (network) => {
    const policy = createPolicy(createSpec(MIXED, network));
    const observations = createObservations(policy, 6);
    const action = new Float32Array(6 * 5);
    const values = new Float32Array(6);
    policy.act(observations, action);
    if (network.critic !== 'none') policy.values(observations, values);
    for (let row = 0; row < 6; row++) {
      const { mean, logProbs, value } = evaluate(policy, observations.subarray(row * 3, row * 3 + 3), [1, 1, 1, 1, 1]);
      const [a, b, c] = mean.map((x) => Math.min(1, Math.max(-1, x)));
      const [first, second] = [logProbs.slice(0, 2), logProbs.slice(2)].map((branch) =>
        branch.indexOf(Math.max(...branch)),
      );
      expectNear(action.subarray(row * 5, row * 5 + 5), [a, first, second, b, c]);
      if (network.critic !== 'none') expectNear(values.subarray(row, row + 1), [value]);
    }
  });

  it('leaves the actions of a policy without bounds as the network outputs them', () => {
    const slices = { 'continuous.bias': [2.5, -7] };
    const network = { hidden: [], critic: 'none' } as const;
    const act = (bounds: 'clip' | 'none') => {
      const action = new Float32Array(2);
      createExactPolicy({ ...createSpec(MOVER, network), bounds }, slices).act(new Float32Array(1), action);
      return [...action];
    };
    expect(act('none')).toEqual([2.5, -7]);
    expect(act('clip')).toEqual([1, -1]);
  });

  it('normalizes observations and clips them', () => {
    const spec = { ...createSpec(MOVER, { hidden: [], critic: 'none' }), observationClip: 0.5 };
    const policy = createExactPolicy(spec, {
      'normalizer.mean': [10],
      'normalizer.deviation': [4],
      'continuous.weight': [1, -0.5],
    });
    const action = new Float32Array(6);
    policy.act(Float32Array.of(11, 100, -100), action);
    const x = (11 - 10) / 4;
    expect([...action]).toEqual([x, -0.5 * x, 0.5, -0.25, -0.5, 0.25]);
  });
});

describe('Policy.act', () => {
  it('takes the means, clipped to [−1, 1], and the likeliest choices', () => {
    const policy = createExactPolicy(createSpec(MIXED, { hidden: [], critic: 'none' }), {
      'continuous.bias': [-3, 0.5, 7],
      'continuous.logDeviation': [2, 2, 2],
      'discrete.bias': [1, 2, 0, 0, 4],
    });
    const action = new Float32Array(5);
    policy.act(new Float32Array(3), action);
    // legs: float −3, choice 1 of [1, 2]; voice: choice 2 of [0, 0, 4]; head: floats 0.5 and 7
    expect([...action]).toEqual([-1, 1, 2, 0.5, 1]);
  });

  it('writes every actuator’s floats, then its choices, row by row', () => {
    // float i is (i + 1)/4 of observation i; observations 0, 1 and 2 ask for the choices (1, 1), (0, 2) and (1, 0)
    const policy = createExactPolicy(createSpec(MIXED, { hidden: [], critic: 'none' }), {
      'continuous.weight': [...[0.25, 0, 0], ...[0, 0.5, 0], ...[0, 0, 0.75]],
      'discrete.weight': [...[0, 9, 0, 9, 0], ...[9, 0, 0, 0, 9], ...[0, 9, 9, 0, 0]],
    });
    const action = new Float32Array(3 * 5);
    policy.act(Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), action);
    expect([...action]).toEqual([...[0.25, 1, 1, 0, 0], ...[0, 0, 2, 0.5, 0], ...[0, 1, 0, 0, 0.75]]);
  });

  it('never takes a masked choice, however likely', () => {
    const policy = createExactPolicy(createSpec(PICKER, { hidden: [], critic: 'none' }), {
      'discrete.bias': [1, 50, 2],
    });
    const action = new Float32Array(2);
    policy.act(new Float32Array(2), action, Uint8Array.of(1, 0, 1, 1, 0, 0));
    expect([...action]).toEqual([2, 0]);
  });

  it('gives the same results after a batch of any size', () => {
    const policy = createPolicy(createSpec(MIXED));
    const observations = createObservations(policy, 9);
    const act = (rows: number) => {
      const action = new Float32Array(rows * 5);
      policy.act(observations.subarray(0, rows * 3), action);
      return action;
    };
    const first = act(2);
    const all = act(9);
    expect(act(2)).toEqual(first);
    expectNear(all.subarray(0, 10), [...first]);
  });
});

describe('Policy.sampleWith', () => {
  it('draws actions determined by the seed', () => {
    const policy = createPolicy(createSpec(MIXED));
    const observations = createObservations(policy, 4);
    const play = (random: Random | undefined) => {
      policy.sampleWith(random);
      return Array.from({ length: 5 }, () => {
        const action = new Float32Array(4 * 5);
        policy.act(observations, action);
        return action;
      });
    };
    const drawn = play(new Random(1));
    expect(play(new Random(1))).toEqual(drawn);
    expect(play(new Random(2))).not.toEqual(drawn);
    expect(drawn[0]).not.toEqual(drawn[1]);
    const certain = play(undefined);
    expect(certain[0]).toEqual(certain[1]);
  });

  it('returns the policy', () => {
    const policy = new Policy(createSpec(MOVER));
    expect(policy.sampleWith(new Random(1))).toBe(policy);
  });

  it('samples around the mean with the deviation, then clips', () => {
    const policy = createExactPolicy(createSpec(MOVER, { hidden: [], critic: 'none' }), {
      'continuous.bias': [0.1, 0.9],
      'continuous.logDeviation': [Math.log(0.05), Math.log(0.5)],
    }).sampleWith(new Random(3));
    const draws = 4000;
    const action = new Float32Array(2 * draws);
    policy.act(new Float32Array(draws), action);
    const narrow = action.filter((_, i) => i % 2 === 0);
    const wide = action.filter((_, i) => i % 2 === 1);
    const mean = narrow.reduce((sum, x) => sum + x, 0) / draws;
    const variance = narrow.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws;
    expect(Math.abs(mean - 0.1)).toBeLessThan((5 * 0.05) / Math.sqrt(draws));
    expect(Math.abs(variance / 0.05 ** 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / draws));
    // P(0.9 + 0.5 z > 1) = P(z > 0.2) = 0.42074
    const clipped = wide.filter((x) => x === 1).length;
    expect(Math.abs(clipped - 0.42074 * draws)).toBeLessThan(5 * Math.sqrt(draws * 0.42074 * (1 - 0.42074)));
    expect(Math.max(...wide)).toBe(1);
  });
});

describe('Policy.update', () => {
  it('copies the new weights and acts by them', () => {
    const policy = createExactPolicy(createSpec(MOVER, { hidden: [], critic: 'none' }), {});
    const weights = policy.weights.slice();
    weights.set([0.25, 0.5], requireSlice(policy.weightLayout, 'continuous.bias').offset);
    policy.update(weights);
    weights.fill(9);
    const action = new Float32Array(2);
    policy.act(new Float32Array(1), action);
    expect([...action]).toEqual([0.25, 0.5]);
  });

  it.each([7, 9])('rejects %i weights if there are 8', (count) => {
    const policy = new Policy(createSpec(MOVER, { hidden: [], critic: 'none' }));
    expect(() => policy.update(new Float32Array(count))).toThrow(
      new AgentsError(`Policy "walker" needs 8 weights and got ${count}. Load it with its own file.`),
    );
  });
});

describe('Policy.requireLayout', () => {
  it('accepts an equal layout', () => {
    expect(() => new Policy(createSpec(MIXED)).requireLayout(structuredClone(MIXED))).not.toThrow();
  });

  it('shows both layouts side by side if they differ', () => {
    expect(() => new Policy(createSpec(MIXED)).requireLayout(PICKER, 'agent "picker"')).toThrow(
      new AgentsError(
        `Policy "walker" does not fit agent "picker":

            policy                          agent
  sensor    place 2                         place 1          resized
  sensor    speed 1                         –                removed
  actuator  legs 1 continuous + branches 2  –                removed
  actuator  voice branches 3                –                removed
  actuator  head 2 continuous               –                removed
  actuator  –                               pick branches 3  added

Train it again with this agent, or give it the policy's sensors and actuators, in that order.`,
      ),
    );
  });
});

describe('RolloutPolicy.decide', () => {
  it('records raw actions, their log-probability and the value of each row', () => {
    const policy = createPolicy(createSpec(MIXED, { critic: 'separate' }));
    const rows = 7;
    const observations = createObservations(policy, rows);
    const mask = Uint8Array.from({ length: rows * 5 }, (_, i) => (i % 5 === (i % 2) + 2 ? 0 : 1));
    const { columns } = decide(policy, observations, mask, new Random(5));
    const logDeviation = sliceOf(policy, 'continuous.logDeviation');
    for (let row = 0; row < rows; row++) {
      const allowed = [...mask.subarray(row * 5, row * 5 + 5)];
      const { mean, logProbs, value } = evaluate(policy, observations.subarray(row * 3, row * 3 + 3), allowed);
      let logProb = 0;
      for (let i = 0; i < 3; i++) {
        const deviation = Math.exp(logDeviation[i]);
        const z = (columns.continuousAction[row * 3 + i] - mean[i]) / deviation;
        logProb += Math.log(Math.exp(-0.5 * z * z) / (deviation * Math.sqrt(2 * Math.PI)));
      }
      logProb += logProbs[columns.discreteAction[row * 2]] + logProbs[2 + columns.discreteAction[row * 2 + 1]];
      expect(Number.isFinite(logProb)).toBe(true);
      expectNear(columns.logProb.subarray(row, row + 1), [logProb], 1e-5);
      expectNear(columns.value.subarray(row, row + 1), [value]);
    }
  });

  it('keeps actions raw for learning and clips them for the actuators', () => {
    const policy = createExactPolicy(createSpec(MOVER, { hidden: [] }), { 'continuous.bias': [5, -5] });
    const { columns, action } = decide(policy, new Float32Array(1), new Uint8Array(0), new Random(1));
    expect(columns.continuousAction[0]).toBeGreaterThan(1);
    expect(columns.continuousAction[1]).toBeLessThan(-1);
    expect([...action]).toEqual([1, -1]);
  });

  it('decides for a batch as for each of its rows alone', () => {
    const policy = createPolicy(createSpec(MIXED));
    const rows = 9;
    const observations = createObservations(policy, rows);
    const mask = allowAll(policy, rows);
    const batch = decide(policy, observations, mask, new Random(8));
    const random = new Random(8); // drawn from row by row
    for (let row = 0; row < rows; row++) {
      const single = decide(policy, observations.subarray(row * 3, row * 3 + 3), mask.subarray(0, 5), random);
      expectNear(single.action, [...batch.action.subarray(row * 5, row * 5 + 5)]);
      expectNear(single.columns.logProb, [batch.columns.logProb[row]], 1e-5);
      expectNear(single.columns.value, [batch.columns.value[row]]);
      expect([...single.columns.discreteAction]).toEqual([
        ...batch.columns.discreteAction.subarray(row * 2, row * 2 + 2),
      ]);
    }
  });

  it('draws each choice as often as its probability says, and a masked one never', () => {
    const policy = createExactPolicy(createSpec(PICKER, { hidden: [] }), { 'discrete.bias': [0, 5, Math.log(3)] });
    const rows = 4000;
    const mask = Uint8Array.from({ length: rows * 3 }, (_, i) => (i % 3 === 1 ? 0 : 1));
    const { columns } = decide(policy, new Float32Array(rows), mask, new Random(6));
    const counts = [0, 0, 0];
    for (const choice of columns.discreteAction) counts[choice]++;
    expect(counts[1]).toBe(0);
    expect(Math.abs(counts[2] - (3 / 4) * rows)).toBeLessThan(5 * Math.sqrt((rows * 3) / 16));
  });

  it('rejects a policy without a value head', () => {
    const policy = new RolloutPolicy(createSpec(MOVER, { critic: 'none' }));
    expect(() => decide(policy, new Float32Array(1), new Uint8Array(0), new Random(1))).toThrow(
      /"walker" has no value head/,
    );
  });
});

describe('RolloutPolicy.replay', () => {
  it('gives the actuators what decide() did', () => {
    const policy = createPolicy(createSpec(MIXED));
    const { columns, action } = decide(policy, createObservations(policy, 5), allowAll(policy, 5), new Random(2));
    const again = new Float32Array(action.length);
    new RolloutPolicy(policy.spec).replay(columns, 5, again);
    expect(again).toEqual(action);
  });
});

describe('RolloutPolicy.values', () => {
  it('scales the value head back to units of reward', () => {
    const policy = createExactPolicy(createSpec(MOVER, { hidden: [] }), {
      'value.mean': [100],
      'value.deviation': [8],
      'value.weight': [0.5],
      'value.bias': [3],
    });
    const values = new Float32Array(2);
    policy.values(Float32Array.of(2, -1), values);
    expect([...values]).toEqual([(0.5 * 2 + 3) * 8 + 100, (0.5 * -1 + 3) * 8 + 100]);
  });

  it.each(['shared', 'separate'] as const)('agrees with decide(), before and after it: %s critic', (critic) => {
    const policy = createPolicy(createSpec(MIXED, { critic }));
    const observations = createObservations(policy, 5);
    const [before, after] = [new Float32Array(5), new Float32Array(5)];
    policy.values(observations, before);
    const { columns } = decide(policy, observations, allowAll(policy, 5), new Random(1));
    policy.values(observations, after);
    expect(before).toEqual(columns.value);
    expect(after).toEqual(before);
  });

  it('writes only the first rows if given their number', () => {
    const policy = createPolicy(createSpec(MIXED));
    const values = new Float32Array(3).fill(9);
    policy.values(createObservations(policy, 3), values, 2);
    expect(values[0]).not.toBe(9);
    expect(values[1]).not.toBe(9);
    expect(values[2]).toBe(9);
  });

  it('rejects a policy exported for play', () => {
    const policy = new RolloutPolicy(createSpec(MOVER, { critic: 'none' }));
    expect(() => policy.values(new Float32Array(1), new Float32Array(1))).toThrow(
      new AgentsError('Policy "walker" has no value head: its file was exported for play. Use the run\'s checkpoint.'),
    );
  });
});

/** One decision per row of `observations`, and what was recorded. */
function decide(policy: RolloutPolicy, observations: Float32Array, mask: Uint8Array, random: Random) {
  const { observation, action: width, continuous, branches } = policy.sizes;
  const rows = observations.length / observation;
  const action = new Float32Array(rows * width);
  const columns: DecisionColumns = {
    continuousAction: new Float32Array(rows * continuous),
    discreteAction: new Int32Array(rows * branches.length),
    logProb: new Float32Array(rows),
    mean: new Float32Array(rows * continuous),
    logDeviation: new Float32Array(continuous),
    logProbs: new Float32Array(rows * policy.sizes.mask),
    value: new Float32Array(rows),
  };
  policy.decide(observations, mask, action, columns, random);
  return { action, columns };
}

/** What a policy's weights define for one observation, computed the plain way: in float64, slice by slice, by name. */
function evaluate(policy: Policy, observation: Float32Array, allowed: readonly number[]) {
  const { spec, sizes } = policy;
  const { hidden, critic } = spec.network;
  const activations = activationsOf(spec.network);
  const activate = {
    tanh: Math.tanh,
    relu: (x: number) => Math.max(0, x),
    swish: (x: number) => x / (1 + Math.exp(-x)),
    elu: (x: number) => (x > 0 ? x : Math.expm1(x)),
  };
  const dense = (name: string, inputs: readonly number[]) => {
    const weight = sliceOf(policy, `${name}.weight`);
    const bias = sliceOf(policy, `${name}.bias`);
    return [...bias].map((b, column) => inputs.reduce((sum, x, k) => sum + x * weight[k * bias.length + column], b));
  };
  const stack = (name: string) =>
    hidden.reduce<readonly number[]>(
      (x, _, i) => dense(`${name}.${i}`, x).map(activate[activations[i]] ?? ((y) => y)),
      input,
    );

  const [mean, deviation] = [sliceOf(policy, 'normalizer.mean'), sliceOf(policy, 'normalizer.deviation')];
  const clip = spec.observationClip;
  const input = [...observation].map((x, i) => Math.min(clip, Math.max(-clip, (x - mean[i]) / deviation[i])));
  const features = stack('trunk');
  const logits = sizes.mask > 0 ? dense('discrete', features) : [];
  const logProbs: number[] = [];
  for (const size of sizes.branches) {
    const at = logProbs.length;
    const weights = logits.slice(at, at + size).map((x, i) => (allowed[at + i] === 1 ? Math.exp(x) : 0));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    logProbs.push(...weights.map((weight) => Math.log(weight / total)));
  }
  const scaled = () => {
    const [value] = dense('value', critic === 'separate' ? stack('critic') : features);
    return value * sliceOf(policy, 'value.deviation')[0] + sliceOf(policy, 'value.mean')[0];
  };
  return {
    mean: sizes.continuous > 0 ? dense('continuous', features) : [],
    logProbs,
    value: critic === 'none' ? Number.NaN : scaled(),
  };
}

function sliceOf(policy: Policy, name: string): Float32Array {
  const { offset, size } = requireSlice(policy.weightLayout, name);
  return policy.weights.subarray(offset, offset + size);
}

function expectNear(values: ArrayLike<number>, expected: readonly number[], tolerance = FLOAT32): void {
  expect(values).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(values[i] - value)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(value)));
  });
}
