/** For sensors that read positions and motion. */
export const NOT_ANYWHERE =
  'A node or body it observes has a non-finite position: the body exploded (check its mass and the forces on it, or use smaller steps), or a position or velocity was set to NaN.';

/** For sensors made from a function. */
export const FUNCTION_WROTE_IT =
  'Its function wrote that: look in it for a division by zero, the root of a negative number, or undefined.';
