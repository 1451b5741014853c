import * as v from 'valibot';
import { AgentsError } from '../core/errors.ts';
import { showOption } from './show-option.ts';
import type { TrainingOptions } from './training-options.ts';

/** Every message below ends the sentence "It must be …". */
const GOAL = 'a number, or Infinity for no goal';
const ABOVE = 'a number above 0';
const AMOUNT = 'a number, 0 or more';

const FILES = 'the bytes of a policy file, or an object of those by policy';
const POLICY_FILE = v.instance(Uint8Array, FILES);

/** An object that has these methods. */
const having = (what: string, ...methods: readonly string[]) =>
  v.custom<object>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      methods.every((name) => typeof (value as Record<string, unknown>)[name] === 'function'),
    what,
  );

/** Options of train() besides settings; only `until` is kept in files. */
const OPTIONS = {
  createWorker: v.function('a function that starts a worker'),
  until: v.optional(v.pipe(v.number(GOAL), v.gtValue(-Infinity, GOAL))),
  maxSeconds: v.optional(v.pipe(v.number(ABOVE), v.gtValue(0, ABOVE))),
  store: v.optional(having('an object with read, write and locate', 'read', 'write', 'locate')),
  resume: v.optional(v.boolean('true or false')),
  from: v.optional(v.union([POLICY_FILE, v.record(v.string(), POLICY_FILE, FILES)], FILES)),
  checkpointSeconds: v.optional(v.pipe(v.number(AMOUNT), v.minValue(0, AMOUNT))),
  hold: v.optional(v.function('a function')),
  signal: v.optional(having('an AbortSignal', 'addEventListener', 'removeEventListener')),
} satisfies v.ObjectEntries;

/** The options of train() that are no settings. */
export const OPTION_NAMES = Object.keys(OPTIONS) as (keyof typeof OPTIONS)[];

/** Throws unless an environment is named and every option besides settings is valid. */
export function checkOptions(environment: string, options: TrainingOptions): void {
  if (typeof environment !== 'string')
    throw new AgentsError(`train() was given ${showOption(environment)} as its environment. Pass its name.`);
  if (typeof options !== 'object' || options === null)
    throw new AgentsError(`train() was given ${showOption(options)} as its options. Pass at least createWorker.`);
  const result = v.safeParse(v.object(OPTIONS), options);
  if (result.success) return refuseBoth(options);
  const [issue] = result.issues;
  const name = String(issue.path?.[0].key);
  throw new AgentsError(
    `Option "${name}" is ${showOption(options[name as keyof TrainingOptions])}. It must be ${describeRule(name, issue.message)}.`,
  );
}

/** A checkpoint has weights of its own. */
function refuseBoth({ resume, from }: TrainingOptions): void {
  if (!resume || from === undefined) return;
  throw new AgentsError(
    'train() was given both "resume" and "from". Leave out "from" to resume the run, or "resume" to begin a new one.',
  );
}

/** A missing required option has no message of its own. */
function describeRule(name: string, message: string): string {
  return name === 'createWorker' ? 'a function that starts a worker' : message;
}

/** Throws unless a preset's goal is a number: a run keeps it in its checkpoints. */
export function checkGoal(until: unknown): void {
  const result = v.safeParse(OPTIONS.until, until);
  if (!result.success)
    throw new AgentsError(`"until" is ${showOption(until)}. It must be ${result.issues[0].message}.`);
}
