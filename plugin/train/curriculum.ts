import {
  type CurrentLesson,
  type Curriculum,
  isCurriculum,
  type Lesson,
  type LessonStanding,
  type Lessons,
  type ParameterSettings,
} from '../core/parameters.ts';
import { RETURN_WINDOW } from './progress.ts';
import type { EpisodeSummary } from './worker-protocol.ts';

/** How far a parameter is in its lessons: plain data, kept in checkpoints. */
export interface LessonState {
  /** from 0 */
  readonly lesson: number;
  /** the mean return that was compared last, smoothed; null before the lesson's first */
  readonly smoothed: number | null;
  /** returns of the last episodes since a lesson was completed, oldest first */
  readonly returns: readonly number[];
}

export type CurriculumState = Readonly<Record<string, LessonState>>;

/** A completed lesson and the next one. */
export interface CompletedLesson extends CurrentLesson {
  /** the name of the completed one */
  readonly completed: string;
}

/** Episodes and progress since lessons were last checked. */
export interface Experience {
  /** in the order in which they ended */
  readonly episodes: readonly Pick<EpisodeSummary, 'policy' | 'return' | 'stage'>[];
  /** the used share of the budget */
  readonly progress: number;
}

/** A lesson begins with no episode, judged by its own alone. */
const FRESH = { smoothed: null, returns: [] } as const;

/** How many lessons were completed, all parameters together. */
export function countCompleted(lessons: Lessons): number {
  return Object.values(lessons).reduce((sum, lesson) => sum + lesson, 0);
}

/** The lesson of each parameter. */
export function lessonsOf(state: CurriculumState): Lessons {
  return mapValues(state, ({ lesson }) => lesson);
}

/** The lessons of an environment's parameters, each of which goes its own way: when one is completed, as ML-Agents has it. */
export class CurriculumProgress {
  readonly #curricula: ReadonlyMap<string, Curriculum>;
  #state: CurriculumState;

  constructor(settings: ParameterSettings, state?: CurriculumState) {
    const curricula = Object.entries(settings).filter((entry): entry is [string, Curriculum] => isCurriculum(entry[1]));
    this.#curricula = new Map(curricula);
    this.#state = state ?? mapValues(Object.fromEntries(curricula), () => ({ lesson: 0, ...FRESH }));
  }

  get state(): CurriculumState {
    return this.#state;
  }

  get lessons(): Lessons {
    return lessonsOf(this.#state);
  }

  /** In the order of the settings. */
  get current(): readonly CurrentLesson[] {
    return [...this.#curricula].map(([parameter, { lessons }]) => {
      const { lesson } = this.#state[parameter];
      return { parameter, lesson: lessons[lesson].name, number: lesson + 1, count: lessons.length };
    });
  }

  /** The same, with what is known of each lesson. */
  get standing(): readonly LessonStanding[] {
    return this.current.map((current) => {
      const { returns, smoothed } = this.#state[current.parameter];
      return { ...current, episodes: returns.length, meanReturn: smoothed ?? meanOf(returns) };
    });
  }

  /**
   * Takes in what was done, and goes on where it completes a lesson; then every lesson restarts counting its episodes.
   * Those that began before the present lessons are passed over.
   */
  add({ episodes, progress }: Experience): readonly CompletedLesson[] {
    const stage = countCompleted(this.lessons);
    const present = episodes.filter((episode) => episode.stage === stage);
    const completed: CompletedLesson[] = [];
    const judged: Record<string, LessonState> = {};
    for (const [parameter, { lessons }] of this.#curricula) {
      const { lesson } = this.#state[parameter];
      const known = takeIn(this.#state[parameter], returnsFor(lessons[lesson], present), windowOf(lessons));
      const { state, over } = judge(known, lessons[lesson], progress);
      judged[parameter] = over ? { ...state, lesson: lesson + 1 } : state;
      if (!over) continue;
      const next = { lesson: lessons[lesson + 1].name, number: lesson + 2, count: lessons.length };
      completed.push({ parameter, completed: lessons[lesson].name, ...next });
    }
    this.#state = completed.length > 0 ? mapValues(judged, ({ lesson }) => ({ lesson, ...FRESH })) : judged;
    return completed;
  }
}

/** What the episodes returned that count for a lesson. */
function returnsFor({ completion }: Lesson, episodes: Experience['episodes']): readonly number[] {
  const { policy } = completion ?? {};
  return episodes
    .filter((episode) => policy === undefined || episode.policy === policy)
    .map(({ return: value }) => value);
}

/** Episodes that the mean return is taken over: as many as the longest lesson asks for. */
function windowOf(lessons: readonly Lesson[]): number {
  const completions = lessons.flatMap(({ completion }) => completion ?? []);
  return Math.max(1, ...completions.map(({ minLessonLength = RETURN_WINDOW }) => minLessonLength));
}

function takeIn(state: LessonState, returns: readonly number[], window: number): LessonState {
  return { ...state, returns: [...state.returns, ...returns].slice(-window) };
}

/** Whether a lesson is over by what is known of it. */
function judge(
  state: LessonState,
  { completion }: Lesson,
  progress: number,
): { readonly state: LessonState; readonly over: boolean } {
  if (!completion) return { state, over: false };
  const { measure, threshold, minLessonLength = RETURN_WINDOW, smoothing = true } = completion;
  const { returns, smoothed: old } = state;
  if (returns.length < minLessonLength) return { state, over: false };
  if (measure === 'progress') return { state, over: progress > threshold };
  const mean = meanOf(returns);
  if (mean === null) return { state, over: false };
  const smoothed = smoothing && old !== null ? 0.25 * old + 0.75 * mean : mean;
  return { state: { ...state, smoothed }, over: smoothed > threshold };
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function mapValues<T, U>(object: Readonly<Record<string, T>>, change: (value: T) => U): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
