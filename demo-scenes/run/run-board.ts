import { Policy, writePolicy } from '../../plugin/index.ts';
import type { StartedEvent, UpdateEvent } from '../../plugin/training.ts';
import { Curves, type PolicyCurves } from './curves.ts';
import { Notifier } from './notifier.ts';
import type { StoredRun } from './run-keeper.ts';
import type { RunRecord } from './run-record.ts';
import { addNote, NOTHING_YET, type RunNote, type RunState, type RunUpdate } from './run-state.ts';

/** Number of updates from which the remaining time is estimated. */
const SPEED_WINDOW = 16;
/** The curves of a policy that has not learned. */
const NO_CURVES = new Curves();

/**
 * What a run shows: state, curves and the latest policy, and its listeners. Updates may come hundreds of times a second,
 * so an update only adds a point to the curves; state and policy are created from the latest one on request.
 */
export class RunBoard {
  readonly #changes = new Notifier();
  readonly #policyChanges = new Notifier();
  readonly #waiting = new Set<{ readonly over: () => boolean; readonly resolve: () => void }>();
  #state = NOTHING_YET;
  #curves = new Map<string, Curves>();
  /** the mean return of each policy at its latest update */
  #returns: Record<string, number | null> = {};
  #policies: readonly Policy[] = [];
  /** the latest update while it is not in the state */
  #unshown: UpdateEvent | undefined;
  /** the latest update of each policy whose weights it does not have yet */
  readonly #unplayed = new Map<string, UpdateEvent>();

  get state(): RunState {
    if (this.#unshown) {
      const { weights: _, ...update } = this.#unshown;
      this.#unshown = undefined;
      const returns = { ...this.#state.returns, ...this.#returns };
      this.#state = { ...this.#state, update, returns, secondsLeft: this.#secondsLeft(update) };
    }
    return this.#state;
  }

  /** The results of a policy's updates, by default the first policy's; empty until it has learned. */
  curvesOf(policy?: string): Curves {
    return this.#curves.get(policy ?? this.#state.started?.policies[0].name ?? '') ?? NO_CURVES;
  }

  /** The latest policies; the same objects while their agents stay the same. */
  get policies(): readonly Policy[] {
    const { started } = this.#state;
    if (!started) return this.#policies;
    for (const { policy, weights } of this.#unplayed.values()) {
      const known = this.#policies.find(({ spec }) => spec.name === policy);
      const spec = started.policies.find(({ name }) => name === policy);
      if (known) known.update(weights);
      else if (spec) this.#policies = [...this.#policies, new Policy(spec, weights.slice())];
    }
    this.#unplayed.clear();
    return this.#policies;
  }

  /** Calls back after changes of state or curves, at most every 100 ms. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void {
    return this.#changes.subscribe(listener);
  }

  /** Calls back with the latest policies: now if there are any, and whenever they change, at most every 100 ms. */
  onPolicies(listener: (policies: readonly Policy[]) => void): () => void {
    const tell = () => {
      const { policies } = this;
      if (policies.length > 0) listener(policies);
    };
    tell();
    return this.#policyChanges.subscribe(tell);
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

  /** Waits for a change of state after which a condition holds. */
  async until(over: () => boolean): Promise<void> {
    if (over()) return;
    await new Promise<void>((resolve) => void this.#waiting.add({ over, resolve }));
  }

  /** Adds an update of a policy. */
  add(update: UpdateEvent): void {
    const { policy } = update;
    const curves = this.#curves.get(policy) ?? new Curves();
    curves.add(update);
    this.#curves.set(policy, curves);
    this.#unshown = update;
    this.#returns[policy] = update.meanReturn;
    this.#unplayed.set(policy, update);
    this.#changes.changed();
    this.#policyChanges.changed();
  }

  /** Shows a stored run, or none; phase and notes stay. */
  show(stored: StoredRun | undefined): void {
    this.#unshown = undefined;
    this.#unplayed.clear();
    const { started, update } = stored?.record ?? { started: undefined, update: undefined };
    const policies = stored?.checkpoint.policies ?? [];
    this.#policies = policies.map(({ spec, learner }) => new Policy(spec, learner.weights.slice()));
    this.#returns = {};
    this.#curves = new Map(stored?.curves);
    this.set({
      started,
      update,
      returns: newestReturns(this.#curves),
      secondsLeft: undefined,
      savedUpdates: stored?.checkpoint.progress.updates,
    });
    if (update) this.set({ secondsLeft: this.#secondsLeft(update) });
    if (stored) this.#policyChanges.changed();
  }

  /** What is written with a checkpoint. */
  record(): RunRecord | undefined {
    const { started, update } = this.state;
    return started && { started, update, curves: this.#curves };
  }

  /** The latest policies as files. */
  policyFiles(): readonly Uint8Array[] {
    const { started, update, returns } = this.state;
    if (!started || !update) return this.policies.map((policy) => writePolicy(policy));
    const { environment, settings } = started;
    const { decisions } = update;
    const lessons = update.lessons.map(({ episodes, meanReturn, ...current }) => current);
    const common = { environment, seed: settings.seed, decisions, ...(lessons.length > 0 && { lessons }) };
    return this.policies.map((policy) =>
      writePolicy(policy, { ...common, meanReturn: returns[policy.spec.name] ?? null }),
    );
  }

  /** Stops all notifications. */
  dispose(): void {
    this.#changes.dispose();
    this.#policyChanges.dispose();
  }

  #secondsLeft({ policy, decisions, decisionsPerSecond }: RunUpdate): number {
    const left = budgetOf(this.#state.started) - decisions;
    const { length, decisions: done, seconds } = this.curvesOf(policy);
    const first = Math.max(0, length - 1 - SPEED_WINDOW);
    const last = length - 1;
    const speed =
      last > first ? (done[last] - done[first]) / Math.max(seconds[last] - seconds[first], 1e-9) : decisionsPerSecond;
    return Math.max(0, left / speed);
  }
}

/** The mean return of each policy at its last point. */
function newestReturns(curves: PolicyCurves): RunState['returns'] {
  const newest = [...curves].map(([policy, ofPolicy]) => [policy, ofPolicy.column('meanReturn').at(-1)] as const);
  return Object.fromEntries(newest.map(([policy, value = Number.NaN]) => [policy, Number.isNaN(value) ? null : value]));
}

function budgetOf(started: StartedEvent | undefined): number {
  return started?.settings.maxDecisions ?? Number.NaN;
}

/** A message of the library without its prefix. */
function plain(message: string): string {
  return message.replaceAll('[agents] ', '');
}
