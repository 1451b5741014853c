import { areaY, lineY, ruleY } from '@observablehq/plot';
import { formatNumber, formatThousands } from '../../format-number.ts';
import { composePicture, drawPlot, drawSample, drawText, type Placed } from '../../pictures/svg.ts';
import { averageCurves } from '../../training-runs/learning-curve.ts';
import type { RunRecord } from '../../training-runs/run-record.ts';
import { type AblationTask, SETTINGS } from '../protocol.ts';
import type { TaskBounds } from '../scores.ts';
import { STROKES } from './palette.ts';

const COLUMNS = 2;
const PANEL = { width: 480, height: 250 } as const;
const MARGIN = 20;
const HEADER = 66;
/** How far below the random policy a panel goes at most, as a share of what lies above it: worse curves leave the panel. */
const DEPTH = 0.6;

/** A panel for each task: return against decisions, a line for each setting. */
export function drawLearningCurves(
  runs: readonly RunRecord[],
  tasks: readonly AblationTask[],
  bounds: Readonly<Record<string, TaskBounds>>,
): string {
  const drawn = tasks.filter(({ name }) => bounds[name] !== undefined);
  const rows = Math.ceil((drawn.length + 1) / COLUMNS);
  const place = (i: number) => ({
    x: MARGIN + (i % COLUMNS) * PANEL.width,
    y: HEADER + Math.floor(i / COLUMNS) * PANEL.height,
  });
  const panels = drawn.flatMap((task, i) => {
    const ofTask = runs.filter((run) => run.task === task.name);
    const { x, y } = place(i);
    return [
      { x, y, svg: drawPanel(ofTask, bounds[task.name]) },
      { x: x + 52, y: y + 2, svg: drawText(task.title, { size: 14, weight: 600 }) },
    ];
  });
  const header = [
    { x: MARGIN, y: 14, svg: drawText('Learning curves of the ablation', { size: 18, weight: 600 }) },
    {
      x: MARGIN,
      y: 40,
      svg: drawText('Mean return of the last 100 episodes against decisions: mean over seeds, ± a standard deviation', {
        size: 13,
        color: '#57606a',
      }),
    },
  ];
  const width = 2 * MARGIN + COLUMNS * PANEL.width;
  const height = HEADER + rows * PANEL.height + MARGIN;
  const legend = drawLegend(place(drawn.length));
  return composePicture(width, height, 'Learning curves of every setting on every task', [
    ...header,
    ...panels,
    ...legend,
  ]);
}

function drawPanel(runs: readonly RunRecord[], { random, best }: TaskBounds): string {
  const lines = SETTINGS.flatMap(({ name }) => {
    const curve = averageCurves(runs.filter(({ setting }) => setting === name));
    const stroke = STROKES.get(name);
    return curve.length > 0 && stroke ? [{ curve, ...stroke }] : [];
  });
  const lows = lines.flatMap(({ curve }) => curve.map((point) => point.mean));
  const highs = [best, ...lines.flatMap(({ curve }) => curve.map((point) => point.mean))];
  const high = Math.max(...highs);
  const low = Math.max(Math.min(random, ...lows), random - DEPTH * (high - random));
  return drawPlot({
    ...PANEL,
    marginLeft: 52,
    marginRight: 16,
    marginTop: 28,
    marginBottom: 40,
    x: {
      label: 'decisions',
      zero: true,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: 5,
      tickFormat: formatThousands,
    },
    y: {
      label: null,
      domain: [low, high],
      nice: true,
      ticks: 5,
      grid: true,
      tickFormat: (value: number) => formatNumber(value, 0),
    },
    marks: [
      ruleY([random], { stroke: '#8c959f', strokeDasharray: '1 3', strokeWidth: 1.5 }),
      ...lines.map(({ curve, color }) =>
        areaY(curve, { x: 'decisions', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.07, clip: true }),
      ),
      ...lines.map(({ curve, color, width, dashes }) =>
        lineY(curve, {
          x: 'decisions',
          y: 'mean',
          stroke: color,
          strokeWidth: width,
          ...(dashes && { strokeDasharray: dashes }),
          clip: true,
        }),
      ),
    ],
  });
}

/** A sample of each line beside its name, in two columns. */
function drawLegend({ x, y }: { readonly x: number; readonly y: number }): readonly Placed[] {
  const entries = [
    ...SETTINGS.map(({ name, title }) => ({ title, ...STROKES.get(name)! })),
    { title: 'random policy', color: '#8c959f', width: 1.5, dashes: '1 3' },
  ];
  const perColumn = Math.ceil(entries.length / 2);
  return entries.map(({ title, ...stroke }, i) => ({
    x: x + 52 + 210 * Math.floor(i / perColumn),
    y: y + 34 + 24 * (i % perColumn),
    svg: drawSample(stroke, title),
  }));
}
