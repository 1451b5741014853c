import { measureLayout } from '../core/layout.ts';
import { Random } from '../core/random.ts';
import { type WeightSlice, weightLayout } from '../policy/network.ts';
import type { PolicySpec } from '../policy/policy.ts';
import type { LearnerState } from './learner.ts';
import type { LearnerSettings } from './settings.ts';

/** Hidden layers preserve the magnitude of what passes through them. */
const HIDDEN_GAIN = Math.SQRT2;
/** The policy's heads start near 0, so that the first actions hardly depend on the observation. */
const POLICY_GAIN = 0.01;
const VALUE_GAIN = 1;

/**
 * The initial weights of a policy: orthogonal matrices (Saxe et al. 2014) with gain √2 in hidden layers, 0.01 in the
 * policy's heads and 1 in the value head; biases are 0; normalizers change nothing yet.
 *
 * @param initialLogDeviation log σ of every continuous action
 * @returns                   [P] see weightLayout()
 */
export function initializeWeights(spec: PolicySpec, seed: number, initialLogDeviation: number): Float32Array {
  const layout = weightLayout(measureLayout(spec.layout), spec.network);
  const weights = new Float32Array(layout.size);
  const random = new Random(seed);
  for (const slice of layout.slices) {
    const values = weights.subarray(slice.offset, slice.offset + slice.size);
    if (slice.name.endsWith('.deviation')) values.fill(1);
    else if (slice.name.endsWith('.logDeviation')) values.fill(initialLogDeviation);
    else if (slice.name.endsWith('.weight')) values.set(orthogonal(slice, gainOf(slice.name), random));
  }
  return weights;
}

/** A learner's initial state: initial weights, no momentum, no observations. */
export function createLearnerState(spec: PolicySpec, settings: LearnerSettings, seed: number): LearnerState {
  const sizes = measureLayout(spec.layout);
  const { size, trainable } = weightLayout(sizes, spec.network);
  const nothing = (width: number) => ({ count: 0, mean: new Float64Array(width), squares: new Float64Array(width) });
  return {
    weights: initializeWeights(spec, seed, settings.initialLogDeviation),
    firstMoment: new Float32Array(size - trainable),
    secondMoment: new Float32Array(size - trainable),
    steps: 0,
    learningRate: settings.learningRate,
    klCoefficient: settings.klCoefficient,
    observation: nothing(sizes.observation),
    valueTarget: nothing(1),
  };
}

function gainOf(name: string): number {
  if (name === 'value.weight') return VALUE_GAIN;
  return name.startsWith('continuous.') || name.startsWith('discrete.') ? POLICY_GAIN : HIDDEN_GAIN;
}

/** A matrix [inputs, outputs] whose columns (or rows, if there are fewer) are orthogonal with length `gain`. */
function orthogonal({ shape: [inputs, outputs] }: WeightSlice, gain: number, random: Random): Float64Array {
  const count = Math.min(inputs, outputs);
  const basis = orthonormalVectors(count, Math.max(inputs, outputs), random);
  const matrix = new Float64Array(inputs * outputs);
  for (let row = 0; row < inputs; row++) {
    for (let column = 0; column < outputs; column++) {
      const vector = inputs >= outputs ? basis[column] : basis[row];
      matrix[row * outputs + column] = gain * vector[inputs >= outputs ? row : column];
    }
  }
  return matrix;
}

/** `count` orthonormal vectors, uniformly distributed: normal draws, orthogonalized by Gram–Schmidt. */
function orthonormalVectors(count: number, length: number, random: Random): Float64Array[] {
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => random.normal());
    for (let pass = 0; pass < 2; pass++) for (const other of basis) addScaled(vector, other, -dot(vector, other)); // twice: rounding leaves a remainder
    const norm = Math.sqrt(dot(vector, vector));
    if (norm > 1e-6) basis.push(vector.map((x) => x / norm));
  }
  return basis;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addScaled(to: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * vector[i];
}
