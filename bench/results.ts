import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import type { Figures } from './benchmark.ts';

/** Appends a result to `<name>.jsonl`: a line of JSON for every run, with its day and the package's version, fractions to five digits. */
export function saveResult(folder: URL, name: string, result: Figures, day = new Date()): void {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  mkdirSync(folder, { recursive: true });
  const line = JSON.stringify({ date: isoDay(day), version, ...result }, fractionsTo(5));
  appendFileSync(new URL(`${name}.jsonl`, folder), `${line}\n`);
}

/** What JSON.stringify() is to do with numbers: fractions are rounded to so many digits. */
export function fractionsTo(digits: number): (key: string, value: unknown) => unknown {
  return (_, value) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(digits)) : value;
}

/** `2027-01-02` */
export function isoDay(day: Date): string {
  return day.toISOString().slice(0, 10);
}

/** A figure a line, those of an object under its name, numbers to four digits. */
export function formatFigures(figures: Figures): string {
  const lines = flatten(figures);
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${round(value)}\n`).join('');
}

/** Rows of equally many cells as lines of text, each cell as wide as the widest of its column. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('   '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
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
