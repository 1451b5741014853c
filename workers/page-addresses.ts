import { replaceGlobal } from './replace-global.ts';

/**
 * Lets fetch() and XMLHttpRequest of this thread, a page's worker, resolve addresses as its page does, for good: `hills.png` lies beside the page, not beside
 * the worker's script, wherever a bundler has put that.
 *
 * @param page the page's base address
 */
export function resolveAddresses(page: string): void {
  const { fetch: fetchBefore, XMLHttpRequest: RequestBefore } = globalThis;
  const resolve = (address: string | URL) => new URL(address, page).href;
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
