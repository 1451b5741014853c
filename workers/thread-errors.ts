import { AgentsError, messageOf } from '../plugin/core/errors.ts';
import { placeOf } from '../plugin/core/source-place.ts';

/** Frames that errors of this thread keep: Babylon's own calls easily take more than the ten that are usual. */
const FRAMES = 50;

/**
 * Makes what goes wrong in a worker's thread lead to the mistake: stacks reach the user's own functions, and a promise that
 * is rejected while nothing awaits it ends the worker with an error that says so. Node would tell only what it was
 * rejected with, and browsers nothing at all.
 */
export function prepareThread(): void {
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit ?? 0, FRAMES);
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  if (threads?.parentPort) {
    process.on('unhandledRejection', (reason) => {
      throw describeRejection(reason);
    });
  } else if (!threads) {
    globalThis.addEventListener?.('unhandledrejection', (event) => {
      event.preventDefault();
      reportError(describeRejection(event.reason));
    });
  }
}

function describeRejection(reason: unknown): AgentsError {
  const place = placeOf(reason);
  const message = messageOf(reason)
    .replace(/^\[agents\] /, '')
    .replace(/[.]?$/, '.');
  return new AgentsError(
    `A promise was rejected and nothing awaits it: ${message} Await it where it is made, or add a catch().${place ? ` See ${place}.` : ''}`,
    { cause: reason },
  );
}
