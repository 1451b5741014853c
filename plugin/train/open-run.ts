import { Random } from '../core/random.ts';
import type { TrainedWeights } from '../learn/begin-with.ts';
import type { PolicySpec } from '../policy/policy.ts';
import type { Checkpoint } from './checkpoint.ts';
import { CurriculumProgress } from './curriculum.ts';
import { GuardedStore } from './guarded-store.ts';
import { checkOptions } from './option-schema.ts';
import { PolicyTrainer } from './policy-trainer.ts';
import { requireRoom } from './require-room.ts';
import { RolloutPool, startRolloutWorker } from './rollout-pool.ts';
import { Run } from './run.ts';
import {
  explicitSettings,
  goalOf,
  likelyWorkers,
  requireCheckpoint,
  requireSameAgents,
  settingsOf,
  specsOf,
} from './run-settings.ts';
import { requireSettings, settingsOfPolicy, type TrainingSettings } from './settings.ts';
import { trainedWeightsOf } from './trained-weights.ts';
import type { TrainingOptions } from './training-options.ts';
import { WorkerHandle } from './worker-handle.ts';
import { requireSameWorld } from './world-facts.ts';

/** Starts and opens the workers of a run; to resume, from its store's checkpoint. */
export async function openRun(environment: string, options: TrainingOptions): Promise<Run> {
  const began = performance.now();
  checkOptions(environment, options);
  requireSettings(explicitSettings(options)); // says what is wrong before anything is started
  const { createWorker, resume, signal } = options;
  const store = options.store && new GuardedStore(options.store, { signal });
  const started: WorkerHandle[] = [];
  const learners: WorkerHandle[] = [];
  let opening: Promise<RolloutPool> | undefined;
  try {
    for (let i = 0; i < likelyWorkers(options); i++) started.push(startRolloutWorker(i, createWorker));
    learners.push(new WorkerHandle('Learner worker', createWorker));
    const [first, ...others] = started;
    for (const worker of others) worker.call((services) => services.rollout.prepare(environment)).catch(() => {}); // open() says it again
    const [description] = await first.call((services) => services.rollout.describe([environment]));
    const checkpoint = resume ? await requireCheckpoint(environment, store) : undefined;
    const settings = settingsOf(description, options, checkpoint);
    const specs = specsOf(description, settings);
    const trained = trainedWeightsOf(options.from, specs);
    requireRoom(description, settings, specs);
    if (checkpoint) requireSameAgents(checkpoint, specs);
    if (checkpoint) requireSameWorld(checkpoint, description);
    while (learners.length < specs.length)
      learners.push(new WorkerHandle(`Learner worker ${learners.length + 1}`, createWorker));
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    const poolOptions = { environment, specs, settings, createWorker, started, warn };
    const curriculum = new CurriculumProgress(settings.parameters, checkpoint?.curriculum);
    opening = RolloutPool.open(poolOptions, checkpoint?.next.lessons ?? curriculum.lessons, checkpoint?.history);
    const openLearner = (spec: PolicySpec, p: number) =>
      openTrainer(learners[p], spec, p, { settings, checkpoint, trained });
    const [pool, ...trainers] = await Promise.all([opening, ...specs.map(openLearner)]);
    const goal = goalOf(description, options, checkpoint);
    const asked = { began, options, store, goal };
    return new Run({ ...asked, trained, description, settings, curriculum, pool, trainers, warnings, checkpoint });
  } catch (error) {
    for (const worker of [...started, ...learners]) worker.dispose();
    opening?.then((pool) => pool.dispose()).catch(() => {}); // it disposes itself when it fails
    throw error;
  }
}

/** What the learners of a run start from. */
interface LearnerStart {
  readonly settings: TrainingSettings;
  readonly checkpoint: Checkpoint | undefined;
  /** by policy */
  readonly trained: ReadonlyMap<string, TrainedWeights>;
}

/** Opens the learner of policy `p`; the policies of a run begin with other weights, and shuffle otherwise. */
async function openTrainer(
  worker: WorkerHandle,
  spec: PolicySpec,
  p: number,
  { settings: run, checkpoint, trained }: LearnerStart,
): Promise<PolicyTrainer> {
  const seed = p === 0 ? run.seed : new Random(run.seed, POLICIES, p).integer(2 ** 31);
  const request = {
    ...{ spec, settings: settingsOfPolicy(run, spec.name), seed, backend: run.backend },
    ...(checkpoint && { state: checkpoint.policies[p].learner }),
    ...(trained.has(spec.name) && { from: trained.get(spec.name) as TrainedWeights }),
  };
  const opened = await worker.call((services) => services.learner.open(request));
  return new PolicyTrainer({ spec, seed, onPolicy: !run.overlap, worker, opened });
}

/** Keeps the seeds of a run's further policies apart from what else is seeded. */
const POLICIES = 3;
