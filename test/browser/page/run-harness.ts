import { BrowserStore, type StorageKind } from '../../../demo-scenes/run/browser-store.ts';
import { CURVES } from '../../../demo-scenes/run/curves.ts';
import { LiveRun, type RunPhase } from '../../../demo-scenes/run/live-run.ts';

let started = 0;

/** A worker of the page that breaks when `break-<n>` is asked for, with n from 0 in the order of starting. */
function createWorker(): Worker {
  const name = `break-${started++}`;
  return new Worker(new URL('./run-harness-worker.ts', import.meta.url), { type: 'module', name });
}

/** A run of balance-ball, in a place of its own. */
async function openRun(name: string, kinds?: readonly StorageKind[]): Promise<LiveRun> {
  return new LiveRun('balance-ball', { createWorker, store: await BrowserStore.open(name, kinds) });
}

function reaches(run: LiveRun, ...phases: readonly RunPhase[]): Promise<void> {
  return waits(() => phases.includes(run.state.phase));
}

function afterUpdate(run: LiveRun, update: number): Promise<void> {
  return waits(() => (run.state.update?.update ?? 0) >= update);
}

async function waits(until: () => boolean): Promise<void> {
  while (!until()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** All curves as numbers. */
function pointsOf(run: LiveRun): number[][] {
  const curves = run.curvesOf();
  return [curves.decisions, curves.seconds, ...CURVES.map((name) => curves.column(name))].map((c) => Array.from(c));
}

/** Where the policy stands, in one number that any other policy misses. */
async function policyOf(run: LiveRun): Promise<string> {
  const [file] = run.policyFiles();
  const digest = await crypto.subtle.digest('SHA-256', (file ?? new Uint8Array()) as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A file of bytes that are all the same. */
function filled(size: number, byte: number): Uint8Array {
  return new Uint8Array(size).fill(byte);
}

/** The one byte that a file is full of, and its size; nothing when there is none, a complaint when it is mixed. */
async function inspect(store: BrowserStore, name: string): Promise<{ size: number; byte: number } | string> {
  const bytes = await store.read(name);
  if (!bytes) return 'none';
  const [byte] = bytes;
  return bytes.every((value) => value === byte) ? { size: bytes.length, byte } : 'mixed';
}

const runHarness = { BrowserStore, openRun, reaches, afterUpdate, pointsOf, policyOf, filled, inspect };

declare global {
  interface Window {
    runHarness: typeof runHarness;
    run: LiveRun;
  }
}

window.runHarness = runHarness;
