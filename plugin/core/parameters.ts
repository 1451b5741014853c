import type { ParameterValue } from './sampler.ts';

/** Named numbers that an environment reads, such as `{ ballScale: 1 }`. */
export type EnvironmentParameters = Readonly<Record<string, number>>;

/** The parameters of an environment that declares none. */
export type NoParameters = Readonly<Record<never, number>>;

/** Anything with parameters, such as an environment: `train<typeof roller>(…)` takes the names from `roller`. */
export interface Parameterized {
  /** the numbers, by name */
  readonly parameters: EnvironmentParameters;
}

/** An optional `T` for each declared parameter. Any name is allowed if the parameters are unknown, none if there are none. */
type ByParameter<Parameters extends EnvironmentParameters, T> = string extends keyof Parameters
  ? Readonly<Record<string, T>>
  : [keyof Parameters] extends [never]
    ? Readonly<Record<string, never>>
    : { readonly [Name in keyof Parameters]?: T };

/** The value or sampler of each environment parameter, by name; drawn at the start of every episode. */
export type ParameterValues<Parameters extends EnvironmentParameters = EnvironmentParameters> = ByParameter<
  Parameters,
  ParameterValue
>;

/** When a lesson ends. */
export interface LessonCompletion {
  /** `return`: the mean return of the lesson's recent episodes; `progress`: the used share of `maxDecisions` */
  readonly measure: 'return' | 'progress';
  /** the lesson ends above this value */
  readonly threshold: number;
  /** the policy whose episodes count, if agents have several; all episodes if omitted */
  readonly policy?: string;
  /** minimum number of episodes in the lesson, 100 by default; the mean return covers as many as the longest lesson requires */
  readonly minLessonLength?: number;
  /** whether to smooth the mean return with the previous one: 0.25 · old + 0.75 · new; true by default */
  readonly smoothing?: boolean;
}

/** One step of a curriculum. */
export interface Lesson {
  /** display name */
  readonly name: string;
  /** the parameter’s value, or the sampler that it is drawn from, in this lesson */
  readonly value: ParameterValue;
  /** required for every lesson but the last */
  readonly completion?: LessonCompletion;
}

/** A parameter that gets harder, lesson by lesson, as agents improve. */
export interface Curriculum {
  /** in order, the easiest first */
  readonly lessons: readonly Lesson[];
}

/** How training sets an environment parameter: a number, a sampler drawn at every episode, or a curriculum of either. */
export type ParameterSetting = ParameterValue | Curriculum;

/** How training sets each environment parameter, by name. */
export type ParameterSettings<Parameters extends EnvironmentParameters = EnvironmentParameters> = ByParameter<
  Parameters,
  ParameterSetting
>;

/** The index (from 0) of the current lesson of each parameter that has a curriculum, by the parameter's name. */
export type Lessons = Readonly<Record<string, number>>;

/** A parameter's current lesson, for display. */
export interface CurrentLesson {
  /** name of the parameter */
  readonly parameter: string;
  /** its name */
  readonly lesson: string;
  /** counts from 1 to `count` */
  readonly number: number;
  /** number of lessons */
  readonly count: number;
}

/** The current lesson and its progress toward completion. */
export interface LessonStanding extends CurrentLesson {
  /** number of episodes that count toward its completion */
  readonly episodes: number;
  /** their mean return, smoothed as it is compared; null before the first episode */
  readonly meanReturn: number | null;
}

export function isCurriculum(setting: ParameterSetting): setting is Curriculum {
  return typeof setting === 'object' && 'lessons' in setting;
}

/** The values that parameters are drawn from in the given lessons. A curriculum not in `lessons` uses its last one: the whole task. */
export function valuesOf(settings: ParameterSettings, lessons: Lessons = {}): ParameterValues {
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => {
      if (!isCurriculum(setting)) return [name, setting];
      return [name, setting.lessons[lessons[name] ?? setting.lessons.length - 1].value];
    }),
  );
}
