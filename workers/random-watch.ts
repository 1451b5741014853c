import type { Notices } from '../plugin/core/notices.ts';
import { callerOf } from '../plugin/core/source-place.ts';

/**
 * Calls to inspect before the watch gives up. Babylon's own count as well: an id takes 31, so a hundred of
 * them leave a part.
 */
const MOST_CALLS = 5000;
/** Frames of a stack that are read: enough for the helpers between the user's code and Math.random(). */
const FRAMES = 8;

/**
 * Babylon's helpers that hand on what they draw, such as Vector3.Random(), and built-in functions, as in
 * `values.map(Math.random)`: whoever called them has drawn it.
 */
const HELPER =
  /^at (?:\S+\.)?Random(?:Range)?(?:ToRef)?(?: \[as \w+\])? \(|^(?:[^@]*\.)?Random(?:Range)?(?:ToRef)?@|\(<anonymous>\)$/;

/**
 * Watches this thread's Math.random() until the user's own code calls it, and says where: chance that no seed fixes. Only
 * who called it counts, so it costs nothing where nobody does. Gives what ends the watch.
 */
export function watchRandom(notices: Notices): () => void {
  const native = Math.random;
  if (!/\[native code\]/.test(Function.prototype.toString.call(native))) return () => {}; // seeded by the user, or watched
  const stop = () => {
    if (Math.random === watched) Math.random = native;
  };
  let calls = 0;
  const watched = () => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = FRAMES; // a short stack costs a fraction of a long one
    const place = callerOf(new Error(), HELPER);
    Error.stackTraceLimit = limit;
    if (place) notices.add(describe(place));
    if (place || ++calls === MOST_CALLS) stop();
    return native();
  };
  Math.random = watched;
  return stop;
}

function describe(place: string): string {
  return `Math.random() is called at ${place}: it ignores the seed, so a run cannot be repeated. Draw from the \`random\` that reset(random) is given, or from \`new Random(seed)\`. If it only affects how things look, ignore this.`;
}
