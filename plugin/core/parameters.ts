import type { ParameterValue } from './sampler.ts';

/** What an environment's parameters are drawn from at the start of an episode, by name. */
export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** When a lesson is over. */
export interface LessonCompletion {
  /** `return`: what recent episodes of the lesson earned, on average; `progress`: the share of `maxDecisions` that is used up */
  readonly measure: 'return' | 'progress';
  /** above it the lesson is over */
  readonly threshold: number;
  /** whose episodes count, where agents have several policies; those of all when left out */
  readonly policy?: string;
  /** episodes that the lesson lasts at least, 100 when left out; the mean return is taken over as many as the longest lesson asks for */
  readonly minLessonLength?: number;
  /** whether each mean return is first mixed with the one before: 0.25 · old + 0.75 · new; true when left out */
  readonly smoothing?: boolean;
}

/** One step of a curriculum. */
export interface Lesson {
  /** for people */
  readonly name: string;
  readonly value: ParameterValue;
  /** every lesson has one but the last */
  readonly completion?: LessonCompletion;
}

/** A parameter that becomes harder, lesson by lesson, as agents get better. */
export interface Curriculum {
  readonly lessons: readonly Lesson[];
}

/** How training sets a parameter of an environment: a number, a sampler that is drawn from at every episode, or a curriculum of either. */
export type ParameterSetting = ParameterValue | Curriculum;

export type ParameterSettings = Readonly<Record<string, ParameterSetting>>;

/** Which lesson each parameter with a curriculum is at, from 0, by the parameter's name. */
export type Lessons = Readonly<Record<string, number>>;

/** The lesson that a parameter is at; for people. */
export interface CurrentLesson {
  readonly parameter: string;
  /** its name */
  readonly lesson: string;
  /** from 1, of `count` */
  readonly number: number;
  readonly count: number;
}

/** The same, and how it is doing by what ends it. */
export interface LessonStanding extends CurrentLesson {
  /** of the episodes that count for its end, how many there are */
  readonly episodes: number;
  /** what they returned on average, smoothed as it is compared; null before the first */
  readonly meanReturn: number | null;
}

export function isCurriculum(setting: ParameterSetting): setting is Curriculum {
  return typeof setting === 'object' && 'lessons' in setting;
}

/** What parameters are drawn from during some lessons; where none is named, the last of a curriculum counts: the whole task. */
export function valuesOf(settings: ParameterSettings, lessons: Lessons = {}): ParameterValues {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => {
      if (!isCurriculum(setting)) return [name, setting];
      return [name, setting.lessons[lessons[name] ?? setting.lessons.length - 1].value];
    }),
  );
}
