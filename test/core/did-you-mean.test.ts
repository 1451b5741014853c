import { describe, expect, it } from 'vitest';
import { didYouMean } from '../../plugin/core/did-you-mean.ts';

describe('didYouMean', () => {
  it.each([
    { name: 'maxDecision', known: ['maxDecisions', 'timeStep'], meant: 'maxDecisions', why: 'a letter is missing' },
    { name: 'timestep', known: ['maxDecisions', 'timeStep'], meant: 'timeStep', why: 'case is ignored' },
    { name: 'palce', known: ['place', 'palace-door'], meant: 'place', why: 'two neighbors are swapped: one edit' },
    { name: 'roler', known: ['ruler', 'roller'], meant: 'ruler', why: 'the first one in a tie' },
    { name: 'force', known: ['axes', 'maxForce'], meant: 'maxForce', why: 'one contains the other' },
    { name: 'agnet', known: new Set(['agents', 'agent']), meant: 'agent', why: 'any iterable will do' },
  ])('suggests $meant for $name: $why', ({ name, known, meant }) => {
    expect(didYouMean(name, known)).toBe(` Did you mean "${meant}"?`);
  });

  it.each([
    { name: 'max', known: ['maxForce'], why: 'too short to count as a part' },
    { name: 'x', known: ['y'], why: 'every letter would be replaced' },
    { name: 'anything', known: [], why: 'nothing is known' },
  ])('suggests nothing for $name: $why', ({ name, known }) => {
    expect(didYouMean(name, known)).toBe('');
  });
});
