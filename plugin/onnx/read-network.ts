import type { LayoutSizes } from '../core/layout.ts';
import { type Activation, denseLayer, type NetworkSpec, parameterLayout, requireSlice } from '../policy/network.ts';
import { readNormaliser } from './read-normaliser.ts';
import {
  type ActivatedSource,
  type Column,
  constantOf,
  type DenseSource,
  isClipped,
  isConstant,
  type ObservationSource,
  type Rows,
  sameRows,
} from './rows.ts';
import { Unsupported } from './unsupported.ts';

/** What the outputs of a graph are made of. */
export interface TracedHeads {
  /** [batch, C] actions, bounded to [−1, 1] and spread by σ; no columns without continuous actions */
  readonly continuous: Rows;
  /** [C] σ */
  readonly spread: readonly number[];
  /** [batch, M] of all branches; no columns without them */
  readonly logits: Rows;
}

/** A network as a policy holds it. */
export interface ReadNetwork {
  readonly network: NetworkSpec;
  readonly normaliserClip: number;
  /** [P] */
  readonly parameters: Float32Array;
}

/** log σ of an action that is never drawn: σ is 2e-9. */
const NO_SPREAD = -20;

/** Some columns as a dense layer: their weights over the entries of a base, and biases. */
interface Layer {
  readonly columns: readonly Column[];
  readonly input: Rows;
}

/** Turns what is known of a graph's heads into a policy's parameters. */
export function readNetwork({ continuous, spread, logits }: TracedHeads, sizes: LayoutSizes): ReadNetwork {
  const heads = [continuous, logits].filter(({ columns }) => columns.length > 0).map(({ columns }) => layerOf(columns));
  if (heads.some(({ input }) => !sameRows(input, heads[0].input)))
    throw new Unsupported(
      'has several networks, one for each kind of action',
      'Only one trunk for all actions is imported',
    );
  const { hidden, activation, first } = followTrunk(heads[0].input);
  const network: NetworkSpec = { hidden: hidden.map(({ columns }) => columns.length), activation, critic: 'none' };
  const layout = parameterLayout(sizes, network);
  const parameters = new Float32Array(layout.size);
  const normaliser = readNormaliser(first, sizes.observation);
  parameters.set(normaliser.mean, requireSlice(layout, 'normaliser.mean').offset);
  parameters.set(normaliser.deviation, requireSlice(layout, 'normaliser.deviation').offset);
  const put = (name: string, layer: Layer) =>
    writeLayer(layer, denseLayer(layout, name), parameters, layer.input === first ? normaliser.factor : undefined);
  hidden.forEach((layer, i) => {
    put(`trunk.${i}`, layer);
  });
  if (sizes.continuous > 0) {
    put('continuous', heads[0]);
    const { offset } = requireSlice(layout, 'continuous.logDeviation');
    parameters.set(
      spread.map((deviation) => Math.max(Math.log(Math.abs(deviation)), NO_SPREAD)),
      offset,
    );
  }
  if (sizes.mask > 0) put('discrete', heads[heads.length - 1]);
  return { network, normaliserClip: normaliser.clip, parameters };
}

/** The hidden layers behind a head's input, from the observation on, and the rows that the first of them reads. */
function followTrunk(input: Rows): { hidden: readonly Layer[]; activation: Activation; first: Rows } {
  const hidden: Layer[] = [];
  const activations = new Set<Activation>();
  let at = input;
  for (let base = baseOf(at); base.kind === 'activated'; base = baseOf(at)) {
    const layer = layerOf(base.of.columns);
    activations.add(base.activation);
    hidden.unshift(layer);
    at = layer.input;
  }
  if (activations.size > 1)
    throw new Unsupported(
      `has layers of ${[...activations].join(' and ')}`,
      'All hidden layers need the same activation',
    );
  const [activation = 'swish'] = activations;
  return { hidden, activation, first: at };
}

/** What all columns of a layer's input are entries of. */
function baseOf({ columns }: Rows): ObservationSource | ActivatedSource {
  const sources = new Set(columns.flatMap(({ source }) => source ?? []));
  const [base] = sources;
  if (columns.some((column) => column.spread !== 0))
    throw new Unsupported('has a layer after its random numbers', 'Noise belongs to the last layer');
  if (base === undefined) throw new Unsupported('does not look at its observation', 'Export a policy that was trained');
  if (base.kind !== 'dense' && sources.size === 1) return base;
  throw new Unsupported(
    base.kind === 'dense'
      ? 'has two dense layers without an activation between them'
      : 'has a layer that reads several others',
    'Only dense layers in a row, each with its activation, are imported',
  );
}

/** Columns as what one dense layer gives. */
function layerOf(columns: readonly Column[]): Layer {
  const sources = columns.flatMap(({ source }) => source ?? []);
  const inputs = sources.map((source) => (source.kind === 'dense' ? source.input : undefined));
  const [input] = inputs;
  if (input === undefined || inputs.includes(undefined))
    throw new Unsupported(
      'has an activation or a head without a dense layer before it',
      'Only dense layers are imported',
    );
  if (columns.some((column) => isClipped(column) || column.spread !== 0))
    throw new Unsupported('clips or shakes values between its layers', 'Only observations and actions may be clipped');
  if (inputs.some((other) => other !== input && !sameRows(other as Rows, input)))
    throw new Unsupported('has a layer that reads several others', 'Only dense layers in a row are imported');
  return { columns, input };
}

/**
 * Writes one layer's weights [entries, outputs] and biases: y = Σⱼ (scaleⱼ · base[indexⱼ] + biasⱼ) · Wⱼ + b, with W and b
 * scaled as the columns say.
 *
 * @param factor of each entry of the observation, for the layer that reads it: see readNormaliser()
 */
function writeLayer(
  { columns, input }: Layer,
  { outputs, weight, bias }: { outputs: number; weight: number; bias: number },
  parameters: Float32Array,
  factor: ArrayLike<number> | undefined,
): void {
  columns.forEach((column, output) => {
    if (isConstant(column)) {
      parameters[bias + output] = constantOf(column);
      return;
    }
    const weights = column.source as DenseSource;
    let sum = column.bias;
    for (let j = 0; j < input.columns.length; j++) {
      const from = input.columns[j];
      const w = column.scale * weightAt(weights, j, column.index);
      if (isConstant(from)) sum += w * constantOf(from);
      else {
        parameters[weight + from.index * outputs + output] += w * (factor ? factor[from.index] : from.scale);
        if (!factor) sum += w * from.bias;
      }
    }
    parameters[bias + output] = sum;
  });
}

function weightAt({ weight, transposed }: DenseSource, input: number, output: number): number {
  const width = weight.dims[1];
  return weight.data[transposed ? output * width + input : input * width + output];
}
