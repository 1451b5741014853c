import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rescuePolicies } from '../../plugin/cli/rescue-policies.ts';
import { parsePolicy } from '../../plugin/policy/policy-file.ts';
import type { FinishedEvent } from '../../plugin/training.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const folder = () => mkdtempSync(join(tmpdir(), 'agents-'));

/** A run folder in which no policy can be written: its name is taken by a folder that is not empty. */
function blockedFolder(): string {
  const at = folder();
  mkdirSync(join(at, 'policy.safetensors'));
  writeFileSync(join(at, 'policy.safetensors', 'note'), '');
  return at;
}

/** Runs `train rail` in a folder to the end. */
function train(at: string, ...more: string[]): Promise<{ code: number; out: string; err: string }> {
  const args = ['--import', 'tsx', 'plugin/cli/main.ts', 'train', 'rail', '--worker', 'test/fixtures/worker.ts'];
  return new Promise((resolve) => {
    execFile(process.execPath, [...args, '--run', at, ...more], { cwd: ROOT }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

describe('babylon-agents train, where the policy cannot be written', () => {
  it('keeps it elsewhere, says so, and exits with 1', async () => {
    const at = blockedFolder();
    const { code, out, err } = await train(at, '--max-decisions', '512', '--json');
    const { policies, unwritten, savedUpdates } = JSON.parse(out);
    const [{ policyPath }] = policies;
    expect(code).toBe(1);
    expect(unwritten).toEqual([
      {
        file: join(at, 'policy.safetensors'),
        reason: expect.stringMatching(/^".*policy\.safetensors" cannot be written: E[A-Z]+: /),
      },
    ]);
    expect(savedUpdates).toBe(2);
    expect(parsePolicy(readFileSync(policyPath)).spec.name).toBe('agent');
    expect(err).toContain(`Warning: ${unwritten[0].reason}`);
    expect(err).toContain(
      `Warning: The policy is in "${join(policyPath, '..')}" instead. Move it to a permanent folder.`,
    );
  });

  it('names the file that it was rescued to, and how to resume in the folder of the run', async () => {
    const at = blockedFolder();
    const { out } = await train(at, '--max-seconds', '1');
    expect(out).toMatch(/^Policy: {4}\/.*\/rail-.*\/policy\.safetensors$/m);
    expect(out).toContain(`--run ${at} --worker test/fixtures/worker.ts\n`);
  });
});

describe('rescuePolicies', () => {
  it('says that a policy is nowhere when no other folder takes it', async () => {
    const lost = { name: 'agent', meanReturn: 1, policyPath: null, policyFile: new Uint8Array() };
    const finished = { environment: 'rail', policies: [lost] } as unknown as FinishedEvent;
    expect(await rescuePolicies(finished, join(folder(), 'missing'))).toEqual({
      finished,
      folder: undefined,
      misplaced: true,
    });
  });
});
