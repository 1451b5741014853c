import type { LessonCompletion, LessonStanding, ParameterSettings } from '../../plugin/index.ts';
import { formatCount, formatFigure, formatShare } from './format.ts';

/** A lesson as the panel lists it. */
export interface PlannedLesson {
  /** from 1 */
  readonly number: number;
  readonly name: string;
  /** when it is completed, in words; the last one never is */
  readonly ends: string | undefined;
  /** for the current one, if returns decide: what they are now */
  readonly soFar: string | undefined;
  readonly stage: 'over' | 'now' | 'to come';
}

/** All lessons of one parameter, in order. */
export interface LessonPlan {
  readonly parameter: string;
  readonly lessons: readonly PlannedLesson[];
}

/** The lessons of each parameter that has any, and their progress. */
export function planLessons(settings: ParameterSettings, current: readonly LessonStanding[]): readonly LessonPlan[] {
  return current.map(({ parameter, number: now, ...standing }) => {
    const setting = settings[parameter];
    const lessons = typeof setting === 'object' && 'lessons' in setting ? setting.lessons : [];
    return {
      parameter,
      lessons: lessons.map(({ name, completion }, i) => {
        const number = i + 1;
        const stage = number < now ? 'over' : number === now ? 'now' : 'to come';
        const ends = completion && describeCompletion(completion);
        const soFar = stage === 'now' && completion?.measure === 'return' ? describeStanding(standing) : undefined;
        return { number, name, ends, soFar, stage };
      }),
    };
  });
}

/** When a lesson is completed, as half a sentence. */
function describeCompletion({ measure, threshold, policy, minLessonLength = 100 }: LessonCompletion): string {
  const whose = policy === undefined ? '' : ` of ${policy}`;
  const goal =
    measure === 'progress'
      ? `more than ${formatShare(threshold)} of the budget is used`
      : `the mean return${whose} is above ${formatFigure(threshold)}`;
  const least = minLessonLength === 0 ? '' : `, over at least ${formatCount(minLessonLength)} episodes${whose}`;
  return `until ${goal}${least}`;
}

/** The return that decides about a lesson, as it is now; nothing before its first episode. */
function describeStanding({
  episodes,
  meanReturn,
}: Pick<LessonStanding, 'episodes' | 'meanReturn'>): string | undefined {
  if (meanReturn === null) return undefined;
  return `now ${formatFigure(meanReturn)} over the last ${formatCount(episodes)}`;
}
