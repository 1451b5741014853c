import * as tf from '@tensorflow/tfjs-core';
import { measureLayout } from '../../core/layout.ts';
import { type Activation, requireOneActivation, type WeightSlice, weightLayout } from '../../policy/network.ts';
import type { PolicySpec } from '../../policy/policy.ts';

/** An actor-critic's outputs for a batch of observations. */
export interface ActorCriticOutput {
  /** [B, C] μ, if there are continuous actions */
  readonly mean: tf.Tensor2D | undefined;
  /** [C] log σ, if there are continuous actions */
  readonly logDeviation: tf.Tensor1D | undefined;
  /** [B, M] before masking, if there are discrete actions */
  readonly logits: tf.Tensor2D | undefined;
  /** [B] V(s), normalized: (V − value.mean) / value.deviation */
  readonly value: tf.Tensor1D;
}

/** The network of a policy on tensors; it holds no weights. */
export interface ActorCritic {
  /** [D] the number of choices of each branch */
  readonly branches: readonly number[];
  /** the trained slices, in the order of the flat vector; offsets are relative to the first one */
  readonly slices: readonly WeightSlice[];
  /**
   * @param weights     one tensor per slice, see sliceWeights()
   * @param observation [B, O] normalized and clipped
   */
  forward(weights: readonly tf.Tensor[], observation: tf.Tensor2D): ActorCriticOutput;
}

/** The network that `spec` describes; it needs a critic. */
export function createActorCritic({ layout, network }: PolicySpec): ActorCritic {
  const sizes = measureLayout(layout);
  const { slices: all, trainable } = weightLayout(sizes, network);
  const slices = all
    .filter((slice) => slice.offset >= trainable)
    .map((slice) => ({ ...slice, offset: slice.offset - trainable }));
  const activation = requireOneActivation(network);
  const positions = new Map(slices.map((slice, i) => [slice.name, i]));

  return {
    branches: sizes.branches,
    slices,
    forward(weights, observation) {
      const named = <T extends tf.Tensor>(name: string) => weights[positions.get(name)!] as T;
      const affine = (name: string, x: tf.Tensor2D): tf.Tensor2D =>
        tf.add(tf.matMul(x, named<tf.Tensor2D>(`${name}.weight`)), named<tf.Tensor1D>(`${name}.bias`));
      const stack = (name: string) =>
        network.hidden.reduce((x, _, i) => activate(activation, affine(`${name}.${i}`, x)), observation);

      const features = stack('trunk');
      const mean = sizes.continuous > 0 ? affine('continuous', features) : undefined;
      const logits = sizes.mask > 0 ? affine('discrete', features) : undefined;
      const value = affine('value', network.critic === 'separate' ? stack('critic') : features);
      return {
        mean,
        logDeviation: mean && named<tf.Tensor1D>('continuous.logDeviation'),
        logits,
        value: tf.reshape(value, [observation.shape[0]]),
      };
    },
  };
}

function activate(activation: Activation, z: tf.Tensor2D): tf.Tensor2D {
  switch (activation) {
    case 'tanh':
      return tf.tanh(z);
    case 'relu':
      return tf.relu(z);
    case 'swish':
      return tf.mul(z, tf.sigmoid(z));
    case 'elu':
      return tf.elu(z);
  }
}

/** Splits the flat vector [P − trainable] into one tensor per slice. */
export function sliceWeights(flat: tf.Tensor1D, slices: readonly WeightSlice[]): tf.Tensor[] {
  return slices.map(({ offset, size, shape }) => tf.tidy(() => tf.reshape(tf.slice(flat, offset, size), [...shape])));
}

/** The inverse of sliceWeights(). */
export function flattenWeights(tensors: readonly tf.Tensor[]): tf.Tensor1D {
  return tf.tidy(() => tf.concat(tensors.map((tensor) => tf.reshape(tensor, [tensor.size])) as tf.Tensor1D[]));
}
