import type { Policy } from '../../plugin/index.ts';
import {
  CHECKPOINT_FILE,
  type CreateWorker,
  type FinishedEvent,
  LearnerFailed,
  type TrainingEvent,
} from '../../plugin/training.ts';
import type { Curves } from './curves.ts';
import { onHidden } from './on-hidden.ts';
import { optionsToBegin, optionsToResume, overAlready, type RunSettings } from './resume-options.ts';
import { RunBoard } from './run-board.ts';
import type { RunFiles } from './run-files.ts';
import { RunKeeper, requireCheckpointOf, type StoredRun, UnreadableRun } from './run-keeper.ts';
import type { RunState } from './run-state.ts';
import { Session } from './session.ts';

export type { RunSettings } from './resume-options.ts';
export type { RunFiles } from './run-files.ts';
export type { RunNote, RunPhase, RunState, RunUpdate } from './run-state.ts';

export interface LiveRunOptions {
  readonly createWorker: CreateWorker;
  readonly store: RunFiles;
  /** s between checkpoints while training; a pause, a stop and a hidden page add more */
  readonly checkpointSeconds?: number;
}

const ELSEWHERE = 'This run is open in another tab or window. To train it here, stop it there or close that tab.';

/**
 * The run of an environment on this page: trains, pauses, resumes after a reload, and survives what can be survived. A
 * panel shows `state` and curves, and a field plays what onPolicies() brings. What happens to the run is a phase and a
 * note, never a rejected promise; a file that loadCheckpoint() refuses is one.
 */
export class LiveRun {
  readonly environment: string;
  readonly #createWorker: CreateWorker;
  readonly #store: RunFiles;
  readonly #checkpointSeconds: number;
  readonly #board = new RunBoard();
  readonly #keeper: RunKeeper;
  readonly #ignoreHiding: () => void;
  #session: Session | undefined;
  /** resolves when the last opened session is over and its workers are gone */
  #over: Promise<void> = Promise.resolve();
  /** whether the session's events are to be ignored */
  #forgetting = false;
  #checkpoints = 0;

  constructor(environment: string, { createWorker, store, checkpointSeconds = 5 }: LiveRunOptions) {
    this.environment = environment;
    this.#createWorker = createWorker;
    this.#store = store;
    this.#checkpointSeconds = checkpointSeconds;
    this.#keeper = new RunKeeper({
      files: store,
      record: () => this.#board.record(),
      complain: (why) => this.#board.note('warning', `The run could not be saved: ${why} Training continues.`),
    });
    this.#ignoreHiding = onHidden(() => this.#session?.save());
  }

  get state(): RunState {
    return this.#board.state;
  }

  /** The results of the updates, one point each: those of a policy, by default the first. */
  curvesOf(policy?: string): Curves {
    return this.#board.curvesOf(policy);
  }

  /** Calls back after changes of state or curves: at once after a new phase, otherwise at most every 100 ms. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void {
    return this.#board.subscribe(listener);
  }

  /** Calls back with the latest policies: now if there are any, and whenever they change. Returns a function that unsubscribes. */
  onPolicies(listener: (policies: readonly Policy[]) => void): () => void {
    return this.#board.onPolicies(listener);
  }

  /** Looks for a stored run; if there is one, shows it as it was at its checkpoint, `paused` or `finished`. */
  async restore(): Promise<boolean> {
    if (this.state.phase !== 'idle') return this.state.savedUpdates !== undefined;
    const stored = await this.#load().catch((error: unknown) => this.#fail(error));
    if (!stored || this.state.phase !== 'idle') return stored !== undefined;
    const { updates, decisions } = stored.checkpoint.progress;
    this.#rest(stored);
    this.#board.note(
      'info',
      `Found a run saved after update ${updates}, at ${decisions.toLocaleString('en')} decisions.`,
    );
    if (await this.#store.claimedElsewhere()) this.#board.note('warning', ELSEWHERE);
    return true;
  }

  /**
   * Resumes the run, or starts one if none is stored. Resolves when it trains, or has reported why it does not.
   * Settings that a run cannot change on its way are refused; reset() comes first.
   */
  async train(settings: RunSettings = {}): Promise<void> {
    const { phase, started } = this.state;
    if (phase === 'opening') return;
    if (phase === 'training') return this.#keepOn();
    if (phase === 'paused' && this.#session && started) {
      if (Object.keys(optionsToResume(settings, started)).length === 0) return this.#resume();
      void this.stop(); // other settings need another session
    }
    const stopping = this.state.phase === 'stopping';
    if (stopping) await this.#over;
    if (this.state.phase === 'opening') return; // another caller was faster
    this.#board.set({ phase: 'opening', finishReason: undefined });
    this.#over = this.#over.then(() => this.#open(settings));
    await this.#board.until(() => this.state.phase !== 'opening');
  }

  /** Pauses the run after the current update, with a checkpoint. Resolves when it is paused. */
  async pause(): Promise<void> {
    if (this.state.phase !== 'training' && this.state.phase !== 'opening') return;
    this.#board.set({ pausing: true });
    this.#session?.pause();
    await this.#board.until(() => !this.state.pausing);
  }

  /** Ends the session with a checkpoint. Resolves when its workers are gone. */
  async stop(): Promise<void> {
    if (this.state.phase === 'opening' || this.#session) this.#board.set({ phase: 'stopping', pausing: false });
    this.#session?.stop();
    await this.#over;
  }

  /** Deletes the run, its files and curves. */
  async reset(): Promise<void> {
    await this.#leave();
    if (!(await this.#store.claim())) return this.#board.note('problem', ELSEWHERE);
    try {
      await this.#keeper.forget();
      this.#board.show(undefined);
      this.#board.set({ phase: 'idle', finishReason: undefined, notes: [] });
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#store.release();
    }
  }

  /** The latest policies, for a game or for the gallery. */
  policyFiles(): readonly Uint8Array[] {
    return this.#board.policyFiles();
  }

  /** A new checkpoint, or the last one if nothing is training. */
  async checkpointFile(): Promise<Uint8Array | undefined> {
    const before = this.#checkpoints;
    this.#session?.save();
    const there = () => this.#checkpoints > before || this.state.phase !== 'training';
    await this.#board.until(there);
    return this.#keeper.read(CHECKPOINT_FILE);
  }

  /** Resumes from a checkpoint file that a person opened. An invalid one is refused, and the present run continues. */
  async loadCheckpoint(bytes: Uint8Array, name: string): Promise<void> {
    const { progress } = requireCheckpointOf(this.environment, bytes, `"${name}"`);
    await this.#leave();
    if (!(await this.#store.claim())) throw new Error(ELSEWHERE);
    try {
      await this.#keeper.adopt(bytes);
      const stored = await this.#load();
      if (stored) this.#rest(stored);
    } finally {
      this.#store.release();
    }
    this.#board.note(
      'info',
      `Opened "${name}": ${progress.updates} updates, ${progress.decisions.toLocaleString('en')} decisions.`,
    );
  }

  /** Ends the session with a checkpoint, without notifying anyone. */
  dispose(): void {
    this.#ignoreHiding();
    this.#board.dispose();
    void this.stop();
  }

  async #open(settings: RunSettings): Promise<void> {
    const before = this.state.savedUpdates === undefined ? 'idle' : 'paused';
    try {
      if (await this.#store.claim()) return await this.#follow(settings);
      this.#board.note('problem', ELSEWHERE);
      this.#board.set({ phase: before });
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#session = undefined;
      this.#store.release();
      this.#board.set({ workersOpen: false, pausing: false });
    }
  }

  /** Trains to the end of a session. */
  async #follow(settings: RunSettings): Promise<void> {
    const stored = await this.#load();
    if (stored && overAlready(settings, stored.checkpoint)) {
      this.#rest(stored, settings);
      return this.#board.note(
        'info',
        'There is nothing left to train. Raise the budget or the goal, or reset the run.',
      );
    }
    if (!stored) await this.#keeper.begin();
    if (this.state.phase === 'stopping') return this.#rest(stored);
    const session = new Session(this.environment, {
      ...(stored ? optionsToResume(settings, stored.checkpoint) : optionsToBegin(settings)),
      resume: stored !== undefined,
      createWorker: this.#createWorker,
      store: this.#keeper,
      checkpointSeconds: this.#checkpointSeconds,
    });
    this.#session = session;
    if (this.state.pausing) session.pause();
    try {
      for await (const event of session.events) this.#take(event, session);
    } catch (error) {
      if (!this.#canDoWithoutGpu(error)) throw error;
      await this.#follow({ ...settings, backend: 'wasm' });
    }
  }

  #take(event: TrainingEvent, session: Session): void {
    const { phase } = this.state;
    switch (event.kind) {
      case 'started':
        this.#board.set({ started: event, workersOpen: true, ...(phase === 'opening' && { phase: 'training' }) });
        if (event.resumedFrom !== null) this.#board.note('info', `Resumed after update ${event.resumedFrom}.`);
        return;
      case 'episode':
        return;
      case 'update':
        return this.#board.add(event);
      case 'lesson':
        return this.#board.note(
          'info',
          `Lesson "${event.completed}" of ${event.parameter} was completed after update ${event.update}. Next: "${event.lesson}".`,
        );
      case 'warning':
        this.#board.note('warning', event.message);
        return this.#standStill(session);
      case 'checkpoint':
        this.#checkpoints++;
        this.#board.set(this.#keeper.complete ? { savedUpdates: event.update } : {});
        return this.#standStill(session);
      case 'finished':
        return this.#finish(event);
      default:
        event satisfies never;
    }
  }

  /** The checkpoint of a pause was written, or failed: nothing happens after it until the run is resumed. */
  #standStill(session: Session): void {
    if (!session.held || this.state.phase !== 'training') return;
    this.#board.set({ phase: 'paused', pausing: false });
    this.#board.note('info', `Paused after update ${this.state.update?.update}.`);
  }

  #keepOn(): void {
    this.#session?.resume();
    this.#board.set({ pausing: false });
  }

  #resume(): void {
    this.#session?.resume();
    this.#board.set({ phase: 'training' });
    this.#board.note('info', `Resumed after update ${this.state.update?.update}.`);
  }

  #finish({ reason, seconds, updates }: FinishedEvent): void {
    this.#session = undefined; // it controls nothing anymore
    this.#board.set({ phase: reason === 'interrupted' ? 'paused' : 'finished', finishReason: reason });
    this.#board.note(
      'info',
      reason === 'interrupted'
        ? `Stopped after update ${updates}.`
        : `${REASONS[reason]} after ${seconds.toFixed(0)} s.`,
    );
    if (!this.#keeper.complete)
      this.#board.note(
        'warning',
        'This browser did not save all of it. Download the policy before you leave this page.',
      );
  }

  /** Shows a run that has no workers. */
  #rest(stored: StoredRun | undefined, settings: RunSettings = {}): void {
    const reason = stored && overAlready(settings, stored.checkpoint);
    this.#board.set({ phase: reason ? 'finished' : stored ? 'paused' : 'idle', finishReason: reason });
  }

  /** Shows what is in the store; an unreadable run counts as none. */
  async #load(): Promise<StoredRun | undefined> {
    let stored: StoredRun | undefined;
    try {
      stored = await this.#keeper.load(this.environment);
    } catch (error) {
      if (!(error instanceof UnreadableRun)) throw error;
      this.#board.note('warning', `${error.message} Training starts over.`);
    }
    this.#board.show(stored);
    return stored;
  }

  /** Ends the session, if there is one, and ignores its events. */
  async #leave(): Promise<void> {
    this.#forgetting = true;
    if (this.state.phase === 'opening' || this.#session) this.#board.set({ phase: 'stopping', pausing: false });
    this.#session?.leave();
    await this.#over;
    this.#forgetting = false;
  }

  /** Whether the failed session lost only its GPU: then the next one learns without it. */
  #canDoWithoutGpu(error: unknown): boolean {
    if (this.#forgetting || !(error instanceof LearnerFailed) || this.state.started?.backend !== 'webgpu') return false;
    const { savedUpdates, phase } = this.state;
    const from = savedUpdates ? `after update ${savedUpdates}` : 'from the start';
    this.#board.note('warning', `${error.message} Training resumes ${from} without the GPU, on WebAssembly.`);
    if (phase !== 'stopping') this.#board.set({ phase: 'opening', workersOpen: false });
    return true;
  }

  #fail(error: unknown): undefined {
    if (this.#forgetting) return;
    this.#board.set({ phase: 'failed' });
    this.#board.note('problem', error instanceof Error ? error.message : String(error));
  }
}

const REASONS = { solved: 'Solved', budget: 'Budget used up', time: 'Time is up' } as const;
