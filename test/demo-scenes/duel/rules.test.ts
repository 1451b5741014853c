import { describe, expect, it } from 'vitest';
import { GOAL, Match, type Phase } from '../../../demo-scenes/duel/game/match.ts';
import { countDrops, judge, untilDrop } from '../../../demo-scenes/duel/round.ts';

const STANDING = { height: 0.75, distance: 2 };
const FALLEN = { height: -0.7, distance: 6.5 };

describe('judge', () => {
  it('goes on while both stand and there is time', () => {
    expect(judge(STANDING, STANDING, 15.9)).toBeUndefined();
  });

  it('gives the round to the one that did not fall, at any time', () => {
    expect(judge(STANDING, FALLEN, 1)).toBe('won');
    expect(judge(FALLEN, STANDING, 16)).toBe('lost');
  });

  it('gives it to the one nearer to the middle when the time is up', () => {
    expect(judge(STANDING, { height: 0.75, distance: 2.1 }, 16)).toBe('won');
    expect(judge(STANDING, { height: 0.75, distance: 1.9 }, 16)).toBe('lost');
  });

  it('is a draw when both fell in the same step, or stand equally near at the end', () => {
    expect(judge(FALLEN, FALLEN, 3)).toBe('draw');
    expect(judge(STANDING, STANDING, 16)).toBe('draw');
  });
});

describe('countDrops and untilDrop', () => {
  it.each([
    [0, 0, 6],
    [5.5, 0, 0.5],
    [6, 1, 5],
    [11, 2, 5],
    [15, 2, 1],
  ])('after %f s, %i rings are gone and the next change is %f s away', (seconds, drops, left) => {
    expect(countDrops(seconds)).toBe(drops);
    expect(untilDrop(seconds)).toBeCloseTo(left, 10);
  });
});

describe('Match', () => {
  /** A match, and the phases that it has entered. */
  function begin(): { match: Match; phases: Phase[] } {
    const phases: Phase[] = [];
    const match = new Match((phase) => phases.push(phase));
    match.start();
    return { match, phases };
  }

  it('counts 3, 2, 1 and begins the fight after 1.8 s', () => {
    const { match, phases } = begin();
    const counts = [0, 0.5, 0.5, 0.5].map((seconds) => {
      match.advance(seconds);
      return match.count;
    });
    expect(counts).toEqual([3, 3, 2, 1]); // 1.8, 1.3, 0.8 and 0.3 s are left, at 0.6 s a number
    match.advance(0.31);
    expect(phases).toEqual(['countdown', 'fight']);
  });

  it('counts a round once, and no round that is not being fought', () => {
    const { match } = begin();
    match.endRound('won');
    expect(match.score).toEqual([0, 0]);
    match.advance(2);
    match.endRound('lost');
    match.endRound('lost');
    expect(match.score).toEqual([0, 1]);
    expect(match.verdict).toBe('lost');
  });

  it('goes on to the next round after a draw, with nobody a point', () => {
    const { match, phases } = begin();
    match.advance(2);
    match.endRound('draw');
    match.advance(2);
    expect(match.score).toEqual([0, 0]);
    expect(phases).toEqual(['countdown', 'fight', 'aftermath', 'countdown']);
  });

  it(`is over when somebody has won ${GOAL} rounds, and a rematch begins from nothing`, () => {
    const { match } = begin();
    for (let round = 0; round < GOAL; round++) {
      match.advance(2);
      expect(match.phase).toBe('fight');
      match.endRound('won');
      match.advance(2);
    }
    expect(match.phase).toBe('over');
    expect(match.leads).toBe(true);
    match.advance(100);
    expect(match.phase).toBe('over');
    match.start();
    expect(match.score).toEqual([0, 0]);
    expect(match.phase).toBe('countdown');
  });

  it('lets nothing happen in the menu, however long it takes', () => {
    const { match, phases } = begin();
    match.leave();
    match.advance(100);
    expect(phases).toEqual(['countdown', 'menu']);
  });
});
