import { describe, expect, it } from 'vitest';
import { createValue } from '../../plugin/onnx/graph-builder.ts';
import { importOnnx } from '../../plugin/onnx/import-onnx.ts';
import type { OnnxValue } from '../../plugin/onnx/model.ts';
import { createObservations } from '../policy/fixtures.ts';
import { type Body, createActorFile, maskLogits } from './actors.ts';
import { actOf, createMasks, largestDifference } from './fixtures.ts';
import { runModel } from './session.ts';

const ROWS = 50;
const OBSERVED = createValue('vector_observation', ['batch', 4]);
const MASKS = createValue('action_masks', ['batch', 5]);

/** Log-probabilities of two branches under their masks, as package 1.x wrote them: log(softmax + 1e-7). */
const discrete =
  (output: string): Body =>
  (actor) => {
    const hidden = actor.swish(actor.gemm('vector_observation', 4, 6));
    const logs = [
      [0, 3],
      [3, 5],
    ].map(([from, to]) => {
      const range = { axes: { ints: [1] }, starts: { ints: [from] }, ends: { ints: [to] } };
      const logits = maskLogits(actor, actor.gemm(hidden, 6, to - from), actor.node('Slice', ['action_masks'], range));
      const probabilities = actor.node('Softmax', [logits], { axis: { int: 1 } });
      return actor.node('Log', [actor.node('Add', [probabilities, actor.value([], [1e-7])])]);
    });
    actor.node('Concat', logs, { axis: { int: 1 } }, output);
    actor.outputs.push(createValue(output, ['batch', 5]));
  };

const continuous: Body = (actor) => {
  const mean = actor.gemm(actor.swish(actor.gemm('vector_observation', 4, 6)), 6, 2);
  const noise = actor.node('Mul', [actor.node('RandomNormalLike', [mean]), actor.value([1, 2], [0.5, 2])]);
  actor.action(actor.node('Add', [mean, noise]), 'continuous_actions', 2);
};

const open = (body: Body, inputs: readonly OnnxValue[], version = 2) => createActorFile(body, { inputs, version });

describe('importOnnx with model version 2', () => {
  it.each(['discrete_actions', 'action'])('samples from the log-probabilities in "%s"', async (output) => {
    const file = open(discrete(output), [OBSERVED, MASKS]);
    const policy = importOnnx(file);
    expect(policy.spec.layout).toEqual({
      sensors: [{ name: 'vector_observation', size: 4 }],
      actuators: [{ name: 'actions', continuous: 0, branches: [3, 2] }],
    });
    const observation = createObservations(policy, ROWS);
    const mask = createMasks(policy, ROWS);
    const answers = await runModel(file, {
      vector_observation: [observation, [ROWS, 4]],
      action_masks: [Float32Array.from(mask), [ROWS, 5]],
    });
    const { choices } = actOf(policy, observation, mask);
    const likeliest = Array.from({ length: ROWS }, (_, row) => {
      const logs = answers[output].slice(5 * row, 5 * row + 5);
      return [logs.slice(0, 3), logs.slice(3)].map((branch) => branch.indexOf(Math.max(...branch)));
    });
    expect(choices).toEqual(likeliest.flat());
    expect(new Set(choices).size).toBe(3);
  });

  it('accepts masks after the softmax, and actions that Unity clips, as in the first PyTorch releases', async () => {
    const body: Body = (actor) => {
      const hidden = actor.swish(actor.gemm('vector_observation', 4, 6));
      const logs = [
        [0, 3],
        [3, 5],
      ].map(([from, to]) => {
        const range = { axes: { ints: [1] }, starts: { ints: [from] }, ends: { ints: [to] } };
        const softmax = actor.node('Softmax', [actor.gemm(hidden, 6, to - from)], { axis: { int: 1 } });
        const masked = actor.node('Mul', [softmax, actor.node('Slice', ['action_masks'], range)]);
        const sum = actor.node('ReduceSum', [masked], { axes: { ints: [-1] }, keepdims: { int: 0 } });
        const probabilities = actor.node('Div', [masked, actor.node('Unsqueeze', [sum], { axes: { ints: [1] } })]);
        const log = actor.node('Log', [actor.node('Add', [probabilities, actor.value([], [1e-7])])]);
        return actor.node('Log', [actor.node('Softmax', [log], { axis: { int: 1 } })]);
      });
      actor.node('Concat', logs, { axis: { int: 1 } }, 'discrete_actions');
      const mean = actor.gemm(hidden, 6, 2);
      const noise = actor.node('Mul', [actor.node('RandomNormalLike', [mean]), actor.value([1, 2], [0.5, 2])]);
      actor.node('Add', [mean, noise], {}, 'continuous_actions');
      actor.outputs.push(
        createValue('discrete_actions', ['batch', 5]),
        createValue('continuous_actions', ['batch', 2]),
      );
    };
    const file = open(body, [OBSERVED, MASKS]);
    expect(() => importOnnx(file)).toThrow('outputs 2 numbers ("continuous_actions"), but does not say what they are.');
    const policy = importOnnx(file, { bounds: 'clip' });
    const observation = createObservations(policy, ROWS);
    const mask = createMasks(policy, ROWS);
    const { discrete_actions: logs } = await runModel(file, {
      vector_observation: [observation, [ROWS, 4]],
      action_masks: [Float32Array.from(mask), [ROWS, 5]],
    });
    const likeliest = Array.from({ length: ROWS }, (_, row) =>
      [logs.slice(5 * row, 5 * row + 3), logs.slice(5 * row + 3, 5 * row + 5)].map((branch) =>
        branch.indexOf(Math.max(...branch)),
      ),
    );
    expect(actOf(policy, observation, mask).choices).toEqual(likeliest.flat());
  });

  it('has continuous actions if only the drawn ones are an output', () => {
    const policy = importOnnx(open(continuous, [OBSERVED]));
    expect(policy.spec).toMatchObject({ bounds: 'clip', network: { hidden: [6], activation: 'swish' } });
    const { offset } = policy.weightLayout.slices.find(({ name }) => name === 'continuous.logDeviation')!;
    const deviations = policy.weights.subarray(offset, offset + 2);
    expect(largestDifference(deviations, [Math.log(0.5 / 3), Math.log(2 / 3)])).toBeLessThan(1e-6);
  });

  it('takes its noise from the input of that name, as TensorFlow’s files do', async () => {
    const body: Body = (actor) => {
      const mean = actor.gemm(actor.swish(actor.gemm('vector_observation', 4, 6)), 6, 2);
      const noise = actor.node('Mul', ['epsilon', actor.value([2], [0.5, 2])]);
      actor.action(actor.node('Add', [mean, noise]), 'action', 2);
    };
    const file = open(body, [OBSERVED, createValue('epsilon', ['batch', 2])]);
    const policy = importOnnx(file);
    const observation = createObservations(policy, ROWS);
    const { action } = await runModel(file, {
      vector_observation: [observation, [ROWS, 4]],
      epsilon: [new Float32Array(2 * ROWS), [ROWS, 2]],
    });
    expect(largestDifference(actOf(policy, observation, new Uint8Array(0)).continuous, action)).toBeLessThan(1e-5);
  });

  it('also reads log-probabilities in version 3', () => {
    expect(importOnnx(open(discrete('discrete_actions'), [OBSERVED, MASKS], 3)).sizes.branches).toEqual([3, 2]);
  });

  it('rejects images, which have other names there', () => {
    const images = createValue('visual_observation_0', ['batch', 84, 84, 3]);
    expect(() => importOnnx(open(continuous, [OBSERVED, images]))).toThrow(
      'sees images or a grid ("visual_observation_0" [batch, 84, 84, 3]), which are not supported yet.',
    );
  });

  it('rejects log-probabilities whose masks do not block', () => {
    const body: Body = (actor) => {
      const logits = actor.node('Mul', [actor.gemm('vector_observation', 4, 5), 'action_masks']);
      actor.node('Log', [actor.node('Softmax', [logits], { axis: { int: 1 } })], {}, 'discrete_actions');
      actor.outputs.push(createValue('discrete_actions', ['batch', 5]));
    };
    expect(() => importOnnx(open(body, [OBSERVED, MASKS]))).toThrow(
      'does not behave like the dense policy that it seems to be: ',
    );
  });
});
