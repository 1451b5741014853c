import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { type AreaContext, type Random, respawn } from '../../plugin/index.ts';
import { GRIP, makeSolid } from './court.ts';
import { covers, overlaps, type Square, type Surface } from './surface.ts';

/** kg; it is a cube of 1 m */
const MASS = 25;
/** drag [1/s] */
const DRAG = 2;
/** m/s that a full push adds in a physics step; and the share of a push to a side, and of one in the air */
const PUSH = 3;
const SIDEWAYS = 0.6;
const AIRBORNE = 0.5;
/** times the world's gravity */
const GRAVITY = 2.75;
/** rad/s */
const TURN = (300 * Math.PI) / 180;
/** s of a physics step */
export const TIME_STEP = 0.02;
/** a jump: duration in physics steps, target height [m], rate of approach [1/s], largest change of speed per step [m/s] */
const JUMP = { steps: 11, height: 2.75, rate: 777 * TIME_STEP, change: 10 };
/** m/s² by which it falls in addition to its weight, so that it does not float */
const FALLING = 111;
/** m below its middle that it feels for what it stands on, with a sole of so many m to each side: there it pushes with all its strength */
const FEET = 0.55;
const SOLE = 0.475;
/** m below its center within which it must find ground to jump from */
const SHADOW = 1.05;
/** where it begins, in m from the center of the floor: anywhere along a line */
const START = { x: 9, z: -8 };

/** the choices, as Unity numbers them: 0 is nothing, and 2 the opposite of 1 */
const AHEAD = 1;
const LEFT = 1;
const RIGHT = 2;

/** A cube that moves, rotates and jumps, and never tips over. */
export class Jumper implements Square {
  readonly node: Mesh;
  readonly half = 0.5;
  sin = 0;
  cos = 1;
  readonly #surfaces: readonly Surface[];
  readonly #sole = { x: 0, z: 0, half: SOLE, sin: 0, cos: 1 };
  /** remaining physics steps of the jump */
  #jumping = 0;
  /** m, where it began */
  #jumpedFrom = 0;
  readonly #push = new Vector3();
  readonly #velocity = new Vector3();
  readonly #aim = new Vector3();
  readonly #turn = new Vector3();

  constructor({ root, scene }: AreaContext, surfaces: readonly Surface[]) {
    this.#surfaces = surfaces;
    this.node = CreateBox('cube', { size: 1 }, scene);
    this.node.parent = root;
    this.node.position.set(0, 0.5, START.z);
    const aggregate = new PhysicsAggregate(this.node, PhysicsShapeType.BOX, { mass: MASS }, scene);
    aggregate.shape.material = GRIP;
    makeSolid(aggregate.shape);
    const { body } = aggregate;
    body.setMassProperties({ mass: MASS, inertia: Vector3.Zero() }); // how Havok is told that nothing rotates it
    body.setLinearDamping(DRAG);
    body.setGravityFactor(GRAVITY);
  }

  get x(): number {
    return this.node.position.x;
  }

  get z(): number {
    return this.node.position.z;
  }

  /** Whether something is close enough below its center to jump from. */
  get mayJump(): boolean {
    const { x, y, z } = this.node.position;
    for (const surface of this.#surfaces) {
      const below = y - surface.top;
      if (below >= 0 && below <= SHADOW && covers(surface, x, z)) return true;
    }
    return false;
  }

  /** Begins an episode on the line, facing a random direction. */
  begin(random: Random): void {
    this.#jumping = 0;
    const position = new Vector3(random.between(-START.x, START.x), 0.5, START.z);
    const rotation = Quaternion.RotationYawPitchRoll(random.between(-Math.PI, Math.PI), 0, 0);
    respawn(this.node, { position, rotation });
    this.look();
  }

  /** Moves for one physics step as chosen. */
  act(forward: number, turn: number, side: number, jump: number): void {
    this.look();
    const stands = this.#stands();
    this.#choosePush(forward, side, stands ? 1 : AIRBORNE);
    if (jump === 1 && this.#jumping === 0 && this.mayJump) {
      this.#jumping = JUMP.steps;
      this.#jumpedFrom = this.node.position.y;
    }
    const body = this.node.physicsBody!;
    const velocity = this.#velocity;
    body.getLinearVelocityToRef(velocity);
    if (this.#jumping > 0) {
      this.#rise(velocity);
      this.#jumping--;
    } else if (!stands) velocity.y -= FALLING * TIME_STEP;
    this.#push.scaleAndAddToRef(PUSH, velocity);
    body.setLinearVelocity(velocity);
    this.#turn.y = turn === LEFT ? -TURN : turn === RIGHT ? TURN : 0;
    body.setAngularVelocity(this.#turn);
  }

  /** Computes the horizontal direction of its z axis. */
  look(): void {
    const { y, w } = this.node.rotationQuaternion!; // it only rotates about the vertical
    this.sin = 2 * w * y;
    this.cos = 1 - 2 * y * y;
  }

  /** Whether it stands on something, even on an edge of it. */
  #stands(): boolean {
    const { x, y, z } = this.node.position;
    const sole = this.#sole;
    sole.x = x;
    sole.z = z;
    sole.sin = this.sin;
    sole.cos = this.cos;
    for (const surface of this.#surfaces) {
      const meets = surface.top >= y - FEET && surface.bottom <= y - FEET + 1;
      if (meets && overlaps(sole, surface)) return true;
    }
    return false;
  }

  /** The direction of its push: a sideways push replaces one forward or back. */
  #choosePush(forward: number, side: number, strength: number): void {
    const ahead = side > 0 || forward === 0 ? 0 : forward === AHEAD ? strength : -strength;
    const right = side === 0 ? 0 : SIDEWAYS * (side === RIGHT ? strength : -strength);
    this.#push.set(ahead * this.sin + right * this.cos, 0, ahead * this.cos - right * this.sin);
  }

  /** Moves its velocity toward that of the jump, which is higher the farther the target height is. */
  #rise(velocity: Vector3): void {
    const aim = this.#aim.copyFrom(this.#push);
    aim.y = this.#jumpedFrom + JUMP.height - this.node.position.y;
    aim.scaleInPlace(JUMP.rate).subtractInPlace(velocity);
    const change = aim.length();
    if (change > JUMP.change) aim.scaleInPlace(JUMP.change / change);
    velocity.addInPlace(aim);
  }
}
