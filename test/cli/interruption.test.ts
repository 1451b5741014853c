import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../plugin/train/checkpoint.ts';
import { COMMAND, createFolder, onceTraining, ROOT, runCommand, WORKER } from './command.ts';

const LONG = ['--max-decisions', '100000000'];
const train = (folder: string, ...args: string[]) => ['train', 'rail', '--worker', WORKER, '--run', folder, ...args];

/** What is left of a run, whose files are checked. */
function updatesIn(folder: string): number {
  const { progress } = readCheckpoint(readFileSync(join(folder, 'checkpoint.safetensors')), 'It');
  expect(readdirSync(folder).sort()).toEqual(['checkpoint.safetensors', 'policy.safetensors']); // no claim, no leftovers
  return progress.updates;
}

describe('a run', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('that gets %s saves and exits with %i', async (signal, code) => {
    const folder = join(createFolder(), 'run');
    const watch = onceTraining((child) => void setTimeout(() => child.kill(signal), 500));
    const ended = await runCommand(train(folder, ...LONG, '--json'), { watch });
    expect(ended.json).toMatchObject({ reason: 'interrupted' });
    expect(ended.code).toBe(code);
    expect(updatesIn(folder)).toBe(ended.json.updates);
  });

  it('that is interrupted while it opens ends at once, and leaves nothing', async () => {
    const folder = join(createFolder(), 'run');
    const child = spawn(process.execPath, [...COMMAND, ...train(folder, '--areas', '65536')]);
    const ended = new Promise((resolve) => child.on('close', resolve));
    while (!existsSync(folder)) await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(existsSync(folder)).toBe(false);
  });

  it('takes a signal that npm passes on as well for one', async () => {
    const folder = join(createFolder(), 'run');
    const watch = onceTraining((child) => {
      setTimeout(() => child.kill('SIGINT'), 500);
      setTimeout(() => child.kill('SIGINT'), 520);
    });
    const ended = await runCommand(train(folder, ...LONG, '--json'), { watch });
    expect([ended.code, ended.json.reason]).toEqual([130, 'interrupted']);
    expect(updatesIn(folder)).toBe(ended.json.updates);
  });

  it('whose output is piped into head saves and ends', async () => {
    const folder = join(createFolder(), 'run');
    const command = [process.execPath, ...COMMAND, ...train(folder, ...LONG)].map((part) => `'${part}'`).join(' ');
    const shell = spawn('bash', ['-c', `${command} 2>&1 | head -2; echo "exit code \${PIPESTATUS[0]}"`], { cwd: ROOT });
    let out = '';
    shell.stdout.on('data', (data) => (out += data));
    shell.stderr.on('data', (data) => (out += data));
    await new Promise((resolve) => shell.on('close', resolve));
    expect(out.trimEnd().split('\n')).toEqual([
      'Training rail: 8 agents in 2 workers, seed 1.',
      'Learner: wasm (requested)',
      'exit code 141',
    ]);
    expect(updatesIn(folder)).toBeGreaterThan(0);
  });

  it('is not joined by another process that resumes it', async () => {
    const folder = join(createFolder(), 'run');
    await runCommand(train(folder, '--max-decisions', '512'));
    let second: Promise<unknown> | undefined;
    const watch = onceTraining((child) => {
      second = runCommand(train(folder, '--resume')).then((ended) => {
        child.kill('SIGINT');
        expect(ended.err).toContain(`[agents] Folder "${folder}" is in use by process ${child.pid} on "`);
        expect(ended.code).toBe(1);
      });
    });
    const first = await runCommand(train(folder, '--resume', ...LONG, '--json'), { watch });
    await second;
    expect(first.code).toBe(130);
    expect(updatesIn(folder)).toBe(first.json.updates);
  });
});

describe('a command whose reader is gone', () => {
  it('ends without a word', async () => {
    const shell = spawn('bash', [
      '-c',
      `'${process.execPath}' ${COMMAND.join(' ')} list --worker ${WORKER} | true; echo "\${PIPESTATUS[0]}"`,
    ]);
    let out = '';
    let err = '';
    shell.stdout.on('data', (data) => (out += data));
    shell.stderr.on('data', (data) => (err += data));
    await new Promise((resolve) => shell.on('close', resolve));
    expect([out, err]).toEqual(['141\n', '']);
  });

  it.runIf(existsSync('/dev/full'))('says so when it is a full disk', async () => {
    const shell = spawn('bash', [
      '-c',
      `'${process.execPath}' ${COMMAND.join(' ')} list --worker ${WORKER} >/dev/full; echo $?`,
    ]);
    let out = '';
    let err = '';
    shell.stdout.on('data', (data) => (out += data));
    shell.stderr.on('data', (data) => (err += data));
    await new Promise((resolve) => shell.on('close', resolve));
    expect(err).toMatch(/^\[agents\] The output cannot be written: ENOSPC: no space left on device, write\.\n/);
    expect(out).toBe('1\n');
  });
});
