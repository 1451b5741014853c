import { type LearnerContext, needsDistributions } from '../engine.ts';
import type { Samples } from '../samples.ts';

type ColumnName = Exclude<keyof Samples, 'count'>;

/** One column of all S samples, [S, width]. It begins at float `before · S` of the buffer `samples`. */
export interface SampleColumn {
  readonly name: ColumnName;
  readonly width: number;
  readonly before: number;
}

/** The columns of a rollout's samples in GPU order; none is empty. */
export function sampleColumns(context: LearnerContext): readonly SampleColumn[] {
  const { observation, continuous, mask } = context.sizes;
  const distributions = needsDistributions(context) ? 1 : 0;
  const widths: Readonly<Record<ColumnName, number>> = {
    observation,
    continuousAction: continuous,
    choice: mask,
    mask,
    logProb: 1,
    oldMean: distributions * continuous,
    oldLogDeviation: distributions * continuous,
    oldLogProbs: distributions * mask,
    advantage: 1,
    value: 1,
    target: 1,
  };
  let before = 0;
  const columns = (Object.keys(widths) as ColumnName[]).map((name) => {
    const column = { name, width: widths[name], before };
    before += column.width;
    return column;
  });
  return columns.filter(({ width }) => width > 0);
}

/** Floats per sample over all columns. */
export function sampleWidth(context: LearnerContext): number {
  return sampleColumns(context).reduce((total, { width }) => total + width, 0);
}

/** WGSL functions named after the columns, `logProb(sample, i)`, that read the buffer `samples`. */
export function declareColumns(context: LearnerContext, names: readonly ColumnName[]): string {
  return sampleColumns(context)
    .filter(({ name }) => names.includes(name))
    .map(
      ({ name, width, before }) =>
        `fn ${name}Of(sample: u32, i: u32) -> f32 { return samples[${before}u * step.samples + sample * ${width}u + i]; }`,
    )
    .join('\n');
}
