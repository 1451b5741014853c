/** A frame of a stack, wherever it was written: Chromium and Node (`at f (file:1:2)`), Firefox and Safari (`f@file:1:2`). */
const FRAME = /^\s*at .*|^[^\s]*@.*/;
const PLACE = /((?:[a-z][a-z\d+.-]*:\/\/|\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/;

/** The folder that `plugin/` and `workers/` are in; undefined in a bundle, which has no files of its own to tell apart. */
const ROOT = /^(.*\/)plugin\/core\/[^/]+$/.exec(strip(import.meta.url))?.[1];

/**
 * Where in the user's source an error was thrown, such as `src/roller.ts:41:11`: the innermost frame of its stack that
 * belongs neither to a package nor to this library. Undefined if its stack shows none.
 *
 * @param caught the stack of an error made where `error` was caught: frames that both share are not searched, so that
 *               the user's function that called this library is not blamed for what the library did
 */
export function placeOf(error: unknown, caught = ''): string | undefined {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return undefined;
  const callers = framesOf(caught);
  for (const frame of withinCall(framesOf(error.stack), callers)) {
    const place = PLACE.exec(frame);
    if (place && isUsers(strip(place[1]))) return `${shorten(strip(place[1]))}:${place[2]}:${place[3]}`;
  }
  return undefined;
}

/**
 * Where the user's source called a function of this library, or one that it has put in place of another, that made
 * `error`; undefined if somebody else did, such as Babylon.
 *
 * @param helpers functions that hand on what they get: their callers are meant
 */
export function callerOf({ stack = '' }: Error, helpers: RegExp): string | undefined {
  if (!ROOT) return undefined; // in a bundle nobody can tell who is who
  const frames = framesOf(stack);
  const caller = frames.find((frame, i) => i > 0 && !helpers.test(frame));
  const place = caller && PLACE.exec(caller);
  if (!place || !isUsers(strip(place[1]))) return undefined;
  return `${shorten(strip(place[1]))}:${place[2]}:${place[3]}`;
}

/**
 * Where the user's source led to `asked`, an error that this library made to see who asks; undefined if only packages did, and
 * in a bundle, which cannot tell who is who.
 */
export function askerOf(asked: Error): string | undefined {
  const own = PLACE.exec(framesOf(asked.stack ?? '')[0] ?? '');
  return own && !isUsers(strip(own[1])) ? placeOf(asked) : undefined;
}

/** The frames of a stack, without its message. */
export function framesOf(stack: string): readonly string[] {
  return stack
    .split('\n')
    .filter((line) => FRAME.test(line))
    .map((line) => line.trim());
}

/** The frames inside the call that `callers` made: those ahead of the first from which on both stacks agree. */
function withinCall(frames: readonly string[], callers: readonly string[]): readonly string[] {
  const end = frames.findIndex((frame, i) => {
    const at = callers.indexOf(frame);
    return at >= 0 && frames.slice(i).every((other, k) => at + k >= callers.length || other === callers[at + k]);
  });
  return end < 0 ? frames : frames.slice(0, end);
}

function isUsers(file: string): boolean {
  if (/[\\/]node_modules[\\/]/.test(file) || /^(node|wasm|native):/.test(file)) return false;
  if (ROOT && (file.startsWith(`${ROOT}plugin/`) || file.startsWith(`${ROOT}workers/`))) return false;
  return !/^(\/|[A-Za-z]:)/.test(file) || exists(file);
}

/** Whether a path leads to a file: source maps of packages, Babylon's among them, name sources that nobody else has. */
function exists(file: string): boolean {
  const files = globalThis.process?.getBuiltinModule?.('node:fs');
  return files === undefined || files.existsSync(file);
}

/** A file's path or address, without what a development server puts behind it. */
function strip(address: string): string {
  const bare = address.replace(/[?#].*$/, '');
  return bare.startsWith('file://') ? decodeURI(bare.slice('file://'.length)).replace(/^\/(?=[A-Za-z]:\/)/, '') : bare;
}

/** Relative to the folder that the process was started in, if the file is below. */
function shorten(file: string): string {
  const folder = globalThis.process?.cwd?.();
  return folder && file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file;
}
