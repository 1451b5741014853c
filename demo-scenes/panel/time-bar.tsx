import { useRef } from 'preact/hooks';
import type { UpdateTimes } from '../../plugin/training.ts';
import type { LiveRun } from '../run/live-run.ts';
import { formatShare } from './format.ts';
import { averageTimes, type Lane, lanesOf } from './time-lanes.ts';
import { useRun } from './use-run.ts';

/** Where the time of an update goes: one lane for the workers, one for the learner. */
export function TimeBar({ run }: { readonly run: LiveRun }) {
  const times = useRun(run, ({ update }) => update?.times);
  const overlap = useRun(run, ({ started }) => started?.settings.overlap);
  const average = useRef<UpdateTimes>(undefined);
  if (!times) return null;
  average.current = averageTimes(average.current, times);
  return (
    <section aria-labelledby="time-title">
      <h2 id="time-title">Where the time goes</h2>
      <div class="lanes" id="lanes">
        {lanesOf(average.current).map((lane) => (
          <LaneBar key={lane.name} lane={lane} />
        ))}
      </div>
      <p class="quiet small">
        {average.current.totalMs.toFixed(0)} ms an update, averaged. Learner and workers{' '}
        {overlap ? 'work at the same time' : 'take turns'}.
      </p>
    </section>
  );
}

function LaneBar({ lane: { name, parts } }: { readonly lane: Lane }) {
  return (
    <div class="lane">
      <span class="lane-name">{name}</span>
      <div class="bar" aria-hidden="true">
        {parts.map(({ kind, share }) => (
          <span key={kind} class={`part ${kind}`} style={{ width: `${100 * share}%` }} />
        ))}
      </div>
      <ul class="key">
        {parts.map(({ kind, label, share }) => (
          <li key={kind}>
            <span class={`dot ${kind}`} aria-hidden="true" />
            {label} {formatShare(share)}
          </li>
        ))}
      </ul>
    </div>
  );
}
