import type { LiveRun } from '../run/live-run.ts';
import { useRun } from './use-run.ts';

/** What the run uses: the learner and why, workers and areas, and how rollouts are passed on. */
export function Facts({ run }: { readonly run: LiveRun }) {
  const started = useRun(run, (state) => state.started);
  const shared = useRun(run, (state) => state.sharedMemory);
  return (
    <section aria-labelledby="facts-title" class="facts">
      <h2 id="facts-title">Runs on</h2>
      {started && (
        <dl>
          <dt>Learner</dt>
          <dd>
            <b id="backend">{started.backend}</b> <span class="quiet">{started.backendReason}</span>
          </dd>
          <dt>Workers</dt>
          <dd id="workers">
            {started.workers} {started.workers === 1 ? 'worker' : 'workers'}, {started.areas} areas, {started.agents}{' '}
            agents
          </dd>
        </dl>
      )}
      <p class="quiet small" id="memory">
        {shared
          ? 'Rollouts are passed through shared memory.'
          : 'Rollouts are transferred between threads, because this page is not cross-origin isolated and has no shared memory. The result is the same.'}
      </p>
    </section>
  );
}
