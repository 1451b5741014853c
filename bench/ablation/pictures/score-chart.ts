import { axisX, dot, gridX, link, ruleX, ruleY, text } from '@observablehq/plot';
import { formatNumber } from '../../format-number.ts';
import { composePicture, drawPlot, drawText } from '../../pictures/svg.ts';
import { SETTINGS } from '../protocol.ts';
import type { SettingScore } from '../scores.ts';
import { STROKES } from './palette.ts';

const WIDTH = 860;
const ROW = 30;
const HEADER = 70;
/** for the columns of numbers */
const RIGHT = 130;

interface Row {
  readonly title: string;
  readonly color: string;
  readonly ours: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly paper: number | null;
}

/** Each setting's score, ours beside the paper's. */
export function drawScores(scores: readonly SettingScore[]): string {
  const rows = SETTINGS.map(({ name, title, paper }): Row => {
    const { score = null, std = null } = scores.find(({ setting }) => setting === name) ?? {};
    const spread = std ?? 0;
    const { color } = STROKES.get(name)!;
    const end = (sign: number) => (score === null ? null : score + sign * spread);
    return { title, color, ours: score, low: end(-1), high: end(1), paper };
  });
  const height = SETTINGS.length * ROW + 60;
  const chart = drawChart(rows, height);
  return composePicture(WIDTH, HEADER + height + 10, 'Scores of every setting, ours and the paper’s', [
    { x: 20, y: 14, svg: drawText('Average normalized score', { size: 18, weight: 600 }) },
    { x: 20, y: 40, svg: drawKey() },
    { x: 0, y: HEADER, svg: chart },
  ]);
}

function drawChart(rows: readonly Row[], height: number): string {
  const y = 'title';
  return drawPlot({
    width: WIDTH,
    height,
    marginLeft: 190,
    marginRight: RIGHT,
    marginTop: 16,
    marginBottom: 46,
    x: { label: 'score: 0 is the random policy, 1 the best run of a task', nice: true },
    y: { label: null, domain: rows.map(({ title }) => title), type: 'point', padding: 0.6 },
    marks: [
      gridX({ strokeOpacity: 0.12 }),
      axisX({ labelAnchor: 'center', labelArrow: 'none', tickFormat: '.1f' }),
      ruleX([0], { strokeOpacity: 0.5 }),
      link(rows, { x1: 'ours', x2: 'paper', y, stroke: '#afb8c1', strokeWidth: 1 }),
      ruleY(rows, { x1: 'low', x2: 'high', y, stroke: 'color', strokeWidth: 6, strokeOpacity: 0.25 }),
      dot(rows, { x: 'paper', y, r: 5, stroke: '#57606a', strokeWidth: 1.5, fill: 'white' }),
      dot(rows, { x: 'ours', y, r: 6, fill: 'color' }),
      ...drawNumbers(rows, 'ours', RIGHT - 60, 600),
      ...drawNumbers(rows, 'paper', RIGHT - 110, 400),
    ],
  });
}

/** A column of numbers right of the chart, under its heading. */
function drawNumbers(rows: readonly Row[], column: 'ours' | 'paper', right: number, fontWeight: number) {
  const place = { frameAnchor: 'right', textAnchor: 'end', dx: RIGHT - right, fontWeight } as const;
  const number = (row: Row) => formatNumber(row[column], 2);
  return [
    text(rows, { ...place, y: 'title', text: number }),
    text([column], { ...place, frameAnchor: 'top-right', dy: -8, fill: '#57606a' }),
  ];
}

/** What the dots mean. */
function drawKey(): string {
  const entry = (x: number, mark: string, label: string) =>
    `<svg x="${x}" overflow="visible">${mark}<svg x="14" overflow="visible">${drawText(label, { size: 13, color: '#57606a' })}</svg></svg>`;
  return [
    entry(6, '<circle cy="8" r="6" fill="#2b74c8"/>', 'ours, ± a standard deviation over seeds'),
    entry(
      330,
      '<circle cy="8" r="5" fill="white" stroke="#57606a" stroke-width="1.5"/>',
      'Schulman et al. 2017, table 1',
    ),
  ].join('');
}
