/** Characters of a name that becomes that of a file or folder, to which a little is added. */
const LONGEST = 100;
/** What Windows keeps for itself, whatever the ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** Says what a name of letters, digits and hyphens must be to be that of a file on every system, as the end of "It must be …"; undefined if it is. */
export function fileName(name: string): string | undefined {
  if (name.length > LONGEST) return `${LONGEST} characters long at most`;
  return RESERVED.test(name) ? 'another one: Windows reserves that name' : undefined;
}

/** The same of an environment's name, which becomes a part of paths and keys. It is checked wherever that happens: not every name comes from defineEnvironment(). */
export function environmentName(name: unknown): string | undefined {
  return typeof name === 'string' && /^[a-z0-9][a-z0-9-]*$/.test(name)
    ? fileName(name)
    : 'a name of lowercase letters, digits and hyphens, such as "balance-ball"';
}
