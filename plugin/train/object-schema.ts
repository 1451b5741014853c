import * as v from 'valibot';

/** An object of exactly these entries. Where one is unknown, the message is the list of those that there are. */
export function objectOf<T extends v.ObjectEntries>(entries: T) {
  const names = Object.keys(entries).join(', ');
  return v.strictObject(entries, ({ expected }) => {
    if (expected === 'never') return names;
    return expected === 'Object' ? `an object of ${names}` : `given, as one of ${names}`;
  });
}

/** The same with every entry left out or given, but not undefined. */
export function exactPartial<T extends v.ObjectEntries>({ entries }: { readonly entries: T }) {
  const optional = Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, v.exactOptional(entry)]));
  return objectOf(optional as { [K in keyof T]: v.ExactOptionalSchema<T[K] & v.GenericSchema, undefined> });
}
