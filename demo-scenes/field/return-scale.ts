/**
 * From the worst return to the best: the middle of Viridis (van der Walt and Smith 2015). Its lightness grows evenly, so the
 * order is visible with every kind of color vision, and in grayscale.
 */
export const RETURN_COLORS: readonly string[] = [
  '#433e85',
  '#38588c',
  '#2d708e',
  '#25858e',
  '#1e9b8a',
  '#2ab07f',
  '#52c569',
  '#86d549',
  '#c2df23',
];

const STOPS = RETURN_COLORS.map((hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255));

/** Writes the color of a share from 0, the worst, to 1, the best, to `out[at … at + 3)`. */
export function writeReturnColor(share: number, out: Float32Array, at: number): void {
  const place = Math.min(Math.max(share, 0), 1) * (STOPS.length - 1);
  const low = Math.min(Math.floor(place), STOPS.length - 2);
  const rest = place - low;
  for (let i = 0; i < 3; i++) out[at + i] = STOPS[low][i] * (1 - rest) + STOPS[low + 1][i] * rest;
}
