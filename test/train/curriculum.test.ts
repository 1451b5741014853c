import { describe, expect, it } from 'vitest';
import type { LessonCompletion, ParameterSettings } from '../../plugin/core/parameters.ts';
import { CurriculumProgress, type CurriculumState, countCompleted } from '../../plugin/train/curriculum.ts';

/** Three lessons of one parameter, the first two completed alike. */
function wall(completion: LessonCompletion): ParameterSettings {
  return {
    mass: 1,
    wall: {
      lessons: [
        { name: 'none', value: 0, completion },
        { name: 'low', value: 4, completion },
        { name: 'high', value: 8 },
      ],
    },
  };
}

const plain = { measure: 'return', threshold: 1, minLessonLength: 2, smoothing: false } as const;

/** Lets a curriculum take in episodes of these returns, begun in its present lessons. */
function earn(curriculum: CurriculumProgress, returns: readonly number[], progress = 0, policy = 'agent') {
  const stage = countCompleted(curriculum.lessons);
  return curriculum.add({ episodes: returns.map((value) => ({ policy, return: value, stage })), progress });
}

/** What each list of returns completes. */
function complete(settings: ParameterSettings, ...updates: readonly (readonly number[])[]): string[][] {
  const curriculum = new CurriculumProgress(settings);
  return updates.map((returns) => earn(curriculum, returns).map(({ completed }) => completed));
}

describe('CurriculumProgress', () => {
  it('begins with the first lesson of every curriculum, and knows no other parameter', () => {
    const curriculum = new CurriculumProgress(wall(plain));
    expect(curriculum.lessons).toEqual({ wall: 0 });
    expect(curriculum.current).toEqual([{ parameter: 'wall', lesson: 'none', number: 1, count: 3 }]);
    expect(new CurriculumProgress({ mass: 1 }).current).toEqual([]);
  });

  it('goes on once the mean return is above the threshold, and stays at the last lesson', () => {
    const curriculum = new CurriculumProgress(wall(plain));
    expect(earn(curriculum, [0.5, 1.5])).toEqual([]); // 1 is not above 1
    const [completed] = earn(curriculum, [2]); // (1.5 + 2) / 2
    expect(completed).toEqual({ parameter: 'wall', completed: 'none', lesson: 'low', number: 2, count: 3 });
    expect(curriculum.lessons).toEqual({ wall: 1 });
    earn(curriculum, [2, 2]);
    expect(earn(curriculum, [9, 9], 1)).toEqual([]);
    expect(curriculum.lessons).toEqual({ wall: 2 });
  });

  it('tells how each lesson is doing by what ends it', () => {
    const curriculum = new CurriculumProgress(wall({ ...plain, minLessonLength: 3, smoothing: true }));
    const first = { parameter: 'wall', lesson: 'none', number: 1, count: 3 };
    expect(curriculum.standing).toEqual([{ ...first, episodes: 0, meanReturn: null }]);
    earn(curriculum, [0, 1]);
    expect(curriculum.standing).toEqual([{ ...first, episodes: 2, meanReturn: 0.5 }]);
    earn(curriculum, [0.8]);
    expect(curriculum.standing[0].meanReturn).toBeCloseTo(0.6, 12);
    earn(curriculum, [1.5]); // of 1, 0.8 and 1.5: 1.1, and a quarter of it is what was compared before
    expect(curriculum.standing[0].meanReturn).toBeCloseTo(0.25 * 0.6 + 0.75 * 1.1, 12);
    earn(curriculum, [3, 3]);
    expect(curriculum.standing).toEqual([
      { parameter: 'wall', lesson: 'low', number: 2, count: 3, episodes: 0, meanReturn: null },
    ]);
  });

  it('goes on by one lesson at a time, and not before it has lasted its episodes', () => {
    expect(complete(wall(plain), [5], [5, 5, 5, 5], [], [5], [5])).toEqual([[], ['none'], [], [], ['low']]);
  });

  it('takes the mean over as many episodes as the longest lesson asks for', () => {
    const lessons = [
      { name: 'short', value: 0, completion: { ...plain, minLessonLength: 1 } },
      { name: 'long', value: 1, completion: { ...plain, minLessonLength: 3 } },
      { name: 'last', value: 2 },
    ];
    expect(complete({ wall: { lessons } }, [-8, 0, 0], [4], [1], [4])).toEqual([[], ['short'], [], []]); // (0 + 0 + 4) / 3
    expect(complete({ wall: { lessons } }, [-8, 0, 0], [2])).toEqual([[], []]);
  });

  it('mixes a mean with the one before where it smooths, and begins every lesson without one', () => {
    const settings = wall({ ...plain, minLessonLength: 1, smoothing: true });
    const curriculum = new CurriculumProgress(settings);
    const smoothed = () => curriculum.state.wall.smoothed;
    earn(curriculum, [-2]);
    expect(smoothed()).toBe(-2);
    earn(curriculum, [1.5]);
    expect(smoothed()).toBe(0.25 * -2 + 0.75 * 1.5);
    expect(curriculum.lessons.wall).toBe(0); // 0.625
    earn(curriculum, [1.5]); // 0.25 * 0.625 + 0.75 * 1.5 = 1.28125
    expect(curriculum.state.wall).toEqual({ lesson: 1, smoothed: null, returns: [] });
  });

  it('goes by the share of the budget where that is the measure', () => {
    const curriculum = new CurriculumProgress(wall({ measure: 'progress', threshold: 0.5, minLessonLength: 1 }));
    expect(earn(curriculum, [], 0.75)).toEqual([]); // no episode yet
    expect(earn(curriculum, [0], 0.5)).toEqual([]);
    expect(earn(curriculum, [0], 0.625)).toHaveLength(1);
  });

  it('begins to count anew for all parameters when one of them goes on', () => {
    const easy = wall(plain).wall;
    const settings = { easy, hard: wall({ ...plain, threshold: 100 }).wall };
    const curriculum = new CurriculumProgress(settings);
    expect(earn(curriculum, [5, 5]).map(({ parameter }) => parameter)).toEqual(['easy']);
    expect(curriculum.state.hard).toEqual({ lesson: 0, smoothed: null, returns: [] });
  });

  it('asks for a hundred episodes and smooths where nothing is said', () => {
    const curriculum = new CurriculumProgress(wall({ measure: 'return', threshold: 1 }));
    expect(earn(curriculum, Array(99).fill(5))).toEqual([]);
    expect(earn(curriculum, [5])).toHaveLength(1);
  });

  it('counts the episodes of one policy where it is told which, and none that began before the lesson', () => {
    const settings = wall({ ...plain, policy: 'striker' });
    const curriculum = new CurriculumProgress(settings);
    earn(curriculum, [9, 9], 0, 'goalie');
    expect(curriculum.state.wall.returns).toEqual([]);
    earn(curriculum, [9, 9], 0, 'striker');
    expect(curriculum.lessons).toEqual({ wall: 1 });
    const late = { policy: 'striker', return: 9, stage: 0 };
    expect(curriculum.add({ episodes: [late, late], progress: 0 })).toEqual([]);
    expect(curriculum.state.wall.returns).toEqual([]);
  });

  it('resumes from its state', () => {
    const whole = new CurriculumProgress(wall(plain));
    earn(whole, [5, 5, 5]);
    earn(whole, [2]);
    const kept = JSON.parse(JSON.stringify(whole.state)) as CurriculumState;
    const resumed = new CurriculumProgress(wall(plain), kept);
    expect(resumed.current).toEqual(whole.current);
    expect(earn(resumed, [2])).toEqual(earn(whole, [2]));
    expect(resumed.lessons).toEqual({ wall: 2 });
  });
});
