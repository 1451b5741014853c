import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';

/** Parses a whole number above 0. */
export function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return value;
}

/** Parses a list such as `1,2`. */
export function parseCounts(text: string): readonly number[] {
  return [...new Set(text.split(',').map(parseCount))];
}

/** Parses a number above 0. */
export function parsePositive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

/** An option that takes a list such as `a,b` of `names`; all of them when it is left out. */
export function someOfOption(flags: string, names: readonly string[]): Option {
  const parse = (text: string) => {
    const asked = text.split(',').map((name) => name.trim());
    const unknown = asked.find((name) => !names.includes(name));
    if (unknown === undefined) return [...new Set(asked)];
    throw new InvalidArgumentError(`"${unknown}" is none of ${names.join(', ')}.`);
  };
  return new Option(flags, `some of ${names.join(', ')}`).argParser(parse).default(names, 'all');
}

/** How many runs are made side by side. */
export function atOnceOption(): Option {
  return new Option('--at-once <n>', 'runs side by side; each keeps about one core busy')
    .argParser(parseCount)
    .default(availableParallelism(), 'as many as there are cores');
}
