import { describe, expect, it } from 'vitest';
import { blame, CallbackError } from '../../plugin/core/callback-error.ts';

/** All that a printer or a test runner reads of an error: its own properties, and the getters of its classes. */
function readAll(error: object): unknown[] {
  const values: unknown[] = [];
  for (let at = error; at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const key of Object.getOwnPropertyNames(at)) values.push((error as Record<string, unknown>)[key]);
  return values;
}

describe('CallbackError', () => {
  it('tells its circumstances when asked, and does not drag their owner’s scene into every print of it', () => {
    const owner = { name: 'agent' };
    const error = blame(new Error('no target'), { what: 'observe()', owner });
    expect(error).toBeInstanceOf(CallbackError);
    expect(error.tellCircumstances().owner).toBe(owner);
    for (const value of readAll(error)) {
      expect(value).not.toBe(owner);
      if (typeof value === 'object' && value !== null) expect(Object.values(value)).not.toContain(owner);
    }
  });

  const circle: { self?: unknown } = {};
  circle.self = circle;
  it.each<[string, unknown, string]>([
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['a string', 'no target', '"no target"'],
    ['a number', 5, '5'],
    ['a bigint', 5n, '5'],
    ['a symbol', Symbol('lost'), 'Symbol(lost)'],
    ['a frozen object', Object.freeze({ code: 5 }), '{"code":5}'],
    ['an object without a prototype', Object.create(null), '{}'],
    ['a circle', circle, '[object Object]'],
  ])('tells what was thrown that is no Error: %s', (_, thrown, shown) => {
    const error = blame(blame(thrown, { what: 'afterStep()' }), { environment: 'yard' });
    expect(error.message).toBe(
      `[agents] afterStep() of environment "yard" failed: it threw ${shown}, which is no Error and so has no stack.`,
    );
    expect(error.cause).toBe(thrown);
  });

  it('takes an error that is frozen, or has no stack', () => {
    expect(blame(Object.freeze(new Error('cold')), { what: 'reset()' }).message).toMatch(
      /^\[agents\] reset\(\) failed: cold\./,
    );
    const bare = Object.assign(new Error('bare'), { stack: undefined });
    expect(blame(bare, { what: 'reset()' }).message).toBe('[agents] reset() failed: bare.');
  });
});
