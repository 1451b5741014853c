// snippet: train
import { CHECKPOINT_FILE, train } from 'babylon-agents/training';
import { openPageStore } from './page-store.ts';

const progress = document.querySelector('output')!;
const [start, stop] = document.querySelectorAll('button');

function offer(policyFile: Uint8Array): void {
  const href = URL.createObjectURL(new Blob([policyFile.slice()]));
  const link = Object.assign(document.createElement('a'), { href, download: 'roller.safetensors' });
  link.textContent = 'Save the policy';
  document.body.append(link);
}

const createWorker = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

async function learn(signal: AbortSignal): Promise<void> {
  const store = await openPageStore('roller');
  const resume = (await store.read(CHECKPOINT_FILE)) !== undefined; // after Stop, or after closing the tab
  for await (const event of train('roller', { createWorker, store, resume, signal })) {
    if (event.kind === 'started') progress.textContent = `learning on ${event.backend}, ${event.workers} workers`;
    if (event.kind === 'update')
      progress.textContent = `${event.decisions} decisions, mean return ${event.meanReturn?.toFixed(2)}`;
    if (event.kind === 'finished') {
      progress.textContent = `${event.reason} after ${event.decisions} decisions`;
      offer(event.policies[0].policyFile);
    }
  } // leaving the loop, even by an error, ends the workers
}
// snippet end

// snippet: buttons
let abort = new AbortController();
stop.onclick = () => abort.abort(); // finishes the current update and saves a checkpoint
start.onclick = () =>
  navigator.locks
    .request('roller', { ifAvailable: true }, async (lock) => {
      if (!lock) throw new Error('This run is already training here or in another tab.'); // they would share its files
      abort = new AbortController();
      await learn(abort.signal);
    })
    .catch((error) => (progress.textContent = error.message));
// snippet end
