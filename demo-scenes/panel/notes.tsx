import type { LiveRun } from '../run/live-run.ts';
import { useRun } from './use-run.ts';

/** The latest note, and the earlier ones on demand. */
export function Notes({ run }: { readonly run: LiveRun }) {
  const notes = useRun(run, (state) => state.notes);
  const latest = notes.at(-1);
  return (
    <div class="notes">
      <p id="note" class={`note ${latest?.kind ?? 'info'}`} role="status" hidden={!latest}>
        {latest?.text}
      </p>
      {notes.length > 1 && (
        <details>
          <summary>Earlier ({notes.length - 1})</summary>
          <ol id="notes" reversed>
            {notes
              .slice(0, -1)
              .reverse()
              .map(({ kind, text }, i) => (
                <li key={notes.length - i} class={kind}>
                  {text}
                </li>
              ))}
          </ol>
        </details>
      )}
    </div>
  );
}
