/** A level, axis-aligned box seen from above: something a cube can stand on [m]. */
export interface Surface {
  /** its center */
  readonly x: number;
  readonly z: number;
  /** half its edges */
  readonly halfX: number;
  readonly halfZ: number;
  readonly top: number;
  readonly bottom: number;
}

/** A square seen from above [m], rotated about its center by an angle given as sine and cosine. */
export interface Square {
  readonly x: number;
  readonly z: number;
  readonly half: number;
  readonly sin: number;
  readonly cos: number;
}

/** Whether a position is above or below a surface. */
export function covers({ x, z, halfX, halfZ }: Surface, placeX: number, placeZ: number): boolean {
  return Math.abs(placeX - x) <= halfX && Math.abs(placeZ - z) <= halfZ;
}

/** Whether a square and a surface overlap, seen from above: none of their four axes separates them. */
export function overlaps(square: Square, { x, z, halfX, halfZ }: Surface): boolean {
  const { half, sin, cos } = square;
  const dx = square.x - x;
  const dz = square.z - z;
  const across = Math.abs(cos);
  const along = Math.abs(sin);
  const reach = half * (across + along);
  return (
    Math.abs(dx) <= halfX + reach &&
    Math.abs(dz) <= halfZ + reach &&
    Math.abs(dx * cos - dz * sin) <= half + halfX * across + halfZ * along &&
    Math.abs(dx * sin + dz * cos) <= half + halfX * along + halfZ * across
  );
}
