import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveRun } from '../../run/live-run.ts';
import { showProblem } from '../problems.tsx';
import { summarize } from '../run-summary.ts';
import { useRun } from '../use-run.ts';
import type { ChartBoard } from './chart-board.ts';
import { CHARTS } from './specs.ts';

/**
 * The live curves of one policy, or the selected one of several. Drag to zoom, double-click to see all; with the keyboard,
 * arrows move the cursor and Escape shows all.
 */
export function Charts({ run }: { readonly run: LiveRun }) {
  const host = useRef<HTMLDivElement>(null);
  const board = useRef<ChartBoard>(undefined);
  const policy = useRef<string>(undefined);
  const [zoomed, setZoomed] = useState(false);
  const policies = useRun(run, (state) => state.started?.policies);
  const points = useRun(run, () => run.curvesOf(policy.current).length);
  useEffect(() => openBoard(run, policy, host.current!, board, setZoomed), [run]);
  const choose = (name: string) => {
    policy.current = name;
    board.current?.refresh();
  };
  return (
    <section aria-labelledby="curves-title">
      <header class="section-head">
        <h2 id="curves-title">
          Curves <span class="quiet small">over decisions</span>
        </h2>
        {policies && policies.length > 1 && (
          <label class="choice">
            <span>of</span>
            <select id="curves-policy" onChange={(event) => choose(event.currentTarget.value)}>
              {policies.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        <button type="button" class="plain" hidden={!zoomed} onClick={() => board.current?.zoomTo(undefined)}>
          Show all
        </button>
      </header>
      <div class="charts" id="curves" data-points={points} ref={host}>
        {CHARTS.map(({ title, about }, i) => (
          <figure
            class="chart"
            key={title}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the pointer over the curve
            tabIndex={0}
            onKeyDown={(event) => steer(board.current, event)}
            onBlur={() => board.current?.leave()}
          >
            <figcaption title={about}>
              <span>{title}</span>
              <output class="legend" aria-live="off" />
            </figcaption>
            <div class={i === 0 ? 'plot tall' : 'plot'} role="img" aria-label={`${title}. ${about}`} />
          </figure>
        ))}
      </div>
    </section>
  );
}

/** Loads uPlot, fills the figures, and follows the run's selected policy until the panel is removed. */
function openBoard(
  run: LiveRun,
  policy: { readonly current: string | undefined },
  host: HTMLElement,
  board: { current: ChartBoard | undefined },
  onZoom: (zoomed: boolean) => void,
): () => void {
  const leave: (() => void)[] = [];
  let gone = false;
  const open = async () => {
    const { ChartBoard: Board } = await import('./chart-board.ts');
    if (gone) return;
    const source = {
      curves: () => run.curvesOf(policy.current),
      goal: () => summarize(run.state)?.goal,
    };
    const made = new Board(source, onZoom);
    board.current = made;
    leave.push(
      run.subscribe(() => made.refresh()),
      () => made.dispose(),
    );
    for (const [i, figure] of host.querySelectorAll('figure').entries()) {
      made.add(CHARTS[i], figure);
      await nextFrame(); // all at once would stall the scene
      if (gone) return;
    }
  };
  open().catch(showProblem);
  return () => {
    gone = true;
    for (const stop of leave) stop();
    board.current = undefined;
  };
}

function nextFrame(): Promise<unknown> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

function steer(board: ChartBoard | undefined, event: KeyboardEvent): void {
  const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
  if (event.key === 'Escape') board?.zoomTo(undefined);
  else if (event.key in steps) board?.step(steps[event.key]);
  else return;
  event.preventDefault();
}
