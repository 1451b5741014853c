import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import type { LearnerContext, TrainingJob } from '../plugin/learn/engine.ts';
import { createSamples, gatherMinibatch, standardise } from '../plugin/learn/samples.ts';
import type { ActorCriticOutput } from '../plugin/learn/tfjs/actor-critic.ts';
import { uploadMinibatch } from '../plugin/learn/tfjs/engine.ts';
import { ppoLoss } from '../plugin/learn/tfjs/objective.ts';
import type { WeightSlice } from '../plugin/policy/network.ts';

/** Makes TensorFlow.js' wasm backend the current one, on one thread. */
export async function openStock(wasmFolder: string): Promise<void> {
  tf.enableProdMode();
  setWasmPaths(wasmFolder);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setThreadsCount(1);
  if (!(await tf.setBackend('wasm')))
    throw new Error(`TensorFlow.js did not start its wasm backend from ${wasmFolder}.`);
}

type Variables = ReadonlyMap<string, tf.Variable>;

/**
 * The yardstick of `bench update`: the gradient steps as one writes them with TensorFlow.js as it comes: a variable for every
 * weight and bias, plain layers, its automatic differentiation, its Adam. For continuous actions.
 *
 * @returns [P − trainable] the trained weights
 */
export async function trainStock(context: LearnerContext, job: TrainingJob): Promise<Float32Array> {
  const { layout, sizes, settings } = context;
  const slices = layout.slices.filter(({ offset }) => offset >= layout.trainable);
  const variables = createVariables(slices, job.state.weights);
  const optimizer = tf.train.adam(job.learningRate, 0.9, 0.999, 1e-5);
  const columns = createSamples(sizes, job.minibatch);
  for (const order of job.orders) {
    for (let from = 0; from < order.length; from += job.minibatch) {
      gatherMinibatch(sizes, job.samples, order, from, columns);
      standardise(columns.advantage);
      tf.tidy(() => {
        const batch = uploadMinibatch(sizes, columns);
        const { grads } = tf.variableGrads(
          () =>
            ppoLoss(forward(context, variables, batch.observation), batch, settings, [], settings.klCoefficient).loss,
        );
        optimizer.applyGradients(clip(grads, settings.maxGradientNorm));
      });
    }
  }
  const trained = await flatten(slices, variables);
  optimizer.dispose();
  for (const variable of variables.values()) variable.dispose();
  return trained;
}

function createVariables(slices: readonly WeightSlice[], weights: Float32Array): Variables {
  return new Map(
    slices.map(({ name, offset, size, shape }) => [
      name,
      tf.variable(tf.tensor(weights.slice(offset, offset + size), [...shape])),
    ]),
  );
}

function forward({ spec }: LearnerContext, variables: Variables, observation: tf.Tensor2D): ActorCriticOutput {
  const layer = (name: string, x: tf.Tensor2D): tf.Tensor2D =>
    tf.add(tf.matMul(x, variables.get(`${name}.weight`) as tf.Tensor2D), variables.get(`${name}.bias`) as tf.Tensor1D);
  const stack = (name: string) =>
    spec.network.hidden.reduce((x, _, i) => tf.tanh(layer(`${name}.${i}`, x)), observation);
  const features = stack('trunk');
  return {
    mean: layer('continuous', features),
    logDeviation: variables.get('continuous.logDeviation') as tf.Tensor as tf.Tensor1D,
    logits: undefined,
    value: tf.reshape(layer('value', spec.network.critic === 'separate' ? stack('critic') : features), [-1]),
  };
}

function clip(gradients: tf.NamedTensorMap, most: number): Record<string, tf.Variable> {
  const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
  const total = squares.reduce((sum, square) => tf.add(sum, square)); // tf.addN takes no more than 7 on webgpu
  const scale = tf.div(most, tf.maximum(tf.sqrt(total), most));
  const scaled = Object.entries(gradients).map(([name, gradient]) => [name, tf.mul(gradient, scale)]);
  return Object.fromEntries(scaled); // applyGradients() takes gradients, although its type says variables
}

async function flatten(slices: readonly WeightSlice[], variables: Variables): Promise<Float32Array> {
  const flat = tf.tidy(() => tf.concat(slices.map(({ name }) => tf.reshape(variables.get(name)!, [-1]))));
  const values = (await flat.data()) as Float32Array;
  flat.dispose();
  return values.slice();
}
