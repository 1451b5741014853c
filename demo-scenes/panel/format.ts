/** 12,345 */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** 0, 250k, 1.5M */
export function shortCount(value: number): string {
  if (Math.abs(value) >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  return Math.abs(value) >= 1e3 ? `${Number((value / 1e3).toPrecision(3))}k` : formatCount(value);
}

/** About three significant digits: 12,345, 98.2, 6.79, 0.0123, 1.2e-5. */
export function formatFigure(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  if (size >= 1000) return formatCount(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  if (size >= 1 || size === 0) return value.toFixed(2);
  if (size >= 0.01) return value.toPrecision(3);
  if (size >= 0.001) return value.toPrecision(2);
  return value.toExponential(1);
}

/** A share as 12 %. */
export function formatShare(value: number): string {
  return Number.isNaN(value) ? '–' : `${(100 * value).toFixed(value < 0.0995 ? 1 : 0)} %`;
}

/** 8 s, 3 min 20 s, 2 h 5 min. */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
