import { describe, expect, it } from 'vitest';
import { blame, CallbackError } from '../../plugin/core/callback-error.ts';

/** Everything that a printer or a test runner reads of an error: its own properties, and the getters of its classes. */
function readAll(error: object): unknown[] {
  const values: unknown[] = [];
  for (let at = error; at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const key of Object.getOwnPropertyNames(at)) values.push((error as Record<string, unknown>)[key]);
  return values;
}

describe('CallbackError', () => {
  it('returns its circumstances on request, and keeps their owner’s scene out of every print of it', () => {
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
  ])('shows a thrown value that is not an Error: %s', (_, thrown, shown) => {
    const error = blame(blame(thrown, { what: 'afterStep()' }), { environment: 'yard' });
    expect(error.message).toBe(
      `[agents] afterStep() of environment "yard" failed: it threw ${shown}, which is not an Error and has no stack trace.`,
    );
    expect(error.cause).toBe(thrown);
  });

  it('accepts an error that is frozen or has no stack', () => {
    expect(blame(Object.freeze(new Error('cold')), { what: 'reset()' }).message).toMatch(
      /^\[agents\] reset\(\) failed: cold\./,
    );
    const bare = Object.assign(new Error('bare'), { stack: undefined });
    expect(blame(bare, { what: 'reset()' }).message).toBe('[agents] reset() failed: bare.');
  });
});
