/** Which places of a grid share a slot: those that differ by whole multiples of (columns, 0) and (shift, rows). */
interface Tiling {
  readonly columns: number;
  readonly rows: number;
  readonly shift: number;
}

const tilings = new Map<number, Tiling>();

/**
 * The slot of the area in a row and column of a grid that has more areas than slots. The nearest that share one are as
 * far apart as a regular pattern of so many slots can make them: 1.4 places for 2 and 3, 2 for 4, 3.2 for 10, 5.8 for 32.
 */
export function slotAt(row: number, column: number, slots: number): number {
  const { columns, rows, shift } = tilingOf(slots);
  const down = Math.floor(row / rows);
  const across = (column - down * shift) % columns;
  return (row - down * rows) * columns + (across < 0 ? across + columns : across);
}

function tilingOf(slots: number): Tiling {
  let tiling = tilings.get(slots);
  if (tiling) return tiling;
  tiling = findTiling(slots);
  tilings.set(slots, tiling);
  return tiling;
}

/** Goes through all of them; of equals, that which uses more slots. */
function findTiling(slots: number): Tiling {
  let best: Tiling = { columns: slots, rows: 1, shift: 0 };
  let farthest = 0;
  for (let used = slots; used > 0; used--)
    for (let columns = 1; columns <= used; columns++) {
      if (used % columns !== 0) continue;
      for (let shift = 0; shift < columns; shift++) {
        const tiling = { columns, rows: used / columns, shift };
        const distance = nearest(tiling);
        if (distance <= farthest) continue;
        [best, farthest] = [tiling, distance];
      }
    }
  return best;
}

/** Of the places that share the origin's slot, the square of the nearest one's distance. */
function nearest({ columns, rows, shift }: Tiling): number {
  let least = columns * columns;
  for (let down = 1; (down * rows) ** 2 < least; down++) {
    const past = (down * shift) % columns;
    const across = Math.min(past, columns - past);
    least = Math.min(least, across ** 2 + (down * rows) ** 2);
  }
  return least;
}
