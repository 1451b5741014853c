import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { shortCount } from '../format.ts';
import { theme } from '../theme.ts';
import { type Columns, chartData, type Range } from './chart-data.ts';
import { chartOptions } from './chart-options.ts';
import type { ChartSpec } from './specs.ts';

/** ms between two redraws of a chart */
const INTERVAL = 200;
/** ms per frame that charts may take; more if frames are so long that it is not visible */
const ROOM = 1;
const SLOW_FRAME = 50;
const ROOM_OF_SLOW = 8;

/** The source of what the board draws. */
export interface ChartSource {
  curves(): Columns;
  /** mean return that ends the run */
  goal(): number | undefined;
}

interface Chart {
  readonly spec: ChartSpec;
  readonly plot: uPlot;
  readonly legend: HTMLElement;
  readonly figure: HTMLElement;
  visible: boolean;
  stale: boolean;
  drawnAt: number;
}

/**
 * Draws the curves: a chart or two per frame, each at most five times a second, and only visible ones. All show the same
 * range of the x axis, and the point under the pointer in all their legends.
 */
export class ChartBoard {
  readonly #source: ChartSource;
  readonly #charts: Chart[] = [];
  readonly #sight = new IntersectionObserver((entries) => this.#see(entries));
  readonly #size = new ResizeObserver((entries) => this.#fit(entries));
  readonly #leave: () => void;
  readonly #onZoom: (zoomed: boolean) => void;
  #zoom: Range | undefined;
  #frame = 0;
  #frameAt = 0;

  /** `onZoom` is called when the charts are zoomed in, and when they show all again. */
  constructor(source: ChartSource, onZoom: (zoomed: boolean) => void) {
    this.#source = source;
    this.#onZoom = onZoom;
    this.#leave = theme.subscribe(() => this.#redraw());
  }

  /** Adds a chart to its figure: an element `.plot` for the drawing and one `.legend` for the values. */
  add(spec: ChartSpec, figure: HTMLElement): void {
    const place = figure.querySelector<HTMLElement>('.plot')!;
    const legend = figure.querySelector<HTMLElement>('.legend')!;
    const options = chartOptions(spec, place.clientWidth, place.clientHeight, {
      theme: () => theme.value,
      whole: () => this.#zoom === undefined,
      zoom: (min, max) => this.zoomTo({ min, max }),
      zoomOut: () => this.zoomTo(undefined),
      point: () => this.#write(chart),
    });
    const plot = new uPlot(options, this.#dataOf(spec) as uPlot.AlignedData, place);
    const chart: Chart = { spec, plot, legend, figure, visible: false, stale: false, drawnAt: performance.now() };
    this.#charts.push(chart);
    this.#write(chart);
    this.#sight.observe(place);
    this.#size.observe(place);
  }

  /** Called when the curves have grown, restarted, or are those of another policy. */
  refresh(): void {
    const { length, decisions } = this.#source.curves();
    if (this.#zoom && !(length > 0 && decisions[length - 1] >= this.#zoom.min)) this.zoomTo(undefined);
    for (const chart of this.#charts) chart.stale = true;
    this.#schedule();
  }

  zoomTo(range: Range | undefined): void {
    this.#zoom = range;
    this.#onZoom(range !== undefined);
    for (const chart of this.#charts) this.#draw(chart);
  }

  /** Moves the cursor of all charts by some points; from the end if there is none. */
  step(by: number): void {
    const [first] = this.#charts;
    const xs = first?.plot.data[0];
    if (!xs?.length) return;
    const at = Math.min(Math.max((first.plot.cursor.idx ?? xs.length) + by, 0), xs.length - 1);
    first.plot.setCursor({ left: first.plot.valToPos(xs[at], 'x'), top: 1 }); // the others follow
  }

  /** Removes the cursor, so that legends show the latest values again. */
  leave(): void {
    for (const { plot } of this.#charts) plot.setCursor({ left: -10, top: -10 });
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#leave();
    this.#sight.disconnect();
    this.#size.disconnect();
    for (const { plot } of this.#charts) plot.destroy();
  }

  #dataOf(spec: ChartSpec) {
    return chartData(this.#source.curves(), spec, this.#source.goal(), this.#zoom);
  }

  #schedule(): void {
    if (this.#charts.some(({ stale, visible }) => stale && visible)) {
      this.#frame ||= requestAnimationFrame(() => this.#drawSome());
    }
  }

  /** Draws the charts that have waited long enough, the longest first: as many as a frame has room for, and at least one. */
  #drawSome(): void {
    const now = performance.now();
    const room = now - this.#frameAt > SLOW_FRAME ? ROOM_OF_SLOW : ROOM;
    this.#frame = 0;
    this.#frameAt = now;
    const due = this.#charts.filter(({ stale, visible, drawnAt }) => stale && visible && now - drawnAt >= INTERVAL);
    due.sort((a, b) => a.drawnAt - b.drawnAt);
    for (const chart of due) {
      this.#draw(chart);
      if (performance.now() - now >= room) break;
    }
    this.#schedule();
  }

  #draw(chart: Chart): void {
    chart.stale = false;
    chart.drawnAt = performance.now();
    chart.plot.setData(this.#dataOf(chart.spec) as uPlot.AlignedData);
    if (this.#zoom) chart.plot.setScale('x', this.#zoom);
    this.#write(chart);
  }

  #redraw(): void {
    for (const { plot } of this.#charts) plot.redraw(false, true);
  }

  /** The values under the pointer, or the latest, each in its line's color. */
  #write({ spec, plot, legend }: Chart): void {
    const last = plot.data[0].length - 1;
    const at = Math.min(plot.cursor.idx ?? last, last);
    const values = spec.lines.map(({ format }, i) => format(plot.data[firstLine(spec) + i]?.[at] ?? Number.NaN));
    if (spec.band) values[0] += spreadOf(spec, plot.data, at);
    if (plot.cursor.idx != null && at >= 0) values.push(`at ${shortCount(plot.data[0][at])}`);
    if (legend.childElementCount !== values.length)
      legend.replaceChildren(...values.map(() => document.createElement('span')));
    values.forEach((value, i) => {
      const span = legend.children[i];
      span.className = i < spec.lines.length ? `line-${i}` : 'quiet';
      if (span.textContent !== value) span.textContent = value;
    });
  }

  #see(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const chart = this.#charts.find(({ figure }) => figure.contains(target));
      if (chart) chart.visible = isIntersecting;
    }
    this.#schedule();
  }

  #fit(entries: readonly ResizeObserverEntry[]): void {
    for (const { target, contentRect } of entries) {
      const chart = this.#charts.find(({ figure }) => figure.contains(target));
      const width = Math.round(contentRect.width);
      if (chart && width > 0 && width !== chart.plot.width) chart.plot.setSize({ width, height: chart.plot.height });
    }
  }
}

/** The index at which a chart's lines begin in its data: after x, and after the band's two edges. */
function firstLine({ band }: ChartSpec): number {
  return band ? 3 : 1;
}

function spreadOf({ lines }: ChartSpec, data: uPlot.AlignedData, at: number): string {
  const [high, mean] = [data[1]?.[at], data[3]?.[at]];
  return high == null || mean == null ? '' : ` ± ${lines[0].format(high - mean)}`;
}
