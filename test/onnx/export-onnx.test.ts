import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createActorCritic, sliceWeights } from '../../plugin/learn/tfjs/actor-critic.ts';
import { Budget } from '../../plugin/onnx/budget.ts';
import { type ExportOnnxOptions, exportOnnx } from '../../plugin/onnx/export-onnx.ts';
import { importOnnx } from '../../plugin/onnx/import-onnx.ts';
import { readModel } from '../../plugin/onnx/read-model.ts';
import { decodeTensor } from '../../plugin/onnx/tensor.ts';
import { type Activation, requireSlice } from '../../plugin/policy/network.ts';
import { Policy } from '../../plugin/policy/policy.ts';
import { useBackend } from '../learn/backends.ts';
import { createExactPolicy, createObservations, createSpec } from '../policy/fixtures.ts';
import { actOf, createMasks, createPlayer, KINDS, LAYOUTS, largestDifference } from './fixtures.ts';
import { openSession, runModel, sortedInputs } from './session.ts';

/** The bar, and what a different order of float32 sums may add up to. */
const EXACT = 1e-5;

describe('exportOnnx, run by onnxruntime', () => {
  useBackend('cpu');

  it.each(KINDS)('acts like the policy and the tfjs network on 1000 random observations: %s', async (kind) => {
    const policy = createPlayer(LAYOUTS[kind], { hidden: [64, 64], activation: 'swish' });
    const observation = createObservations(policy, 1000);
    const mask = createMasks(policy, 1000);
    const ours = actOf(policy, observation, mask);
    const session = await openSession(exportOnnx(policy), policy, sortedInputs(policy.spec.layout.sensors));
    const theirs = await session.run(observation, mask);
    const reference = await tfjsActions(policy, observation, mask);
    for (const other of [
      { continuous: theirs.deterministic_continuous_actions, choices: theirs.deterministic_discrete_actions },
      reference,
    ]) {
      expect(largestDifference(ours.continuous, other.continuous ?? [])).toBeLessThan(EXACT);
      expect([...(other.choices ?? [])]).toEqual(ours.choices);
    }
    expect(new Set(ours.choices).size + new Set(ours.continuous).size).toBeGreaterThan(2); // not all the same
  });

  it.each([
    ['tanh', [6]],
    ['relu', [6, 5, 4]],
    ['swish', [7, 3]],
    ['elu', [7, 3]],
    ['tanh', []],
  ] as [Activation, number[]][])('computes %s over hidden layers %j', async (activation, hidden) => {
    const policy = createPlayer(LAYOUTS.mixed, { activation, hidden });
    const session = await openSession(exportOnnx(policy), policy, sortedInputs(policy.spec.layout.sensors));
    const observation = createObservations(policy, 50);
    const mask = createMasks(policy, 50);
    const answers = await session.run(observation, mask);
    const { continuous, choices } = actOf(policy, observation, mask);
    expect(largestDifference(answers.deterministic_continuous_actions, continuous)).toBeLessThan(EXACT);
    expect(answers.deterministic_discrete_actions).toEqual(choices);
  });

  it('computes layers with different activations, and actions without bounds', async () => {
    const bounded = createPlayer(LAYOUTS.continuous, { hidden: [6, 5, 4], activation: ['relu', 'elu'] });
    const policy = new Policy({ ...bounded.spec, bounds: 'none' }, bounded.weights);
    const { offset, size } = requireSlice(policy.weightLayout, 'continuous.bias');
    policy.weights.fill(1.5, offset, offset + size);
    const session = await openSession(exportOnnx(policy), policy, sortedInputs(policy.spec.layout.sensors));
    const observation = createObservations(policy, 50);
    const answers = await session.run(observation);
    const { continuous } = actOf(policy, observation, new Uint8Array(0));
    expect(largestDifference(answers.deterministic_continuous_actions, continuous)).toBeLessThan(EXACT);
    expect(Math.max(...continuous)).toBeGreaterThan(1);
  });

  it.each([9, 10, 11, 13, 15, 18, 21])('computes the same in opset %i', async (opset) => {
    const policy = createPlayer(LAYOUTS.mixed);
    const inputs = sortedInputs(policy.spec.layout.sensors);
    const observation = createObservations(policy, 20);
    const answers = await (await openSession(exportOnnx(policy, { opset }), policy, inputs)).run(observation);
    const { continuous } = actOf(policy, observation, new Uint8Array(20 * 5).fill(1));
    expect(largestDifference(answers.deterministic_continuous_actions, continuous)).toBeLessThan(EXACT);
  });

  it('decides for 1 and for 16 agents in one session', async () => {
    const policy = createPlayer(LAYOUTS.mixed);
    const session = await openSession(exportOnnx(policy), policy, sortedInputs(policy.spec.layout.sensors));
    const observation = createObservations(policy, 16);
    const all = (await session.run(observation)).deterministic_continuous_actions;
    for (let row = 0; row < 16; row++) {
      const { deterministic_continuous_actions: one } = await session.run(observation.slice(row * 7, row * 7 + 7));
      expect(largestDifference(one, all.slice(row * 3, row * 3 + 3))).toBeLessThan(EXACT);
    }
  });

  it('joins the observation in one input on request', async () => {
    const policy = createPlayer(LAYOUTS.continuous);
    const file = exportOnnx(policy, { observations: 'joined' });
    const session = await openSession(file, policy, [{ offset: 0, size: 7 }]);
    expect(session.inputs).toEqual(['obs_0']);
    const observation = createObservations(policy, 9);
    const { deterministic_continuous_actions: actions } = await session.run(observation);
    expect(largestDifference(actions, actOf(policy, observation, new Uint8Array(0)).continuous)).toBeLessThan(EXACT);
  });

  it('exports a grid as Unity’s GridSensorComponent has it: [tags, rows, columns], farthest row first', async () => {
    const sensors = [
      { name: 'speed', size: 2 },
      { name: 'grid', size: 2 * 3 * 2 },
    ];
    const policy = createPlayer({ sensors, actuators: LAYOUTS.mixed.actuators }, { hidden: [6] });
    const file = exportOnnx(policy, { grids: { grid: { rows: 2, columns: 3 } } });
    const { inputs } = readModel(file, 'The export').graph;
    expect(inputs.map(({ name, dims }) => `${name} [${dims}]`)).toEqual([
      'obs_0 [batch,2,2,3]', // grid, before speed
      'obs_1 [batch,2]',
      'action_masks [batch,5]',
    ]);
    const observation = createObservations(policy, 1);
    const cell = (row: number, column: number, tag: number) => observation[2 + (row * 3 + column) * 2 + tag];
    const rows = (tag: number) => [1, 0].flatMap((row) => [0, 1, 2].map((column) => cell(row, column, tag)));
    const answers = await runModel(file, {
      obs_0: [Float32Array.from([...rows(0), ...rows(1)]), [1, 2, 2, 3]],
      obs_1: [observation.slice(0, 2), [1, 2]],
      action_masks: [new Float32Array(5).fill(1), [1, 5]],
    });
    const { continuous, choices } = actOf(policy, observation, new Uint8Array(5).fill(1));
    expect(largestDifference(answers.deterministic_continuous_actions, continuous)).toBeLessThan(EXACT);
    expect(answers.deterministic_discrete_actions).toEqual(choices);
    const again = importOnnx(file);
    expect(again.spec).toEqual(policy.spec);
    expect(largestDifference(again.weights, policy.weights)).toBeLessThan(1e-6);
  });

  it('draws continuous actions around the mean with the deviation, clipped to [−1, 1]', async () => {
    const layout = { ...LAYOUTS.continuous, actuators: [{ name: 'legs', continuous: 2, branches: [] }] };
    const policy = createExactPolicy(createSpec(layout, { hidden: [], critic: 'none' }), {
      'continuous.bias': [0.1, 0.9],
      'continuous.logDeviation': [Math.log(0.05), Math.log(0.5)],
    });
    const session = await openSession(exportOnnx(policy), policy, sortedInputs(layout.sensors));
    const draws = 4000;
    const { continuous_actions: drawn } = await session.run(new Float32Array(7 * draws));
    const narrow = drawn.filter((_, i) => i % 2 === 0);
    const clipped = drawn.filter((x, i) => i % 2 === 1 && x > 1 - 1e-6).length;
    const mean = narrow.reduce((sum, x) => sum + x, 0) / draws;
    const variance = narrow.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws;
    expect(Math.abs(mean - 0.1)).toBeLessThan((6 * 0.05) / Math.sqrt(draws));
    expect(Math.abs(variance / 0.05 ** 2 - 1)).toBeLessThan(6 * Math.sqrt(2 / draws));
    // P(0.9 + 0.5 z > 1) = P(z > 0.2) = 0.42074
    expect(Math.abs(clipped / draws - 0.42074)).toBeLessThan(6 * Math.sqrt((0.42074 * (1 - 0.42074)) / draws));
    expect(Math.max(...drawn)).toBeLessThanOrEqual(1);
  });

  it('draws each choice as often as its probability says, and a masked one never', async () => {
    const layout = { ...LAYOUTS.discrete, actuators: [{ name: 'pick', continuous: 0, branches: [3] }] };
    const policy = createExactPolicy(createSpec(layout, { hidden: [], critic: 'none' }), {
      'discrete.bias': [0, 5, Math.log(3)],
    });
    const session = await openSession(exportOnnx(policy), policy, sortedInputs(layout.sensors));
    const draws = 4000;
    const mask = Uint8Array.from({ length: 3 * draws }, (_, i) => (i % 3 === 1 ? 0 : 1));
    const { discrete_actions: drawn } = await session.run(new Float32Array(7 * draws), mask);
    expect(drawn.filter((choice) => choice === 1)).toHaveLength(0);
    const share = drawn.filter((choice) => choice === 2).length / draws;
    expect(Math.abs(share - 3 / 4)).toBeLessThan(6 * Math.sqrt(3 / 16 / draws));
  });
});

describe('exportOnnx', () => {
  it('has ML-Agents’ inputs and outputs, with those of choices or floats only if needed', () => {
    const namesOf = (kind: (typeof KINDS)[number]) => {
      const { graph } = readModel(exportOnnx(createPlayer(LAYOUTS[kind])), 'The export');
      return [...graph.inputs, ...graph.outputs].map(({ name, dims, type }) => `${name} ${type} [${dims}]`);
    };
    const observations = ['obs_0 1 [batch,4]', 'obs_1 1 [batch,3]'];
    const said = ['version_number 1 [1]', 'memory_size 1 [1]'];
    expect(namesOf('continuous')).toEqual([
      ...observations,
      ...said,
      'continuous_actions 1 [batch,4]',
      'continuous_action_output_shape 1 [1]',
      'deterministic_continuous_actions 1 [batch,4]',
    ]);
    expect(namesOf('discrete')).toEqual([
      ...observations,
      'action_masks 1 [batch,5]',
      ...said,
      'discrete_actions 7 [batch,2]',
      'discrete_action_output_shape 1 [1,2]',
      'deterministic_discrete_actions 7 [batch,2]',
    ]);
    expect(namesOf('mixed')).toHaveLength(3 + 2 + 3 + 3);
  });

  it('declares version 3, no memory, and the sizes of the actions', async () => {
    const policy = createPlayer(LAYOUTS.mixed);
    const session = await openSession(exportOnnx(policy), policy, sortedInputs(policy.spec.layout.sensors));
    expect(await session.run(new Float32Array(7))).toMatchObject({
      version_number: [3],
      memory_size: [0],
      continuous_action_output_shape: [3],
      discrete_action_output_shape: [2, 3],
    });
  });

  it('names weights as ML-Agents does, [outputs, inputs], and μ and σ three times ours', () => {
    const policy = createPlayer(LAYOUTS.mixed, { hidden: [6] });
    const { graph } = readModel(exportOnnx(policy), 'The export');
    const constants = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
    expect([...constants.keys()]).toEqual(
      expect.arrayContaining([
        'network_body.observation_encoder.processors.0.normalizer.running_mean',
        'network_body._body_endoder.seq_layers.0.weight',
        'network_body._body_endoder.seq_layers.0.bias',
        'action_model._continuous_distribution.mu.weight',
        'action_model._continuous_distribution.log_sigma',
        'action_model._discrete_distribution.branches.1.weight',
      ]),
    );
    expect(constants.get('network_body._body_endoder.seq_layers.0.weight')?.dims).toEqual([6, 7]);
    const log = decodeTensor(constants.get('action_model._continuous_distribution.log_sigma')!, new Budget(1000)).data;
    const { offset } = requireSlice(policy.weightLayout, 'continuous.logDeviation');
    const ours = [...policy.weights.subarray(offset, offset + 3)];
    expect(
      largestDifference(
        log,
        ours.map((value) => value + Math.log(3)),
      ),
    ).toBeLessThan(1e-6);
  });

  it('leaves the critic out', () => {
    const player = createPlayer(LAYOUTS.mixed, { critic: 'none' });
    const learner = createPlayer(LAYOUTS.mixed, { critic: 'separate' });
    expect(exportOnnx(learner).length).toBe(exportOnnx(player).length);
  });

  it.each([
    [
      { grids: { eyse: { rows: 2, columns: 2 } } },
      'has no sensor "eyse" for a grid. Its sensors: touch, eyes. Did you mean "eyes"?',
    ],
    [
      { grids: { eyes: { rows: 3, columns: 1 } } },
      'has sensor "eyes" of 4 floats, which is not a grid of 3 rows and 1 columns.',
    ],
    [
      { grids: { eyes: { rows: 0.5, columns: 2 } } },
      'has sensor "eyes" of 4 floats, which is not a grid of 0.5 rows and 2 columns.',
    ],
    [
      { observations: 'joined', grids: { eyes: { rows: 2, columns: 2 } } },
      'joins its observations in one input, which',
    ],
  ] as [ExportOnnxOptions, string][])('rejects the grids of %j', (options, message) => {
    expect(() => exportOnnx(createPlayer(LAYOUTS.mixed), options)).toThrow(`[agents] Policy "walker" ${message}`);
  });

  it.each([
    [{ sensors: [], actuators: LAYOUTS.mixed.actuators }, 'observes nothing, but Unity requires an observation'],
    [
      { ...LAYOUTS.mixed, sensors: [{ name: 'gap', size: 0 }, ...LAYOUTS.mixed.sensors] },
      'has sensor "gap" without floats',
    ],
    [{ ...LAYOUTS.mixed, actuators: [] }, 'has no actions, but Unity requires some'],
    [{ ...LAYOUTS.mixed, actuators: [{ name: 'a', continuous: 1, branches: [0] }] }, 'has a branch without choices'],
    [
      {
        ...LAYOUTS.mixed,
        sensors: [
          { name: 'eye', size: 1 },
          { name: 'eye', size: 2 },
        ],
      },
      'has two sensors named "eye", but Unity needs unique names. Rename one of them',
    ],
    [
      {
        ...LAYOUTS.mixed,
        sensors: [
          { name: 'co-op', size: 1 },
          { name: 'cold', size: 2 },
        ],
      },
      'has sensors "co-op" and "cold", which Unity versions sort differently',
    ],
  ])('rejects what Unity would reject: %#', (layout, message) => {
    expect(() => exportOnnx(createPlayer(layout, { hidden: [2] }))).toThrow(`[agents] Policy "walker" ${message}`);
  });

  it('sorts sensors by letters before case', () => {
    const sensors = ['Bee', 'ant', 'cat'].map((name, i) => ({ name, size: i + 1 }));
    const { graph } = readModel(exportOnnx(createPlayer({ ...LAYOUTS.continuous, sensors })), 'The export');
    expect(graph.inputs.map(({ dims }) => dims[1])).toEqual([2, 1, 3]);
  });

  it('rejects non-finite weights and unsupported opsets', () => {
    const policy = createPlayer(LAYOUTS.continuous);
    expect(() => exportOnnx(policy, { opset: 8 })).toThrow('[agents] Opset 8 is not supported. Use 9 to 21.');
    policy.weights[20] = Number.NaN;
    expect(() => exportOnnx(policy)).toThrow('has non-finite numbers. Train it again.');
  });

  it('rejects a deviation of 0', () => {
    const policy = createPlayer(LAYOUTS.continuous);
    policy.weights[requireSlice(policy.weightLayout, 'normalizer.deviation').offset] = 0;
    expect(() => exportOnnx(policy)).toThrow('divides an observation by a deviation ≤ 0');
  });
});

/** What TensorFlow.js' network computes for observations normalized outside of it, bounded and chosen from. */
async function tfjsActions(
  { spec, sizes, weights, weightLayout }: Policy,
  observation: Float32Array,
  mask: Uint8Array,
) {
  const rows = observation.length / sizes.observation;
  const critic = { ...spec, network: { ...spec.network, critic: 'shared' as const } };
  const whole = new Policy(critic);
  for (const { name, offset, size } of weightLayout.slices)
    whole.weights.set(weights.subarray(offset, offset + size), requireSlice(whole.weightLayout, name).offset);
  const { observationClip } = spec;
  const normalized = observation.map((x, i) => {
    const at = i % sizes.observation;
    return Math.min(Math.max((x - weights[at]) / weights[sizes.observation + at], -observationClip), observationClip);
  });
  const model = createActorCritic(critic);
  const tensors = sliceWeights(tf.tensor1d(whole.weights.slice(whole.weightLayout.trainable)), model.slices);
  const output = model.forward(tensors, tf.tensor2d(normalized, [rows, sizes.observation]));
  const continuous = output.mean ? [...(await output.mean.data())].map((x) => Math.min(Math.max(x, -1), 1)) : [];
  const logits = output.logits ? [...(await output.logits.data())] : [];
  const choices: number[] = [];
  for (let at = 0; at < logits.length; ) {
    for (const size of sizes.branches) {
      const allowed = logits.slice(at, at + size).map((x, i) => (mask[at + i] === 1 ? x : -Infinity));
      choices.push(allowed.indexOf(Math.max(...allowed)));
      at += size;
    }
  }
  return { continuous, choices };
}
