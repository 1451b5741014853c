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
/** 1/s, share of its speed that it loses */
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
/** a jump: physics steps that it takes, m that it aims at, 1/s to get there, m/s that its speed may change by in a step */
const JUMP = { steps: 11, height: 2.75, rate: 777 * TIME_STEP, change: 10 };
/** m/s² by which it falls besides its weight, so that it does not float */
const FALLING = 111;
/** m below its middle that it feels for what it stands on, with a sole of so many m to each side: there it pushes with all its strength */
const FEET = 0.55;
const SOLE = 0.475;
/** m below its middle that it looks straight down for what it may jump from */
const SHADOW = 1.05;
/** m from the middle of the floor, where it begins: anywhere along a line */
const START = { x: 9, z: -8 };

/** what may be chosen, as Unity numbers it: 0 is nothing, and 2 the other way */
const AHEAD = 1;
const LEFT = 1;
const RIGHT = 2;

/** A cube that runs, turns and jumps, and never tips over. */
export class Jumper implements Square {
  readonly node: Mesh;
  readonly half = 0.5;
  sin = 0;
  cos = 1;
  readonly #surfaces: readonly Surface[];
  readonly #sole = { x: 0, z: 0, half: SOLE, sin: 0, cos: 1 };
  /** physics steps of the jump that are left */
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
    body.setMassProperties({ mass: MASS, inertia: Vector3.Zero() }); // Havok's way to say that nothing turns it
    body.setLinearDamping(DRAG);
    body.setGravityFactor(GRAVITY);
  }

  get x(): number {
    return this.node.position.x;
  }

  get z(): number {
    return this.node.position.z;
  }

  /** Whether something is so close below its middle that it may jump. */
  get mayJump(): boolean {
    const { x, y, z } = this.node.position;
    for (const surface of this.#surfaces) {
      const below = y - surface.top;
      if (below >= 0 && below <= SHADOW && covers(surface, x, z)) return true;
    }
    return false;
  }

  /** Begins an episode on the line, looking anywhere. */
  begin(random: Random): void {
    this.#jumping = 0;
    const position = new Vector3(random.between(-START.x, START.x), 0.5, START.z);
    const rotation = Quaternion.RotationYawPitchRoll(random.between(-Math.PI, Math.PI), 0, 0);
    respawn(this.node, { position, rotation });
    this.look();
  }

  /** Moves for one physics step as it was chosen. */
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

  /** Finds where its z axis points over the floor. */
  look(): void {
    const { y, w } = this.node.rotationQuaternion!; // it only ever turns about the vertical
    this.sin = 2 * w * y;
    this.cos = 1 - 2 * y * y;
  }

  /** Whether it stands on something, an edge of it even. */
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

  /** The way that it pushes: one to a side takes the place of one ahead. */
  #choosePush(forward: number, side: number, strength: number): void {
    const ahead = side > 0 || forward === 0 ? 0 : forward === AHEAD ? strength : -strength;
    const right = side === 0 ? 0 : SIDEWAYS * (side === RIGHT ? strength : -strength);
    this.#push.set(ahead * this.sin + right * this.cos, 0, ahead * this.cos - right * this.sin);
  }

  /** Takes its velocity nearer to the one that a jump wants: up to its height, the sooner the farther it is. */
  #rise(velocity: Vector3): void {
    const aim = this.#aim.copyFrom(this.#push);
    aim.y = this.#jumpedFrom + JUMP.height - this.node.position.y;
    aim.scaleInPlace(JUMP.rate).subtractInPlace(velocity);
    const change = aim.length();
    if (change > JUMP.change) aim.scaleInPlace(JUMP.change / change);
    velocity.addInPlace(aim);
  }
}
