/** A stack frame of any engine: Chromium and Node (`at f (file:1:2)`), Firefox and Safari (`f@file:1:2`). */
const FRAME = /^\s*at .*|^[^\s]*@.*/;
const PLACE = /((?:[a-z][a-z\d+.-]*:\/\/|\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)\)?$/;

/** The folder that contains `plugin/` and `workers/`; undefined in a bundle, which has no separate files. */
const ROOT = /^(.*\/)plugin\/core\/[^/]+$/.exec(strip(import.meta.url))?.[1];

/**
 * Where in the user's source an error was thrown, such as `src/roller.ts:41:11`: the innermost stack frame outside of
 * packages and this library. Undefined if the stack shows none.
 *
 * @param caught the stack of an error created where `error` was caught. Frames that both share are skipped, so that the
 *               user's function that called this library is not blamed for an error inside it.
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
 * Where the user's source called the library function (or a function that the library replaced) that created `error`;
 * undefined if the call came from elsewhere, such as Babylon.
 *
 * @param helpers matches functions that only pass on what they get: their callers are reported instead
 */
export function callerOf({ stack = '' }: Error, helpers: RegExp): string | undefined {
  if (!ROOT) return undefined; // a bundle does not tell them apart
  const frames = framesOf(stack);
  const caller = frames.find((frame, i) => i > 0 && !helpers.test(frame));
  const place = caller && PLACE.exec(caller);
  if (!place || !isUsers(strip(place[1]))) return undefined;
  return `${shorten(strip(place[1]))}:${place[2]}:${place[3]}`;
}

/**
 * Where the user's source led to `asked`, an error created only to find the caller; undefined if only packages did, and
 * in a bundle, which does not tell them apart.
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

/** The frames inside the call that `callers` made: those before the first frame from which both stacks agree. */
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

/** Whether a path leads to a file: source maps of packages, such as Babylon's, name sources that exist only elsewhere. */
function exists(file: string): boolean {
  const files = globalThis.process?.getBuiltinModule?.('node:fs');
  return files === undefined || files.existsSync(file);
}

/** A file's path or address, without the query that a development server appends. */
function strip(address: string): string {
  const bare = address.replace(/[?#].*$/, '');
  return bare.startsWith('file://') ? decodeURI(bare.slice('file://'.length)).replace(/^\/(?=[A-Za-z]:\/)/, '') : bare;
}

/** Relative to the working directory, if the file is below it. */
function shorten(file: string): string {
  const folder = globalThis.process?.cwd?.();
  return folder && file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file;
}
