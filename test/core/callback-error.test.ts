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
});
