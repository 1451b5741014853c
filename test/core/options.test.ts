import { describe, expect, it } from 'vitest';
import {
  aBoolean,
  aboveZero,
  aFinite,
  aFunction,
  aName,
  anInteger,
  describeValue,
  fromZero,
  integerFrom,
  listOf,
  numberBetween,
  oneOf,
  optional,
  requireOptions,
} from '../../plugin/core/options.ts';

interface Options {
  readonly speed: number;
  readonly label?: string;
}
const RULES = { speed: aboveZero, label: optional(aName) };
const check = (options: unknown) => requireOptions('Car "red"', options as Options, RULES);

describe('requireOptions', () => {
  it('returns valid options, with optional ones undefined or missing', () => {
    for (const options of [{ speed: 1 }, { speed: 1, label: undefined }, { speed: 1, label: 'a' }])
      expect(check(options)).toBe(options);
  });

  it.each([
    [{ sped: 1 }, 'Car "red" has no option "sped". Did you mean "speed"? Its options are: speed, label.'],
    [{ speed: 1, wings: 2 }, 'Car "red" has no option "wings". Its options are: speed, label.'],
    [{}, 'Car "red" has no speed. It must be a finite number above 0.'],
    [{ speed: '1' }, 'Car "red" has speed "1". It must be a finite number above 0.'],
    [{ speed: Number.NaN }, 'Car "red" has speed NaN. It must be a finite number above 0.'],
    [{ speed: 1, label: '' }, 'Car "red" has label "". It must be a non-empty string.'],
    [undefined, 'Car "red" was given undefined as its options. Pass an object with any of: speed, label.'],
    [3, 'Car "red" was given 3 as its options. Pass an object with any of: speed, label.'],
    [new Date(0), 'Car "red" was given an instance of Date as its options. Pass an object with any of: speed, label.'],
    [[1], 'Car "red" was given [1] as its options. Pass an object with any of: speed, label.'],
  ])('rejects %o', (options, message) => {
    expect(() => check(options)).toThrow(`[agents] ${message}`);
  });

  it('allows class instances their own fields, and checks those that are options', () => {
    class Car {
      speed = 2;
      wheels = 4;
    }
    const car = new Car();
    expect(check(car)).toBe(car);
    car.speed = 0;
    expect(() => check(car)).toThrow('[agents] Car "red" has speed 0. It must be a finite number above 0.');
  });

  it('accepts objects without a prototype', () => {
    const bare = Object.assign(Object.create(null), { speed: 1, wings: 2 });
    expect(() => check(bare)).toThrow('has no option "wings"');
  });
});

describe('the rules', () => {
  it.each([
    [aName, ['a'], ['', 1, undefined, null]],
    [aBoolean, [true, false], [0, 'true', undefined]],
    [aFunction, [() => {}, class {}], [{}, 'f', undefined]],
    [aFinite, [0, -1.5, 1e308], [Number.NaN, Infinity, '1', undefined]],
    [aboveZero, [1e-9, 5], [0, -1, Infinity, Number.NaN, '5']],
    [fromZero(), [0, 2], [-1e-9, Infinity, '2']],
    [anInteger, [0, -3], [0.5, Number.NaN, 2 ** 53, '1']],
    [integerFrom(1), [1, 7], [0, 1.5, Number.NaN, Infinity, '1']],
    [numberBetween(1, 2), [1, 1.5, 2], [0.9, 2.1, Number.NaN, '1']],
    [oneOf('a', 'b'), ['a', 'b'], ['c', undefined, ['a']]],
    [listOf('names', aName), [[], ['a', 'b']], ['a', [''], [1], { 0: 'a', length: 1 }]],
  ])('%o accept valid values and say what others must be', (rule, good, bad) => {
    for (const value of good) expect(rule(value), describeValue(value)).toBeUndefined();
    for (const value of bad) expect(rule(value), describeValue(value)).toMatch(/./);
  });
});

describe('describeValue', () => {
  it.each([
    [4n, 'the BigInt 4'],
    [undefined, 'undefined'],
    [Number.NaN, 'NaN'],
    ['goal', '"goal"'],
    [[1, 'a', [2]], '[1, "a", [2]]'],
    [Array.from({ length: 20 }, (_, i) => i), '[0, 1, 2, 3, 4, 5, 6, 7, …]'],
    [{ force: 20, axes: 'x' }, '{ force, axes }'],
    [new Map(), 'an instance of Map'],
    [() => {}, 'the function () => …'],
    [Object.create(null), '{  }'],
  ])('shows %o in a few characters', (value, text) => {
    expect(describeValue(value)).toBe(text);
  });
});
