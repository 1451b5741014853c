import { Notices } from '../core/notices.ts';
import { askToHold, orAborted } from './hold.ts';
import { Progress, type ProgressState } from './progress.ts';
import type { RolloutOrder } from './rollout-pool.ts';
import { RolloutStream, type TakenRollout } from './rollout-stream.ts';
import { RunClock } from './run-clock.ts';
import { decisionsOf, finishedEvent, physicsStepsOf, startedEvent, timesOf, updateEvent } from './run-events.ts';
import type { RunParts } from './run-parts.ts';
import { type SavedRun, saveRun } from './save-run.ts';
import type { FinishedEvent, FinishReason, LessonEvent, StartedEvent, TrainingEvent } from './training-event.ts';
import { RunWatch } from './watch/run-watch.ts';
import type { EpisodeSummary } from './worker-protocol.ts';

/** One session of a run: its workers, its policies and its counters. */
export class Run {
  readonly #parts: RunParts;
  readonly #stream: RolloutStream;
  readonly #progress: Progress;
  readonly #clock: RunClock;
  /** of each policy */
  readonly #watches: readonly RunWatch[];
  /** of all workers, whose worlds are copies of one environment */
  readonly #notices = new Notices();
  /** progress of earlier sessions */
  readonly #before: ProgressState;
  /** result of the last save() */
  #saved: SavedRun | undefined;
  /** updates in the store's checkpoint */
  #savedUpdates: number | null;
  /** what the next rollout is begun with */
  #next: RolloutOrder;

  constructor(parts: RunParts) {
    const { began, description, settings, pool, trainers, checkpoint } = parts;
    this.#parts = parts;
    this.#clock = new RunClock(began);
    this.#next = checkpoint?.next ?? this.#newest();
    this.#progress = new Progress(trainers.length, checkpoint?.progress);
    this.#before = this.#progress.state;
    this.#savedUpdates = checkpoint ? this.#before.updates : null;
    this.#watches = trainers.map((_, p) => new RunWatch(parts, p));
    this.#stream = new RolloutStream(pool, {
      first: this.#before.updates,
      lifetime: Math.ceil(Math.max(4096, 4 * description.maxDecisions) / settings.horizon),
    });
  }

  started(): StartedEvent {
    return startedEvent(this.#parts, this.#before);
  }

  /** What went wrong since it was last asked. */
  *takeWarnings(): Generator<TrainingEvent> {
    for (const message of [...this.#parts.warnings.splice(0), ...this.#notices.take()])
      yield { kind: 'warning', message };
  }

  finishReason(): FinishReason | undefined {
    const { goal, settings, options } = this.#parts;
    const { maxSeconds, signal } = options;
    if (this.#progress.reached(goal)) return 'solved';
    if (signal?.aborted) return 'interrupted';
    if (this.#progress.state.decisions >= settings.maxDecisions) return 'budget';
    if (maxSeconds !== undefined && this.#clock.seconds >= maxSeconds) return 'time';
    return undefined;
  }

  /** Begins a rollout unless one is on its way. */
  keepCollecting(): void {
    if (!this.#stream.collecting) this.#beginRollout();
  }

  /** Waits for the rollout that was begun; the next one is begun at once where that overlaps with learning. */
  async takeRollout(): Promise<TakenRollout> {
    const { overlap, maxDecisions } = this.#parts.settings;
    const taken = await this.#stream.take();
    for (const notice of taken.rollouts.flatMap(({ notices }) => notices)) this.#notices.add(notice);
    const decisions = this.#progress.state.decisions + decisionsOf(taken);
    if (overlap && decisions < maxDecisions) this.#beginRollout();
    return taken;
  }

  #beginRollout(): void {
    this.#stream.begin(this.#next);
    this.#next = this.#newest();
  }

  #newest(): RolloutOrder {
    const { trainers, curriculum } = this.#parts;
    return { weights: trainers.map(({ weights }) => weights), lessons: curriculum.lessons };
  }

  /** Lets every policy learn from one rollout of each worker, and returns the events in order. */
  async learn(taken: TakenRollout): Promise<readonly TrainingEvent[]> {
    const { settings, trainers } = this.#parts;
    const began = performance.now();
    const { decisions: before, updates } = this.#progress.state;
    const place = { update: updates, remaining: Math.max(0, 1 - before / settings.maxDecisions) };
    const collected = trainers.map((_, p) => taken.rollouts.map(({ policies }) => policies[p]));
    collected.forEach((ofWorkers, p) => void this.#watches[p].see(ofWorkers));
    const results = await Promise.all(trainers.map((trainer, p) => trainer.learn(collected[p], place)));
    const times = timesOf(taken, performance.now() - began, this.#clock.endCycle());
    const ended = collected.map((ofWorkers) => ofWorkers.flatMap(({ episodes }) => episodes));
    const done = { decisions: decisionsOf(taken), physicsSteps: physicsStepsOf(taken), episodes: ended };
    this.#progress.add(done, this.#before.seconds + this.#clock.seconds);
    const episodes = ended.flat();
    const lessons = this.#completeLessons(episodes);
    this.#next = this.#newest();
    const { decisions } = this.#progress.state;
    const learned = results.flatMap((result, p) => {
      if (!result) return [];
      this.#warnOf(p, result.violations);
      this.#parts.warnings.push(...this.#watches[p].judge(result));
      return [updateEvent(this.#parts, this.#progress, p, result, taken, times)];
    });
    return [
      ...episodes.map((episode) => ({ kind: 'episode', ...episode, decisions }) as const),
      ...learned,
      ...lessons,
    ];
  }

  #warnOf(p: number, violations: readonly { readonly message: string }[]): void {
    const { trainers, warnings } = this.#parts;
    const update = `Update ${this.#progress.state.updates}`;
    const which = trainers.length === 1 ? update : `${update} of "${trainers[p].spec.name}"`;
    for (const { message } of violations) warnings.push(`${which} is suspect. ${message}`);
  }

  /** Moves on to the next lessons, if due. */
  #completeLessons(episodes: readonly EpisodeSummary[]): readonly LessonEvent[] {
    const { curriculum, settings } = this.#parts;
    const { updates: update, decisions } = this.#progress.state;
    const completed = curriculum.add({ episodes, progress: decisions / settings.maxDecisions });
    return completed.map((lesson) => ({ kind: 'lesson', ...lesson, update, decisions }));
  }

  /**
   * Asks whether to hold after this update. A hold() that fails comes back as a promise that is rejected, so that it ends the
   * run where the run would have waited: with its files written.
   */
  askToHold(): Promise<void> | undefined {
    const held = askToHold(this.#parts.options);
    held?.catch(() => {}); // wait() hears of it, after the checkpoint
    return held;
  }

  /** Waits for a promise or the signal. The clock stands from the moment on when no worker is collecting any more. */
  async wait(held: Promise<void>): Promise<void> {
    const over = orAborted(held, this.#parts.options.signal);
    await Promise.race([over, this.#stream.settled()]);
    await this.#clock.stand(over);
  }

  checkpointIsDue(): boolean {
    const { store, checkpointSeconds = 30 } = this.#parts.options;
    return store !== undefined && this.#clock.secondsUnsaved >= checkpointSeconds;
  }

  /** Writes policies and checkpoint if there is a place for them. A full disk is no reason to stop: what could not be written is a warning. */
  async *save(): AsyncGenerator<TrainingEvent> {
    this.#clock.save();
    const { store, pool } = this.#parts;
    if (!store) return;
    const place = { next: this.#stream.order ?? this.#next, history: pool.historyUpTo(this.#stream.position) };
    this.#saved = await saveRun(store, this.#parts, this.#progress, place);
    const { checkpointPath, policies, unwritten } = this.#saved;
    if (checkpointPath !== null) {
      const { updates: update } = this.#progress.state;
      this.#savedUpdates = update;
      yield { kind: 'checkpoint', update, checkpointPath, policies };
    }
    for (const { reason } of unwritten) yield { kind: 'warning', message: reason };
  }

  finished(reason: FinishReason): FinishedEvent {
    const files = { saved: this.#saved, savedUpdates: this.#savedUpdates };
    return finishedEvent(this.#parts, this.#progress, { reason, before: this.#before, ...files });
  }

  dispose(): void {
    this.#parts.pool.dispose();
    for (const trainer of this.#parts.trainers) trainer.dispose();
  }
}
