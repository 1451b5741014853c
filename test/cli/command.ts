import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export const ROOT = join(import.meta.dirname, '..', '..');
export const WORKER = join(ROOT, 'test/fixtures/worker.ts');

const TSX = pathToFileURL(join(ROOT, 'node_modules/tsx/dist/loader.mjs')).href;
/** The real command, to be run with `process.execPath` in any folder. */
export const COMMAND = ['--import', TSX, join(ROOT, 'plugin/cli/main.ts')];

/** A new folder for a test's files. */
export const createFolder = () => mkdtempSync(join(tmpdir(), 'agents-'));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  /** the last line of stdout as JSON */
  readonly json: Record<string, unknown>;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** sees what stderr has said so far, whenever it says more */
  readonly watch?: (err: string, child: ChildProcess) => void;
}

/** Runs the real command to its end. */
export function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const { cwd = ROOT, env = process.env, watch } = options;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...COMMAND, ...args], { cwd, env });
    let out = '';
    let err = '';
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => {
      err += data;
      watch?.(err, child);
    });
    child.on('close', (code, signal) => {
      const last = out.trimEnd().split('\n').at(-1) ?? '';
      resolve({ code, signal, out, err, json: last.startsWith('{') ? JSON.parse(last) : {} });
    });
  });
}

/** For `watch`: does something once, when the run has begun to collect. */
export function onceTraining(act: (child: ChildProcess) => void): NonNullable<CommandOptions['watch']> {
  let done = false;
  return (err, child) => {
    if (done || !err.includes('Learner: ')) return;
    done = true;
    act(child);
  };
}

/** Where a run that was printed as JSON left its policy. */
export function policyPathOf({ policies }: Record<string, unknown>): string {
  const [{ policyPath }] = policies as readonly { readonly policyPath: string }[];
  return policyPath;
}
