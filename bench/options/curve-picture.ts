import { areaY, lineY, ruleY } from '@observablehq/plot';
import { formatThousands } from '../format-number.ts';
import { composePicture, drawPlot, drawSample, drawText, type Stroke } from '../pictures/svg.ts';
import { averageCurves } from '../training-runs/learning-curve.ts';
import type { Outcome } from './outcome.ts';
import type { Comparison } from './protocol.ts';

const WIDTH = 640;
const HEIGHT = 280;
const HEADER = 62;
const MARGIN = 16;
/** without the option, with it, and what else is compared; told apart without color by their dashes */
const STROKES: readonly Stroke[] = [
  { color: '#57606a', width: 2.5, dashes: '5 3' },
  { color: '#2b74c8', width: 2.5 },
  { color: '#ef8a17', width: 2.5, dashes: '2 2.5' },
];

/** A comparison's learning curves: each seed thin, the mean of each variant over its seeds ± a standard deviation. */
export function drawComparison({ name, title, bar, judging, variants }: Comparison, runs: readonly Outcome[]): string {
  const drawn = variants.map((variant, i) => {
    const ofVariant = runs.filter(({ task, setting }) => task === name && setting === variant.name);
    return { title: variant.title, runs: ofVariant, mean: averageCurves(ofVariant), ...STROKES[i % STROKES.length] };
  });
  const seeds = Math.max(...drawn.map((variant) => variant.runs.length));
  const measure = judging ? `${judging.episodes} episodes played on the way` : 'the last 100 episodes of training';
  const legend = drawn.map(({ title: label, ...stroke }, i) => ({
    x: 56 + 260 * i,
    y: 42,
    svg: drawSample(stroke, label),
  }));
  return composePicture(WIDTH, HEADER + HEIGHT + MARGIN, title, [
    { x: MARGIN, y: 8, svg: drawText(title, { size: 15, weight: 600 }) },
    {
      x: MARGIN,
      y: 26,
      svg: drawText(`mean return of ${measure}, over ${seeds} seeds ± a standard deviation`, {
        size: 11,
        color: '#57606a',
      }),
    },
    ...legend,
    { x: 0, y: HEADER, svg: drawCurves(drawn, bar) },
  ]);
}

interface DrawnVariant extends Stroke {
  readonly runs: readonly Outcome[];
  readonly mean: ReturnType<typeof averageCurves>;
}

function drawCurves(variants: readonly DrawnVariant[], bar: number): string {
  return drawPlot({
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 56,
    marginRight: 20,
    marginTop: 10,
    marginBottom: 40,
    x: { label: 'decisions', zero: true, tickFormat: formatThousands, labelAnchor: 'center', labelArrow: 'none' },
    y: { label: null, grid: true, nice: true },
    marks: [
      ruleY([bar], { stroke: '#d81e3f', strokeDasharray: '1 3' }),
      ...variants.map(({ mean, color }) =>
        areaY(mean, { x: 'decisions', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.1 }),
      ),
      ...variants.flatMap(({ runs, color }) =>
        runs.map(({ curve }) =>
          lineY(curve, {
            x: ([decisions]) => decisions,
            y: ([, value]) => value,
            stroke: color,
            strokeWidth: 0.6,
            strokeOpacity: 0.5,
          }),
        ),
      ),
      ...variants.map(({ mean, color, width, dashes }) =>
        lineY(mean, {
          x: 'decisions',
          y: 'mean',
          stroke: color,
          strokeWidth: width,
          ...(dashes && { strokeDasharray: dashes }),
        }),
      ),
    ],
  });
}
