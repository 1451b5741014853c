import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';

/**
 * A bot's own axes on the level: forward is where its opponent stands. All that it senses and does is told along them,
 * so that a fight looks the same to it from whichever side of the ring it is fought.
 */
export class Frame {
  /** the unit vector toward the opponent, in the world's x and z */
  x = 0;
  z = 1;
  /** m between the two middles on the level */
  distance = 0;

  /** Looks from one point at another; keeps its direction where they lie one above the other. */
  aim(from: Vector3, to: Vector3): void {
    const x = to.x - from.x;
    const z = to.z - from.z;
    this.distance = Math.sqrt(x * x + z * z);
    if (this.distance < 1e-6) return;
    this.x = x / this.distance;
    this.z = z / this.distance;
  }

  /** How far a vector of the world points forward. */
  forward(x: number, z: number): number {
    return x * this.x + z * this.z;
  }

  /** How far it points to the right. */
  right(x: number, z: number): number {
    return x * this.z - z * this.x;
  }

  /** Gives `out` the world's vector that points so far to the right and so far forward. */
  toWorld(right: number, forward: number, out: Vector3): void {
    out.x = right * this.z + forward * this.x;
    out.y = 0;
    out.z = forward * this.z - right * this.x;
  }
}
