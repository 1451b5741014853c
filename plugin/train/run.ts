import { messageOf } from '../core/errors.ts';
import type { UpdateResult } from '../learn/learner.ts';
import { type Checkpoint, writeCheckpoint } from './checkpoint.ts';
import type { CurriculumProgress } from './curriculum.ts';
import type { PolicyTrainer } from './policy-trainer.ts';
import { Progress } from './progress.ts';
import type { RolloutOrder, RolloutPool } from './rollout-pool.ts';
import { RolloutStream, type TakenRollout } from './rollout-stream.ts';
import { CHECKPOINT_FILE, policyFilesOf } from './run-store.ts';
import type { TrainingSettings } from './settings.ts';
import type {
  FinishedEvent,
  FinishedPolicy,
  FinishReason,
  LessonEvent,
  StartedEvent,
  TrainingEvent,
  UpdateEvent,
  UpdateTimes,
} from './training-event.ts';
import type { TrainingOptions } from './training-options.ts';
import type { CollectedRollout, EnvironmentDescription, EpisodeSummary } from './worker-protocol.ts';

/** What a session is made of; openRun() makes it. */
export interface RunParts {
  /** performance.now() when it was asked for */
  readonly began: number;
  readonly options: TrainingOptions;
  /** mean return at which it ends */
  readonly goal: number | undefined;
  readonly description: EnvironmentDescription;
  readonly settings: TrainingSettings;
  readonly curriculum: CurriculumProgress;
  readonly pool: RolloutPool;
  /** of every policy, in the order of the description */
  readonly trainers: readonly PolicyTrainer[];
  readonly warnings: string[];
  readonly checkpoint: Checkpoint | undefined;
}

/** One session of a run: its workers, its policies and its counters. */
export class Run {
  readonly #options: TrainingOptions;
  readonly #goal: number | undefined;
  readonly #description: EnvironmentDescription;
  readonly #settings: TrainingSettings;
  readonly #curriculum: CurriculumProgress;
  readonly #pool: RolloutPool;
  readonly #stream: RolloutStream;
  readonly #trainers: readonly PolicyTrainer[];
  /** of every policy */
  readonly #files: readonly string[];
  readonly #progress: Progress;
  readonly #resumedFrom: number | null;
  readonly #warnings: string[];
  /** performance.now() when the session began, moved on by the time that it was held */
  #began: number;
  readonly #before: { readonly seconds: number; readonly decisions: number };
  /** what the next rollout is begun with */
  #next: RolloutOrder;
  #savedAt = performance.now();
  #cycleBegan = performance.now();

  constructor({
    began,
    options,
    goal,
    description,
    settings,
    curriculum,
    pool,
    trainers,
    warnings,
    checkpoint,
  }: RunParts) {
    this.#began = began;
    this.#options = options;
    this.#goal = goal;
    this.#description = description;
    this.#settings = settings;
    this.#curriculum = curriculum;
    this.#pool = pool;
    this.#trainers = trainers;
    this.#files = policyFilesOf(trainers.map(({ spec }) => spec.name));
    this.#warnings = warnings;
    this.#next = checkpoint?.next ?? this.#newest();
    this.#progress = new Progress(trainers.length, checkpoint?.progress);
    this.#stream = new RolloutStream(pool, {
      first: this.#progress.state.updates,
      lifetime: Math.ceil(Math.max(4096, 4 * description.maxDecisions) / settings.horizon),
    });
    this.#resumedFrom = checkpoint?.progress.updates ?? null;
    this.#before = this.#progress.state;
  }

  started(): StartedEvent {
    const { name, agentsPerArea } = this.#description;
    const { workers, areas } = this.#settings;
    const [{ spec, opened }] = this.#trainers;
    return {
      kind: 'started',
      environment: name,
      policies: this.#trainers.map((trainer) => trainer.spec),
      spec,
      layout: spec.layout,
      settings: this.#settings,
      goal: this.#goal ?? null,
      workers,
      areas,
      agents: areas * agentsPerArea,
      backend: opened.backend,
      backendReason: opened.reason,
      resumedFrom: this.#resumedFrom,
      decisions: this.#before.decisions,
      seconds: this.#before.seconds,
      lessons: this.#curriculum.current,
    };
  }

  /** What went wrong since it was last asked. */
  *takeWarnings(): Generator<TrainingEvent> {
    for (const message of this.#warnings.splice(0)) yield { kind: 'warning', message };
  }

  finishReason(): FinishReason | undefined {
    const { maxSeconds, signal } = this.#options;
    if (this.#progress.reached(this.#goal)) return 'solved';
    if (signal?.aborted) return 'interrupted';
    if (this.#progress.state.decisions >= this.#settings.maxDecisions) return 'budget';
    if (maxSeconds !== undefined && this.#sessionSeconds() >= maxSeconds) return 'time';
    return undefined;
  }

  /** Begins a rollout unless one is on its way. */
  keepCollecting(): void {
    if (!this.#stream.collecting) this.#beginRollout();
  }

  /** Waits for the rollout that was begun; the next one is begun at once where that overlaps with learning. */
  async takeRollout(): Promise<TakenRollout> {
    const taken = await this.#stream.take();
    const decisions = this.#progress.state.decisions + decisionsOf(taken);
    if (this.#settings.overlap && decisions < this.#settings.maxDecisions) this.#beginRollout();
    return taken;
  }

  #beginRollout(): void {
    this.#stream.begin(this.#next);
    this.#next = this.#newest();
  }

  #newest(): RolloutOrder {
    return { parameters: this.#trainers.map(({ parameters }) => parameters), lessons: this.#curriculum.lessons };
  }

  /** Lets every policy learn from one rollout of each worker, and tells what happened, in order. */
  async learn(taken: TakenRollout): Promise<readonly TrainingEvent[]> {
    const { rollouts } = taken;
    const began = performance.now();
    const { decisions: before, updates } = this.#progress.state;
    const place = { update: updates, remaining: Math.max(0, 1 - before / this.#settings.maxDecisions) };
    const collected = this.#trainers.map((_, p) => rollouts.map(({ policies }) => policies[p]));
    const results = await Promise.all(this.#trainers.map((trainer, p) => trainer.learn(collected[p], place)));
    const times = this.#endCycle(taken, performance.now() - began);
    const ended = collected.map((ofWorkers) => ofWorkers.flatMap(({ episodes }) => episodes));
    this.#progress.add(
      {
        decisions: decisionsOf(taken),
        physicsSteps: sum(rollouts.map(({ physicsSteps }) => physicsSteps)),
        episodes: ended,
      },
      this.#before.seconds + this.#sessionSeconds(),
    );
    const episodes = ended.flat();
    const lessons = this.#completeLessons(episodes);
    this.#next = this.#newest();
    const { decisions } = this.#progress.state;
    const learned = results.flatMap((result, p) => (result ? [this.#updateOf(p, result, taken, times)] : []));
    return [
      ...episodes.map((episode) => ({ kind: 'episode', ...episode, decisions }) as const),
      ...learned,
      ...lessons,
    ];
  }

  /** What an update of policy `p` did. */
  #updateOf(p: number, { statistics, violations }: UpdateResult, taken: TakenRollout, times: UpdateTimes): UpdateEvent {
    const { spec, parameters } = this.#trainers[p];
    const { updates: update, decisions, physicsSteps, episodes, seconds } = this.#progress.state;
    const perSecond = 1000 / times.totalMs;
    const which = this.#trainers.length === 1 ? `Update ${update}` : `Update ${update} of "${spec.name}"`;
    for (const { message } of violations) this.#warnings.push(`${which} is suspect. ${message}`);
    return {
      kind: 'update',
      policy: spec.name,
      update,
      decisions,
      physicsSteps,
      episodes,
      seconds,
      ...this.#progress.summaryOf(p),
      decisionsPerSecond: decisionsOf(taken) * perSecond,
      physicsStepsPerSecond: sum(taken.rollouts.map((rollout) => rollout.physicsSteps)) * perSecond,
      times,
      lessons: this.#curriculum.current,
      parameters: parameters.slice(), // the learner writes over its own when it has made two more
      ...statistics,
    };
  }

  /** Goes on to the next lessons, if that is due. */
  #completeLessons(episodes: readonly EpisodeSummary[]): readonly LessonEvent[] {
    const { updates: update, decisions } = this.#progress.state;
    const completed = this.#curriculum.add({ episodes, progress: decisions / this.#settings.maxDecisions });
    return completed.map((lesson) => ({ kind: 'lesson', ...lesson, update, decisions }));
  }

  /** Where the time since the update before went. */
  #endCycle({ rollouts, rolloutMs }: TakenRollout, learnerMs: number): UpdateTimes {
    const now = performance.now();
    const totalMs = now - this.#cycleBegan;
    this.#cycleBegan = now;
    const mean = (pick: (rollout: CollectedRollout) => number) => sum(rollouts.map(pick)) / rollouts.length;
    return {
      totalMs,
      rolloutMs,
      physicsMs: mean(({ times }) => times.physicsMs),
      policyMs: mean(({ times }) => times.policyMs),
      learnerMs,
      workersIdleMs: Math.max(0, totalMs - mean(({ times }) => times.totalMs)),
      learnerIdleMs: totalMs - learnerMs,
    };
  }

  /** Waits for a promise or the signal. The clock stands from the moment on when no worker is collecting any more. */
  async wait(held: Promise<void>): Promise<void> {
    const over = Promise.race([held, aborted(this.#options.signal)]);
    await Promise.race([over, this.#stream.settled()]);
    const stood = performance.now();
    await over;
    const now = performance.now();
    this.#began += now - stood;
    this.#cycleBegan += now - stood;
    this.#savedAt += now - stood;
  }

  checkpointIsDue(): boolean {
    const { store, checkpointSeconds = 30 } = this.#options;
    return store !== undefined && performance.now() - this.#savedAt >= checkpointSeconds * 1000;
  }

  /** Writes checkpoint and policy, if there is a place for them. */
  async *save(): AsyncGenerator<TrainingEvent> {
    this.#savedAt = performance.now();
    const { store } = this.#options;
    if (!store) return;
    const learners = await Promise.all(this.#trainers.map((trainer) => trainer.state()));
    const checkpoint = writeCheckpoint({
      environment: this.#description.name,
      settings: this.#settings,
      goal: this.#goal ?? null,
      policies: this.#trainers.map(({ spec }, p) => ({ spec, learner: learners[p] })),
      progress: this.#progress.state,
      curriculum: this.#curriculum.state,
      next: this.#stream.order ?? this.#next,
      history: this.#pool.historyUpTo(this.#stream.position),
    });
    await store.write(CHECKPOINT_FILE, checkpoint);
    for (const [p, file] of this.#files.entries()) await store.write(file, this.#policyFile(p));
    const policies = this.#files.map((file) => store.locate(file));
    yield {
      kind: 'checkpoint',
      update: this.#progress.state.updates,
      checkpoint: store.locate(CHECKPOINT_FILE),
      policy: policies[0],
      policies,
    };
  }

  /** save(), but a full disk is no reason to stop training: it is a warning, and the next checkpoint may succeed. */
  async *saveOnTheWay(): AsyncGenerator<TrainingEvent> {
    try {
      yield* this.save();
    } catch (error) {
      yield { kind: 'warning', message: `No checkpoint was written: ${messageOf(error)} Training goes on.` };
    }
  }

  finished(reason: FinishReason): FinishedEvent {
    const { decisions, physicsSteps, seconds, updates, episodes, solvedAtSeconds, solvedAtDecisions } =
      this.#progress.state;
    const { seed, workers, areas } = this.#settings;
    const { store } = this.#options;
    const policies = this.#trainers.map(
      ({ spec }, p): FinishedPolicy => ({
        name: spec.name,
        meanReturn: this.#progress.summaryOf(p).meanReturn,
        policy: store?.locate(this.#files[p]) ?? null,
        policyFile: this.#policyFile(p),
      }),
    );
    return {
      kind: 'finished',
      reason,
      environment: this.#description.name,
      seed,
      backend: this.#trainers[0].opened.backend,
      workers,
      areas,
      decisions,
      physicsSteps,
      seconds,
      decisionsPerSecond: (decisions - this.#before.decisions) / Math.max(seconds - this.#before.seconds, 1e-9),
      updates,
      episodes,
      meanReturn: this.#progress.meanReturn,
      solved: solvedAtSeconds !== null,
      solvedAtSeconds,
      solvedAtDecisions,
      policy: policies[0].policy,
      checkpoint: store?.locate(CHECKPOINT_FILE) ?? null,
      policyFile: policies[0].policyFile,
      policies,
    };
  }

  dispose(): void {
    this.#pool.dispose();
    for (const trainer of this.#trainers) trainer.dispose();
  }

  #policyFile(p: number): Uint8Array {
    const { decisions } = this.#progress.state;
    const lessons = this.#curriculum.current;
    return this.#trainers[p].file({
      environment: this.#description.name,
      seed: this.#settings.seed,
      decisions,
      meanReturn: this.#progress.summaryOf(p).meanReturn,
      ...(lessons.length > 0 && { lessons }),
    });
  }

  #sessionSeconds(): number {
    return (performance.now() - this.#began) / 1000;
  }
}

/** Resolves once the signal says stop; never where there is none. */
function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

function decisionsOf({ rollouts }: TakenRollout): number {
  return sum(rollouts.flatMap(({ policies }) => policies.map(({ decisions }) => decisions)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
