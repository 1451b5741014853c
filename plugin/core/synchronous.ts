import { CallbackMisuse } from './callback-error.ts';

/**
 * The return type of a callback that nothing awaits: anything but a promise or a generator, so the compiler rejects `async`
 * functions and generators.
 */
export type NotAPromise =
  // biome-ignore lint/suspicious/noConfusingVoidType: the return type of a function without a return
  | void
  | undefined
  | null
  | boolean
  | number
  | string
  | bigint
  | symbol
  | (object & {
      /** a promise has one */
      readonly then?: never;
      /** a generator has one */
      readonly throw?: never;
    });

/**
 * Throws if a callback returned a promise: nothing awaits it, so its effects come too late and its error is lost. Also if it
 * returned a generator: nothing runs it, so it does nothing at all.
 */
export function refusePromise(returned: unknown): void {
  const { then, throw: inject } = (returned ?? {}) as { readonly then?: unknown; readonly throw?: unknown };
  if (typeof inject === 'function')
    throw new CallbackMisuse('returned a generator', 'Nothing runs it: make the function a plain one (no `*`).');
  if (typeof then !== 'function') return;
  (returned as PromiseLike<unknown>).then(ignore, ignore); // or its rejection would be reported too
  throw new CallbackMisuse(
    'returned a promise',
    'Nothing awaits it: make the function synchronous (no `async`), and load what it needs in build(), which may be async.',
  );
}

function ignore(): void {}
