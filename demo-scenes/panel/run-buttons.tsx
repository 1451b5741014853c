import { useRef } from 'preact/hooks';
import type { RunState } from '../run/live-run.ts';
import { showProblem } from './problems.tsx';
import { hasRun } from './run-summary.ts';
import type { SceneSession } from './scene-session.ts';
import { useMistakes } from './settings/use-form.ts';
import { useRun } from './use-run.ts';

/** Train, Pause or Resume, Stop, Reset: the ones that apply now. */
export function RunButtons({ session }: { readonly session: SceneSession }) {
  const { run } = session;
  const phase = useRun(run, (state) => state.phase);
  const pausing = useRun(run, (state) => state.pausing);
  const open = useRun(run, (state) => state.workersOpen);
  const begun = useRun(run, hasRun);
  const label = useRun(run, labelOf);
  const wrong = Object.keys(useMistakes(session)).length > 0;
  const press = (act: () => Promise<void>) => () => void act().catch(showProblem);
  const busy = phase === 'opening' || phase === 'stopping';
  return (
    <div class="actions">
      {phase === 'training' ? (
        <button type="button" class="primary" id="pause" disabled={pausing} onClick={press(() => run.pause())}>
          {pausing ? 'Pausing…' : 'Pause'}
        </button>
      ) : (
        <button
          type="button"
          class="primary"
          id="train"
          disabled={busy || (!begun && wrong)}
          onClick={press(() => session.train())}
        >
          {label}
        </button>
      )}
      <button
        type="button"
        id="stop"
        disabled={phase !== 'opening' && (!open || phase === 'stopping')}
        onClick={press(() => run.stop())}
      >
        Stop
      </button>
      <ResetButton session={session} disabled={!begun || busy} />
    </div>
  );
}

function labelOf(state: RunState): string {
  const { phase } = state;
  if (phase === 'opening') return 'Starting…';
  if (phase === 'stopping') return 'Stopping…';
  return hasRun(state) ? 'Resume' : 'Train';
}

/** Asks before the run is deleted. */
function ResetButton({ session, disabled }: { readonly session: SceneSession; readonly disabled: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const decisions = useRun(session.run, (state) => state.update?.decisions);
  const forget = () => {
    dialog.current?.close();
    session.reset().catch(showProblem);
  };
  return (
    <>
      <button type="button" id="reset" disabled={disabled} onClick={() => dialog.current?.showModal()}>
        Reset…
      </button>
      <dialog ref={dialog} aria-labelledby="reset-title">
        <h2 id="reset-title">Delete this run?</h2>
        <p>
          {decisions === undefined ? 'The run' : `What it learned in ${decisions.toLocaleString('en')} decisions`}, its
          curves and its files in this browser will be deleted. To keep them, download the policy or the checkpoint
          first.
        </p>
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            Keep it
          </button>
          <button type="button" class="primary" id="forget" onClick={forget}>
            Delete
          </button>
        </div>
      </dialog>
    </>
  );
}
