import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { type AreaContext, type Random, teleport } from '../../plugin/index.ts';

/** m from the middle of the meadow to a wall */
const HALF = 50;
/** m from the middle, along both axes, within which food and foragers appear */
const RANGE = 45;
/** m */
const WALL = { height: 2.5, thickness: 1 };
const FOOD_RADIUS = 0.75;
const FRICTION = 0.6;
/** how many there are of each kind, at all times */
const SERVINGS = 25;

/** A piece of food, and the reward for touching it. */
export interface Food {
  readonly node: Mesh;
  readonly worth: 1 | -1;
}

/** Level ground with a wall around it, and food that reappears elsewhere when eaten. */
export class Meadow {
  readonly food: readonly Food[];
  readonly #place = new Vector3();

  constructor(area: AreaContext) {
    createGround(area);
    for (let side = 0; side < 4; side++) createWall(area, side);
    this.food = [
      ...Array.from({ length: SERVINGS }, () => ({ node: createFood(area, 'food'), worth: 1 as const })),
      ...Array.from({ length: SERVINGS }, () => ({ node: createFood(area, 'badFood'), worth: -1 as const })),
    ];
  }

  /** Moves food somewhere else. */
  move({ node }: Food, random: Random): void {
    drawPlace(random, this.#place).y = FOOD_RADIUS;
    teleport(node, { position: this.#place });
  }
}

/** A random position where things appear, at height 0. */
export function drawPlace(random: Random, out: Vector3): Vector3 {
  return out.copyFromFloats(random.between(-RANGE, RANGE), 0, random.between(-RANGE, RANGE));
}

/** Whether food and a cube of 1 m at a position touch; the cube counts as a disc. */
export function touches({ node }: Food, { x, z }: Vector3): boolean {
  const dx = node.position.x - x;
  const dz = node.position.z - z;
  return dx * dx + dz * dz < (FOOD_RADIUS + 0.5) ** 2;
}

function createGround({ root, scene }: AreaContext): void {
  const ground = CreateBox('ground', { width: 2 * HALF, height: 1, depth: 2 * HALF }, scene);
  ground.parent = root;
  ground.position.y = -0.5;
  new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0, friction: FRICTION, restitution: 0 }, scene);
}

/** Sides 0 and 1 are across the x axis, 2 and 3 across the z axis. */
function createWall({ root, scene }: AreaContext, side: number): void {
  const { height, thickness } = WALL;
  const length = 2 * HALF + 2 * thickness;
  const size = side < 2 ? { width: thickness, depth: length } : { width: length, depth: thickness };
  const wall = CreateBox('wall', { height, ...size }, scene);
  wall.parent = root;
  const away = (side % 2 === 0 ? 1 : -1) * (HALF + thickness / 2);
  wall.position.set(side < 2 ? away : 0, height / 2, side < 2 ? 0 : away);
  Tags.AddTagsTo(wall, 'wall');
  new PhysicsAggregate(wall, PhysicsShapeType.BOX, { mass: 0, friction: FRICTION, restitution: 0 }, scene);
}

/** A ball that nothing collides with; its body shows grid sensors its extent. */
function createFood({ root, scene }: AreaContext, name: 'food' | 'badFood'): Mesh {
  const food = CreateSphere(name, { diameter: 2 * FOOD_RADIUS, segments: 8 }, scene);
  food.parent = root;
  food.position.y = FOOD_RADIUS;
  Tags.AddTagsTo(food, name);
  const { shape } = new PhysicsAggregate(food, PhysicsShapeType.SPHERE, { mass: 0 }, scene);
  shape.isTrigger = true;
  return food;
}
