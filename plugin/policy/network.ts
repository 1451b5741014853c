import type { LayoutSizes } from '../core/layout.ts';

/** The activations of hidden layers; the kernel numbers them from 1, in this order. */
export const ACTIVATIONS = ['tanh', 'relu', 'swish', 'elu'] as const;

/** What a hidden unit does with its weighted sum. */
export type Activation = (typeof ACTIVATIONS)[number];

/** Whether the value shares the policy's hidden layers, has its own of the same sizes, or is not in the file. */
export type Critic = 'shared' | 'separate' | 'none';

/** The shape of a dense actor-critic. */
export interface NetworkSpec {
  /** widths of the hidden layers, from the observation on; may be empty */
  readonly hidden: readonly number[];
  /** of all hidden layers, or a list with one per layer in policies of other trainers; layers past its end have none */
  readonly activation: Activation | readonly Activation[];
  /** where the value comes from */
  readonly critic: Critic;
}

/** The activation of each hidden layer. */
export function activationsOf({ hidden, activation }: NetworkSpec): readonly Activation[] {
  return typeof activation === 'string' ? hidden.map(() => activation) : activation;
}

/** The activation of all hidden layers of a network that is trained. */
export function requireOneActivation({ activation }: NetworkSpec): Activation {
  if (typeof activation === 'string') return activation;
  throw new RangeError(`A network with layers of ${activation.join(', ')} cannot be trained; it is for play only.`);
}

/** One named tensor inside the flat weight vector. Matrices are [inputs, outputs], row-major. */
export interface WeightSlice {
  /** such as `trunk.0.weight` */
  readonly name: string;
  /** such as [inputs, outputs] */
  readonly shape: readonly number[];
  /** index of its first float in the vector */
  readonly offset: number;
  /** number of floats */
  readonly size: number;
}

/** How one flat Float32Array holds a whole policy. */
export interface WeightLayout {
  /** in the order of the vector, without gaps */
  readonly slices: readonly WeightSlice[];
  /** P, floats of the vector */
  readonly size: number;
  /** where the trained weights begin; the normalizers' statistics come before */
  readonly trainable: number;
}

/**
 * The order of the flat weight vector:
 *
 *   normalizer.mean [O] · normalizer.deviation [O] · value.mean [1] · value.deviation [1]
 *   trunk.i.weight, trunk.i.bias · continuous.weight, .bias, .logDeviation [C] · discrete.weight, .bias [M]
 *   critic.i.weight, critic.i.bias (separate critic) · value.weight, value.bias
 */
export function weightLayout(sizes: LayoutSizes, { hidden, critic }: NetworkSpec): WeightLayout {
  const slices: WeightSlice[] = [];
  let size = 0;
  const add = (name: string, ...shape: number[]) => {
    const count = shape.reduce((product, length) => product * length, 1);
    slices.push({ name, shape, offset: size, size: count });
    size += count;
  };
  const dense = (name: string, inputs: number, outputs: number) => {
    add(`${name}.weight`, inputs, outputs);
    add(`${name}.bias`, outputs);
    return outputs;
  };
  const stack = (name: string) =>
    hidden.reduce((inputs, width, i) => dense(`${name}.${i}`, inputs, width), sizes.observation);

  add('normalizer.mean', sizes.observation);
  add('normalizer.deviation', sizes.observation);
  if (critic !== 'none') {
    add('value.mean', 1);
    add('value.deviation', 1);
  }
  const trainable = size;
  const features = stack('trunk');
  if (sizes.continuous > 0) {
    dense('continuous', features, sizes.continuous);
    add('continuous.logDeviation', sizes.continuous);
  }
  if (sizes.mask > 0) dense('discrete', features, sizes.mask);
  if (critic === 'separate') stack('critic');
  if (critic !== 'none') dense('value', features, 1);
  return { slices, size, trainable };
}

/** The slice called `name`; an unknown name is a programming error. */
export function requireSlice(layout: WeightLayout, name: string): WeightSlice {
  const slice = layout.slices.find((candidate) => candidate.name === name);
  if (!slice) throw new RangeError(`No weights "${name}". There are: ${layout.slices.map((s) => s.name).join(', ')}.`);
  return slice;
}

/** One dense layer of the flat vector. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** where its weights [inputs, outputs] begin */
  readonly weight: number;
  /** where its biases [outputs] begin */
  readonly bias: number;
}

/** The layer `name` of the flat vector. */
export function denseLayer(layout: WeightLayout, name: string): DenseLayer {
  const weight = requireSlice(layout, `${name}.weight`);
  const [inputs, outputs] = weight.shape;
  return { inputs, outputs, weight: weight.offset, bias: requireSlice(layout, `${name}.bias`).offset };
}

/** The largest float32, with room for rounding. */
const LARGEST = 3e38;

/**
 * What keeps a policy from acting, whatever it observes: non-finite weights, deviations ≤ 0, or weights so large that
 * values inside the network may overflow. Undefined if it can act.
 *
 *   |yₖ| ≤ inputs · max|w| · |yₖ₋₁| + max|b|,  |y₀| ≤ observationClip
 */
export function findWeightFault(
  { slices }: WeightLayout,
  observationClip: number,
  weights: Float32Array,
): string | undefined {
  let reach = observationClip;
  for (const { name, shape, offset, size } of slices) {
    let most = 0;
    let least = Infinity;
    for (let i = offset; i < offset + size; i++) {
      most = Math.max(most, Math.abs(weights[i])); // NaN, too, stays
      least = Math.min(least, weights[i]);
    }
    if (!Number.isFinite(most)) return `has non-finite numbers in "${name}"`;
    if (name.endsWith('.deviation') && least <= 0) return `has numbers ≤ 0 in "${name}"`;
    if (/^(trunk|critic)\.0\.weight/.test(name)) reach = observationClip;
    if (name.endsWith('.weight')) reach *= shape[0] * most;
    if (name.endsWith('.bias')) reach += most;
    if (reach > LARGEST) return `has weights in "${name}" that are too large`;
  }
  return undefined;
}
