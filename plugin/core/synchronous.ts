import { CallbackMisuse } from './callback-error.ts';

/**
 * What a callback may return that nothing waits for: anything but a promise or a generator, so that functions that are `async` or
 * have a `*` are refused by the compiler.
 */
export type NotAPromise =
  // biome-ignore lint/suspicious/noConfusingVoidType: what a function without a return gives
  | void
  | undefined
  | null
  | boolean
  | number
  | string
  | bigint
  | symbol
  | (object & { readonly then?: never; readonly throw?: never });

/**
 * Throws if a callback gave a promise: nothing awaits it, so what it does comes too late, and its error reaches nobody. Or a
 * generator: nothing runs it, so it does nothing at all.
 */
export function refusePromise(returned: unknown): void {
  const { then, throw: inject } = (returned ?? {}) as { readonly then?: unknown; readonly throw?: unknown };
  if (typeof inject === 'function')
    throw new CallbackMisuse('returned a generator', 'Nothing runs it: make the function a plain one (no `*`).');
  if (typeof then !== 'function') return;
  (returned as PromiseLike<unknown>).then(ignore, ignore); // else its rejection is reported as well
  throw new CallbackMisuse(
    'returned a promise',
    'Nothing awaits it: make the function synchronous (no `async`), and load what it needs in build(), which may be async.',
  );
}

function ignore(): void {}
