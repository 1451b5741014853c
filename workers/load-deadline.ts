import { AgentsError } from '../plugin/core/errors.ts';
import { replaceGlobal } from './replace-global.ts';

/**
 * Waits for something that loads files, at most so many seconds: a promise that never settles would keep a worker
 * silent for ever.
 *
 * @param what for a person, as the subject of a sentence: `createScene() of environment "yard"`
 */
export async function withinSeconds<T>(seconds: number, what: string, load: () => T | Promise<T>): Promise<T> {
  const requests = watchRequests();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(describeDelay(seconds, what, requests.open())), Math.min(seconds * 1000, LONGEST_MS));
  });
  try {
    return await Promise.race([load(), deadline]);
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
      `${what} is not done after ${seconds} s: it waits for ${open.join(', ')}. See whether that can be loaded, or give it more time with \`loadTimeout\`.`,
    );
  return new AgentsError(
    `${what} is not done after ${seconds} s, and no file is being loaded. Look for a promise in it that nobody keeps: frames, clicks and sounds do not come in training.`,
  );
}

/** The addresses that each load in progress waits for, with the request for it. */
const watches = new Set<Map<object, string>>();
let undo: readonly (() => void)[] = [];

/** Keeps the addresses that this thread asks for from now on, and has not got yet. */
function watchRequests(): { open(): readonly string[]; stop(): void } {
  if (watches.size === 0) undo = listen();
  const pending = new Map<object, string>();
  watches.add(pending);
  return {
    open: () => [...new Set(pending.values())],
    stop() {
      watches.delete(pending);
      if (watches.size === 0) for (const one of undo) one();
    },
  };
}

function listen(): (() => void)[] {
  const { fetch: fetchBefore, XMLHttpRequest: RequestBefore } = globalThis;
  const begin = (request: object, address: string) => {
    for (const pending of watches) pending.set(request, address);
  };
  const end = (request: object) => {
    for (const pending of watches) pending.delete(request);
  };
  const undone = [
    replaceGlobal('fetch', async (input, init) => {
      const key = {};
      begin(key, input instanceof Request ? input.url : String(input));
      try {
        return await fetchBefore(input, init);
      } finally {
        end(key);
      }
    }),
  ];
  if (!RequestBefore) return undone;
  class WatchedRequest extends RequestBefore {
    override open(method: string, url: string | URL, ...rest: unknown[]): void {
      begin(this, String(url));
      this.addEventListener('loadend', () => end(this));
      (super.open as (...all: unknown[]) => void)(method, url, ...rest);
    }
  }
  return [...undone, replaceGlobal('XMLHttpRequest', WatchedRequest)];
}
