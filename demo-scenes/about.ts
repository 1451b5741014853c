/** What a scene's folder says about the scene, in its `about.ts`. Only data: the gallery, the benchmarks and the docs all read it. */
export interface SceneAbout {
  readonly title: string;
  /** what the agents do, for the gallery */
  readonly sentence: string;
  /** files of the trained policies that the scene ships, one for each policy that its agents name; the gallery shows what training reached with the first */
  readonly policies: readonly string[];
  /** address of a game in which a person plays against the policy; its agents learned from one another, so returns say little */
  readonly game?: string;
  /** the score to reach, if there is a published one to compare with */
  readonly score?: SceneScore;
}

/** A published score, and the returns that count as reaching it. */
export interface SceneScore {
  /** what Unity ML-Agents calls the scene */
  readonly unity: string;
  /** the mean return that Unity names as its benchmark */
  readonly benchmark: number;
  /** the mean return to reach over 100 episodes of play */
  readonly bar: number;
  /** the mean return of training that counts as having reached it; defaults to the bar */
  readonly trained?: number;
}
