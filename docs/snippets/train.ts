import { train } from 'babylon-agents/training';

export async function learn(
  show: (decisions: number, meanReturn: number | null) => void,
  keep: (file: Uint8Array) => void,
) {
  // snippet: train
  const createWorker = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

  for await (const event of train('roller', { createWorker, maxDecisions: 200_000 })) {
    if (event.kind === 'update') show(event.decisions, event.meanReturn);
    if (event.kind === 'finished') keep(event.policies[0].policyFile);
  } // leaving the loop disposes the workers
  // snippet end
}
