/** An element of the page by its id; throws when the page has none, or one of another kind. */
export function requireElement<T extends HTMLElement>(id: string, kind: abstract new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`The page has no ${kind.name} with id "${id}".`);
}
