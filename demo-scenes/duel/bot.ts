import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { PhysicsMaterialCombineMode } from '@babylonjs/core/Physics/v2/physicsMaterial.js';
import { PhysicsShapeSphere } from '@babylonjs/core/Physics/v2/physicsShape.js';
import { type AreaContext, teleport } from '../../plugin/index.ts';
import { Frame } from './frame.ts';
import { STEPS_A_SECOND, type Standing } from './round.ts';

/** m */
export const BOT_RADIUS = 0.75;
/** m/s² of a full push; with the drag it ends at 8 m/s */
const PUSH = 7.5;
/** 1/s, share of its speed that a bot loses */
const DRAG = 0.9;
/** m/s that a dash adds */
const DASH = 9;
/** s until a dash is there again */
const RECHARGE = 2;
/** m below which a bot hangs over the edge and has nothing to push against */
const GROUNDED = BOT_RADIUS - 0.15;

/**
 * A heavy bot that slides on the level: a ball to Havok, which never turns, so that it falls exactly when its middle is
 * past the edge. Mass 1, so that an impulse is a change of velocity.
 */
export class Bot implements Standing {
  readonly node: Mesh;
  /** toward its opponent, as of its last decision */
  readonly frame = new Frame();
  /** the world's push that it holds, 1 long at the most; for displays as well */
  readonly push = new Vector3();
  /** dashes of this round so far */
  dashes = 0;
  #charge = 1;
  readonly #body: PhysicsBody;
  readonly #impulse = new Vector3();
  readonly #velocity = new Vector3();

  constructor(name: string, { root, scene }: AreaContext) {
    this.node = CreateSphere(name, { diameter: 2 * BOT_RADIUS, segments: 16 }, scene);
    this.node.parent = root;
    const shape = new PhysicsShapeSphere(Vector3.Zero(), BOT_RADIUS, scene);
    shape.material = { friction: 0, restitution: 0.9, restitutionCombine: PhysicsMaterialCombineMode.MULTIPLY };
    this.#body = new PhysicsBody(this.node, PhysicsMotionType.DYNAMIC, false, scene);
    this.#body.shape = shape;
    this.#body.setMassProperties({ mass: 1, inertia: Vector3.Zero() });
    this.#body.setLinearDamping(DRAG);
    this.#body.setGravityFactor(2);
  }

  /** In its area's coordinates [m]. */
  get position(): Vector3 {
    return this.node.position;
  }

  /** How much of the dash is there again, from 0 to 1. */
  get charge(): number {
    return this.#charge;
  }

  /** m above the platform's top */
  get height(): number {
    return this.node.position.y;
  }

  /** m from the platform's middle, on the level */
  get distance(): number {
    const { x, z } = this.node.position;
    return Math.sqrt(x * x + z * z);
  }

  /** Whether it has something under it to push against. */
  get grounded(): boolean {
    return this.node.position.y > GROUNDED;
  }

  get mayDash(): boolean {
    return this.#charge >= 1 && this.grounded;
  }

  /** [m/s], one vector, overwritten by every call */
  readVelocity(): Vector3 {
    this.#body.getLinearVelocityToRef(this.#velocity);
    return this.#velocity;
  }

  /** Stands at rest, its dash ready, at a place of the level. */
  place(x: number, z: number): void {
    this.#impulse.copyFromFloats(x, BOT_RADIUS, z);
    teleport(this.node, { position: this.#impulse });
    this.push.setAll(0);
    this.#charge = 1;
    this.dashes = 0;
  }

  /** Takes a decision: how far to push to the right and forward, 1 at the most, from now on. */
  steer(right: number, forward: number): void {
    const length = Math.sqrt(right * right + forward * forward);
    const scale = length > 1 ? 1 / length : 1;
    this.frame.toWorld(right * scale, forward * scale, this.push);
  }

  /** Jumps to where it pushes, or at its opponent when it pushes nowhere. */
  dash(): void {
    if (!this.mayDash) return;
    this.#charge = 0;
    this.dashes++;
    const length = this.push.length();
    if (length > 0.1) this.push.scaleToRef(DASH / length, this.#impulse);
    else this.frame.toWorld(0, DASH, this.#impulse);
    this.#body.applyImpulse(this.#impulse, this.node.absolutePosition);
  }

  /** Pushes for one physics step. */
  apply(): void {
    if (!this.grounded) return;
    this.push.scaleToRef(PUSH / STEPS_A_SECOND, this.#impulse);
    this.#body.applyImpulse(this.#impulse, this.node.absolutePosition);
  }

  /** Lets one physics step pass. */
  recharge(): void {
    this.#charge = Math.min(this.#charge + 1 / (RECHARGE * STEPS_A_SECOND), 1);
  }
}
