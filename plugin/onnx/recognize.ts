import type { Activation } from '../policy/network.ts';
import { withNeighbors } from './special-values.ts';

/** One term of a function: factor · activation(slope · x + shift). */
export interface Unit {
  readonly activation: Activation;
  readonly factor: number;
  readonly slope: number;
  readonly shift: number;
}

/** A function of one number that a policy's layers can compute: linear · x + bias + the sum of its units. */
export interface Recognized {
  readonly linear: number;
  readonly bias: number;
  readonly units: readonly Unit[];
}

/** A function of one number, as an activation is. */
export type Apply = (x: number) => number;

/** Where functions are compared: densely around 0, and far out (skipped if an exponential overflows there). */
const PLACES = Float64Array.from({ length: 161 }, (_, i) => (i - 80) / 8 + 0.03);
const FAR_PLACES = [30, 100, 300, 1e3, 1e4, 1e6].flatMap((x) => [-x, x]);
/** Where activations have reached their limits and their exponentials are finite. */
const FAR = 40;
/** files hold float32 */
const TOLERANCE = 1e-6;

/** What each activation computes. */
export const ACTIVATE: Readonly<Record<Activation, Apply>> = {
  tanh: Math.tanh,
  relu: (x) => Math.max(x, 0),
  swish: (x) => x / (1 + Math.exp(-x)),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
};

/**
 * Recognizes a function by its values, whatever operators an exporter used: a straight line, an activation with scaled input
 * and output (a sigmoid is half a tanh of half its input), or a line with one or two bends, which is a sum of relus:
 * LeakyRelu, PRelu of one slope, a clip between layers. Undefined if it is none of these.
 *
 * @param points where it may behave differently than nearby, such as numbers that it compares x with
 */
export function recognize(apply: Apply, points: readonly number[] = []): Recognized | undefined {
  const places = points.flatMap((point) => [point, ...withNeighbors(point)]);
  for (const guess of [guessLine, guessTanh, guessSwish, guessElu, guessOneBend, guessTwoBends]) {
    const found = guess(apply);
    if (found && agrees(apply, found, places)) return found;
  }
  return undefined;
}

/** The value of a recognized function. */
export function evaluate({ linear, bias, units }: Recognized, x: number): number {
  return units.reduce(
    (sum, { activation, factor, slope, shift }) => sum + factor * ACTIVATE[activation](slope * x + shift),
    linear * x + bias,
  );
}

function agrees(apply: Apply, found: Recognized, places: readonly number[]): boolean {
  if (!found.units.every(({ factor, slope, shift }) => Number.isFinite(factor * slope + shift))) return false;
  const near = (x: number) => {
    const expected = apply(x);
    return Math.abs(evaluate(found, x) - expected) <= TOLERANCE * Math.max(1, Math.abs(expected)); // false for NaN
  };
  const nearOrEndless = (x: number) => (Math.abs(x) > FAR && !Number.isFinite(apply(x))) || near(x);
  return (
    PLACES.every(near) && FAR_PLACES.every((x) => !Number.isFinite(apply(x)) || near(x)) && places.every(nearOrEndless)
  );
}

function unit(activation: Activation, factor: number, slope: number, bias: number): Recognized {
  return { linear: 0, bias, units: [{ activation, factor, slope, shift: 0 }] };
}

function guessLine(apply: Apply): Recognized {
  const bias = apply(0);
  return { linear: apply(1) - bias, bias, units: [] };
}

function guessTanh(apply: Apply): Recognized {
  const [low, high] = [apply(-FAR), apply(FAR)];
  const bias = (low + high) / 2;
  const factor = (high - low) / 2;
  return unit('tanh', factor, Math.atanh((apply(0.25) - bias) / factor) / 0.25, bias);
}

/** p · x · sigmoid(β · x) */
function guessSwish(apply: Apply): Recognized {
  const bias = apply(0);
  const factor = apply(1) - apply(-1);
  const share = (apply(1) - bias) / factor;
  const slope = Math.log(share / (1 - share));
  return unit('swish', factor / slope, slope, bias);
}

function guessElu(apply: Apply): Recognized {
  const bias = apply(0);
  const factor = bias - apply(-FAR);
  return unit('elu', factor, (apply(1) - bias) / factor, bias);
}

/** The straight line that continues beyond x. */
function tangent(apply: Apply, x: number): { slope: number; offset: number } {
  const slope = 8 * (apply(x + 0.125) - apply(x));
  return { slope, offset: apply(x) - slope * x };
}

function guessOneBend(apply: Apply): Recognized | undefined {
  const [left, right] = [tangent(apply, -FAR), tangent(apply, FAR)];
  const at = crossing(left, right);
  return bends(apply, [left.slope, right.slope], [at]);
}

function guessTwoBends(apply: Apply): Recognized | undefined {
  const [left, right] = [tangent(apply, -FAR), tangent(apply, FAR)];
  const differs = (a: number, b: number) => Math.abs(a - b) > TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b));
  const tangents = Array.from(PLACES, (x) => ({ here: tangent(apply, x), next: tangent(apply, x + 0.125) }));
  const straight = tangents.find(
    ({ here, next }) =>
      !differs(here.slope, next.slope) && differs(here.slope, left.slope) && differs(here.slope, right.slope),
  );
  if (!straight) return undefined;
  const { here } = straight;
  return bends(apply, [left.slope, here.slope, right.slope], [crossing(left, here), crossing(here, right)]);
}

function crossing(a: { slope: number; offset: number }, b: { slope: number; offset: number }): number {
  return (a.offset - b.offset) / (b.slope - a.slope);
}

/** Lines of the given slopes that meet at the given places, as relus on both sides of the first. */
function bends(apply: Apply, slopes: readonly number[], places: readonly number[]): Recognized {
  const [first] = places;
  const relu = (factor: number, slope: number, at: number): Unit => ({
    activation: 'relu',
    factor,
    slope,
    shift: 0 - slope * at,
  });
  const units = [
    relu(-slopes[0], -1, first),
    ...places.map((at, i) => relu(slopes[i + 1] - (i === 0 ? 0 : slopes[i]), 1, at)),
  ];
  const bias = apply(first);
  const small = TOLERANCE * Math.max(...slopes.map(Math.abs));
  return { linear: 0, bias, units: units.filter(({ factor }) => Math.abs(factor) > small) };
}
