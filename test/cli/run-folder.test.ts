import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultRunFolder } from '../../plugin/cli/folder-store.ts';
import { readInput } from '../../plugin/cli/read-input.ts';

const project = mkdtempSync(join(tmpdir(), 'agents-'));

afterEach(() => rmSync(project, { recursive: true, force: true }));

describe('defaultRunFolder', () => {
  it('goes on with the newest run that left a checkpoint, and starts after the newest folder', async () => {
    const runs = join(project, 'runs');
    for (const name of ['roller-1', 'roller-9', 'roller-10', 'rollers-11'])
      mkdirSync(join(runs, name), { recursive: true });
    for (const name of ['roller-1', 'roller-9']) writeFileSync(join(runs, name, 'checkpoint.safetensors'), '');
    expect(await defaultRunFolder('roller', 'newest', runs)).toBe(join(runs, 'roller-9')); // 10 failed before its first update
    expect(await defaultRunFolder('roller', 'new', runs)).toBe(join(runs, 'roller-11'));
    await expect(defaultRunFolder('rollers', 'newest', runs)).rejects.toThrow('There is no run of "rollers"');
  });
});

describe('readInput', () => {
  it('says who cannot be read, why, and what to check', async () => {
    await expect(readInput(join(project, 'none'), 'Policy file "none"')).rejects.toThrow(
      /^\[agents\] Policy file "none" cannot be read: ENOENT.*\. Check the path that follows the command\.$/,
    );
  });
});
