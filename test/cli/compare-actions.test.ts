import { describe, expect, it } from 'vitest';
import { compareActions } from '../../plugin/cli/compare-actions.ts';

const played = (meanReturn: number, stdReturn: number, episodes = 101) => {
  return { episodes, meanReturn, stdReturn, meanLength: 9, minReturn: 0, maxReturn: 1 };
};

describe('compareActions', () => {
  it('says that drawing is better, and how a game does so', () => {
    const draw = 'sample in the game too, with the seed of playPolicy() or with policy.sampleWith().';
    expect(compareActions(played(0.9, 0.1), played(0.2, 0.4), false)).toBe(
      `With the most likely actions (--deterministic): mean return 0.20 ± 0.40, worse: ${draw}`,
    );
    expect(compareActions(played(0.2, 0.4), played(0.9, 0.1), true)).toBe(
      `With sampled actions (without --deterministic): mean return 0.90 ± 0.10, better: ${draw}`,
    );
  });

  it('says that the likeliest are better, which games take', () => {
    expect(compareActions(played(0.8, 0.1), played(1, 0), false)).toBe(
      'With the most likely actions (--deterministic): mean return 1.00 ± 0.00, better: games take the most likely ones by default.',
    );
  });

  it.each([
    ['within 2 standard errors: √(0.3² + 0.4²) / √100 = 0.05', played(0.5, 0.3), played(0.59, 0.4)],
    ['of one episode each', played(0, 0, 1), played(9, 0, 1)],
    ['of equal returns without spread', played(1, 0), played(1, 0)],
  ])('calls no difference clear %s', (_, one, other) => {
    expect(compareActions(one, other, false)).toContain('no clear difference.');
    expect(compareActions(other, one, true)).toContain('no clear difference.');
  });

  it('calls one clear above 2 standard errors', () => {
    expect(compareActions(played(0.5, 0.3), played(0.61, 0.4), false)).toContain('better');
  });
});
