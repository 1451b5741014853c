import type { LayoutSizes } from '../core/layout.ts';
import { type Activation, denseLayer, type NetworkSpec, requireSlice, weightLayout } from '../policy/network.ts';
import { type ReadNormalizer, readNormalizer } from './read-normalizer.ts';
import { weightAt } from './row-operators/dense.ts';
import {
  type ActivatedSource,
  constantOf,
  type DenseSource,
  isClipped,
  isConstant,
  type ObservationSource,
  type Rows,
  sameRows,
} from './rows.ts';
import { Unsupported } from './unsupported.ts';

/** What a graph's outputs are computed from. */
export interface TracedHeads {
  /** [batch, C] actions before their bounds, without noise; undefined without continuous actions */
  readonly continuous: Rows | undefined;
  /** [C] σ */
  readonly spread: readonly number[];
  /** [batch, M] of all branches; undefined without them */
  readonly logits: Rows | undefined;
}

/** A network in a policy's terms. */
export interface ReadNetwork {
  readonly network: NetworkSpec;
  readonly observationClip: number;
  /** [P] */
  readonly weights: Float32Array;
}

/** log σ of an action that is never drawn: σ is 2e-9. */
const NO_SPREAD = -20;

/** Some columns as a layer: each is a weighted sum of a base's entries, plus a bias. */
interface ReadLayer {
  readonly columns: Rows;
  readonly input: Rows;
  /** whether each column is the entry of `input` at the same index, without a dense layer in between */
  readonly direct: boolean;
}

/** Turns traced heads into a policy's weights. */
export function readNetwork({ continuous, spread, logits }: TracedHeads, sizes: LayoutSizes): ReadNetwork {
  const heads = [continuous, logits].filter((head) => head !== undefined).map((head) => layerOf(head));
  if (heads.some(({ input }) => !sameRows(input, heads[0].input)))
    throw new Unsupported(
      'has several networks, one for each kind of action',
      'Train it with one trunk for all actions',
    );
  const { hidden, activations, first } = followTrunk(heads[0].input);
  const network: NetworkSpec = {
    hidden: hidden.map(({ columns }) => columns.source.length),
    activation: new Set(activations).size > 1 ? activations : (activations[0] ?? 'swish'),
    critic: 'none',
  };
  const layout = weightLayout(sizes, network);
  const weights = new Float32Array(layout.size);
  const normalizer = readNormalizer(first, sizes.observation);
  weights.set(normalizer.mean, requireSlice(layout, 'normalizer.mean').offset);
  weights.set(normalizer.deviation, requireSlice(layout, 'normalizer.deviation').offset);
  const put = (name: string, layer: ReadLayer) =>
    writeLayer(layer, denseLayer(layout, name), weights, layer.input === first ? normalizer : undefined);
  hidden.forEach((layer, i) => {
    put(`trunk.${i}`, layer);
  });
  if (continuous) {
    put('continuous', heads[0]);
    const { offset } = requireSlice(layout, 'continuous.logDeviation');
    weights.set(
      spread.map((deviation) => Math.max(Math.log(Math.abs(deviation)), NO_SPREAD)),
      offset,
    );
  }
  if (logits) put('discrete', { ...heads[heads.length - 1], input: heads[0].input });
  return { network, observationClip: normalizer.observationClip, weights };
}

/** The hidden layers before a head's input, from the observation on, and the rows that the first one reads. */
function followTrunk(input: Rows): {
  hidden: readonly ReadLayer[];
  activations: readonly Activation[];
  first: Rows;
} {
  const hidden: ReadLayer[] = [];
  const activations: Activation[] = [];
  let at = input;
  for (let base = baseOf(at); base.kind === 'activated'; base = baseOf(at)) {
    const layer = layerOf(base.of);
    activations.unshift(base.activation);
    hidden.unshift(layer);
    at = layer.input;
  }
  return { hidden, activations, first: at };
}

/** The common source of all columns of a layer's input. */
function baseOf({ source, spread }: Rows): ObservationSource | ActivatedSource {
  const sources = new Set(source);
  sources.delete(undefined);
  const [base] = sources;
  if (spread?.some((one) => one !== 0))
    throw new Unsupported('has a layer after its random numbers', 'Export it with noise after the last layer only');
  if (base === undefined)
    throw new Unsupported('has actions that do not depend on its observation', 'Export a trained policy');
  if (base.kind !== 'dense' && sources.size === 1) return base;
  throw new Unsupported(
    'has a layer that reads several other layers',
    'Only a chain of dense layers and activations can be imported',
  );
}

/** Columns as the output of one layer. */
function layerOf(columns: Rows): ReadLayer {
  const { source, spread } = columns;
  const read = source.filter((_, i) => !isConstant(columns, i));
  const dense = read.filter((one): one is DenseSource => one?.kind === 'dense');
  if (spread?.some((one) => one !== 0))
    throw new Unsupported('has a layer after its random numbers', 'Export it with noise after the last layer only');
  if (dense.length === 0) return { columns, input: columns, direct: true };
  const [{ input }] = dense;
  if (dense.length < read.length || dense.some((other) => other.input !== input && !sameRows(other.input, input)))
    throw new Unsupported(
      'has a layer that reads several other layers',
      'Only a chain of dense layers and activations can be imported',
    );
  if (source.some((_, i) => isClipped(columns, i) && !isConstant(columns, i)))
    throw new Unsupported('clips values between its layers', 'Export it with clips on whole layers only');
  return { columns, input, direct: false };
}

/**
 * Writes one layer's weights [entries, outputs] and biases: y = Σⱼ (scaleⱼ · base[indexⱼ] + biasⱼ) · Wⱼ + b, with W and b
 * scaled by the columns' factors.
 *
 * @param normalizer for the layer that reads the observation
 */
function writeLayer(
  { columns, input, direct }: ReadLayer,
  { outputs, weight, bias }: { outputs: number; weight: number; bias: number },
  weights: Float32Array,
  normalizer: ReadNormalizer | undefined,
): void {
  const size = input.source.length;
  for (let output = 0; output < outputs; output++) {
    if (isConstant(columns, output)) {
      weights[bias + output] = constantOf(columns, output);
      continue;
    }
    const source = columns.source[output] as DenseSource;
    let sum = direct ? 0 : columns.bias[output];
    for (let j = direct ? output : 0; j < (direct ? output + 1 : size); j++) {
      const w = direct ? 1 : columns.scale[output] * weightAt(source, j, columns.index[output]);
      if (isConstant(input, j)) sum += w * constantOf(input, j);
      else {
        const entry = input.index[j];
        weights[weight + entry * outputs + output] += w * (normalizer ? normalizer.factor[entry] : input.scale[j]);
        sum += w * (normalizer ? normalizer.offset[entry] : input.bias[j]);
      }
    }
    weights[bias + output] = sum;
  }
}
