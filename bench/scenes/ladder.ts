/** A demo scene with a score to reach. */
export interface Rung {
  /** its environment */
  readonly name: string;
  /** what Unity ML-Agents calls its own */
  readonly unity: string;
  /** the mean return that Unity names as the benchmark of it */
  readonly benchmark: number;
  /** the mean return to reach over 100 episodes played */
  readonly bar: number;
  /** the mean return of training that counts as having reached it; the bar itself when left out */
  readonly trained?: number;
}

/** The scenes that are measured by published scores. */
export const LADDER: readonly Rung[] = [
  { name: 'basic', unity: 'Basic', benchmark: 0.93, bar: 0.93, trained: 0.92 }, // 0.93 is the best return there is, without a random step
  { name: 'balance-ball', unity: '3DBall', benchmark: 100, bar: 95 },
  { name: 'balance-ball-hard', unity: '3DBallHard', benchmark: 100, bar: 95 },
  { name: 'grid-world', unity: 'GridWorld', benchmark: 0.8, bar: 0.8 },
  { name: 'push-block', unity: 'PushBlock', benchmark: 4.5, bar: 4.5 },
  { name: 'wall-jump', unity: 'WallJump', benchmark: 0.8, bar: 0.8 },
  { name: 'food-collector', unity: 'FoodCollector', benchmark: 10, bar: 10 },
  { name: 'crawler', unity: 'Crawler', benchmark: 3000, bar: 1500 },
];

/** The seeds that every scene is trained from. */
export const SEEDS: readonly number[] = [1, 2, 3];

/** What came out plays so many episodes from this seed, which none was trained from. */
export const PLAYED = { episodes: 100, seed: 4711 } as const;
