import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import type { LearnerContext, TrainingJob } from '../plugin/learn/engine.ts';
import { createSamples, gatherMinibatch, standardise } from '../plugin/learn/samples.ts';
import { flattenParameters } from '../plugin/learn/tfjs/actor-critic.ts';
import { uploadMinibatch } from '../plugin/learn/tfjs/engine.ts';
import { ppoLoss } from '../plugin/learn/tfjs/objective.ts';

/**
 * The yardstick on GPUs: gradient steps of two separate networks as one writes them with TensorFlow.js as it comes, a
 * variable for every weight and bias, its automatic differentiation, its Adam. For continuous actions.
 */
export async function trainStockNetworks(
  { layout, spec, sizes, settings }: LearnerContext,
  job: TrainingJob,
): Promise<void> {
  const names = layout.slices.filter(({ offset }) => offset >= layout.trainable);
  const variables = new Map(
    names.map(({ name, offset, size, shape }) => [
      name,
      tf.variable(tf.tensor(job.state.parameters.slice(offset, offset + size), [...shape])),
    ]),
  );
  const layer = (name: string, x: tf.Tensor) =>
    tf.add(tf.matMul(x, variables.get(`${name}.weight`)!), variables.get(`${name}.bias`)!) as tf.Tensor2D;
  const stack = (name: string, x: tf.Tensor) =>
    spec.network.hidden.reduce((x, _, i) => tf.tanh(layer(`${name}.${i}`, x)), x);
  const columns = createSamples(sizes, job.minibatch);
  const optimizer = tf.train.adam(job.learningRate, 0.9, 0.999, 1e-5);

  const loss = () => {
    const batch = uploadMinibatch(sizes, columns);
    const output = {
      mean: layer('continuous', stack('trunk', batch.observation)),
      logDeviation: variables.get('continuous.logDeviation') as tf.Tensor as tf.Tensor1D,
      logits: undefined,
      value: tf.reshape<tf.Rank.R1>(layer('value', stack('critic', batch.observation)), [-1]),
    };
    return ppoLoss(output, batch, settings, []).loss;
  };
  for (const order of job.orders) {
    for (let from = 0; from < order.length; from += job.minibatch) {
      gatherMinibatch(sizes, job.samples, order, from, columns);
      standardise(columns.advantage);
      tf.tidy(() => optimizer.applyGradients(clip(tf.variableGrads(loss).grads, settings.maxGradientNorm)));
    }
  }
  const flat = flattenParameters([...variables.values()]);
  await flat.data();
  optimizer.dispose();
  tf.dispose([flat, ...variables.values()]);
}

function clip(gradients: tf.NamedTensorMap, most: number): Record<string, tf.Variable> {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  const total = squares.reduce((sum, square) => tf.add(sum, square)); // tf.addN takes no more than 7 on webgpu
  const scale = tf.div(most, tf.maximum(tf.sqrt(total), most));
  const clipped = Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, scale)]);
  return Object.fromEntries(clipped) as Record<string, tf.Variable>; // applyGradients() wants tensors and says variables
}
