import { loadPolicy, type Policy, Random } from '../../../plugin/index.ts';
import easy from '../policies/easy.safetensors?url';
import hard from '../policies/hard.safetensors?url';
import medium from '../policies/medium.safetensors?url';

export type Strength = 'easy' | 'medium' | 'hard';

/** Who a person plays against: one moment of the training run, and a face to it. */
export interface Opponent {
  readonly strength: Strength;
  readonly name: string;
  /** address of its policy file */
  readonly file: string;
  /** `#rrggbb` */
  readonly color: string;
  /** rad that its eyes slant */
  readonly temper: number;
}

export const opponents: readonly Opponent[] = [
  { strength: 'easy', name: 'Pebble', file: easy, color: '#7ddc6f', temper: -0.25 },
  { strength: 'medium', name: 'Brunt', file: medium, color: '#ffb347', temper: 0.2 },
  { strength: 'hard', name: 'Titan', file: hard, color: '#ff4f64', temper: 0.6 },
];

const loaded = new Map<Strength, Promise<Policy>>();

/**
 * An opponent's policy, fetched once. It draws its actions as it did in training, so that no two rounds are alike; that
 * is also how scripts/duel/tournament.ts measures the strengths.
 */
export function loadOpponent({ strength, file }: Opponent): Promise<Policy> {
  let policy = loaded.get(strength);
  if (!policy) {
    policy = loadPolicy(file).then((fetched) => fetched.sampleWith(new Random(Date.now())));
    loaded.set(strength, policy);
    policy.catch(() => loaded.delete(strength)); // so that another round fetches it again
  }
  return policy;
}
