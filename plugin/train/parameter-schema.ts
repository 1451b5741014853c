import * as v from 'valibot';
import type { Curriculum, Lesson, ParameterSetting } from '../core/parameters.ts';
import type { ParameterValue, Sampler } from '../core/sampler.ts';
import { objectOf } from './object-schema.ts';

/** Every message below ends the sentence "It must be …". */
const number = (what = 'a finite number') => v.pipe(v.number(what), v.finite(what));
const AMOUNT = 'a finite number, 0 or more';
const EPISODES = 'a number of episodes: an integer, 0 or more';
const PAIR = 'a pair [low, high] of finite numbers, low below high';
const PAIRS = 'a list of pairs [low, high]';
const LESSONS = 'a list of lessons';
const NUMBER_OR_SAMPLER = 'a finite number, or a sampler such as {"sampler":"uniform","min":0,"max":1}';

const SAMPLER = v.variant(
  'sampler',
  [
    objectOf({ sampler: v.literal('constant'), value: number() }),
    v.pipe(
      objectOf({ sampler: v.literal('uniform'), min: number(), max: number() }),
      v.forward(
        v.check(({ min, max }) => min <= max, 'min or more'),
        ['max'],
      ),
    ),
    objectOf({ sampler: v.literal('gaussian'), mean: number(), deviation: v.pipe(number(), v.minValue(0, AMOUNT)) }),
    objectOf({
      sampler: v.literal('multirangeuniform'),
      intervals: v.pipe(
        v.array(
          v.pipe(
            v.strictTuple([number(), number()], PAIR),
            v.check(([low, high]) => low < high, PAIR),
          ),
          PAIRS,
        ),
        v.minLength(1, PAIRS),
      ),
    }),
  ],
  'one of constant, uniform, gaussian, multirangeuniform',
) satisfies v.GenericSchema<unknown, Sampler>;

const VALUE: v.GenericSchema<ParameterValue> = v.lazy((input) =>
  isObject(input) ? SAMPLER : number(NUMBER_OR_SAMPLER),
);

const COMPLETION = objectOf({
  measure: v.picklist(['return', 'progress'], 'one of return, progress'),
  threshold: number(),
  policy: v.exactOptional(v.string('the name of a policy')),
  minLessonLength: v.exactOptional(v.pipe(v.number(EPISODES), v.safeInteger(EPISODES), v.minValue(0, EPISODES))),
  smoothing: v.exactOptional(v.boolean('true or false')),
});

const LESSON = objectOf({
  name: v.pipe(v.string('a name'), v.nonEmpty('a name')),
  value: VALUE,
  completion: v.exactOptional(COMPLETION),
}) satisfies v.GenericSchema<unknown, Lesson>;

const CURRICULUM = objectOf({
  lessons: v.pipe(
    v.array(LESSON, LESSONS),
    v.minLength(1, LESSONS),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const lessons = dataset.value;
      lessons.forEach((lesson, i) => {
        const last = i === lessons.length - 1;
        if (last === (lesson.completion === undefined)) return;
        const message = last ? 'left out: nothing comes after the last lesson' : 'given: another lesson comes after it';
        addIssue({ message, input: lesson.completion, path: pathTo(lessons, i, 'completion') });
      });
    }),
  ),
}) satisfies v.GenericSchema<unknown, Curriculum>;

/** A parameter of an environment, as training sets it. */
export const PARAMETER: v.GenericSchema<ParameterSetting> = v.lazy((input) => {
  if (!isObject(input)) return number(`${NUMBER_OR_SAMPLER}, or {"lessons":[…]}`);
  return 'lessons' in input ? CURRICULUM : SAMPLER;
});

/** Where an entry of an item of a list stands. */
function pathTo(list: readonly object[], i: number, key: string): [v.IssuePathItem, v.IssuePathItem] {
  const item = list[i] as Record<string, unknown>;
  return [
    { type: 'array', origin: 'value', input: list as unknown[], key: i, value: item },
    { type: 'object', origin: 'value', input: item, key, value: item[key] },
  ];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
