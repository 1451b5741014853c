import { CurriculumProgress } from './curriculum.ts';
import { RolloutPool, startRolloutWorker } from './rollout-pool.ts';
import { Run } from './run.ts';
import { goalOf, likelyWorkers, requireCheckpoint, requireSameAgents, settingsOf, specOf } from './run-settings.ts';
import type { TrainingOptions } from './training-options.ts';
import { WorkerHandle } from './worker-handle.ts';

/** Starts and opens the workers of a run; from its store's checkpoint on, when it is to go on. */
export async function openRun(environment: string, options: TrainingOptions): Promise<Run> {
  const began = performance.now();
  const { createWorker, resume } = options;
  const started = Array.from({ length: likelyWorkers(options) }, (_, i) => startRolloutWorker(i, createWorker));
  const [first, ...others] = started;
  const learner = new WorkerHandle('Learner worker', createWorker);
  let opening: Promise<RolloutPool> | undefined;
  try {
    for (const worker of others) worker.call((services) => services.rollout.prepare(environment)).catch(() => {}); // open() says it again
    const [description] = await first.call((services) => services.rollout.describe([environment]));
    const checkpoint = resume ? await requireCheckpoint(environment, options) : undefined;
    const settings = settingsOf(description, options, checkpoint);
    const spec = specOf(description, settings);
    if (checkpoint) requireSameAgents(checkpoint, spec);
    const { seed, backend } = settings;
    const request = {
      ...{ spec, settings, seed, backend },
      ...(checkpoint && { state: checkpoint.learner }),
    };
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    const poolOptions = { environment, spec, settings, createWorker, started, warn };
    const curriculum = new CurriculumProgress(settings.parameters, checkpoint?.curriculum);
    opening = RolloutPool.open(poolOptions, checkpoint?.next.lessons ?? curriculum.lessons, checkpoint?.history);
    const [pool, opened] = await Promise.all([opening, learner.call((services) => services.learner.open(request))]);
    const goal = goalOf(description, options, checkpoint);
    const parts = { began, options, goal, description, settings, spec, curriculum, pool, learner, opened, warnings };
    return new Run({ ...parts, checkpoint });
  } catch (error) {
    for (const worker of started) worker.dispose();
    learner.dispose();
    opening?.then((pool) => pool.dispose()).catch(() => {}); // it disposes itself when it fails
    throw error;
  }
}
