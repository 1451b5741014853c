import { replaceGlobal } from './replace-global.ts';

/** The URL of a page that no server has: its files are those of the project. */
export const NO_SERVER = 'http://localhost/';

let address = NO_SERVER;

/** The base address of this thread's page. */
export function pageAddress(): string {
  return address;
}

/**
 * Lets fetch() and XMLHttpRequest of this thread, a page's worker, resolve addresses as its page does, for good: `hills.png` lies beside the page, not beside
 * the worker's script, wherever a bundler has put that.
 *
 * @param page the page's base address
 */
export function resolveAddresses(page: string): void {
  address = page;
  const { fetch: fetchBefore, XMLHttpRequest: RequestBefore } = globalThis;
  const resolve = (asked: string | URL) => new URL(asked, page).href;
  replaceGlobal('fetch', (input, init) => fetchBefore(input instanceof Request ? input : resolve(input), init));
  replaceGlobal(
    'XMLHttpRequest',
    class extends RequestBefore {
      override open(method: string, url: string | URL, ...rest: unknown[]): void {
        (super.open as (...all: unknown[]) => void)(method, resolve(url), ...rest);
      }
    },
  );
}
