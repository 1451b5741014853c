import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readInput, readText } from '../../plugin/cli/read-input.ts';

const project = mkdtempSync(join(tmpdir(), 'agents-'));

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('readText', () => {
  it.each([
    ['UTF-8', Buffer.from('{"seed": 1}')],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeff{"seed": 1}')],
    ['the UTF-16 of PowerShell', Buffer.from('\ufeff{"seed": 1}', 'utf16le')],
  ])('reads %s', async (_, bytes) => {
    const path = join(project, 'config.json');
    writeFileSync(path, bytes);
    expect(JSON.parse(await readText(path, 1000))).toEqual({ seed: 1 });
  });

  it('refuses other encodings, and files without an end', async () => {
    const path = join(project, 'config.json');
    writeFileSync(path, Buffer.from('{"name": "Müller"}', 'latin1'));
    await expect(readText(path, 1000)).rejects.toThrow('it is not encoded in UTF-8');
    await expect(readText('/dev/zero', 1e6)).rejects.toThrow('it is larger than 1 MB');
  });
});

describe('readInput', () => {
  it('says who cannot be read, why, and what to check', async () => {
    await expect(readInput(join(project, 'none'), 'Policy file "none"')).rejects.toThrow(
      /^\[agents\] Policy file "none" cannot be read: ENOENT.*\. Check the path that follows the command\.$/,
    );
  });
});
