import { Random } from '../../../plugin/core/random.ts';
import type { Rollout } from '../../../plugin/core/rollout.ts';
import {
  createContext,
  type LearnerContext,
  needsDistributions,
  type TrainingJob,
} from '../../../plugin/learn/engine.ts';
import { createLearnerState } from '../../../plugin/learn/initialize.ts';
import { createMirrors } from '../../../plugin/learn/mirror.ts';
import { countActive, createSamples, gatherSamples } from '../../../plugin/learn/samples.ts';
import type { LearnerSettings } from '../../../plugin/learn/settings.ts';
import type { PolicySpec } from '../../../plugin/policy/policy.ts';
import { collect, createSettings, noisyWeights } from '../fixtures.ts';

/** A context, and rollouts with 44 active samples each, collected by a policy other than the one being trained. */
export function createJob(
  spec: PolicySpec,
  options: Partial<LearnerSettings> = {},
  rollouts = 1,
): { readonly context: LearnerContext; readonly job: TrainingJob } {
  const context = createContext(spec, createSettings(options));
  const weights = noisyWeights(spec, 2);
  const collected: Rollout[] = [];
  for (let seed = 1; seed <= rollouts; seed++) collected.push(collect(spec, { weights }, seed));
  const samples = createSamples(context.sizes, countActive(collected), needsDistributions(context));
  gatherSamples(spec, weights, collected, createMirrors(spec, []), samples);
  const random = new Random(4);
  const orders = Array.from({ length: context.settings.epochs }, () => {
    const order = Int32Array.from({ length: samples.count }, (_, i) => i);
    random.shuffle(order);
    return order;
  });
  return {
    context,
    job: {
      state: { ...createLearnerState(spec, context.settings, 1), weights: closeTo(weights) },
      samples,
      minibatch: Math.min(context.settings.minibatch, samples.count),
      orders,
      learningRate: context.settings.learningRate,
    },
  };
}

/** Similar weights, so that some ratios leave the clip and others stay. */
function closeTo(weights: Float32Array): Float32Array {
  const random = new Random(8);
  return weights.map((x) => x + 0.03 * random.normal());
}
