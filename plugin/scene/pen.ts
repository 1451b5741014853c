import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';

/**
 * What a stroke stands for, so that all scenes show the same things in the same colors: `clear` a look that met nothing,
 * `hit` one that met something, `target` the way to something, `motion` a velocity, `action` what an actuator does.
 */
export type Ink = 'clear' | 'hit' | 'target' | 'motion' | 'action';

/**
 * Draws over a scene, for people, what agents sense and do. Sensors and actuators get one in `draw()`, before every
 * frame while an overlay is shown. Vectors are in the world's coordinates [m], read at once and never kept or changed.
 */
export interface Pen {
  /** Draws a line. */
  line(from: Vector3, to: Vector3, ink: Ink): void;
  /** a line with a head at `to` */
  arrow(from: Vector3, to: Vector3, ink: Ink): void;
  /** Draws a point. */
  point(at: Vector3, ink: Ink): void;
}
