import { denseLayer, requireSlice } from '../../policy/network.ts';
import { type LearnerContext, REPORT } from '../engine.ts';

/**
 * Where one matrix [B, width] is in a buffer with several: it begins at float `place · B`, so `place` counts the columns
 * before it.
 */
export type MatrixPlace = number;

/** The source of a layer that reads observations, which are among the samples instead of the activations. */
export const OBSERVATION: MatrixPlace = 0xffffffff;

/**
 * A dense layer as the programs see it: one matrix [inputs + 1, outputs], whose last row is the bias. It reads the
 * activations at `source`; its own are at `place`, and so is ∂L/∂z in the deltas.
 */
export interface PlannedLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** where its matrix begins in the trained vector */
  readonly matrix: number;
  readonly source: MatrixPlace;
  readonly place: MatrixPlace;
  /** whether the network's activation follows */
  readonly hidden: boolean;
}

/** Where everything in a gradient step is on the GPU; the same for all of an engine's updates. */
export interface Plan {
  /** P, trained weights */
  readonly weights: number;
  /** hidden layers by depth: the trunk's, then a separate critic's of the same width */
  readonly levels: readonly (readonly PlannedLayer[])[];
  /** continuous and discrete (if any) and value */
  readonly heads: readonly PlannedLayer[];
  readonly continuous: PlannedLayer | undefined;
  readonly discrete: PlannedLayer | undefined;
  readonly value: PlannedLayer;
  /** log σ [C] as a layer without inputs: its gradient is the sum over the rows of its deltas, like a bias's */
  readonly logDeviation: PlannedLayer | undefined;
  /** the summed parts of REPORT, likewise; its `matrix` comes right after the weights */
  readonly report: PlannedLayer;
  /** log σ, if any, and the report */
  readonly sums: readonly PlannedLayer[];
  /** columns of the activations */
  readonly activations: number;
  /** columns of the deltas */
  readonly deltas: number;
}

/** The parts of REPORT that are sums over samples: all but the gradient's norm. */
export const SUMMED_REPORT = REPORT.length - 1;

/** Lays out the network of `context`, which must have a critic. */
export function planNetwork({ spec, sizes, layout }: LearnerContext): Plan {
  const { hidden, critic } = spec.network;
  const weights = layout.size - layout.trainable;
  let columns = 0;
  const add = (layer: Omit<PlannedLayer, 'place'>): PlannedLayer => {
    columns += layer.outputs;
    return { ...layer, place: columns - layer.outputs };
  };
  const dense = (name: string, source: MatrixPlace, hidden = false) => {
    const { inputs, outputs, weight } = denseLayer(layout, name);
    return add({ inputs, outputs, matrix: weight - layout.trainable, source, hidden });
  };
  const sums = (outputs: number, matrix: number) =>
    add({ inputs: 0, outputs, matrix, source: OBSERVATION, hidden: false });

  const stacks = critic === 'separate' ? ['trunk', 'critic'] : ['trunk'];
  const levels: PlannedLayer[][] = [];
  let features = stacks.map(() => OBSERVATION);
  for (let depth = 0; depth < hidden.length; depth++) {
    const level = stacks.map((stack, i) => dense(`${stack}.${depth}`, features[i], true));
    features = level.map(({ place }) => place);
    levels.push(level);
  }
  const continuous = sizes.continuous > 0 ? dense('continuous', features[0]) : undefined;
  const discrete = sizes.mask > 0 ? dense('discrete', features[0]) : undefined;
  const value = dense('value', features[features.length - 1]);
  const heads = [continuous, discrete, value].filter((head) => head !== undefined);
  const activations = columns;
  const logDeviation =
    continuous && sums(sizes.continuous, requireSlice(layout, 'continuous.logDeviation').offset - layout.trainable);
  const report = sums(SUMMED_REPORT, weights);
  return {
    weights,
    levels,
    heads,
    continuous,
    discrete,
    value,
    logDeviation,
    report,
    sums: logDeviation ? [logDeviation, report] : [report],
    activations,
    deltas: columns,
  };
}
