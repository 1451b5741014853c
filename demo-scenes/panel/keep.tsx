import { useEffect, useRef, useState } from 'preact/hooks';
import { showProblem } from './problems.tsx';
import type { SceneSession } from './scene-session.ts';
import { useRun } from './use-run.ts';

/** Files of the run to download, and a way to bring one. */
export function Keep({ session }: { readonly session: SceneSession }) {
  const { run, scene } = session;
  const saved = useRun(run, (state) => state.savedUpdates);
  const learned = useRun(run, (state) => state.update !== undefined);
  const input = useRef<HTMLInputElement>(null);
  const open = (chosen: HTMLInputElement) => {
    const file = chosen.files?.[0];
    if (file) void session.take(file);
    chosen.value = ''; // the same file may be chosen again
  };
  const give = (kind: string, read: () => Promise<Uint8Array | undefined>) => () =>
    void download(`${scene.name}${kind}.safetensors`, read).catch(showProblem);
  return (
    <section aria-labelledby="keep-title">
      <h2 id="keep-title">Keep</h2>
      <p class="quiet small" id="saved">
        {saved === undefined
          ? 'A run is kept in this browser: it survives a reload.'
          : `Kept in this browser up to update ${saved.toLocaleString('en')}.`}
      </p>
      <div class="actions">
        <button type="button" id="download-policy" disabled={!learned} onClick={give('', () => run.policyFile())}>
          Download policy
        </button>
        <button
          type="button"
          id="download-checkpoint"
          disabled={saved === undefined}
          onClick={give('-checkpoint', () => run.checkpointFile())}
        >
          Download checkpoint
        </button>
        <button type="button" id="open" onClick={() => input.current?.click()}>
          Open file…
        </button>
        <input
          ref={input}
          id="file"
          type="file"
          accept=".safetensors"
          aria-label="Policy or checkpoint file"
          hidden
          onChange={(event) => open(event.currentTarget)}
        />
      </div>
      <p class="quiet small">Or drop a policy or checkpoint anywhere on the page.</p>
    </section>
  );
}

/** Takes files that are dropped anywhere on the page, and shows that it would. */
export function DropTarget({ session }: { readonly session: SceneSession }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const listening = new AbortController();
    const on = <K extends 'dragover' | 'dragleave' | 'drop'>(kind: K, act: (event: DragEvent) => void) =>
      addEventListener(kind, act, { signal: listening.signal });
    on('dragover', (event) => {
      event.preventDefault();
      setOver(true);
    });
    on('dragleave', (event) => {
      if (event.relatedTarget === null) setOver(false); // it left the window, not just one element
    });
    on('drop', (event) => {
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file) void session.take(file);
    });
    return () => listening.abort();
  }, [session]);
  return (
    <div class="drop" hidden={!over}>
      <p>Drop a policy to play it, or a checkpoint to go on from it</p>
    </div>
  );
}

async function download(name: string, read: () => Promise<Uint8Array | undefined>): Promise<void> {
  const bytes = await read();
  if (!bytes) throw new Error('There is no such file yet. Train for a while first.');
  const address = URL.createObjectURL(new Blob([new Uint8Array(bytes)]));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // the download has begun by then
}
