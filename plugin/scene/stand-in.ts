type Call = (...args: never[]) => unknown;

/**
 * Replaces a function of an object or its class. `make` gets the original, bound to the object. Returns a function that
 * undoes it; if other code has wrapped the replacement since, it stays and calls the original.
 */
export function standIn<N extends string, F extends Call>(
  target: { [name in N]: F },
  name: N,
  make: (original: F) => F,
): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  const original = ((...args) => (own?.value ?? Object.getPrototypeOf(target)[name]).apply(target, args)) as F;
  const instead = make(original);
  let taken = true;
  const stood = ((...args) => (taken ? instead : original)(...args)) as F;
  target[name] = stood;
  return () => {
    taken = false;
    if (target[name] !== stood) return;
    if (own) Object.defineProperty(target, name, own);
    else delete (target as Partial<typeof target>)[name];
  };
}
