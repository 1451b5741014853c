import { describe, expect, it } from 'vitest';
import { AgentsError, messageOf } from '../../plugin/core/errors.ts';

describe('AgentsError', () => {
  it('begins its message with the name of the library', () => {
    expect(new AgentsError('Actuator "a" needs a body.').message).toBe('[agents] Actuator "a" needs a body.');
  });

  it('does not repeat that name when it passes on the message of another AgentsError', () => {
    const first = new AgentsError('Worker 3 stopped.');
    expect(new AgentsError(first.message).message).toBe('[agents] Worker 3 stopped.');
  });

  it('keeps its cause', () => {
    const cause = new TypeError('failed to fetch');
    expect(new AgentsError('The policy cannot be fetched.', { cause }).cause).toBe(cause);
  });

  it.each([
    ['an AgentsError', new AgentsError('a'), true],
    ['an error that crossed a thread, with its name and message alone', named('AgentsError'), true],
    ['a different error', new TypeError('a'), false],
    ['an object that only has the name', { name: 'AgentsError', message: 'a' }, false],
    ['nothing', undefined, false],
  ])('recognizes its own kind: %s', (_, error, expected) => {
    expect(AgentsError.is(error)).toBe(expected);
  });
});

describe('messageOf', () => {
  it.each([
    ['an error', new RangeError('too long'), 'too long'],
    ['a text', 'too long', 'too long'],
    ['nothing', undefined, 'undefined'],
    ['an object', { toString: (): string => 'too long' }, 'too long'],
  ])('reads the message of %s', (_, thrown, expected) => {
    expect(messageOf(thrown)).toBe(expected);
  });
});

function named(name: string): Error {
  return Object.assign(new Error('a'), { name });
}
