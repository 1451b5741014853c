import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { PhysicsMaterialCombineMode } from '@babylonjs/core/Physics/v2/physicsMaterial.js';
import type { PhysicsShape } from '@babylonjs/core/Physics/v2/physicsShape.js';
import { type AreaContext, type Random, respawn } from '../../plugin/index.ts';
import type { Surface } from './surface.ts';

/** m from the center of the floor to its edges, which have no fence */
const HALF = 10.5;
/** m; the wall is across the floor, and sinks into it when it is lower */
const WALL = { length: 20, height: 4, thickness: 1.5, z: 2.02 };
/** m; behind the wall, on the right */
const GOAL = { x: 6.37, z: 6.93, edge: 4, bottom: 0.04, top: 5.04, shown: 0.12 };
/** m, edges of the block */
export const BLOCK = new Vector3(3, 2, 3);
const BLOCK_MASS = 10;
/** 1/s, share of its speed that it loses; friction with the floor it has none: Unity's floats a little above it */
const BLOCK_DRAG = 1;
/** where the block begins, in m from the center of the floor: to either side of it, and at most this near to the goal */
const START = { x: 8.1, z: 1.23 };
/** m between the wall and a block that begins at it */
const GAP = 0.01;
/** times the world's gravity: so heavy on a floor so smooth that a cube pushes it and cannot lift it, where Unity's is held at its height */
const BLOCK_GRAVITY = 200;

/** Unity's friction between a cube and all that it touches; all else slides on each other without */
export const GRIP = {
  friction: 0.6,
  staticFriction: 0.6,
  restitution: 0,
  frictionCombine: PhysicsMaterialCombineMode.MAXIMUM,
};
const SLIPPERY = { friction: 0, staticFriction: 0, restitution: 0 };

/** Collision groups: rays see the goal, but it blocks nothing. */
const SOLID = 1;
const PASSABLE = 2;

/** A floor without a fence, a wall across it whose height changes, a block to climb on, and the goal behind the wall. */
export class Court {
  readonly floor: Surface = { x: 0, z: 0, halfX: HALF, halfZ: HALF, top: 0, bottom: -1 };
  readonly goal: Surface = { ...GOAL, halfX: GOAL.edge / 2, halfZ: GOAL.edge / 2 };
  /** its top is the wall's; if it is below the floor, there is no wall */
  readonly wall = { x: 0, z: WALL.z, halfX: WALL.length / 2, halfZ: WALL.thickness / 2, top: 0, bottom: 0 };
  readonly block: Block;
  readonly #wall: Mesh;

  constructor(area: AreaContext) {
    addBody(createBox(area, 'floor', new Vector3(2 * HALF, 1, 2 * HALF), new Vector3(0, -0.5, 0)));
    this.#wall = createBox(
      area,
      'wall',
      new Vector3(WALL.length, WALL.height, WALL.thickness),
      new Vector3(0, 0, WALL.z),
    );
    Tags.AddTagsTo(this.#wall, 'wall');
    addBody(this.#wall);
    createGoal(area);
    this.block = new Block(area);
  }

  /** What a cube can stand on. */
  get surfaces(): readonly Surface[] {
    return [this.floor, this.wall, this.block];
  }

  /**
   * Lets the wall stand out of the floor by so many meters, not at all at 0 and less, and places the block before it.
   *
   * @param depth m of the stretch in which the block may begin, from START.z on away from the goal
   */
  begin(height: number, depth: number, random: Random): void {
    this.wall.top = height;
    const stands = height > 0;
    respawn(this.#wall, { position: new Vector3(0, (stands ? height : -GAP) - WALL.height / 2, WALL.z) });
    this.#wall.setEnabled(stands); // for display: otherwise it shows through the floor
    const atWall = WALL.z - (WALL.thickness + BLOCK.z) / 2 - GAP;
    const x = random.between(-START.x, START.x);
    const z = random.between(START.z - depth, START.z);
    this.block.begin(x, stands ? Math.min(z, atWall) : z);
  }
}

/** Slides on the floor, and never rotates. */
class Block implements Surface {
  readonly halfX = BLOCK.x / 2;
  readonly halfZ = BLOCK.z / 2;
  readonly #mesh: Mesh;

  constructor(area: AreaContext) {
    this.#mesh = createBox(area, 'block', BLOCK, new Vector3(0, BLOCK.y / 2, -2));
    Tags.AddTagsTo(this.#mesh, 'block');
    const { body } = addBody(this.#mesh, BLOCK_MASS);
    body.setMassProperties({ mass: BLOCK_MASS, inertia: Vector3.Zero() }); // how Havok is told that nothing rotates it
    body.setLinearDamping(BLOCK_DRAG);
    body.setGravityFactor(BLOCK_GRAVITY);
  }

  get x(): number {
    return this.#mesh.position.x;
  }

  get z(): number {
    return this.#mesh.position.z;
  }

  get top(): number {
    return this.#mesh.position.y + BLOCK.y / 2;
  }

  get bottom(): number {
    return this.#mesh.position.y - BLOCK.y / 2;
  }

  begin(x: number, z: number): void {
    respawn(this.#mesh, { position: new Vector3(x, BLOCK.y / 2, z) });
  }
}

function createBox({ root, scene }: AreaContext, name: string, size: Vector3, position: Vector3): Mesh {
  const box = CreateBox(name, { width: size.x, height: size.y, depth: size.z }, scene);
  box.parent = root;
  box.position.copyFrom(position);
  return box;
}

function addBody(box: Mesh, mass = 0): PhysicsAggregate {
  const aggregate = new PhysicsAggregate(box, PhysicsShapeType.BOX, { mass }, box.getScene());
  aggregate.shape.material = SLIPPERY;
  makeSolid(aggregate.shape);
  return aggregate;
}

/** Lets a shape collide with all others except the goal. */
export function makeSolid(shape: PhysicsShape): void {
  shape.filterMembershipMask = SOLID;
  shape.filterCollideMask = SOLID;
}

/** It is drawn as a plate on the floor; for rays it is as high as Unity's. */
function createGoal(area: AreaContext): void {
  const { x, z, edge, bottom, top, shown } = GOAL;
  const plate = createBox(area, 'goal', new Vector3(edge, shown, edge), new Vector3(x, bottom, z));
  Tags.AddTagsTo(plate, 'goal');
  const box = { extents: new Vector3(edge, top - bottom, edge), center: new Vector3(0, (top - bottom) / 2, 0) };
  const { shape } = new PhysicsAggregate(plate, PhysicsShapeType.BOX, { mass: 0, ...box }, area.scene);
  shape.filterMembershipMask = PASSABLE;
  shape.filterCollideMask = ~SOLID;
}
