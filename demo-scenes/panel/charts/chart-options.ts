import type uPlot from 'uplot';
import type { Theme } from '../../view.ts';
import { shortCount } from '../format.ts';
import type { ChartSpec } from './specs.ts';

interface Colors {
  readonly lines: readonly string[];
  readonly band: string;
  readonly goal: string;
  readonly grid: string;
  readonly text: string;
}

const COLORS: Readonly<Record<Theme, Colors>> = {
  light: {
    lines: ['#c8431f', '#3c6fb4'],
    band: 'rgb(200 67 31 / 0.16)',
    goal: '#4c8c5a',
    grid: 'rgb(20 24 32 / 0.08)',
    text: '#656b75',
  },
  dark: {
    lines: ['#ff8a5c', '#7fb0f0'],
    band: 'rgb(255 138 92 / 0.2)',
    goal: '#7fc48f',
    grid: 'rgb(255 255 255 / 0.09)',
    text: '#9aa2ae',
  },
};

/** What a chart reports to its board. */
export interface ChartEvents {
  theme(): Theme;
  /** whether the x axis shows all, not a zoomed range */
  whole(): boolean;
  zoom(min: number, max: number): void;
  zoomOut(): void;
  /** the index of the point under the cursor, if any */
  point(index: number | null): void;
}

const FONT = '10px system-ui, sans-serif';

/** uPlot's options for a chart: no legend of its own, drag zooms, double-click shows all, the cursor's x is shared. */
export function chartOptions(spec: ChartSpec, width: number, height: number, events: ChartEvents): uPlot.Options {
  const colors = () => COLORS[events.theme()];
  return {
    width,
    height,
    legend: { show: false },
    padding: [6, 6, 0, 0],
    cursor: cursorOptions(events),
    scales: { x: { time: false, auto: () => events.whole() }, y: { range: rangeOf }, right: { range: rangeOf } },
    axes: axesOf(spec, colors),
    series: seriesOf(spec, colors),
    ...(spec.band && { bands: [{ series: [1, 2] as [number, number], fill: () => colors().band }] }),
    hooks: {
      setSelect: [
        (chart) => {
          const { left, width: selected } = chart.select;
          if (selected < 4) return;
          events.zoom(chart.posToVal(left, 'x'), chart.posToVal(left + selected, 'x'));
          chart.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        },
      ],
      setCursor: [(chart) => events.point(chart.cursor.idx ?? null)],
    },
  };
}

function cursorOptions(events: ChartEvents): uPlot.Cursor {
  return {
    y: false,
    points: { size: 5 },
    drag: { x: true, y: false, setScale: false },
    sync: { key: 'curves', setSeries: false, scales: ['x', null], filters: { pub: isPointing } },
    bind: {
      dblclick: () => () => {
        events.zoomOut();
        return null;
      },
    },
  };
}

/** Charts share the cursor's position, but not drags. */
function isPointing(type: string): boolean {
  return type === 'mousemove' || type === 'mouseleave';
}

/** A little more than the data, so that lines do not touch the frame; flat lines are in the middle. */
function rangeOf(_chart: uPlot, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const margin = (high - low) * 0.08 || Math.abs(high) * 0.1 || 1;
  return [low >= 0 && low - margin < 0 ? 0 : low - margin, high + margin];
}

function axesOf({ lines }: ChartSpec, colors: () => Colors): uPlot.Axis[] {
  const common = {
    font: FONT,
    stroke: () => colors().text,
    ticks: { show: false },
    gap: 4,
  };
  const grid = { stroke: () => colors().grid, width: 1 };
  const right = lines.find((line) => line.right);
  return [
    { ...common, grid: { show: false }, size: 20, space: 60, values: (_, ticks) => ticks.map(shortCount) },
    { ...common, grid, size: 36, space: 28, values: (_, ticks) => ticks.map(shortFigure) },
    ...(right
      ? [{ ...common, scale: 'right', side: 1 as const, grid: { show: false }, size: 30, space: 28, values: percents }]
      : []),
  ];
}

function seriesOf({ lines, band, goal }: ChartSpec, colors: () => Colors): uPlot.Series[] {
  const edge = { stroke: 'transparent', width: 0, points: { show: false } };
  return [
    {},
    ...(band ? [edge, edge] : []),
    ...lines.map(({ right }, i) => ({
      scale: right ? 'right' : 'y',
      stroke: () => colors().lines[i],
      width: 1.5,
      points: { show: false },
    })),
    ...(goal ? [{ stroke: () => colors().goal, width: 1, dash: [4, 4], points: { show: false } }] : []),
  ];
}

function percents(_chart: uPlot, ticks: number[]): string[] {
  return ticks.map((tick) => `${Number((100 * tick).toPrecision(3))}%`);
}

function shortFigure(value: number): string {
  if (Math.abs(value) >= 1e3) return shortCount(value);
  return String(Number(value.toPrecision(3)));
}
