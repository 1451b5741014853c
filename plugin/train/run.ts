import * as Comlink from 'comlink';
import { AgentsError, messageOf } from '../core/errors.ts';
import { rolloutTransferables } from '../core/rollout.ts';
import { RunningStatistics } from '../core/running-statistics.ts';
import type { UpdateResult } from '../learn/learner.ts';
import { Policy, type PolicySpec } from '../policy/policy.ts';
import { writePolicy } from '../policy/policy-file.ts';
import { type Checkpoint, writeCheckpoint } from './checkpoint.ts';
import { type CurriculumProgress, countCompleted } from './curriculum.ts';
import { Progress } from './progress.ts';
import type { RolloutOrder, RolloutPool } from './rollout-pool.ts';
import { RolloutStream, type TakenRollout } from './rollout-stream.ts';
import { CHECKPOINT_FILE, POLICY_FILE } from './run-store.ts';
import type { TrainingSettings } from './settings.ts';
import type {
  FinishedEvent,
  FinishReason,
  LessonEvent,
  StartedEvent,
  TrainingEvent,
  UpdateEvent,
  UpdateTimes,
} from './training-event.ts';
import type { TrainingOptions } from './training-options.ts';
import type { WorkerHandle } from './worker-handle.ts';
import type { CollectedRollout, EnvironmentDescription, EpisodeSummary, OpenedLearner } from './worker-protocol.ts';

/** What a session is made of; openRun() makes it. */
export interface RunParts {
  /** performance.now() when it was asked for */
  readonly began: number;
  readonly options: TrainingOptions;
  /** mean return at which it ends */
  readonly goal: number | undefined;
  readonly description: EnvironmentDescription;
  readonly settings: TrainingSettings;
  readonly spec: PolicySpec;
  readonly curriculum: CurriculumProgress;
  readonly pool: RolloutPool;
  readonly learner: WorkerHandle;
  readonly opened: OpenedLearner;
  readonly warnings: string[];
  readonly checkpoint: Checkpoint | undefined;
}

/**
 * An update could not be made: the GPU was lost, the learner's worker died, or its numbers stopped being finite. The last
 * checkpoint is whole, and another backend may go on from it.
 */
export class LearnerFailed extends AgentsError {}

/** One session of a run: its workers, its learner and its counters. */
export class Run {
  readonly #options: TrainingOptions;
  readonly #goal: number | undefined;
  readonly #description: EnvironmentDescription;
  readonly #settings: TrainingSettings;
  readonly #spec: PolicySpec;
  readonly #curriculum: CurriculumProgress;
  readonly #pool: RolloutPool;
  readonly #stream: RolloutStream;
  readonly #learner: WorkerHandle;
  readonly #backend: OpenedLearner;
  readonly #progress: Progress;
  readonly #resumedFrom: number | null;
  readonly #warnings: string[];
  /** performance.now() when the session began, moved on by the time that it was held */
  #began: number;
  readonly #before: { readonly seconds: number; readonly decisions: number };
  /** [P] the newest policy */
  #parameters: Float32Array;
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
    spec,
    curriculum,
    pool,
    learner,
    opened,
    warnings,
    checkpoint,
  }: RunParts) {
    this.#began = began;
    this.#options = options;
    this.#goal = goal;
    this.#description = description;
    this.#settings = settings;
    this.#spec = spec;
    this.#curriculum = curriculum;
    this.#pool = pool;
    this.#learner = learner;
    this.#backend = opened;
    this.#warnings = warnings;
    this.#parameters = opened.parameters;
    this.#next = checkpoint?.next ?? this.#newest();
    this.#progress = new Progress(checkpoint?.progress);
    this.#stream = new RolloutStream(pool, {
      first: this.#progress.state.updates,
      lifetime: Math.ceil(Math.max(4096, 4 * description.maxDecisions) / settings.horizon),
    });
    this.#resumedFrom = checkpoint?.progress.updates ?? null;
    this.#before = this.#progress.state;
  }

  started(): StartedEvent {
    const { name, layout, agentsPerArea } = this.#description;
    const { workers, areas } = this.#settings;
    return {
      kind: 'started',
      environment: name,
      layout,
      spec: this.#spec,
      settings: this.#settings,
      goal: this.#goal ?? null,
      workers,
      areas,
      agents: areas * agentsPerArea,
      backend: this.#backend.backend,
      backendReason: this.#backend.reason,
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
    return { parameters: this.#parameters, lessons: this.#curriculum.lessons };
  }

  /** Learns from one rollout of each worker, takes over the new policy and tells what happened, in order. */
  async learn(taken: TakenRollout): Promise<readonly TrainingEvent[]> {
    const { rollouts } = taken;
    const ended = rollouts.flatMap(({ episodes }) => episodes);
    const began = performance.now();
    const result = await this.#update(rollouts);
    this.#noteViolations(result);
    this.#parameters = result.parameters;
    const times = this.#endCycle(taken, performance.now() - began);
    this.#progress.add(
      {
        decisions: decisionsOf(taken),
        physicsSteps: sum(rollouts.map(({ physicsSteps }) => physicsSteps)),
        episodes: ended,
      },
      this.#before.seconds + this.#sessionSeconds(),
    );
    const lessons = this.#completeLessons(ended);
    this.#next = this.#newest();
    const { updates, decisions, physicsSteps, episodes, seconds } = this.#progress.state;
    const perSecond = 1000 / times.totalMs;
    const update: UpdateEvent = {
      kind: 'update',
      update: updates,
      decisions,
      physicsSteps,
      episodes,
      seconds,
      meanReturn: this.#progress.meanReturn,
      returnDeviation: this.#progress.returnDeviation,
      episodeLength: this.#progress.meanLength,
      decisionsPerSecond: result.statistics.samples * perSecond,
      physicsStepsPerSecond: sum(rollouts.map((rollout) => rollout.physicsSteps)) * perSecond,
      times,
      lessons: this.#curriculum.current,
      parameters: this.#parameters.slice(), // the learner writes over its own when it has made two more
      ...result.statistics,
    };
    return [...ended.map((episode) => ({ kind: 'episode', ...episode, decisions }) as const), update, ...lessons];
  }

  /** Goes on to the next lessons, if that is due: only episodes of the present ones count. */
  #completeLessons(episodes: readonly EpisodeSummary[]): readonly LessonEvent[] {
    const stage = countCompleted(this.#curriculum.lessons);
    const { updates: update, decisions } = this.#progress.state;
    const completed = this.#curriculum.add({
      returns: episodes.filter((episode) => episode.stage === stage).map((episode) => episode.return),
      progress: decisions / this.#settings.maxDecisions,
    });
    return completed.map((lesson) => ({ kind: 'lesson', ...lesson, update, decisions }));
  }

  #noteViolations({ violations }: UpdateResult): void {
    const update = this.#progress.state.updates + 1;
    for (const { message } of violations) this.#warnings.push(`Update ${update} is suspect. ${message}`);
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
    const learner = await this.#learner.call((services) => services.learner.state());
    const checkpoint = writeCheckpoint({
      environment: this.#description.name,
      settings: this.#settings,
      goal: this.#goal ?? null,
      spec: this.#spec,
      progress: this.#progress.state,
      learner,
      curriculum: this.#curriculum.state,
      next: this.#stream.order ?? this.#next,
      history: this.#pool.historyUpTo(this.#stream.position),
    });
    await store.write(CHECKPOINT_FILE, checkpoint);
    await store.write(POLICY_FILE, this.#policyFile());
    yield {
      kind: 'checkpoint',
      update: this.#progress.state.updates,
      checkpoint: store.locate(CHECKPOINT_FILE),
      policy: store.locate(POLICY_FILE),
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
    return {
      kind: 'finished',
      reason,
      environment: this.#description.name,
      seed,
      backend: this.#backend.backend,
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
      policy: store?.locate(POLICY_FILE) ?? null,
      checkpoint: store?.locate(CHECKPOINT_FILE) ?? null,
      policyFile: this.#policyFile(),
    };
  }

  dispose(): void {
    this.#pool.dispose();
    this.#learner.dispose();
  }

  #update(collected: readonly CollectedRollout[]): Promise<UpdateResult> {
    const { decisions, updates: update } = this.#progress.state;
    const { maxDecisions, overlap, seed } = this.#settings;
    const observed = new RunningStatistics(collected[0].observation.mean.length);
    for (const { observation } of collected) observed.merge(observation);
    const rollouts = collected.map(({ rollout }) => rollout);
    const request = {
      rollouts,
      observation: observed.moments(),
      onPolicy: !overlap,
      seed,
      update,
      remaining: Math.max(0, 1 - decisions / maxDecisions),
    };
    return this.#learner
      .call((services) => services.learner.update(Comlink.transfer(request, rollouts.flatMap(rolloutTransferables))))
      .catch((error: unknown) => {
        throw new LearnerFailed(messageOf(error), { cause: error });
      });
  }

  #policyFile(): Uint8Array {
    const { decisions } = this.#progress.state;
    const { name } = this.#description;
    const lessons = this.#curriculum.current;
    return writePolicy(new Policy(this.#spec, this.#parameters), {
      environment: name,
      seed: this.#settings.seed,
      decisions,
      meanReturn: this.#progress.meanReturn,
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
  return sum(rollouts.map(({ decisions }) => decisions));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
