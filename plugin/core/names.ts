/** Maximum length of a name that becomes a file or folder name; leaves room for a suffix. */
const LONGEST = 100;
/** Names that Windows reserves, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** The rule that a name of letters, digits and hyphens breaks as a file name on any system, to complete "It must be …"; undefined if it is valid. */
export function fileName(name: string): string | undefined {
  if (name.length > LONGEST) return `${LONGEST} characters or fewer`;
  return RESERVED.test(name) ? 'another name: Windows reserves this one' : undefined;
}

/** The same for an environment's name, which becomes part of paths and keys. Checked at every such place, because not every name comes from defineEnvironment(). */
export function environmentName(name: unknown): string | undefined {
  return typeof name === 'string' && /^[a-z0-9][a-z0-9-]*$/.test(name)
    ? fileName(name)
    : 'a name of lowercase letters, digits and hyphens, such as "balance-ball"';
}
