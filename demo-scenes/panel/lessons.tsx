import type { LiveRun } from '../run/live-run.ts';
import { planLessons } from './lesson-plan.ts';
import { useRun } from './use-run.ts';

/** For every parameter with lessons: all of them, the current one, and when that is completed. */
export function Lessons({ run }: { readonly run: LiveRun }) {
  const started = useRun(run, (state) => state.started);
  const current = useRun(run, ({ update }) => update?.lessons) ?? started?.lessons;
  if (!started || !current?.length) return null;
  return (
    <section aria-labelledby="lessons-title">
      <h2 id="lessons-title">Lessons</h2>
      {planLessons(started.settings.parameters, current).map(({ parameter, lessons }) => (
        <figure key={parameter} id={`lessons-${parameter}`}>
          <figcaption class="quiet small">{parameter}</figcaption>
          <ol class="lessons">
            {lessons.map(({ number, name, ends, soFar, stage }) => (
              <li
                key={number}
                class={stage === 'now' ? undefined : 'quiet'}
                aria-current={stage === 'now' ? 'step' : undefined}
              >
                {name} <span class="small">{stage === 'over' ? '✓' : ends}</span>
                {soFar && <span class="small"> ({soFar})</span>}
              </li>
            ))}
          </ol>
        </figure>
      ))}
    </section>
  );
}
