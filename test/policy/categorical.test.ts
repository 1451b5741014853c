import { describe, expect, it } from 'vitest';
import { Random } from '../../plugin/core/random.ts';
import { categoricalEntropy, likeliest, maskedLogSoftmax, sampleCategorical } from '../../plugin/policy/categorical.ts';

describe('maskedLogSoftmax', () => {
  it('turns logits into the logs of probabilities', () => {
    const logits = Float32Array.of(0, Math.log(2), Math.log(5));
    expectClose(logProbsOf(logits), [Math.log(1 / 8), Math.log(2 / 8), Math.log(5 / 8)]);
  });

  it('divides the probability among the allowed choices and gives none to the others', () => {
    const logProbs = logProbsOf(Float32Array.of(0, 50, Math.log(3)), Uint8Array.of(1, 0, 1));
    expect(logProbs[1]).toBe(-Infinity);
    expectClose([logProbs[0], logProbs[2]], [Math.log(1 / 4), Math.log(3 / 4)]);
  });

  it('gives the one allowed choice probability 1', () => {
    expect([...logProbsOf(Float32Array.of(3, -7, 2), Uint8Array.of(0, 1, 0))]).toEqual([-Infinity, 0, -Infinity]);
  });

  it.each([1000, -1000])('does not overflow at logits of %i', (logit) => {
    expectClose(logProbsOf(Float32Array.of(logit, logit)), [Math.log(1 / 2), Math.log(1 / 2)]);
  });

  it('writes only its own entries, and reads the mask from its own offset', () => {
    const logits = Float32Array.of(7, 0, 0, 0, 9);
    maskedLogSoftmax(logits, 1, Uint8Array.of(0, 0, 1, 0, 1), 2, 3);
    expect([logits[0], logits[4]]).toEqual([7, 9]);
    expectClose([logits[1], logits[3]], [Math.log(1 / 2), Math.log(1 / 2)]);
    expect(logits[2]).toBe(-Infinity);
  });
});

describe('sampleCategorical', () => {
  it('draws each choice as often as its probability says', () => {
    const probabilities = [0.1, 0.2, 0, 0.7];
    const counts = countDraws(Float32Array.from(probabilities, Math.log), 10_000);
    probabilities.forEach((p, choice) => {
      expect(Math.abs(counts[choice] - 10_000 * p)).toBeLessThanOrEqual(5 * Math.sqrt(10_000 * p * (1 - p)));
    });
  });

  it.each([
    ['the first', 0],
    ['one in the middle', 1],
    ['the last', 3],
  ])('never draws a masked choice: %s', (_, masked) => {
    const mask = new Uint8Array(4).fill(1);
    mask[masked] = 0;
    const counts = countDraws(logProbsOf(new Float32Array(4), mask), 2000);
    expect(counts[masked]).toBe(0);
    expect(counts.filter((count) => count > 0)).toHaveLength(3);
  });

  it('always draws the only allowed choice', () => {
    expect(countDraws(logProbsOf(new Float32Array(3), Uint8Array.of(0, 1, 0)), 100)).toEqual([0, 100, 0]);
  });

  it('returns an allowed choice if rounding leaves the probabilities short of 1', () => {
    const highest = Object.assign(new Random(1), { uniform: () => 1 - 2 ** -32 });
    const logProbs = Float32Array.of(Math.log(0.5), Math.log(0.4999), -Infinity);
    expect(sampleCategorical(logProbs, 0, 3, highest)).toBe(1);
  });

  it('counts choices from its offset', () => {
    const logProbs = Float32Array.of(0, -Infinity, -Infinity, 0);
    expect(sampleCategorical(logProbs, 1, 3, new Random(1))).toBe(2);
  });

  it('takes one draw from the stream, whatever the choice', () => {
    const [choosing, drawing] = [new Random(2), new Random(2)];
    sampleCategorical(Float32Array.of(0, -Infinity), 0, 2, choosing);
    drawing.uniform();
    expect(choosing.uniform()).toBe(drawing.uniform());
  });
});

describe('likeliest', () => {
  it.each([
    ['the highest', [-3, -1, -2], 1],
    ['the first one in a tie', [-2, -1, -1], 1],
    ['the last, if it is the highest', [-3, -2, -1], 2],
    ['an allowed choice after a masked one', [-Infinity, -9], 1],
  ])('takes %s', (_, logProbs, expected) => {
    expect(likeliest(Float32Array.from(logProbs), 0, logProbs.length)).toBe(expected);
  });

  it('counts choices from its offset', () => {
    expect(likeliest(Float32Array.of(0, -5, -1, -4, 0), 1, 3)).toBe(1);
  });
});

describe('categoricalEntropy', () => {
  it('is log n if n choices are equally likely', () => {
    expect(categoricalEntropy(logProbsOf(new Float32Array(5)), 0, 5)).toBeCloseTo(Math.log(5), 6);
  });

  it('is −Σ p log p over the allowed choices', () => {
    const logProbs = Float32Array.of(7, Math.log(0.25), -Infinity, Math.log(0.75), 7);
    const expected = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    expect(categoricalEntropy(logProbs, 1, 3)).toBeCloseTo(expected, 6);
  });

  it('is 0 if one choice is allowed', () => {
    expect(categoricalEntropy(logProbsOf(Float32Array.of(3, -7, 2), Uint8Array.of(0, 1, 0)), 0, 3)).toBe(0);
  });
});

function logProbsOf(logits: Float32Array, mask = new Uint8Array(logits.length).fill(1)): Float32Array {
  const logProbs = logits.slice();
  maskedLogSoftmax(logProbs, 0, mask, 0, logits.length);
  return logProbs;
}

function countDraws(logProbs: Float32Array, draws: number): number[] {
  const random = new Random(3);
  const counts = new Array<number>(logProbs.length).fill(0);
  for (let i = 0; i < draws; i++) counts[sampleCategorical(logProbs, 0, logProbs.length, random)]++;
  return counts;
}

function expectClose(values: ArrayLike<number>, expected: readonly number[]): void {
  expect(values).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(values[i]).toBeCloseTo(value, 6);
  });
}
