type Call = (...args: never[]) => unknown;

/**
 * Puts a function in the place of one that an object or its class has. `make` gets the one that it stands in for, bound to
 * the object. Returns how to undo that; where somebody has built on it by then, it stays and does what that one did.
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
