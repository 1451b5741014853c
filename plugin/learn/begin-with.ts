import { measureLayout } from '../core/layout.ts';
import { requireSlice, weightLayout } from '../policy/network.ts';
import type { PolicySpec } from '../policy/policy.ts';
import type { LearnerState } from './learner.ts';

/** A trained policy that a learner begins with. */
export interface TrainedWeights {
  /** as a policy file has them: without the critic */
  readonly weights: Float32Array;
  /** how many observations its normalizer stands for: the more, the slower it moves */
  readonly observations: number;
}

/**
 * A new learner's state with the weights and the normalizer of a trained policy of the same layout and network. The
 * critic and the optimizer stay as new.
 */
export function beginWith(
  state: LearnerState,
  { layout, network }: PolicySpec,
  { weights: trained, observations }: TrainedWeights,
): LearnerState {
  const sizes = measureLayout(layout);
  const target = weightLayout(sizes, network);
  const weights = state.weights.slice();
  for (const { name, offset, size } of weightLayout(sizes, { ...network, critic: 'none' }).slices)
    weights.set(trained.subarray(offset, offset + size), requireSlice(target, name).offset);
  const statistics = (name: string) => {
    const { offset, size } = requireSlice(target, name);
    return Float64Array.from(weights.subarray(offset, offset + size));
  };
  const mean = statistics('normalizer.mean');
  const squares = statistics('normalizer.deviation').map((deviation) => observations * deviation ** 2);
  return { ...state, weights, observation: { count: observations, mean, squares } };
}
