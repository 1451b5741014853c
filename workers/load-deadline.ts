import { AgentsError } from '../plugin/core/errors.ts';

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
    timer = setTimeout(() => fail(describeDelay(seconds, what, requests.open())), seconds * 1000);
  });
  try {
    return await Promise.race([load(), deadline]);
  } finally {
    clearTimeout(timer);
    requests.stop();
  }
}

function describeDelay(seconds: number, what: string, open: readonly string[]): AgentsError {
  if (open.length > 0)
    return new AgentsError(
      `${what} is not done after ${seconds} s: it waits for ${open.join(', ')}. See whether that can be loaded, or give it more time with \`loadTimeout\`.`,
    );
  return new AgentsError(
    `${what} is not done after ${seconds} s, and no file is being loaded. Look for a promise in it that nobody keeps: frames, clicks and sounds do not come in training.`,
  );
}

/** Keeps the addresses that this thread has asked for and not got yet. */
function watchRequests(): { open(): readonly string[]; stop(): void } {
  const { fetch: fetchBefore, XMLHttpRequest: RequestBefore } = globalThis;
  const pending = new Map<object, string>();
  globalThis.fetch = async (input, init) => {
    const key = {};
    pending.set(key, input instanceof Request ? input.url : String(input));
    try {
      return await fetchBefore(input, init);
    } finally {
      pending.delete(key);
    }
  };
  if (RequestBefore) {
    globalThis.XMLHttpRequest = class extends RequestBefore {
      override open(method: string, url: string | URL, ...rest: unknown[]): void {
        pending.set(this, String(url));
        this.addEventListener('loadend', () => pending.delete(this));
        (super.open as (...all: unknown[]) => void)(method, url, ...rest);
      }
    };
  }
  return {
    open: () => [...new Set(pending.values())],
    stop() {
      globalThis.fetch = fetchBefore;
      if (RequestBefore) globalThis.XMLHttpRequest = RequestBefore;
    },
  };
}
