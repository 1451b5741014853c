/** physics steps a second */
export const STEPS_A_SECOND = 60;

/** m from the middle to the edge, at first and after each drop */
export const RADII: readonly number[] = [6, 4.3, 2.6];

/** s of the round at which the outermost ring falls away */
export const DROPS: readonly number[] = [6, 11];

/** s after which whoever stands nearer to the middle wins */
export const ROUND_SECONDS = 16;

/** m; a bot whose middle is below this has fallen, the platform's top being at 0 */
const FALLEN = -0.6;

/** How a round went for the first of the two bots. Only two that fall in the same step, or stand equally near, draw. */
export type Verdict = 'won' | 'lost' | 'draw';

/** Where a bot's middle is. */
export interface Standing {
  /** m above the platform's top */
  readonly height: number;
  /** m from the platform's middle */
  readonly distance: number;
}

/** How many rings have fallen away after so many seconds of a round. */
export function countDrops(seconds: number): number {
  let drops = 0;
  while (drops < DROPS.length && seconds >= DROPS[drops]) drops++;
  return drops;
}

/** s until the next ring falls, or until the round ends when none is left to fall. */
export function untilDrop(seconds: number): number {
  return (DROPS[countDrops(seconds)] ?? ROUND_SECONDS) - seconds;
}

/** Says how a round ended; undefined while it goes on. Who falls loses, and so does who is farther out when time is up. */
export function judge(first: Standing, second: Standing, seconds: number): Verdict | undefined {
  const firstFell = first.height < FALLEN;
  const secondFell = second.height < FALLEN;
  if (firstFell !== secondFell) return firstFell ? 'lost' : 'won';
  if (firstFell) return 'draw';
  if (seconds < ROUND_SECONDS) return undefined;
  if (first.distance === second.distance) return 'draw';
  return first.distance < second.distance ? 'won' : 'lost';
}
