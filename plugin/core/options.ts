import { didYouMean } from './did-you-mean.ts';
import { AgentsError } from './errors.ts';

/** Returns what an option must be if it is invalid, to complete "It must be …" ("a number above 0"); undefined if it is valid. */
export type OptionRule = (value: unknown) => string | undefined;

/** One rule per option of `T`, and so the list of valid options. */
export type OptionRules<T> = { readonly [K in keyof T]-?: OptionRule };

/** Throws, in the name of `who`, if `options` has an unknown option or one that breaks its rule. */
export function requireOptions<T extends object>(who: string, options: T, rules: OptionRules<T>): T {
  requireKnownKeys(who, options, Object.keys(rules));
  for (const [name, rule] of Object.entries<OptionRule>(rules)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    const must = rule(value);
    if (must)
      throw new AgentsError(
        `${who} has ${value === undefined ? `no ${name}` : `${name} ${describeValue(value)}`}. It must be ${must}.`,
      );
  }
  return options;
}

/**
 * Throws if `options` is not an object, or if a plain object has a key that is not `known`: a misspelled option would
 * otherwise be ignored. Class instances may have other fields.
 */
export function requireKnownKeys(who: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw noOptions(who, options, known);
  const prototype = Object.getPrototypeOf(options);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    if (!known.some((key) => key in options)) throw noOptions(who, options, known);
    return;
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new AgentsError(
      `${who} has no option "${unknown}".${didYouMean(unknown, known)} Its options are: ${known.join(', ')}.`,
    );
}

function noOptions(who: string, options: unknown, known: readonly string[]): AgentsError {
  return new AgentsError(
    `${who} was given ${describeValue(options)} as its options. Pass an object with any of: ${known.join(', ')}.`,
  );
}

/** A short form of a value, for messages. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return `"${value.slice(0, 40)}"`;
  if (typeof value === 'bigint') return `the BigInt ${value}`;
  if (typeof value === 'function') return `the function ${value.name || '() => …'}`;
  if (Array.isArray(value))
    return `[${value.slice(0, 8).map(describeValue).join(', ')}${value.length > 8 ? ', …' : ''}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const { name } = value.constructor ?? {};
  return !name || name === 'Object' ? `{ ${Object.keys(value).slice(0, 8).join(', ')} }` : `an instance of ${name}`;
}

/** The same rule for an optional setting. */
export function optional(rule: OptionRule): OptionRule {
  return (value) => (value === undefined ? undefined : rule(value));
}

export const aName: OptionRule = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'a non-empty string';

export const aBoolean: OptionRule = (value) => (typeof value === 'boolean' ? undefined : 'true or false');

export const aFunction: OptionRule = (value) => (typeof value === 'function' ? undefined : 'a function');

export const anObject: OptionRule = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'an object';

export const aFinite: OptionRule = (value) => (Number.isFinite(value) ? undefined : 'a finite number');

export const aboveZero: OptionRule = (value) =>
  Number.isFinite(value) && (value as number) > 0 ? undefined : 'a finite number above 0';

/** @param unit such as ` of meters` */
export function fromZero(unit = ''): OptionRule {
  return (value) => (Number.isFinite(value) && (value as number) >= 0 ? undefined : `a finite number${unit} ≥ 0`);
}

export function integerFrom(low: number): OptionRule {
  return (value) => (Number.isSafeInteger(value) && (value as number) >= low ? undefined : `an integer ≥ ${low}`);
}

export function integerBetween(low: number, high: number): OptionRule {
  return (value) =>
    Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high
      ? undefined
      : `an integer from ${low} to ${high}`;
}

export const anInteger: OptionRule = (value) => (Number.isSafeInteger(value) ? undefined : 'an integer');

export function oneOf(...words: readonly string[]): OptionRule {
  return (value) => (words.includes(value as string) ? undefined : `"${words.join('" or "')}"`);
}

/** @param unit such as ` of seconds` */
export function numberBetween(low: number, high: number, unit = ''): OptionRule {
  return (value) =>
    typeof value === 'number' && value >= low && value <= high ? undefined : `a number${unit} from ${low} to ${high}`;
}

/** A list whose entries all satisfy `rule`; `what` names it, such as `a list of tags`. */
export function listOf(what: string, rule: OptionRule): OptionRule {
  return (value) => (Array.isArray(value) && value.every((entry) => rule(entry) === undefined) ? undefined : what);
}
