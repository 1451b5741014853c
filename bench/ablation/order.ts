import { SETTINGS } from './protocol.ts';
import type { SettingScore } from './scores.ts';

/** Something that the paper's table says about the order of the settings. */
interface Claim {
  readonly claim: string;
  /** by how much what is claimed to be better lies above what it is compared with; NaN where a score is missing */
  readonly margin: (score: (setting: string) => number) => number;
  /** the least margin with which the claim holds */
  readonly least: number;
}

type ClaimName =
  | 'everyClipAboveUnclipped'
  | 'clip02AtLeastEachFixedKl'
  | 'clip02WithinReachOfBest'
  | 'policyGradientBelowClip02';

/** How far one may lie below another and still count as being as good. */
const REACH = 0.05;

const named = (objective: string) =>
  SETTINGS.filter(({ learner }) => learner.objective === objective).map(({ name }) => name);

export const CLAIMS: Readonly<Record<ClaimName, Claim>> = {
  everyClipAboveUnclipped: {
    claim: 'Every clipped setting lies 0.3 or more above no clipping or penalty.',
    margin: (score) => Math.min(...named('clip').map(score)) - score('unclipped'),
    least: 0.3,
  },
  clip02AtLeastEachFixedKl: {
    claim: 'Clipping with ε = 0.2 is at least as good as every fixed KL penalty.',
    margin: (score) => score('clip-0.2') - Math.max(...named('kl-fixed').map(score)),
    least: 0,
  },
  clip02WithinReachOfBest: {
    claim: `Clipping with ε = 0.2 is the best, or within ${REACH} of it.`,
    margin: (score) => score('clip-0.2') - Math.max(...SETTINGS.map(({ name }) => score(name))),
    least: -REACH,
  },
  policyGradientBelowClip02: {
    claim: 'The policy gradient, which learns from each rollout once, lies below clipping with ε = 0.2.',
    margin: (score) => score('clip-0.2') - score('policy-gradient'),
    least: 0,
  },
};

export interface OrderCheck {
  readonly holds: boolean;
  readonly margin: number;
  readonly least: number;
}

/** The claims by name; null where a setting that they compare has no score yet. */
export type Order = Readonly<Record<ClaimName, OrderCheck | null>>;

/** Checks what the paper's table says about the order of the settings. */
export function checkOrder(scores: readonly SettingScore[]): Order {
  const scoreOf = new Map(scores.map(({ setting, score }) => [setting, score]));
  const check = ({ margin, least }: Claim): OrderCheck | null => {
    const found = margin((setting) => scoreOf.get(setting) ?? Number.NaN);
    return Number.isNaN(found) ? null : { holds: found >= least, margin: found, least };
  };
  return Object.fromEntries(Object.entries(CLAIMS).map(([name, claim]) => [name, check(claim)])) as Order;
}
