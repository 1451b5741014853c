import { Policy, writePolicy } from '../../plugin/index.ts';
import type { StartedEvent, UpdateEvent } from '../../plugin/training.ts';
import { Curves } from './curves.ts';
import { Notifier } from './notifier.ts';
import type { StoredRun } from './run-keeper.ts';
import type { RunRecord } from './run-record.ts';
import { addNote, NOTHING_YET, type RunNote, type RunState } from './run-state.ts';

/** Updates whose speed tells how much time is left. */
const SPEED_WINDOW = 16;

/**
 * What there is to see of a run: state, curves and the newest policy, and who looks. Updates may come hundreds of times a
 * second, so an update costs a point of the curves; state and policy are made of the newest when somebody asks.
 */
export class RunBoard {
  readonly curves = new Curves();
  readonly #changes = new Notifier();
  readonly #policies = new Notifier();
  readonly #waiting = new Set<{ readonly over: () => boolean; readonly resolve: () => void }>();
  #state = NOTHING_YET;
  #policy: Policy | undefined;
  /** the newest update while it is not in the state, and while it is not in the policy */
  #unshown: UpdateEvent | undefined;
  #unplayed: UpdateEvent | undefined;

  get state(): RunState {
    if (this.#unshown) {
      const { parameters: _, ...update } = this.#unshown;
      this.#unshown = undefined;
      this.#state = { ...this.#state, update, secondsLeft: this.#secondsLeft(update) };
    }
    return this.#state;
  }

  /** The newest policy; the same object while its agents stay the same. */
  get policy(): Policy | undefined {
    const update = this.#unplayed;
    this.#unplayed = undefined;
    const { started } = this.#state;
    if (!update || !started) return this.#policy;
    if (this.#policy) this.#policy.update(update.parameters);
    else this.#policy = new Policy(started.spec, update.parameters.slice());
    return this.#policy;
  }

  /** Calls back after changes of state or curves, every 100 ms at most. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    return this.#changes.subscribe(listener);
  }

  /** Calls back with the newest policy: now if there is one, and whenever there is another, every 100 ms at most. */
  onPolicy(listener: (policy: Policy) => void): () => void {
    const tell = () => {
      const { policy } = this;
      if (policy) listener(policy);
    };
    tell();
    return this.#policies.subscribe(tell);
  }

  /** Changes the state. */
  set(change: Partial<RunState>): void {
    this.#state = { ...this.state, ...change };
    this.#changes.changed('phase' in change);
    for (const waiter of this.#waiting) {
      if (!waiter.over()) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
  }

  note(kind: RunNote['kind'], text: string): void {
    this.set({ notes: addNote(this.#state.notes, { kind, text: plain(text) }) });
  }

  /** Waits for a change of state after which something holds. */
  async until(over: () => boolean): Promise<void> {
    if (over()) return;
    await new Promise<void>((resolve) => void this.#waiting.add({ over, resolve }));
  }

  add(update: UpdateEvent): void {
    this.curves.add(update);
    this.#unshown = update;
    this.#unplayed = update;
    this.#changes.changed();
    this.#policies.changed();
  }

  /** Shows a stored run, or none; phase and notes stay. */
  show(stored: StoredRun | undefined): void {
    this.#unshown = undefined;
    this.#unplayed = undefined;
    const { started, update } = stored?.record ?? { started: undefined, update: undefined };
    this.#policy = stored && new Policy(stored.checkpoint.spec, stored.checkpoint.learner.parameters.slice());
    if (stored) this.curves.copyFrom(stored.curves);
    else this.curves.clear();
    this.set({ started, update, secondsLeft: undefined, savedUpdates: stored?.checkpoint.progress.updates });
    if (update) this.set({ secondsLeft: this.#secondsLeft(update) });
    if (stored) this.#policies.changed();
  }

  /** What goes into the files with a checkpoint. */
  record(): RunRecord | undefined {
    const { started, update } = this.state;
    return started && { started, update, curves: this.curves };
  }

  /** The newest policy as a file. */
  policyFile(): Uint8Array | undefined {
    const { policy } = this;
    const { started, update } = this.state;
    if (!policy || !started || !update) return policy && writePolicy(policy);
    const { environment, settings } = started;
    const { decisions, meanReturn, lessons } = update;
    const reached = { decisions, meanReturn, ...(lessons.length > 0 && { lessons }) };
    return writePolicy(policy, { environment, seed: settings.seed, ...reached });
  }

  /** Nobody is told any more. */
  dispose(): void {
    this.#changes.dispose();
    this.#policies.dispose();
  }

  #secondsLeft({ decisions, decisionsPerSecond }: Pick<UpdateEvent, 'decisions' | 'decisionsPerSecond'>) {
    const left = budgetOf(this.#state.started) - decisions;
    const { length, decisions: done, seconds } = this.curves;
    const first = Math.max(0, length - 1 - SPEED_WINDOW);
    const last = length - 1;
    const speed =
      last > first ? (done[last] - done[first]) / Math.max(seconds[last] - seconds[first], 1e-9) : decisionsPerSecond;
    return Math.max(0, left / speed);
  }
}

function budgetOf(started: StartedEvent | undefined): number {
  return started?.settings.maxDecisions ?? Number.NaN;
}

/** A message of the library without its mark. */
function plain(message: string): string {
  return message.replaceAll('[agents] ', '');
}
