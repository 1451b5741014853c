import type { Notices } from '../plugin/core/notices.ts';
import { callerOf } from '../plugin/core/source-place.ts';

/** Calls that are looked at before the watch gives up: those of Babylon, which draws ids and particles, are passed over. */
const MOST_CALLS = 500;

/** Babylon's helper that hands on what it draws: whoever called that has drawn it. */
const HELPER = /\bRandomRange\b/;

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
    const place = callerOf(new Error(), HELPER);
    if (place) notices.add(describe(place));
    if (place || ++calls === MOST_CALLS) stop();
    return native();
  };
  Math.random = watched;
  return stop;
}

function describe(place: string): string {
  return `Math.random() is called at ${place}: no seed fixes what it draws, so a run cannot be repeated. Draw from the \`random\` that reset(random) is given, or from \`new Random(seed)\`. If it decides no more than how things look, all is well.`;
}
