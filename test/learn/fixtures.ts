import type { AgentLayout } from '../../plugin/core/layout.ts';
import { Random } from '../../plugin/core/random.ts';
import { createRollout, type Rollout } from '../../plugin/core/rollout.ts';
import { type Moments, RunningStatistics } from '../../plugin/core/running-statistics.ts';
import { initializeWeights } from '../../plugin/learn/initialize.ts';
import type { LearnerState, UpdateRequest } from '../../plugin/learn/learner.ts';
import { createMirrors } from '../../plugin/learn/mirror.ts';
import { applyScale, valueScale } from '../../plugin/learn/normalizers.ts';
import { countActive, createSamples, gatherSamples, type Samples } from '../../plugin/learn/samples.ts';
import { LEARNER_DEFAULTS, type LearnerSettings } from '../../plugin/learn/settings.ts';
import { type NetworkSpec, requireSlice } from '../../plugin/policy/network.ts';
import type { PolicySpec } from '../../plugin/policy/policy.ts';
import { RolloutPolicy } from '../../plugin/policy/rollout-policy.ts';

export type Actions = 'continuous' | 'discrete' | 'both';

/** A policy that observes 3 floats. */
export function createSpec(actions: Actions, network: Partial<NetworkSpec> = {}): PolicySpec {
  return {
    name: 'test',
    layout: layoutOf(actions),
    network: { hidden: [5, 4], activation: 'tanh', critic: 'shared', ...network },
    observationClip: 5,
    bounds: 'clip',
    timeStep: 1 / 60,
    decisionPeriod: 1,
  };
}

function layoutOf(actions: Actions): AgentLayout {
  const sensors = [{ name: 'sight', size: 3 }];
  const move = { name: 'move', continuous: 2, branches: [] };
  const pick = { name: 'pick', continuous: 0, branches: [3, 2] };
  if (actions === 'continuous') return { sensors, actuators: [move] };
  return { sensors, actuators: actions === 'discrete' ? [pick] : [pick, move] };
}

/** Two gradient steps per update, since software GPUs take half a second for each; a constant learning rate. */
export function createSettings(settings: Partial<LearnerSettings> = {}): LearnerSettings {
  return { ...LEARNER_DEFAULTS, minibatch: 24, epochs: 1, learningRateSchedule: 'constant', ...settings };
}

/**
 * What `state`'s policy decides on random observations: 12 decisions of 4 agents; the last agent misses every third decision,
 * and some choices are masked. Advantages and rewards are random.
 */
export function collect(spec: PolicySpec, { weights }: Pick<LearnerState, 'weights'>, seed = 1): Rollout {
  const rollout = createRollout({ horizon: 12, agents: 4, layout: spec.layout }, false);
  const random = new Random(seed, 7);
  for (let i = 0; i < rollout.observation.length; i++) rollout.observation[i] = random.normal();
  for (let i = 0; i < rollout.advantage.length; i++) rollout.advantage[i] = random.normal();
  const policy = new RolloutPolicy(spec, weights);
  const width = policy.sizes.mask;
  rollout.mask.fill(1);
  if (width > 0) for (let row = 0; row < 48; row += 2) rollout.mask[row * width + 1] = 0;
  policy.decide(rollout.observation, rollout.mask, new Float32Array(48 * policy.sizes.action), rollout, random);
  rollout.active.fill(1);
  for (let t = 0; t < 12; t += 3) rollout.active[t * 4 + 3] = 0;
  return rollout;
}

/** The moments of a rollout's active observations. */
export function observationMoments({ observation, active }: Rollout, size: number): Moments {
  const statistics = new RunningStatistics(size);
  for (let row = 0; row < active.length; row++) if (active[row] === 1) statistics.add(observation, row * size);
  return statistics.moments();
}

/** A request to learn from one rollout. */
export function requestOf(rollout: Rollout, request: Partial<UpdateRequest> = {}): UpdateRequest {
  return {
    rollouts: [rollout],
    observation: observationMoments(rollout, 3),
    onPolicy: true,
    seed: 5,
    update: 0,
    remaining: 1,
    ...request,
  };
}

/** Initial weights with noise on every trained one, so that no gradient is 0, and normalizers that have an effect. */
export function noisyWeights(spec: PolicySpec, seed = 2): Float32Array {
  const { weightLayout } = new RolloutPolicy(spec);
  const weights = initializeWeights(spec, seed, -0.5);
  const random = new Random(seed, 3);
  for (let i = weightLayout.trainable; i < weights.length; i++) weights[i] += 0.3 * random.normal();
  weights.set([0.3, -0.2, 0.1, 1.5, 0.7, 2]); // normalizer.mean and .deviation of 3 floats
  weights.set([1.5, 2], requireSlice(weightLayout, 'value.mean').offset);
  return weights;
}

/** The active samples of a rollout, with values and targets in the network's scale. */
export function samplesOf(spec: PolicySpec, weights: Float32Array, rollout: Rollout): Samples {
  const { sizes, weightLayout } = new RolloutPolicy(spec);
  const samples = createSamples(sizes, countActive([rollout]));
  gatherSamples(spec, weights, [rollout], createMirrors(spec, []), samples);
  const scale = valueScale(weightLayout, weights);
  applyScale(scale, samples.value);
  applyScale(scale, samples.target);
  return samples;
}
