// snippet: train
import { writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { train } from 'babylon-agents/training';

const createWorker = () => new Worker(new URL('./worker.mjs', import.meta.url));

for await (const event of train('roller', { createWorker, backend: 'wasm', maxDecisions: 20_000 })) {
  if (event.kind === 'update') process.stdout.write(`${event.decisions} decisions, mean return ${event.meanReturn}\n`);
  if (event.kind === 'finished') writeFileSync('roller.safetensors', event.policies[0].policyFile);
}
// snippet end
