import { describe, expect, it } from 'vitest';
import { didYouMean } from '../../plugin/core/did-you-mean.ts';

describe('didYouMean', () => {
  it.each([
    { name: 'maxDecision', known: ['maxDecisions', 'timeStep'], meant: 'maxDecisions', why: 'a letter is missing' },
    { name: 'timestep', known: ['maxDecisions', 'timeStep'], meant: 'timeStep', why: 'case is ignored' },
    { name: 'palce', known: ['place', 'palace-door'], meant: 'place', why: 'two neighbors are swapped: one edit' },
    { name: 'roler', known: ['ruler', 'roller'], meant: 'ruler', why: 'the first of two that are as close' },
    { name: 'force', known: ['axes', 'maxForce'], meant: 'maxForce', why: 'it is a part of it' },
    { name: 'agnet', known: new Set(['agents', 'agent']), meant: 'agent', why: 'of any iterable' },
  ])('names $meant for $name: $why', ({ name, known, meant }) => {
    expect(didYouMean(name, known)).toBe(` Did you mean "${meant}"?`);
  });

  it.each([
    { name: 'max', known: ['maxForce'], why: 'too short a part of it' },
    { name: 'x', known: ['y'], why: 'all of it would be replaced' },
    { name: 'anything', known: [], why: 'nothing is known' },
  ])('stays silent for $name: $why', ({ name, known }) => {
    expect(didYouMean(name, known)).toBe('');
  });
});
