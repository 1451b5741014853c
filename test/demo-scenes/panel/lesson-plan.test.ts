import { describe, expect, it } from 'vitest';
import { planLessons } from '../../../demo-scenes/panel/lesson-plan.ts';
import type { LessonCompletion } from '../../../plugin/index.ts';

/** Three lessons of which the second is under way. */
function planOf(completion: LessonCompletion, standing = { episodes: 0, meanReturn: null as number | null }) {
  const lessons = [
    { name: 'low', value: 0, completion },
    { name: 'middle', value: 1, completion },
    { name: 'high', value: 2 },
  ];
  const current = [{ parameter: 'height', lesson: 'middle', number: 2, count: 3, ...standing }];
  return planLessons({ height: { lessons }, speed: 4 }, current);
}

/** When the lesson is over that is under way. */
const endOf = (completion: LessonCompletion) => planOf(completion)[0].lessons[1].ends;

describe('planLessons', () => {
  it('tells of every lesson whether it is over, and of none after the last when it ends', () => {
    const [plan, ...others] = planOf({ measure: 'return', threshold: 0.8 });
    expect(others).toEqual([]); // a plain number is no lesson
    expect(plan.parameter).toBe('height');
    expect(plan.lessons.map(({ name, stage }) => [name, stage])).toEqual([
      ['low', 'over'],
      ['middle', 'now'],
      ['high', 'to come'],
    ]);
    expect(plan.lessons.map(({ ends }) => ends !== undefined)).toEqual([true, true, false]);
  });

  it('says what is measured, of whom, against what, and for how long at least', () => {
    expect(endOf({ measure: 'return', threshold: 0.8 })).toBe(
      'until the mean return is above 0.800, over at least 100 episodes',
    );
    expect(endOf({ measure: 'return', threshold: -2, policy: 'keeper', minLessonLength: 20 })).toBe(
      'until the mean return of keeper is above -2.00, over at least 20 episodes of keeper',
    );
    expect(endOf({ measure: 'progress', threshold: 0.25, minLessonLength: 0 })).toBe(
      'until more than 25 % of the budget is used',
    );
  });

  it('says what the lesson under way is judged by, once there is something', () => {
    const soFar = (completion: LessonCompletion, meanReturn: number | null) =>
      planOf(completion, { episodes: 1250, meanReturn })[0].lessons.map((lesson) => lesson.soFar);
    expect(soFar({ measure: 'return', threshold: 0.8 }, 0.43)).toEqual([
      undefined,
      'now 0.430 over the last 1,250',
      undefined,
    ]);
    expect(soFar({ measure: 'return', threshold: 0.8 }, null)).toEqual([undefined, undefined, undefined]);
    expect(soFar({ measure: 'progress', threshold: 0.8 }, 0.43)).toEqual([undefined, undefined, undefined]);
  });

  it('has none where nothing is learned by lessons', () => {
    expect(planLessons({ height: 1 }, [])).toEqual([]);
  });
});
