import { AgentsError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import { findWeightFault } from '../policy/network.ts';
import type { PolicySpec } from '../policy/policy.ts';
import { DivergenceMeter } from './divergence.ts';
import {
  type CreateEngine,
  createContext,
  type GradientEngine,
  type LearnerContext,
  needsDistributions,
  summarize,
  type TrainingOutcome,
} from './engine.ts';
import { InvariantWatch } from './invariants.ts';
import { adaptKlCoefficient } from './kl-coefficient.ts';
import type { Learner, LearnerState, UpdateRequest, UpdateResult } from './learner.ts';
import { createMirrors, type Mirror, mirrorMoments } from './mirror.ts';
import { applyScale, followObservations, followTargets, rescaleValueHead, valueScale } from './normalizers.ts';
import { holdOutliers, type Outlier } from './outliers.ts';
import {
  countActive,
  createSamples,
  explainedVariance,
  gatherSamples,
  requireRollouts,
  type Samples,
} from './samples.ts';
import type { LearnerSettings } from './settings.ts';

/**
 * A learner that takes gradient steps with an engine. Between updates all of its state is on the host, so a failed update
 * leaves the previous state intact.
 */
export function createLearner(
  spec: PolicySpec,
  settings: LearnerSettings,
  state: LearnerState,
  createEngine: CreateEngine,
): Learner {
  requireCritic(spec);
  requireCounts(spec, settings);
  const context = createContext(spec, settings);
  requireState(context, state);
  const mirrors = createMirrors(spec, settings.mirrors);
  const engine = createEngine(context);
  const watch = new InvariantWatch();
  const meter = needsDistributions(context) ? new DivergenceMeter(spec) : undefined;
  let current = copyState(state);
  let phase: 'idle' | 'updating' | 'disposed' = 'idle';
  const columns = (count: number) => createSamples(context.sizes, count, needsDistributions(context));
  let samples = columns(0);

  return {
    async update(request) {
      if (phase !== 'idle') {
        throw new AgentsError(
          `Learner of "${spec.name}" was asked for update ${request.update} while ${phase}. Await each update, and dispose() last.`,
        );
      }
      phase = 'updating';
      try {
        const count = mirrors.length * requireRequest(context, request);
        if (samples.count !== count) samples = columns(count);
        const instruments = { engine, mirrors, meter, watch };
        const { state, result } = await runUpdate(context, instruments, current, request, samples);
        current = state;
        return result;
      } finally {
        if (phase === 'updating') phase = 'idle';
      }
    },
    state: () => copyState(current),
    dispose() {
      phase = 'disposed';
      engine.dispose();
    },
  };
}

/** What an update works with. */
interface Instruments {
  readonly engine: GradientEngine;
  readonly mirrors: readonly Mirror[];
  /** if the objective needs divergences */
  readonly meter: DivergenceMeter | undefined;
  readonly watch: InvariantWatch;
}

async function runUpdate(
  context: LearnerContext,
  { engine, mirrors, meter, watch }: Instruments,
  state: LearnerState,
  request: UpdateRequest,
  samples: Samples,
): Promise<{ readonly state: LearnerState; readonly result: UpdateResult }> {
  const { spec, settings, layout } = context;
  const weights = state.weights.slice();
  gatherSamples(spec, weights, request.rollouts, mirrors, samples);
  const explained = explainedVariance(samples);
  let { valueTarget, observation } = state;
  if (settings.normalizeValue) {
    const followed = followTargets(valueTarget, samples);
    valueTarget = followed.moments;
    rescaleValueHead(layout, weights, followed.scale);
  }
  const scale = valueScale(layout, weights);
  applyScale(scale, samples.value);
  applyScale(scale, samples.target);

  const job = {
    state: { ...state, weights },
    samples,
    minibatch: Math.min(settings.minibatch, samples.count),
    orders: Array.from({ length: settings.epochs }, (_, epoch) => shuffledOrder(samples.count, request, epoch)),
    learningRate: firstRate(settings, state, request),
  };
  const outcome = await engine.train(job);
  requireFinite(spec, outcome, request.update);
  weights.set(outcome.trained, layout.trainable);
  const onPolicy = request.onPolicy && mirrors.length === 1; // mirror images may have any ratio
  const violations = watch.check({
    spec,
    request: { ...request, onPolicy },
    job,
    outcome,
    explainedVariance: explained,
  });
  const divergence = meter?.measure(weights, request.rollouts) ?? null;
  let outliers: readonly Outlier[] = [];
  if (settings.normalizeObservation) {
    const held = holdOutliers(observation, request.observation, request.rollouts);
    outliers = held.outliers;
    observation = followObservations(observation, mirrorMoments(mirrors, held.moments), layout, weights);
  }

  requireSound(context, weights, request.update);
  const statistics = {
    ...summarize(outcome, job, explained),
    divergence,
    klCoefficient: divergence === null ? null : state.klCoefficient,
  };
  const { firstMoment, secondMoment, learningRate } = outcome;
  const steps = state.steps + statistics.gradientSteps;
  const klCoefficient = nextKlCoefficient(settings, state, divergence);
  return {
    state: { weights, firstMoment, secondMoment, steps, learningRate, klCoefficient, observation, valueTarget },
    result: { weights: weights.slice(), statistics, violations, outliers },
  };
}

function shuffledOrder(count: number, { seed, update }: UpdateRequest, epoch: number): Int32Array {
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  new Random(seed, update, epoch).shuffle(order);
  return order;
}

function firstRate(
  { learningRateSchedule, learningRate }: LearnerSettings,
  state: LearnerState,
  { remaining }: UpdateRequest,
): number {
  switch (learningRateSchedule) {
    case 'constant':
      return learningRate;
    case 'linear':
      return learningRate * Math.min(1, Math.max(0, remaining));
    case 'adaptive':
      return state.learningRate;
  }
}

function nextKlCoefficient(
  { objective, targetKl }: LearnerSettings,
  { klCoefficient }: LearnerState,
  divergence: number | null,
): number {
  if (objective !== 'kl-adaptive' || divergence === null) return klCoefficient;
  return adaptKlCoefficient(klCoefficient, divergence, targetKl);
}

function requireCritic({ name, network }: PolicySpec): void {
  if (network.critic !== 'none') return;
  throw new AgentsError(
    `Policy "${name}" has no critic, so it cannot be trained. Set critic to 'shared' or 'separate'.`,
  );
}

function requireCounts({ name }: PolicySpec, settings: LearnerSettings): void {
  for (const setting of ['epochs', 'minibatch'] as const) {
    if (settings[setting] >= 1 && Number.isInteger(settings[setting])) continue;
    throw new AgentsError(
      `Learner setting ${setting} of "${name}" is ${settings[setting]}. It must be an integer ≥ 1.`,
    );
  }
}

function requireState({ spec, layout }: LearnerContext, state: LearnerState): void {
  const trained = layout.size - layout.trainable;
  const lengths = [state.weights.length, state.firstMoment.length, state.secondMoment.length];
  if (lengths[0] === layout.size && lengths[1] === trained && lengths[2] === trained) {
    const fault = findWeightFault(layout, spec.observationClip, state.weights);
    if (!fault) return;
    throw new AgentsError(
      `Learner of "${spec.name}" would start with a policy that ${fault}. Use fewer or narrower hidden layers than ${JSON.stringify(spec.network.hidden)}.`,
    );
  }
  throw new AgentsError(
    `Learner of "${spec.name}" needs ${layout.size} weights and twice ${trained} moments but got ${lengths.join(', ')}. Resume with the run's original network.`,
  );
}

/** Throws if the request cannot be learned from; returns S, its number of samples. */
function requireRequest({ spec, sizes }: LearnerContext, { rollouts, observation, update }: UpdateRequest): number {
  requireRollouts(spec, rollouts);
  if (observation.mean.length !== sizes.observation || observation.squares.length !== sizes.observation) {
    throw new AgentsError(
      `Update ${update} of "${spec.name}" has statistics of ${observation.mean.length} observed floats, but its agents observe ${sizes.observation}. Merge the statistics of the same agents.`,
    );
  }
  const count = countActive(rollouts);
  if (count > 0) return count;
  throw new AgentsError(
    `Update ${update} of "${spec.name}" has no samples: no agent was active in its rollouts. End the area once its agents have ended.`,
  );
}

function requireFinite(
  spec: PolicySpec,
  { trained, firstMoment, secondMoment }: TrainingOutcome,
  update: number,
): void {
  const what = allFinite(trained) ? 'gradient moments' : 'weights';
  if (allFinite(trained) && allFinite(firstMoment) && allFinite(secondMoment)) return;
  throw new AgentsError(
    `Update ${update} of "${spec.name}" produced non-finite ${what} and was dropped. Lower the learning rate.`,
  );
}

/** Whether all numbers are finite: 0 times anything else is NaN. */
function allFinite(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += 0 * values[i];
  return sum === 0;
}

/** Throws if the new policy could not be read back from a file. */
function requireSound({ spec, layout }: LearnerContext, weights: Float32Array, update: number): void {
  const fault = findWeightFault(layout, spec.observationClip, weights);
  if (!fault) return;
  throw new AgentsError(
    `Update ${update} of "${spec.name}" produced a policy that ${fault} and was dropped. Lower the learning rate.`,
  );
}

function copyState(state: LearnerState): LearnerState {
  const copy = ({ count, mean, squares }: LearnerState['observation']) => ({
    count,
    mean: mean.slice(),
    squares: squares.slice(),
  });
  return {
    ...state,
    weights: state.weights.slice(),
    firstMoment: state.firstMoment.slice(),
    secondMoment: state.secondMoment.slice(),
    observation: copy(state.observation),
    valueTarget: copy(state.valueTarget),
  };
}
