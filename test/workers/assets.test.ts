import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareNodeWorkers } from '../../plugin/cli/node-workers.ts';
import { type TrainingEvent, train } from '../../plugin/training.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');
const CUBE = readFileSync(join(FIXTURES, 'assets', 'cube.glb'));

let server: Server;
beforeAll(async () => {
  server = createServer((_, answer) => answer.end(CUBE));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.ASSET_PORT = String((server.address() as AddressInfo).port);
});
afterAll(() => {
  server.close();
});

async function trainOnce(createWorker: () => Worker): Promise<TrainingEvent['kind'][]> {
  const kinds: TrainingEvent['kind'][] = [];
  const settings = { workers: 1, areas: 2, horizon: 16, maxDecisions: 32, backend: 'wasm', hidden: [4] } as const;
  for await (const event of train('assets', { ...settings, createWorker }))
    if (event.kind !== 'episode') kinds.push(event.kind);
  return kinds;
}

describe('a worker in Node', () => {
  it('loads what a page’s worker would, bundled: imported files, files beside a module, and the net', async () => {
    const createWorker = await prepareNodeWorkers(join(FIXTURES, 'asset-worker.ts'));
    expect(await trainOnce(createWorker)).toEqual(['started', 'update', 'finished']);
  });

  it('loads files beside its modules without being bundled', async () => {
    const createWorker = () => new Worker(join(FIXTURES, 'plain-asset-worker.mjs'));
    expect(await trainOnce(createWorker)).toEqual(['started', 'update', 'finished']);
  });
});
