/** A level box seen from above, that does not turn: what a cube stands on [m]. */
export interface Surface {
  /** its middle */
  readonly x: number;
  readonly z: number;
  /** half its edges */
  readonly halfX: number;
  readonly halfZ: number;
  readonly top: number;
  readonly bottom: number;
}

/** A square seen from above, turned about its middle by an angle whose sine and cosine it has [m]. */
export interface Square {
  readonly x: number;
  readonly z: number;
  readonly half: number;
  readonly sin: number;
  readonly cos: number;
}

/** Whether a place is above or below a surface. */
export function covers({ x, z, halfX, halfZ }: Surface, placeX: number, placeZ: number): boolean {
  return Math.abs(placeX - x) <= halfX && Math.abs(placeZ - z) <= halfZ;
}

/** Whether a square and a surface overlap, seen from above: none of their four axes has them apart. */
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
