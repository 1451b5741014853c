// snippet: train
import { train } from 'babylon-agents/training';

const createWorker = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
for await (const event of train('beacon-yard', { createWorker })) {
  if (event.kind === 'update') document.title = `${event.decisions}: ${event.meanReturn?.toFixed(1)} m`;
}
// snippet end
