/** Minimum length of a name that counts as close to a longer name containing it, as `force` does to `maxForce`. */
const SHORTEST_PART = 4;

/** ` Did you mean "x"?` with the closest known name, as the end of a message; '' if none is close. Ignores case. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const wanted = name.toLowerCase();
  let closest: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const distance = distanceBetween(wanted, candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      closest = candidate;
    }
  }
  return closest === undefined ? '' : ` Did you mean "${closest}"?`;
}

/** Edits between two names; Infinity if they are too far apart to have been confused. */
function distanceBetween(wanted: string, candidate: string): number {
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  const edits = countEdits(wanted, candidate);
  if (edits <= allowed && edits < Math.max(wanted.length, candidate.length)) return edits;
  const [shorter, longer] = wanted.length < candidate.length ? [wanted, candidate] : [candidate, wanted];
  return shorter.length >= SHORTEST_PART && longer.includes(shorter) ? edits : Infinity;
}

/** Insertions, deletions, replacements and swaps of neighbors that turn `a` into `b` (Damerau 1964, optimal string alignment). */
function countEdits(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return last[b.length];
}
