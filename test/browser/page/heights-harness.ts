import { train } from '../../../plugin/training.ts';

const createWorker = () => new Worker(new URL('./heights/heights-worker.ts', import.meta.url), { type: 'module' });

/** Begins to train, and says what the environment has found of its grounds, or why it has not. */
async function readHeights(environment: string): Promise<string> {
  try {
    for await (const event of train(environment, { workers: 1, areas: 1, backend: 'wasm', createWorker }))
      return event.kind;
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}

const heightsHarness = { readHeights };

declare global {
  var heights: typeof heightsHarness;
}

globalThis.heights = heightsHarness;
