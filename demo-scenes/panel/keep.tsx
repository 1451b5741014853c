import { useEffect, useRef, useState } from 'preact/hooks';
import { parsePolicy } from '../../plugin/index.ts';
import { showProblem } from './problems.tsx';
import type { SceneSession } from './scene-session.ts';
import { useRun } from './use-run.ts';

/** Downloads files of the run, and opens files. */
export function Keep({ session }: { readonly session: SceneSession }) {
  const { run, scene } = session;
  const saved = useRun(run, (state) => state.savedUpdates);
  const learned = useRun(run, (state) => state.update !== undefined);
  const input = useRef<HTMLInputElement>(null);
  const open = (chosen: HTMLInputElement) => {
    void session.take(...(chosen.files ?? []));
    chosen.value = ''; // the same file may be chosen again
  };
  const give = (read: () => Promise<ReadonlyMap<string, Uint8Array>>) => () => void download(read).catch(showProblem);
  const policies = async () => nameFiles(scene.name, run.policyFiles());
  const checkpoint = async () => {
    const file = await run.checkpointFile();
    return new Map(file && [[`${scene.name}-checkpoint.safetensors`, file]]);
  };
  return (
    <section aria-labelledby="keep-title">
      <h2 id="keep-title">Keep</h2>
      <p class="quiet small" id="saved">
        {saved === undefined
          ? 'A run is saved in this browser and survives a reload.'
          : `Saved in this browser up to update ${saved.toLocaleString('en')}.`}
      </p>
      <div class="actions">
        <button type="button" id="download-policy" disabled={!learned} onClick={give(policies)}>
          Download policy
        </button>
        <button
          type="button"
          id="download-checkpoint"
          disabled={saved === undefined && !learned}
          onClick={give(checkpoint)}
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
          multiple
          accept=".safetensors"
          aria-label="Policy or checkpoint file"
          hidden
          onChange={(event) => open(event.currentTarget)}
        />
      </div>
      <p class="quiet small">You can also drop a policy or checkpoint anywhere on the page.</p>
    </section>
  );
}

/** Accepts files that are dropped anywhere on the page, and shows that it does. */
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
      void session.take(...(event.dataTransfer?.files ?? []));
    });
    return () => listening.abort();
  }, [session]);
  return (
    <div class="drop" hidden={!over}>
      <p>Drop a policy to play it, or a checkpoint to resume from it</p>
    </div>
  );
}

/** If a scene has several policies, each file is named after its policy. */
function nameFiles(scene: string, files: readonly Uint8Array[]): ReadonlyMap<string, Uint8Array> {
  const nameOf = (file: Uint8Array) => (files.length === 1 ? scene : `${scene}-${parsePolicy(file).spec.name}`);
  return new Map(files.map((file) => [`${nameOf(file)}.safetensors`, file]));
}

async function download(read: () => Promise<ReadonlyMap<string, Uint8Array>>): Promise<void> {
  const files = await read();
  if (files.size === 0) throw new Error('This file does not exist yet. Train for a while first.');
  for (const [name, bytes] of files) save(name, bytes);
}

function save(name: string, bytes: Uint8Array): void {
  const address = URL.createObjectURL(new Blob([new Uint8Array(bytes)]));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // the download has started by then
}
