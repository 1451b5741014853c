import { AgentsError } from './errors.ts';
import { placeOf } from './source-place.ts';
import { isPageStoodIn, missedBefore } from './stand-in-page.ts';

/** Which of the user's functions was running, and when. Whoever catches an error adds what it knows. */
export interface Circumstances {
  /** the function, as the subject of a sentence: `observe() of sensor "rays" of agent "walker" on node "body"` */
  readonly what?: string | undefined;
  /** the function's owner, such as an agent; outer callers may know more about it */
  readonly owner?: object | undefined;
  readonly environment?: string | undefined;
  /** such as `area 3, decision 12 of episode 2` */
  readonly where?: string | undefined;
  /** how to fix it, if the caller knows */
  readonly advice?: string | undefined;
}

/**
 * An error in a user's function, with everything needed to find it: the function, its environment, area and decision, the
 * original message, and the file and line in the user's source. The original error is the `cause`, and its stack is kept,
 * because only name, message and stack cross a thread.
 */
export class CallbackError extends AgentsError {
  // a method, not a getter: anything that prints an error (test runners too) would read a getter, and the agent's whole scene
  readonly #circumstances: Circumstances;
  readonly #place: string | undefined;

  constructor(cause: unknown, circumstances: Circumstances, place: string | undefined) {
    super(describe(cause, circumstances, place), { cause });
    this.#circumstances = circumstances;
    this.#place = place;
    const stack = stackOf(cause);
    const frames = /^ {4}at |^\S*@/m.exec(stack);
    if (frames) this.stack = `${this.name}: ${this.message}\n${stack.slice(frames.index)}`;
  }

  /** Which function was running, and when. */
  tellCircumstances(): Circumstances {
    return this.#circumstances;
  }

  /** file, line and column in the user's source, if the stack shows them */
  get place(): string | undefined {
    return this.#place;
  }
}

/** Why a callback that threw nothing is rejected: `returned a promise`, and what to do. */
export class CallbackMisuse extends Error {
  readonly deed: string;

  constructor(deed: string, advice: string) {
    super(advice);
    this.deed = deed;
  }
}

/**
 * Wraps an error of a user's function, to be thrown in its place. A CallbackError gains the circumstances that its outer
 * caller knows.
 */
export function blame(error: unknown, circumstances: Circumstances): CallbackError {
  if (!(error instanceof CallbackError))
    return new CallbackError(error, circumstances, placeOf(error, new Error().stack));
  const known = Object.entries(error.tellCircumstances()).filter(([, value]) => value !== undefined);
  return new CallbackError(error.cause, { ...circumstances, ...Object.fromEntries(known) }, error.place);
}

function describe(cause: unknown, circumstances: Circumstances, place: string | undefined): string {
  const { what = 'A callback', environment, where, advice } = circumstances;
  const subject = environment === undefined ? what : `${what} of environment "${environment}"`;
  const at = where === undefined ? '' : ` in ${where}`;
  if (AgentsError.is(cause)) return `${cause.message} (From ${subject}${at}${place ? `, ${place}` : ''}.)`;
  const see = place ? ` See ${place}.` : '';
  if (cause instanceof CallbackMisuse) return `${subject} ${cause.deed}${at}. ${cause.message}${see}`;
  const text = textOf(cause);
  const remedy = ofPage(text, place) ?? advice;
  return `${subject} failed${at}: ${sentence(text)}${remedy ? ` ${remedy}` : ''}${see}`;
}

function textOf(cause: unknown): string {
  if (cause instanceof Error) return String(cause.message) || cause.name;
  return `it threw ${show(cause)}, which is not an Error and has no stack trace`;
}

/** A readable form of any thrown value: `null`, `"a string"`, `{"code":5}`; its type if JSON cannot represent it. */
function show(thrown: unknown): string {
  try {
    return JSON.stringify(thrown) ?? String(thrown);
  } catch {
    return typeof thrown === 'object' ? Object.prototype.toString.call(thrown) : String(thrown); // circular; a bigint
  }
}

function stackOf(cause: unknown): string {
  const stack = cause instanceof Error ? cause.stack : undefined;
  return typeof stack === 'string' ? stack : '';
}

/** Names that a page defines and a worker does not. */
const PAGE_ONLY =
  /(document|window|HTML\w+|Image|Audio\w*|OffscreenCanvas|\w+Storage|alert|addEventListener|\w+AnimationFrame|location|navigator|screen|inner\w+|devicePixelRatio|matchMedia|\w+Event|\w+Observer|indexedDB) is not defined/;

const NO_PAGE =
  'Training runs without a page. Put page-only code into `if (engine.getRenderingCanvas()) { … }`, which is null in training; or set `browser: true` in defineEnvironment() and import page-only modules inside createScene, where a stand-in page is available.';

/** The remedy for an error caused by something that exists in a page but not in training. */
function ofPage(text: string, place: string | undefined): string | undefined {
  const lacking = PAGE_ONLY.exec(text)?.[1];
  if (lacking !== undefined && !isPageStoodIn()) return NO_PAGE;
  const name = lacking ?? missedBefore(text, place);
  return name && `The stand-in page of training has no ${name}. Handle its absence, as in a browser without it.`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
