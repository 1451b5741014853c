import { AgentsError } from '../plugin/core/errors.ts';
import { RequestWatch } from './request-watch.ts';

/**
 * Waits for something that loads files, for at most N seconds: a promise that never settles would keep a worker
 * silent for ever.
 *
 * @param what for a person, as the subject of a sentence: `createScene() of environment "yard"`
 */
export async function withinSeconds<T>(
  seconds: number,
  what: string,
  load: (requests: RequestWatch) => T | Promise<T>,
): Promise<T> {
  const requests = new RequestWatch();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(describeDelay(seconds, what, requests.open)), Math.min(seconds * 1000, LONGEST_MS));
  });
  try {
    return await Promise.race([load(requests), deadline]);
  } finally {
    clearTimeout(timer);
    requests.stop();
  }
}

/** Timers that are longer end at once. */
const LONGEST_MS = 2 ** 31 - 1;

function describeDelay(seconds: number, what: string, open: readonly string[]): AgentsError {
  if (open.length > 0)
    return new AgentsError(
      `${what} is not done after ${seconds} s: it waits for ${open.join(', ')}. Check that it can be loaded, or allow more time with \`loadTimeout\`.`,
    );
  return new AgentsError(
    `${what} is not done after ${seconds} s, and no file is being loaded. It may be awaiting a promise that never settles: there are no frames, input or audio events during training.`,
  );
}
