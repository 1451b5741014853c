import type { LiveRun } from '../run/live-run.ts';
import { formatCount, formatFigure, formatSeconds } from './format.ts';
import { describePhase, summarize } from './run-summary.ts';
import { useRun } from './use-run.ts';

/** The run's progress: its phase, decisions of the budget, time left, and the return against the goal. */
export function Progress({ run }: { readonly run: LiveRun }) {
  const phase = useRun(run, describePhase);
  const state = useRun(run, (now) => now);
  const summary = summarize(state);
  const left = state.phase === 'training' ? state.secondsLeft : undefined;
  return (
    <div class="progress">
      <p id="phase" role="status">
        {phase}
      </p>
      {summary && (
        <>
          <Meter
            id="decisions"
            label="Decisions"
            value={formatCount(summary.decisions)}
            of={`of ${formatCount(summary.budget)}`}
            share={summary.decisions / summary.budget}
            note={left === undefined ? '' : `≈ ${formatSeconds(left)} left`}
          />
          {summary.returns.map(({ policy, meanReturn }, i) => (
            <Meter
              key={policy}
              id={i === 0 ? 'mean-return' : `mean-return-${policy}`}
              label={summary.returns.length === 1 ? 'Mean return' : `Mean return of ${policy}`}
              value={formatFigure(meanReturn)}
              of={summary.goal === undefined ? '' : `of ${formatFigure(summary.goal)}`}
              share={summary.goal === undefined ? undefined : (meanReturn ?? 0) / summary.goal}
              note={summary.goal === undefined ? 'no goal' : 'last 100 episodes'}
            />
          ))}
          {summary.lessons.map(({ parameter, lesson, number, count }) => (
            <Meter
              key={parameter}
              id={`lesson-${parameter}`}
              label={`Lesson of ${parameter}`}
              value={lesson}
              of={`${number} of ${count}`}
              share={number / count}
              note=""
            />
          ))}
        </>
      )}
    </div>
  );
}

interface MeterProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly of: string;
  /** filled part of the bar, 0 … 1; no bar without one */
  readonly share: number | undefined;
  readonly note: string;
}

function Meter({ id, label, value, of, share, note }: MeterProps) {
  const percent = share === undefined ? undefined : Math.round(100 * Math.min(Math.max(share, 0), 1));
  return (
    <div class="meter">
      <span class="meter-label">{label}</span>
      <span class="meter-value">
        <b id={id}>{value}</b> <span class="quiet">{of}</span>
      </span>
      <span class="meter-note quiet" id={`${id}-note`}>
        {note}
      </span>
      {percent !== undefined && (
        <div
          class="bar"
          role="progressbar"
          aria-label={label}
          aria-valuenow={percent}
          aria-valuetext={`${value} ${of}`}
        >
          <span class="part fill" style={{ width: `${percent}%` }} />
        </div>
      )}
    </div>
  );
}
