import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';

/**
 * The meaning of a stroke, so that all scenes use the same colors: `clear` a ray that hit nothing, `hit` one that hit
 * something, `target` the way to something, `motion` a velocity, `action` what an actuator does.
 */
export type Ink = 'clear' | 'hit' | 'target' | 'motion' | 'action';

/**
 * Draws what agents sense and do over a scene. Sensors and actuators get one in `draw()`, before every frame while an
 * overlay is shown. Vectors are in world coordinates [m]; they are read immediately and never kept or changed.
 */
export interface Pen {
  /** Draws a line. */
  line(from: Vector3, to: Vector3, ink: Ink): void;
  /** Draws a line with a head at `to`. */
  arrow(from: Vector3, to: Vector3, ink: Ink): void;
  /** Draws a point. */
  point(at: Vector3, ink: Ink): void;
}
