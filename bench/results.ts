import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import type { Figures } from './benchmark.ts';

/** Appends a result to `<name>.jsonl`: a line of JSON for every run, with its day and the package's version, fractions to five digits. */
export function saveResult(folder: URL, name: string, result: Figures, day = new Date()): void {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  mkdirSync(folder, { recursive: true });
  const digits = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
  const line = JSON.stringify({ date: day.toISOString().slice(0, 10), version, ...result }, digits);
  appendFileSync(new URL(`${name}.jsonl`, folder), `${line}\n`);
}

/** A figure a line, those of an object under its name, numbers to four digits. */
export function formatFigures(figures: Figures): string {
  const lines = flatten(figures);
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${round(value)}\n`).join('');
}

function flatten(figures: Figures, prefix = ''): [string, unknown][] {
  return Object.entries(figures).flatMap(([name, value]) =>
    isObject(value) ? flatten(value, `${prefix}${name} `) : [[`${prefix}${name}`, value] as [string, unknown]],
  );
}

function isObject(value: unknown): value is Figures {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function round(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value);
}
