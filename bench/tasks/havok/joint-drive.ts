import type { Articulation } from './articulation.ts';
import { solveCholesky } from './cholesky.ts';
import { FreeInertia } from './free-inertia.ts';

/**
 * Drives the joints of an articulation that is free in the plane with motors, springs, dampers and rotors, as MuJoCo
 * has them: what a physics step of Δt adds to the momentum of joint j is, with torque τ, angle q, speed q̇ and its change Δq̇,
 *
 *   Δt (τ − d (q̇ + Δq̇) − k (q + Δt (q̇ + Δq̇))) − a Δq̇  =  Δt (τ − d q̇ − k (q + Δt q̇)) − (a + Δt d + Δt² k) Δq̇
 *                                                     =  wanted − resistance · Δq̇
 *
 * with armature a, damping d and stiffness k. Havok has springs and motors, but they are explicit and know no armature, and
 * a rotor that is many times heavier than the limb that it turns cannot be added explicitly: so Δq̇ is predicted. Links
 * that float freely change their spins ω by
 *
 *   (H + K − D) Δω = Sᵀ wanted + owed,    K = Sᵀ diag(resistance) S,    q̇ = S ω
 *
 * of which the bodies get the twist Sᵀ wanted + owed − (K − D) Δω. H is the inertia of the bodies as Havok has them, and
 * D the `rotor` that it includes and that MuJoCo has not. In the air the prediction is exact up to Δt². On the ground
 * the links change their spins less: what they were given too little is owed to them at the next step, so that the
 * momentum comes out right a few steps later. Rotors of half the armature keep that short, and calm.
 */
export class JointDrive {
  readonly #body: Articulation;
  readonly #inertia: FreeInertia;
  /** [L] of the joint that a link hangs on; 0 for the root, whose parent counts as itself */
  readonly #damping: Float64Array;
  readonly #stiffness: Float64Array;
  readonly #resistance: Float64Array;
  readonly #parents: Int32Array;
  readonly #rotors: Float64Array;
  /** [L, L] */
  readonly #matrix: Float64Array;
  /** [L] kg·m²/s but for the first, in rad/s */
  readonly #change: Float64Array;
  readonly #resisted: Float64Array;
  readonly #wanted: Float64Array;
  readonly #given: Float64Array;
  readonly #owed: Float64Array;
  /** [L] the spins before the step */
  readonly #spins: Float64Array;

  constructor(body: Articulation) {
    const { links, timeStep } = body;
    const count = links.length;
    const perLink = (value: (i: number) => number) => Float64Array.from(links, (_, i) => value(i));
    this.#body = body;
    this.#inertia = new FreeInertia(links);
    this.#damping = perLink((i) => links[i].spec.joint?.damping ?? 0);
    this.#stiffness = perLink((i) => links[i].spec.joint?.stiffness ?? 0);
    this.#resistance = perLink(
      (i) => (links[i].spec.joint?.armature ?? 0) + timeStep * (this.#damping[i] + timeStep * this.#stiffness[i]),
    );
    this.#rotors = perLink((i) => links[i].spec.rotor ?? 0);
    this.#parents = Int32Array.from(links, ({ parent }) => Math.max(parent, 0));
    this.#matrix = new Float64Array(count * count);
    this.#change = new Float64Array(count);
    this.#resisted = new Float64Array(count);
    this.#wanted = new Float64Array(count);
    this.#given = new Float64Array(count);
    this.#owed = new Float64Array(count);
    this.#spins = new Float64Array(count);
  }

  /** Forgets what is owed: when the articulation was placed. */
  reset(): void {
    this.#owed.fill(0);
  }

  /** Twists the links for the coming physics step, with torques [L − 1] of motors [N·m]. */
  apply(torques: Float64Array): void {
    this.#spins.set(this.#body.spins);
    this.#want(torques);
    this.#predict();
    this.#resist();
    for (let i = 0; i < this.#given.length; i++) {
      this.#given[i] = this.#wanted[i] + this.#owed[i] - this.#resisted[i];
      this.#body.twist(i, this.#given[i]);
    }
  }

  /** Compares with what the physics step did: after the articulation was read. */
  settle(): void {
    const { spins } = this.#body;
    for (let i = 0; i < spins.length; i++) this.#change[i] = spins[i] - this.#spins[i];
    this.#resist();
    for (let i = 0; i < spins.length; i++) this.#owed[i] += this.#wanted[i] - this.#resisted[i] - this.#given[i];
  }

  /** wanted = Sᵀ Δt (τ − d q̇ − k (q + Δt q̇)) */
  #want(torques: Float64Array): void {
    const { angles, speeds, sense, timeStep } = this.#body;
    this.#wanted.fill(0);
    for (let i = 1; i < this.#wanted.length; i++) {
      const speed = speeds[i - 1];
      const spring = this.#stiffness[i] * (angles[i - 1] + timeStep * speed);
      const impulse = sense * timeStep * (torques[i - 1] - this.#damping[i] * speed - spring);
      this.#wanted[i] += impulse;
      this.#wanted[this.#parents[i]] -= impulse;
    }
  }

  /** change = (H + K − D)⁻¹ (wanted + owed) */
  #predict(): void {
    const count = this.#change.length;
    this.#inertia.write(this.#matrix, this.#body.cosines, this.#body.sines);
    for (let i = 0; i < count; i++) {
      const parent = this.#parents[i];
      this.#matrix[i * count + i] += this.#resistance[i] - this.#rotors[i];
      this.#matrix[parent * count + parent] += this.#resistance[i];
      this.#matrix[i * count + parent] -= this.#resistance[i];
      this.#change[i] = this.#wanted[i] + this.#owed[i];
    }
    solveCholesky(this.#matrix, this.#change);
  }

  /** resisted = (K − D) change */
  #resist(): void {
    for (let i = 0; i < this.#resisted.length; i++) this.#resisted[i] = -this.#rotors[i] * this.#change[i];
    for (let i = 1; i < this.#resisted.length; i++) {
      const parent = this.#parents[i];
      const resisted = this.#resistance[i] * (this.#change[i] - this.#change[parent]);
      this.#resisted[i] += resisted;
      this.#resisted[parent] -= resisted;
    }
  }
}
