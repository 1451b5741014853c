import { lineY, ruleY, text } from '@observablehq/plot';
import { formatThousands } from '../format-number.ts';
import { composePicture, drawPlot, drawSample, drawText, type Stroke } from '../pictures/svg.ts';
import type { Rung } from './ladder.ts';
import type { SceneRecord } from './scene-record.ts';

const WIDTH = 640;
const HEIGHT = 260;
const HEADER = 56;
const MARGIN = 16;
/** by seed; told apart without color by their dashes */
const STROKES: readonly Stroke[] = [
  { color: '#2b74c8', width: 1.8 },
  { color: '#ef8a17', width: 1.8, dashes: '6 3' },
  { color: '#159a6c', width: 1.8, dashes: '2 2.5' },
];

/** The learning curve of each seed of a scene, and the bar that it is to reach. */
export function drawSceneCurves({ name, bar }: Rung, records: readonly SceneRecord[]): string {
  const points = records.map(({ curve }) => curve.map(([decisions, , meanReturn]) => ({ decisions, meanReturn })));
  const chart = drawPlot({
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 56,
    marginRight: 60,
    marginTop: 14,
    marginBottom: 40,
    x: { label: 'decisions', zero: true, tickFormat: formatThousands, labelAnchor: 'center', labelArrow: 'none' },
    y: { label: null, grid: true, nice: true },
    marks: [
      ruleY([bar], { stroke: '#d81e3f', strokeDasharray: '5 3' }),
      text([`bar ${bar}`], { frameAnchor: 'right', y: bar, dx: 56, textAnchor: 'end', fill: '#d81e3f' }),
      ...points.map((curve, i) => {
        const { color: stroke, width: strokeWidth, dashes } = STROKES[i % STROKES.length];
        const dashed = dashes === undefined ? {} : { strokeDasharray: dashes };
        return lineY(curve, { x: 'decisions', y: 'meanReturn', stroke, strokeWidth, ...dashed });
      }),
    ],
  });
  const seeds = records.map(({ seed }, i) => ({
    x: 56 + 110 * i,
    y: 38,
    svg: drawSample(STROKES[i % STROKES.length], `seed ${seed}`),
  }));
  const title = `${name}: mean return of the last 100 episodes of training`;
  return composePicture(WIDTH, HEADER + HEIGHT + MARGIN, title, [
    { x: MARGIN, y: 12, svg: drawText(title, { size: 15, weight: 600 }) },
    ...seeds,
    { x: 0, y: HEADER, svg: chart },
  ]);
}
