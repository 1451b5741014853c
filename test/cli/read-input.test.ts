import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readInput } from '../../plugin/cli/read-input.ts';

const project = mkdtempSync(join(tmpdir(), 'agents-'));

afterEach(() => rmSync(project, { recursive: true, force: true }));

describe('readInput', () => {
  it('says who cannot be read, why, and what to check', async () => {
    await expect(readInput(join(project, 'none'), 'Policy file "none"')).rejects.toThrow(
      /^\[agents\] Policy file "none" cannot be read: ENOENT.*\. Check the path that follows the command\.$/,
    );
  });
});
