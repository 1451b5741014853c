import { AgentsError } from './errors.ts';
import { placeOf } from './source-place.ts';
import { isPageStoodIn, missedBefore } from './stand-in-page.ts';

/** Which of the user's functions was running, and when. Whoever catches an error says what it knows. */
export interface Circumstances {
  /** the function, as the subject of a sentence: `observe() of sensor "rays" of agent "walker" on node "body"` */
  readonly what?: string | undefined;
  /** whose function it is, such as an agent, for outer callers that know more of it */
  readonly owner?: object | undefined;
  readonly environment?: string | undefined;
  /** such as `area 3, decision 12 of episode 2` */
  readonly where?: string | undefined;
  /** what to do about it, if the caller knows */
  readonly advice?: string | undefined;
}

/**
 * An error in a function that the user wrote, with all that it takes to find it: the function, its environment, area and
 * decision, the original message, and file and line of the user's source. The original is the `cause`, and the stack is
 * its stack, since no more than that crosses a thread.
 */
export class CallbackError extends AgentsError {
  // behind a method: whoever prints an error, test runners among them, would read a getter, and the agent's whole scene with it
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

  /** file, line and column of the user's source, if the stack shows them */
  get place(): string | undefined {
    return this.#place;
  }
}

/** Why a callback is refused that threw nothing: `returned a promise`, and what to do. */
export class CallbackMisuse extends Error {
  readonly deed: string;

  constructor(deed: string, advice: string) {
    super(advice);
    this.deed = deed;
  }
}

/**
 * The error of a user's function, to be thrown in its place. One that has passed here before learns what its outer caller
 * knows besides.
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
  return `it threw ${show(cause)}, which is no Error and so has no stack`;
}

/** Whatever may be thrown, for people: `null`, `"a string"`, `{"code":5}`; of what cannot be written so, its kind. */
function show(thrown: unknown): string {
  try {
    return JSON.stringify(thrown) ?? String(thrown);
  } catch {
    return typeof thrown === 'object' ? Object.prototype.toString.call(thrown) : String(thrown); // a circle; a bigint
  }
}

function stackOf(cause: unknown): string {
  const stack = cause instanceof Error ? cause.stack : undefined;
  return typeof stack === 'string' ? stack : '';
}

/** What a worker has not got, and a page has. */
const PAGE_ONLY =
  /(document|window|HTML\w+|Image|Audio\w*|OffscreenCanvas|\w+Storage|alert|addEventListener|\w+AnimationFrame|location|navigator|screen|inner\w+|devicePixelRatio|matchMedia|\w+Event|\w+Observer|indexedDB) is not defined/;

const NO_PAGE =
  'Training has no page: put what needs one into `if (engine.getRenderingCanvas()) { … }`, which is null there, or set `browser: true` in defineEnvironment(), and import what needs a page within createScene: from then on it has stand-ins for one.';

/** What to do about an error that comes from what a page has, and training has not. */
function ofPage(text: string, place: string | undefined): string | undefined {
  const lacking = PAGE_ONLY.exec(text)?.[1];
  if (lacking !== undefined && !isPageStoodIn()) return NO_PAGE;
  const name = lacking ?? missedBefore(text, place);
  return name && `The page that training stands in for has no ${name}: do without it, as in a browser that lacks it.`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
