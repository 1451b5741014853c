import type { HeadlessWorld } from '../headless-world.ts';
import { findDivergence, type Life } from './life.ts';
import { quoteNames } from './quote-names.ts';
import { compareStates, namesOfSame, type SceneState } from './scene-state.ts';

/** Episodes of one world that drew the same chance. */
export interface ThreeStarts {
  readonly first: Life;
  readonly second: Life;
  /** as it began */
  readonly third: SceneState;
}

/** What floats, at their first observation, may differ by; and m and rad that nodes may, a few steps later: contacts of before still count. */
const SAME_FLOAT = 1e-3;
const SAME_WAY = 0.1;
const SAME_TURN = 0.2;

/** A sentence on what a reset leaves different; undefined if nothing is odd. */
export function describeReset(world: HeadlessWorld, environment: string, starts: ThreeStarts): string | undefined {
  const what = listNodes(starts);
  const who = `reset() of environment "${environment}"`;
  if (what.length > 0)
    return `${who} does not put everything back. Of two episodes with the same chance, the later one begins ${what.join(', and ')}. Put it back in reset(), or all nodes by rememberPoses(), and restart what animates it. If episodes are meant to continue where the last one stopped, ignore this.`;
  const { first, second } = starts;
  const { added, ...differences } = compareStates(first.began, first.ended, second.began);
  if (Object.values(differences).some((names) => names.length > 0)) return undefined; // reset() goes on from what was
  const seen = findDivergence(world, first.moments.slice(0, 1), second.moments.slice(0, 1), SAME_FLOAT);
  if (seen)
    return `${who} does not put everything back: all nodes begin where they should, but of two episodes with the same chance and the same first action ${seen.what} differs at once. Look for variables that it does not set, such as counters, timers and velocities.`;
  const strayed = findStrayed(first, second);
  if (strayed.length === 0) return undefined;
  return `${who} does not put everything back: all nodes begin where they should, but by the same actions ${quoteNames(strayed)} went another way from the start. Look for what it does not set: velocities, motors and limits of joints, variables that move things.`;
}

/** What was seen of nodes in the second episode and in the third. */
function listNodes({ first, second, third }: ThreeStarts): readonly string[] {
  const then = compareStates(first.began, first.ended, second.began);
  const later = compareStates(first.began, second.ended, third);
  const added = compareStates(second.began, second.ended, third).added.filter((name) => then.added.includes(name));
  const both = (kind: keyof typeof then) => then[kind].filter((name) => later[kind].includes(name));
  const still = namesOfSame(second.ended, third);
  const kinds: readonly (readonly [names: readonly string[], tell: (names: string) => string])[] = [
    [then.left.filter((name) => still.has(name)), (names) => `with ${names} where the earlier one had left it`],
    [both('gone'), (names) => `without ${names}, which the earlier one disposed`],
    [added, (names) => `with one more ${names} each time`],
    [both('hidden'), (names) => `with ${names} hidden or disabled`],
    [both('shown'), (names) => `with ${names} shown or enabled`],
    [both('scaled'), (names) => `with ${names} of another size`],
  ];
  return kinds.filter(([names]) => names.length > 0).map(([names, tell]) => tell(quoteNames(names)));
}

function findStrayed({ early: before }: Life, { early: now }: Life): readonly string[] {
  if (!before || !now) return [];
  return [...before].flatMap(([key, { name, pose }]) => {
    const other = now.get(key);
    const strays = other && (pose.distance(other.pose) > SAME_WAY || pose.angle(other.pose) > SAME_TURN);
    return strays ? [name] : [];
  });
}
