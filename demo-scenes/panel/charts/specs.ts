import type { CurveName } from '../../run/curves.ts';
import { formatFigure, formatShare } from '../format.ts';

/** One line of a chart. */
export interface LineSpec {
  readonly curve: CurveName;
  /** lines of another magnitude have their own axis, on the right */
  readonly right?: boolean;
  readonly format: (value: number) => string;
}

/** A chart of some curves over decisions. */
export interface ChartSpec {
  readonly title: string;
  /** one sentence */
  readonly about: string;
  readonly lines: readonly LineSpec[];
  /** the curve whose ± is drawn as a band around the first line */
  readonly band?: CurveName;
  /** whether the run's goal is drawn */
  readonly goal?: boolean;
}

/** The charts of the panel, the most important first. */
export const CHARTS: readonly ChartSpec[] = [
  {
    title: 'Mean return',
    about:
      'What an episode returns: mean of the last 100, with their standard deviation as a band and the goal as a dashed line.',
    lines: [{ curve: 'meanReturn', format: formatFigure }],
    band: 'returnDeviation',
    goal: true,
  },
  {
    title: 'Episode length',
    about: 'Decisions per episode, mean of the last 100.',
    lines: [{ curve: 'episodeLength', format: formatFigure }],
  },
  {
    title: 'KL · clip',
    about: 'How far each update moves the policy, in nats, and the share of samples that it clips.',
    lines: [
      { curve: 'approximateKl', format: formatFigure },
      { curve: 'clipFraction', right: true, format: formatShare },
    ],
  },
  {
    title: 'Entropy',
    about: 'How random the policy is, in nats; it falls as agents settle on what to do.',
    lines: [{ curve: 'entropy', format: formatFigure }],
  },
  {
    title: 'Value loss',
    about: 'The error of the critic’s prediction.',
    lines: [{ curve: 'valueLoss', format: formatFigure }],
  },
  {
    title: 'Explained',
    about: 'The share of the returns’ variance that the critic predicts: 1 is all of it.',
    lines: [{ curve: 'explainedVariance', format: formatFigure }],
  },
  {
    title: 'Decisions/s',
    about: 'Decisions per second, including learning.',
    lines: [{ curve: 'decisionsPerSecond', format: formatFigure }],
  },
];
