import { CallbackMisuse } from './callback-error.ts';

/**
 * What a callback may return that nothing waits for: anything but a promise, so that an `async` function is refused by the
 * compiler.
 */
export type NotAPromise =
  // biome-ignore lint/suspicious/noConfusingVoidType: what a function without a return gives
  void | undefined | null | boolean | number | string | bigint | symbol | (object & { readonly then?: never });

/** Throws if a callback gave a promise: nothing awaits it, so what it does comes too late, and its error reaches nobody. */
export function refusePromise(returned: unknown): void {
  if (typeof (returned as PromiseLike<unknown> | null)?.then !== 'function') return;
  (returned as PromiseLike<unknown>).then(ignore, ignore); // else its rejection is reported as well
  throw new CallbackMisuse(
    'returned a promise',
    'Nothing awaits it: make the function synchronous (no `async`), and load what it needs in build(), which may be async.',
  );
}

function ignore(): void {}
