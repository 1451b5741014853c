import type { Random } from '../core/random.ts';

/**
 * Turns logits into log-probabilities in place: x − log Σ exp x over the choices that the mask allows, −∞ for the others.
 * A masked choice has probability 0 and no gradient.
 *
 * @param logits entries [at, at + size)
 * @param mask   entries [maskAt, maskAt + size), 1 = allowed; at least one must be 1
 */
export function maskedLogSoftmax(
  logits: Float32Array,
  at: number,
  mask: Uint8Array,
  maskAt: number,
  size: number,
): void {
  let highest = -Infinity;
  for (let i = 0; i < size; i++) if (mask[maskAt + i] === 1 && logits[at + i] > highest) highest = logits[at + i];
  let sum = 0;
  for (let i = 0; i < size; i++) if (mask[maskAt + i] === 1) sum += Math.exp(logits[at + i] - highest);
  const logSum = highest + Math.log(sum);
  for (let i = 0; i < size; i++) logits[at + i] = mask[maskAt + i] === 1 ? logits[at + i] - logSum : -Infinity;
}

/** Draws a choice from log-probabilities by inverting their cumulative sum. */
export function sampleCategorical(logProbs: Float32Array, at: number, size: number, random: Random): number {
  let rest = random.uniform();
  let choice = 0;
  for (let i = 0; i < size; i++) {
    if (logProbs[at + i] === -Infinity) continue;
    choice = i;
    rest -= Math.exp(logProbs[at + i]);
    if (rest < 0) break;
  }
  return choice;
}

/** The likeliest choice; the first one in a tie. */
export function likeliest(logProbs: Float32Array, at: number, size: number): number {
  let best = 0;
  for (let i = 1; i < size; i++) if (logProbs[at + i] > logProbs[at + best]) best = i;
  return best;
}

/** H = −Σ p log p over the allowed choices, in nats. */
export function categoricalEntropy(logProbs: Float32Array, at: number, size: number): number {
  let entropy = 0;
  for (let i = at; i < at + size; i++) if (logProbs[i] > -Infinity) entropy -= Math.exp(logProbs[i]) * logProbs[i];
  return entropy;
}
