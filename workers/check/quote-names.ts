/** Up to three names. */
export function quoteNames(names: readonly string[]): string {
  const different = [...new Set(names)];
  const shown = different.slice(0, 3).map((name) => `"${name}"`);
  return `${shown.join(', ')}${different.length > 3 ? ` and ${different.length - 3} more` : ''}`;
}
