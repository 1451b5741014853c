/** Hears of a name that was read and is not there, such as `document.cookie`. */
export type OnMiss = (name: string) => void;

export interface StandInOptions {
  readonly onMiss: OnMiss;
  /** hears of a name before it is set for the first time */
  readonly onNew?: (name: string) => void;
  readonly base?: object;
}

/** Names that the language itself asks of any object. */
const ASKED_BY_LANGUAGE = new Set(['then', 'toJSON', 'constructor']);

/**
 * An object of a page: what `own` has, then what `base` has, such as the thread's own globals. A name that neither has reads
 * undefined, as in a browser without that feature, and is reported. Whatever is set lands in `own`.
 */
export function createStandIn<T extends object>(name: string, own: T, { onMiss, onNew, base = {} }: StandInOptions): T {
  const bound = new Map<unknown, unknown>();
  return new Proxy(own, {
    get(_, key) {
      if (Object.hasOwn(own, key)) return Reflect.get(own, key, own);
      for (const owner of [own, base]) if (key in owner) return bind(Reflect.get(owner, key, owner), owner, bound);
      if (typeof key === 'string' && !ASKED_BY_LANGUAGE.has(key)) onMiss(`${name}.${key}`);
      return undefined;
    },
    set(_, key, value) {
      if (typeof key === 'string' && !(key in own) && !(key in base)) onNew?.(key);
      return Reflect.set(own, key, value, own);
    },
    has: (_, key) => key in own || key in base,
  });
}

/** Methods, classes not, belong to the object behind the proxy: browsers refuse to call them on another. */
function bind(value: unknown, owner: object, bound: Map<unknown, unknown>): unknown {
  if (typeof value !== 'function' || Object.hasOwn(value, 'prototype')) return value;
  if (!bound.has(value)) bound.set(value, value.bind(owner));
  return bound.get(value);
}
