import * as Comlink from 'comlink';
import { AgentsError } from '../core/errors.ts';
import { describeLayout, sameLayout } from '../core/layout.ts';
import { rolloutTransferables } from '../core/rollout.ts';
import { RunningStatistics } from '../core/running-statistics.ts';
import type { UpdateResult } from '../learn/learner.ts';
import { Policy } from '../policy/policy.ts';
import { writePolicy } from '../policy/policy-file.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { Progress } from './progress.ts';
import { RolloutPool } from './rollout-pool.ts';
import { CHECKPOINT_FILE, POLICY_FILE, type RunStore } from './run-store.ts';
import { requireSettings, type TrainingSettings } from './settings.ts';
import type { FinishedEvent, FinishReason, StartedEvent, TrainingEvent, UpdateEvent, UpdateTimes } from './training-event.ts';
import { type CreateWorker, WorkerHandle } from './worker-handle.ts';
import type { CollectedRollout, EnvironmentDescription, OpenedLearner } from './worker-protocol.ts';

export interface TrainingOptions extends Partial<TrainingSettings> {
  /** starts one worker; called once for each rollout worker and once for the learner */
  readonly createWorker: CreateWorker;
  /** mean return of the last 100 episodes at which the task counts as solved and the run ends */
  readonly until?: number;
  /** wall-clock seconds of this session after which the run ends */
  readonly maxSeconds?: number;
  /** where the policy and checkpoints go; nothing is kept without one */
  readonly store?: RunStore;
  /** go on from the store's checkpoint */
  readonly resume?: boolean;
  /** wall-clock seconds between checkpoints */
  readonly checkpointSeconds?: number;
  /** ends the run after the update at hand, with a checkpoint */
  readonly signal?: AbortSignal;
  /** where TensorFlow.js finds its WebAssembly files in a page: file name → address */
  readonly wasmPaths?: Readonly<Record<string, string>>;
}

/**
 * Trains a policy for an environment of the workers' catalogue: collect a rollout in every worker, learn from all of
 * them, hand the new policy out, again and again. Leaving the loop over its events disposes everything.
 */
export async function* train(environment: string, options: TrainingOptions): AsyncGenerator<TrainingEvent, void, void> {
  const run = await Run.open(environment, options);
  try {
    yield run.started();
    yield* run.takeWarnings();
    let reason = run.finishReason();
    while (!reason) {
      const collected = await run.collect();
      yield* run.takeWarnings();
      const update = await run.learn(collected);
      for (const { episodes } of collected) {
        for (const episode of episodes) yield { kind: 'episode', ...episode, decisions: update.decisions };
      }
      yield update;
      reason = run.finishReason();
      if (!reason) yield* run.refreshWorlds();
      if (!reason && run.checkpointIsDue()) yield* run.save();
    }
    yield* run.save();
    yield run.finished(reason);
  } finally {
    run.dispose();
  }
}

/** One session of a run: its workers, its learner and its counters. */
class Run {
  readonly #options: TrainingOptions;
  readonly #description: EnvironmentDescription;
  readonly #settings: TrainingSettings;
  readonly #pool: RolloutPool;
  readonly #learner: WorkerHandle;
  readonly #backend: OpenedLearner;
  readonly #progress: Progress;
  readonly #resumedFrom: number | null;
  readonly #warnings: string[];
  readonly #began = performance.now();
  readonly #before: { readonly seconds: number; readonly decisions: number };
  #parameters: Float32Array;
  #savedAt = performance.now();
  #rolloutMs = 0;

  static async open(environment: string, options: TrainingOptions): Promise<Run> {
    const learner = new WorkerHandle('Learner worker', options.createWorker);
    let pool: RolloutPool | undefined;
    try {
      const [description] = await learner.call((services) => services.rollout.describe([environment]));
      const checkpoint = options.resume ? await requireCheckpoint(environment, options) : undefined;
      const settings = settingsOf(description, options, checkpoint);
      const warnings: string[] = [];
      const poolOptions = { environment, settings, createWorker: options.createWorker, warn: (message: string) => warnings.push(message) };
      pool = await RolloutPool.open(poolOptions, checkpoint?.generation, checkpoint?.history);
      if (checkpoint) requireSameLayout(checkpoint, pool);
      const { spec } = pool;
      const { seed, backend } = settings;
      const { wasmPaths } = options;
      const opened = await learner.call((services) =>
        services.learner.open({ spec, settings, seed, backend, ...(wasmPaths && { wasmPaths }), ...(checkpoint && { state: checkpoint.learner }) }),
      );
      return new Run(options, description, settings, pool, learner, opened, warnings, checkpoint);
    } catch (error) {
      pool?.dispose();
      learner.dispose();
      throw error;
    }
  }

  private constructor(
    options: TrainingOptions,
    description: EnvironmentDescription,
    settings: TrainingSettings,
    pool: RolloutPool,
    learner: WorkerHandle,
    backend: OpenedLearner,
    warnings: string[],
    checkpoint: Checkpoint | undefined,
  ) {
    this.#options = options;
    this.#description = description;
    this.#settings = settings;
    this.#pool = pool;
    this.#learner = learner;
    this.#backend = backend;
    this.#warnings = warnings;
    this.#parameters = backend.parameters;
    this.#progress = new Progress(checkpoint?.progress);
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
      spec: this.#pool.spec,
      settings: this.#settings,
      workers,
      areas,
      agents: areas * agentsPerArea,
      backend: this.#backend.backend,
      backendReason: this.#backend.reason,
      resumedFrom: this.#resumedFrom,
      decisions: this.#before.decisions,
      seconds: this.#before.seconds,
    };
  }

  *takeWarnings(): Generator<TrainingEvent> {
    for (const message of this.#warnings.splice(0)) yield { kind: 'warning', message };
  }

  finishReason(): FinishReason | undefined {
    const { until, maxSeconds, signal } = this.#options;
    if (this.#progress.reached(until)) return 'solved';
    if (signal?.aborted) return 'interrupted';
    if (this.#progress.state.decisions >= this.#settings.maxDecisions) return 'budget';
    if (maxSeconds !== undefined && this.#sessionSeconds() >= maxSeconds) return 'time';
    return undefined;
  }

  async collect(): Promise<readonly CollectedRollout[]> {
    const began = performance.now();
    const collected = await this.#pool.collect(this.#parameters, this.#progress.state.updates);
    this.#rolloutMs = performance.now() - began;
    return collected;
  }

  /** Learns from one rollout of each worker and takes over the new policy. */
  async learn(collected: readonly CollectedRollout[]): Promise<UpdateEvent> {
    const began = performance.now();
    const result = await this.#update(collected);
    this.#parameters = result.parameters;
    const learnerMs = performance.now() - began;
    this.#progress.add(
      {
        decisions: sum(collected.map(({ decisions }) => decisions)),
        physicsSteps: sum(collected.map(({ physicsSteps }) => physicsSteps)),
        episodes: collected.flatMap(({ episodes }) => episodes),
      },
      this.#before.seconds + this.#sessionSeconds(),
    );
    const { updates: update, decisions, physicsSteps, episodes, seconds } = this.#progress.state;
    const times = timesOf(collected, this.#rolloutMs, learnerMs);
    const perSecond = 1000 / times.totalMs;
    return {
      kind: 'update',
      update,
      decisions,
      physicsSteps,
      episodes,
      seconds,
      meanReturn: this.#progress.meanReturn,
      episodeLength: this.#progress.meanLength,
      decisionsPerSecond: result.statistics.samples * perSecond,
      physicsStepsPerSecond: sum(collected.map((rollout) => rollout.physicsSteps)) * perSecond,
      times,
      parameters: this.#parameters,
      ...result.statistics,
    };
  }

  /**
   * Worlds cannot be saved, so a checkpoint keeps the actions of all that was done in them. To bound that, they are
   * built anew after some episodes' worth of decisions.
   */
  async *refreshWorlds(): AsyncGenerator<TrainingEvent> {
    const lived = this.#pool.history[0].length * this.#settings.horizon;
    if (lived < Math.max(4096, 4 * this.#description.maxDecisions)) return;
    await this.#pool.rebuild();
    yield* this.takeWarnings();
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
      spec: this.#pool.spec,
      progress: this.#progress.state,
      learner,
      generation: this.#pool.generation,
      history: this.#pool.history,
    });
    await store.write(CHECKPOINT_FILE, checkpoint);
    await store.write(POLICY_FILE, this.#policyFile());
    yield { kind: 'checkpoint', update: this.#progress.state.updates, checkpoint: store.locate(CHECKPOINT_FILE), policy: store.locate(POLICY_FILE) };
  }

  finished(reason: FinishReason): FinishedEvent {
    const { decisions, physicsSteps, seconds, updates, episodes, solvedAtSeconds, solvedAtDecisions } = this.#progress.state;
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
    const { maxDecisions, seed } = this.#settings;
    const observed = new RunningStatistics(collected[0].observation.mean.length);
    for (const { observation } of collected) observed.merge(observation);
    const rollouts = collected.map(({ rollout }) => rollout);
    const request = { rollouts, observation: observed.moments(), seed, update, remaining: Math.max(0, 1 - decisions / maxDecisions) };
    return this.#learner.call((services) => services.learner.update(Comlink.transfer(request, rollouts.flatMap(rolloutTransferables))));
  }

  #policyFile(): Uint8Array {
    const { decisions } = this.#progress.state;
    const { name } = this.#description;
    return writePolicy(new Policy(this.#pool.spec, this.#parameters), { environment: name, seed: this.#settings.seed, decisions, meanReturn: this.#progress.meanReturn });
  }

  #sessionSeconds(): number {
    return (performance.now() - this.#began) / 1000;
  }
}

/** The settings of a run: the environment's, then the caller's; when it goes on, those that it began with. */
function settingsOf({ training }: EnvironmentDescription, options: TrainingOptions, checkpoint: Checkpoint | undefined): TrainingSettings {
  const given = explicitSettings(options);
  if (checkpoint) return requireSettings(checkpoint.settings, requireUnchanged(checkpoint.settings, given));
  const settings = requireSettings(training, given);
  const cores = globalThis.navigator?.hardwareConcurrency ?? 2;
  const workers = Math.min(settings.workers || Math.min(cores, 8), settings.areas);
  return { ...settings, workers };
}

/** The entries of the options that are settings. */
function explicitSettings(options: TrainingOptions): Partial<TrainingSettings> {
  const { createWorker, until, maxSeconds, store, resume, checkpointSeconds, signal, wasmPaths, ...settings } = options;
  return settings;
}

/** A run that goes on may get another budget and another backend; anything else would make it another run. */
function requireUnchanged(kept: TrainingSettings, given: Partial<TrainingSettings>): Partial<TrainingSettings> {
  for (const key of Object.keys(given) as (keyof TrainingSettings)[]) {
    if (given[key] === undefined || key === 'maxDecisions' || key === 'backend') continue;
    if (JSON.stringify(given[key]) === JSON.stringify(kept[key])) continue;
    throw new AgentsError(`This run began with ${key} ${JSON.stringify(kept[key])} and cannot go on with ${JSON.stringify(given[key])}. Leave it out, or start another run.`);
  }
  return given;
}

async function requireCheckpoint(environment: string, { store }: TrainingOptions): Promise<Checkpoint> {
  if (!store) throw new AgentsError('A run can only go on from a store. Pass the `store` that its checkpoint lies in.');
  const who = `Checkpoint "${store.locate(CHECKPOINT_FILE)}"`;
  const file = await store.read(CHECKPOINT_FILE);
  if (!file) throw new AgentsError(`${who} does not exist. Leave out resume to start a run there.`);
  const checkpoint = readCheckpoint(file, who);
  if (checkpoint.environment !== environment) throw new AgentsError(`${who} belongs to environment "${checkpoint.environment}", not "${environment}". Name that one, or another run.`);
  return checkpoint;
}

function requireSameLayout({ spec }: Checkpoint, pool: RolloutPool): void {
  if (sameLayout(spec.layout, pool.spec.layout)) return;
  throw new AgentsError(
    `The checkpoint's policy "${spec.name}" ${describeLayout(spec.layout)}, but the agent ${describeLayout(pool.spec.layout)}. Restore the sensors and actuators, or start another run.`,
  );
}

function timesOf(collected: readonly CollectedRollout[], rolloutMs: number, learnerMs: number): UpdateTimes {
  const mean = (pick: (rollout: CollectedRollout) => number) => sum(collected.map(pick)) / collected.length;
  const workingMs = mean(({ times }) => times.totalMs);
  return {
    totalMs: rolloutMs + learnerMs,
    rolloutMs,
    physicsMs: mean(({ times }) => times.physicsMs),
    policyMs: mean(({ times }) => times.policyMs),
    learnerMs,
    waitingMs: rolloutMs - workingMs + learnerMs,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
