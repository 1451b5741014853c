import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Random } from '../../plugin/core/random.ts';
import { exportOnnx } from '../../plugin/onnx/export-onnx.ts';
import { createValue } from '../../plugin/onnx/graph-builder.ts';
import { importOnnx, readOnnx } from '../../plugin/onnx/import-onnx.ts';
import { type Activation, requireSlice } from '../../plugin/policy/network.ts';
import { Policy } from '../../plugin/policy/policy.ts';
import { parsePolicy } from '../../plugin/policy/policy-file.ts';
import { createObservations, MIXED } from '../policy/fixtures.ts';
import {
  type ActorFile,
  type Body,
  CONTINUOUS,
  createActorFile,
  DISCRETE,
  MASKED,
  maskLogits,
  OBSERVED,
} from './actors.ts';
import { actOf, createMasks, createPlayer, KINDS, LAYOUTS, largestDifference } from './fixtures.ts';
import { openSession } from './session.ts';

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'onnx');

interface Expected {
  /** [inputs, rows, size] */
  readonly observations: readonly (readonly (readonly number[])[])[];
  readonly continuous?: readonly (readonly number[])[];
  readonly logDeviation?: readonly number[];
  readonly masks?: readonly (readonly number[])[];
  readonly choices?: readonly (readonly number[])[];
}

describe('importOnnx with files exported by PyTorch', () => {
  const expected: Record<string, Expected> = JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8'));
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.onnx'));

  it('has six actors of three exporters', () => {
    expect(files).toHaveLength(18);
  });

  it.each(files)('acts like PyTorch: %s', (file) => {
    const policy = importOnnx(readFileSync(join(FOLDER, file)), { who: file });
    const { observations, masks, continuous, choices, logDeviation } =
      expected[file.replace(/-(opset|dynamo)\d+\.onnx$/, '')];
    const rows = observations[0].length;
    const observation = Array.from({ length: rows }, (_, row) => observations.flatMap((input) => input[row]));
    const mask = Uint8Array.from((masks ?? []).flat());
    const actions = actOf(policy, Float32Array.from(observation.flat()), mask);
    expect(largestDifference(actions.continuous, (continuous ?? []).flat())).toBeLessThan(2e-6);
    expect(actions.choices).toEqual((choices ?? []).flat());
    if (!logDeviation) return;
    const { offset, size } = requireSlice(policy.weightLayout, 'continuous.logDeviation');
    expect(largestDifference(policy.weights.subarray(offset, offset + size), logDeviation)).toBeLessThan(1e-6);
  });

  it('makes each input a sensor and all actions one actuator, at Unity’s pace', () => {
    const { spec } = importOnnx(readFileSync(join(FOLDER, 'jumper-opset9.onnx')));
    expect(spec).toEqual({
      name: 'agent',
      layout: {
        sensors: [
          { name: 'obs_0', size: 4 },
          { name: 'obs_1', size: 9 },
          { name: 'obs_2', size: 2 },
        ],
        actuators: [{ name: 'actions', continuous: 0, branches: [3, 3, 3, 2] }],
      },
      network: { hidden: [16, 16], activation: 'swish', critic: 'none' },
      observationClip: 5,
      bounds: 'clip',
      timeStep: 0.02,
      decisionPeriod: 5,
    });
  });
});

describe('importOnnx with files from exportOnnx', () => {
  it.each(KINDS.flatMap((kind) => (['per-sensor', 'joined'] as const).map((how) => [kind, how] as const)))(
    'returns the same policy: %s, %s',
    (kind, observations) => {
      const policy = createPlayer(LAYOUTS[kind], { activation: 'swish' });
      const again = importOnnx(exportOnnx(policy, { observations }));
      expect(again.spec).toEqual(policy.spec);
      expect(largestDifference(again.weights, policy.weights)).toBeLessThan(1e-6);
      const observation = createObservations(policy, 200);
      const mask = createMasks(policy, 200);
      const [before, after] = [policy, again].map((one) => actOf(one, observation, mask));
      expect(largestDifference(after.continuous, before.continuous)).toBeLessThan(1e-6);
      expect(after.choices).toEqual(before.choices);
    },
  );

  it.each([
    ['tanh', []],
    ['relu', [5]],
    ['tanh', [5, 4, 3]],
  ] as [Activation, number[]][])('returns %s over %j', (activation, hidden) => {
    const policy = createPlayer(LAYOUTS.mixed, { activation, hidden });
    const again = importOnnx(exportOnnx(policy, { opset: 15 }));
    expect(again.spec.network.hidden).toEqual(hidden);
    expect(largestDifference(again.weights, policy.weights)).toBeLessThan(1e-6);
  });

  it.each([
    [888, [16, 16], 1],
    [1235, [64, 64], 1],
    [2000, [16, 16], 10],
    [10_000, [8], 4],
    [5000, [], 1],
  ])('returns %i floats before layers %j, in %i sensors', (size, hidden, count) => {
    const sensors = Array.from({ length: count }, (_, i) => ({ name: `eye${i}`, size: size / count }));
    const policy = createPlayer({ sensors, actuators: LAYOUTS.mixed.actuators }, { hidden });
    expect(largestDifference(importOnnx(exportOnnx(policy)).weights, policy.weights)).toBeLessThan(1e-6);
  });

  it('returns food-collector, a policy of this repository with 2000 floats', () => {
    const path = join(import.meta.dirname, '../../demo-scenes/food-collector/food-collector.safetensors');
    const policy = parsePolicy(readFileSync(path));
    const again = importOnnx(exportOnnx(policy));
    expect(again.spec).toEqual(policy.spec);
    const scale = policy.weights.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    expect(largestDifference(again.weights, policy.weights)).toBeLessThan(1e-6 * scale);
  });

  it('returns an activation per layer, and actions without bounds', () => {
    const bounded = createPlayer(LAYOUTS.mixed, { hidden: [6, 5, 4], activation: ['relu', 'tanh', 'elu'] });
    const policy = new Policy({ ...bounded.spec, bounds: 'none' }, bounded.weights);
    const again = importOnnx(exportOnnx(policy));
    expect(again.spec).toEqual(policy.spec);
    expect(largestDifference(again.weights, policy.weights)).toBeLessThan(1e-6);
  });

  it('keeps the training results', () => {
    const trained = { environment: 'rail', seed: 3, decisions: 1000, meanReturn: 7.5 };
    expect(readOnnx(exportOnnx(createPlayer(LAYOUTS.mixed), { trained })).trained).toEqual(trained);
    expect(readOnnx(exportOnnx(createPlayer(LAYOUTS.mixed))).trained).toBeUndefined();
  });

  it('prefers options to what the file says', () => {
    const file = exportOnnx(createPlayer(LAYOUTS.continuous));
    const layout = {
      sensors: [{ name: 'all', size: 7 }],
      actuators: [
        { name: 'left', continuous: 1, branches: [] },
        { name: 'right', continuous: 3, branches: [] },
      ],
    };
    const { spec } = importOnnx(file, { name: 'goalie', layout, timeStep: 0.01, decisionPeriod: 2 });
    expect(spec).toMatchObject({ name: 'goalie', layout, timeStep: 0.01, decisionPeriod: 2 });
  });

  it('ignores a damaged description', () => {
    const metadata = new Map([['babylon-agents', '{"format":"onnx-policy","version":1,"layout":7}']]);
    expect(importOnnx(createActorFile(CONTINUOUS, { metadata })).spec.name).toBe('agent');
  });

  it('rejects a description of different inputs', () => {
    const sensors = [{ name: 'eyes', size: 3 }];
    const layout = { sensors, actuators: MIXED.actuators };
    const description = { format: 'onnx-policy', version: 1, name: 'a', layout };
    const metadata = new Map([
      ['babylon-agents', JSON.stringify({ ...description, observations: 'joined', timeStep: 1, decisionPeriod: 1 })],
    ]);
    expect(() => importOnnx(createActorFile(CONTINUOUS, { metadata }))).toThrow(
      'different inputs than its metadata says',
    );
  });
});

/** Different ways to write the same actor. */
const VARIANTS: readonly (readonly [string, Body, ActorFile?])[] = [
  ['a normalizer and a Gaussian head', CONTINUOUS],
  ['masked logits', DISCRETE, { inputs: MASKED }],
  [
    'no normalizer, MatMul and Add, tanh',
    (actor) => {
      const sums = actor.node('Add', [actor.node('MatMul', ['obs_0', actor.weights([4, 5])]), actor.weights([5])]);
      actor.action(actor.gemm(actor.node('Tanh', [sums]), 5, 2), 'deterministic_continuous_actions', 2);
    },
  ],
  [
    'a bias added from the left, relu, untransposed Gemm of α and β',
    (actor) => {
      const sums = actor.node('Add', [actor.weights([5]), actor.node('MatMul', ['obs_0', actor.weights([4, 5])])]);
      const operands = [actor.node('Relu', [sums]), actor.weights([5, 2]), actor.weights([1, 2])];
      const mean = actor.node('Gemm', operands, { alpha: { float: 0.5 }, beta: { float: 2 } });
      actor.action(mean, 'continuous_actions', 2);
    },
  ],
  [
    'Gemm without bias (opset 11) and limits as inputs',
    (actor) => {
      const x = actor.node('Clip', ['obs_0', actor.value([], [-2]), actor.value([], [2])]);
      const hidden = actor.node('Gemm', [x, actor.weights([6, 4])], { transB: { int: 1 } });
      const mean = actor.node('Gemm', [actor.swish(hidden), actor.weights([2, 6]), ''], { transB: { int: 1 } });
      const bounded = actor.node('Clip', [mean, actor.value([1], [-3]), actor.value([1], [3])]);
      actor.node('Mul', [actor.value([], [1 / 3]), bounded], {}, 'deterministic_continuous_actions');
      actor.outputs.push(createValue('deterministic_continuous_actions', ['batch', 2]));
    },
    { opset: 11 },
  ],
  [
    'a deviation from a variance, the inputs joined before the clip',
    (actor) => {
      const variance = actor.node('Div', [actor.value([4], [2, 8, 18, 32]), actor.value([], [2])]);
      const deviation = actor.node('Identity', [actor.node('Sqrt', [variance])]);
      const eyes = actor.node('Div', [actor.node('Sub', ['obs_0', actor.weights([4])]), deviation]);
      const ears = actor.node('Mul', ['obs_1', actor.value([], [-0.25])]);
      const x = actor.clip(actor.node('Concat', [ears, eyes], { axis: { int: -1 } }), 5);
      actor.action(actor.gemm(actor.swish(actor.gemm(x, 6, 5)), 5, 1), 'deterministic_continuous_actions', 1);
    },
    { inputs: [createValue('obs_1', ['batch', 2]), ...OBSERVED] },
  ],
  [
    'one input clipped and the other not',
    (actor) => {
      const x = actor.node('Concat', [actor.clip('obs_0', 0.5), 'obs_1'], { axis: { int: 1 } });
      actor.action(actor.gemm(actor.swish(actor.gemm(x, 6, 5)), 5, 1), 'deterministic_continuous_actions', 1);
    },
    { inputs: [...OBSERVED, createValue('obs_1', ['batch', 2])] },
  ],
  [
    'some floats of the observation, one of them twice',
    (actor) => {
      const picked = actor.node('Gather', ['obs_0', actor.index([3, 0, 3])], { axis: { int: 1 } });
      actor.action(actor.gemm(actor.swish(actor.gemm(picked, 3, 5)), 5, 1), 'deterministic_continuous_actions', 1);
    },
  ],
  [
    'σ from μ · 0 + log σ, and deterministic outputs missing',
    (actor) => {
      const mean = actor.gemm(actor.swish(actor.gemm('obs_0', 4, 5)), 5, 2);
      const nothing = actor.node('Mul', [mean, actor.value([], [0])]);
      const deviation = actor.node('Exp', [actor.node('Add', [nothing, actor.weights([1, 2])])]);
      const noise = actor.node('Mul', [deviation, actor.node('RandomNormalLike', [mean])]);
      actor.action(actor.node('Add', [noise, mean]), 'continuous_actions', 2);
    },
  ],
  [
    'no hidden layer, but casts, flattens, reshapes and dropouts',
    (actor) => {
      const x = actor.node('Cast', [actor.node('Flatten', ['obs_0'])], { to: { int: 1 } });
      const shaped = actor.node('Reshape', [actor.node('Dropout', [x]), actor.index([-1, 4])]);
      actor.action(actor.gemm(shaped, 4, 2), 'deterministic_continuous_actions', 2);
    },
  ],
  [
    'masks by Where, scores by LogSoftmax',
    (actor) => {
      const logits = actor.gemm(actor.swish(actor.gemm('obs_0', 4, 6)), 6, 3);
      const allowed = actor.node('Greater', ['action_masks', actor.value([], [0.5])]);
      const masked = actor.node('Where', [allowed, logits, actor.value([], [-1e8])]);
      const scores = actor.node('LogSoftmax', [masked], { axis: { int: -1 } });
      actor.node('ArgMax', [scores], { axis: { int: 1 } }, 'deterministic_discrete_actions');
      actor.outputs.push(createValue('deterministic_discrete_actions', ['batch', 1], 7));
    },
    { inputs: MASKED, opset: 13 },
  ],
  [
    'two branches from one Gemm by Slice, their choices without keepdims',
    (actor) => {
      const logits = actor.gemm(actor.swish(actor.gemm('obs_0', 4, 6)), 6, 3);
      const masked = maskLogits(actor, logits);
      const choices = [
        [0, 1],
        [1, 3],
      ].map(([from, to]) => {
        const operands = [masked, actor.index([from]), actor.index([to]), actor.index([1])];
        const best = actor.node('ArgMax', [actor.node('Slice', operands)], { axis: { int: -1 }, keepdims: { int: 0 } });
        return actor.node('Unsqueeze', [best, actor.index([1])]);
      });
      actor.node('Concat', choices, { axis: { int: 1 } }, 'deterministic_discrete_actions');
      actor.outputs.push(createValue('deterministic_discrete_actions', ['batch', 2], 7));
    },
    { inputs: MASKED, opset: 13 },
  ],
];

describe('importOnnx with other ways to write an actor', () => {
  it.each(VARIANTS.map(([name, body, options = {}]) => ({ name, body, options })))(
    'acts like onnxruntime: $name',
    async ({ body, options }) => {
      const file = createActorFile(body, options);
      const policy = importOnnx(file);
      let offset = 0;
      const inputs = policy.spec.layout.sensors.map(({ size }) => {
        offset += size;
        return { size, offset: offset - size };
      });
      const session = await openSession(file, policy, inputs);
      const observation = createObservations(policy, 100);
      const mask = createMasks(policy, 100);
      const answers = await session.run(observation, mask);
      const { continuous, choices } = actOf(policy, observation, mask);
      const certain = answers.deterministic_continuous_actions;
      if (certain) expect(largestDifference(continuous, certain)).toBeLessThan(1e-5);
      if (answers.deterministic_discrete_actions) expect(choices).toEqual(answers.deterministic_discrete_actions);
      const drawn = answers.continuous_actions;
      if (drawn) expect(drawn).toHaveLength(continuous.length);
      expect(new Set([...continuous, ...choices]).size).toBeGreaterThan(1);
    },
  );

  it('takes σ from the sampled output', () => {
    const policy = importOnnx(createActorFile(CONTINUOUS));
    const { offset } = requireSlice(policy.weightLayout, 'continuous.logDeviation');
    const logs = policy.weights.subarray(offset, offset + 2);
    expect(largestDifference(logs, [Math.log(0.5 / 3), Math.log(2 / 3)])).toBeLessThan(1e-6);
  });

  it('acts deterministically if σ is unknown', () => {
    const [, certain] = VARIANTS[2];
    const policy = importOnnx(createActorFile(certain));
    const observation = createObservations(policy, 5);
    const plain = actOf(policy, observation, new Uint8Array(0)).continuous;
    policy.sampleWith(new Random(1));
    expect(largestDifference(actOf(policy, observation, new Uint8Array(0)).continuous, plain)).toBeLessThan(1e-6);
  });
});
