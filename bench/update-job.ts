import { Random } from '../plugin/core/random.ts';
import { createRollout } from '../plugin/core/rollout.ts';
import { createContext, type LearnerContext, type TrainingJob } from '../plugin/learn/engine.ts';
import { createLearnerState } from '../plugin/learn/initialize.ts';
import { createMirrors } from '../plugin/learn/mirror.ts';
import { createSamples, gatherSamples } from '../plugin/learn/samples.ts';
import { LEARNER_DEFAULTS } from '../plugin/learn/settings.ts';
import type { NetworkSpec } from '../plugin/policy/network.ts';
import type { PolicySpec } from '../plugin/policy/policy.ts';
import { RolloutPolicy } from '../plugin/policy/rollout-policy.ts';

/** Gradient steps to time: a tanh network with continuous actions, and how much it learns from. */
export interface UpdateCase {
  readonly observation: number;
  readonly hidden: readonly number[];
  readonly continuous: number;
  readonly critic: Exclude<NetworkSpec['critic'], 'none'>;
  readonly samples: number;
  readonly minibatch: number;
  readonly epochs: number;
}

/** What a policy decides on random observations, with random advantages. */
export function createJob(size: UpdateCase): { readonly context: LearnerContext; readonly job: TrainingJob } {
  const { samples: count, minibatch, epochs } = size;
  const spec = createSpec(size);
  const settings = {
    ...LEARNER_DEFAULTS,
    learningRateSchedule: 'constant',
    minibatch,
    epochs,
    valueClip: 0.2,
  } as const;
  const context = createContext(spec, settings);
  const state = createLearnerState(spec, settings, 1);
  const random = new Random(1);
  const rollout = createRollout({ horizon: 1, agents: count, layout: spec.layout }, false);
  for (const column of [rollout.observation, rollout.advantage])
    for (let i = 0; i < column.length; i++) column[i] = random.normal();
  rollout.active.fill(1);
  const policy = new RolloutPolicy(spec, state.weights);
  policy.decide(rollout.observation, rollout.mask, new Float32Array(count * policy.sizes.action), rollout, random);
  const samples = createSamples(context.sizes, count);
  gatherSamples(spec, state.weights, [rollout], createMirrors(spec, []), samples);
  const orders = Array.from({ length: epochs }, () => {
    const order = Int32Array.from({ length: count }, (_, i) => i);
    random.shuffle(order);
    return order;
  });
  return { context, job: { state, samples, minibatch, orders, learningRate: 3e-4 } };
}

function createSpec({ observation, hidden, continuous, critic }: UpdateCase): PolicySpec {
  return {
    name: 'bench',
    layout: {
      sensors: [{ name: 'sight', size: observation }],
      actuators: [{ name: 'move', continuous, branches: [] }],
    },
    network: { hidden, activation: 'tanh', critic },
    observationClip: 5,
    bounds: 'clip',
    timeStep: 1 / 60,
    decisionPeriod: 1,
  };
}
