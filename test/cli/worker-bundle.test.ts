import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { prepareNodeWorkers } from '../../plugin/cli/node-workers.ts';

const FIXTURES = join(import.meta.dirname, '..', 'fixtures');

/** What bundled-worker.ts tells of itself. */
interface Told {
  readonly url: string;
  readonly folder: string;
  readonly address: string;
  readonly shared: boolean;
  readonly failed: boolean;
}

async function tell(): Promise<Told> {
  const worker = (await prepareNodeWorkers(join(FIXTURES, 'bundled-worker.ts')))();
  try {
    return await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  } finally {
    await worker.terminate();
  }
}

describe('a bundled worker', () => {
  it('has modules that know where their own files lie, and one Havok for all of a thread’s scenes, loaded again if that failed', async () => {
    const { url, folder, address, shared, failed } = await tell();
    expect(url).toBe(pathToFileURL(join(FIXTURES, 'bundled-worker.ts')).href);
    expect(folder).toBe(FIXTURES);
    expect(readFileSync(fileURLToPath(address)).subarray(0, 4).toString()).toBe('glTF');
    expect(failed).toBe(true); // the first time, on purpose
    expect(shared).toBe(true);
  });

  it('is refused with the import that leads nowhere', async () => {
    await expect(prepareNodeWorkers(join(FIXTURES, 'broken-worker.ts'))).rejects.toThrow(
      /cannot be bundled: [\s\S]*no-such-file\.glb/,
    );
  });
});
