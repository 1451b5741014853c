import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { type AreaContext, respawn } from '../../plugin/index.ts';

/** m from the center of the court to a wall */
const HALF = 12.5;
/** m from the center of the court to the near edge of the goal */
export const GOAL_EDGE = 8.35;
/**
 * m that walls and goal are high to bodies and rays; people see less of them, and so what is behind. Unity's are 1.5 m high,
 * which the balls of the upper rays only graze: whether they see them would hang on roundings.
 */
const HEIGHT = 1.6;
/** m */
const WALL = { thickness: 0.5, shown: 0.7 };
const GOAL = { depth: 4.3, shown: 0.24 };
/** Unity's ground has none, and takes the mean with the 0.6 of what slides on it */
const GROUND_FRICTION = 0.3;
const FRICTION = 0.6;

/** A square ground with a wall around it, and a goal along one of its four sides. */
export class Court {
  readonly #goal: Mesh;
  readonly #rotation = new Quaternion();
  /** toward the goal, level and of length 1 */
  readonly #direction = new Vector3();

  constructor(area: AreaContext) {
    createGround(area);
    for (let side = 0; side < 4; side++) createWall(area, side);
    this.#goal = createFixture(area, 'goal', new Vector3(2 * HALF, GOAL.shown, GOAL.depth));
    this.turnGoal(0);
  }

  /** Places the goal along one of the sides, 0 to 3, clockwise from the one ahead (z). */
  turnGoal(side: number): void {
    turnToSide(side, this.#rotation, this.#direction);
    const position = this.#direction.scale(GOAL_EDGE + GOAL.depth / 2);
    position.y = GOAL.shown / 2;
    respawn(this.#goal, { position, rotation: this.#rotation });
  }

  /** A position's distance from the center of the court in the direction of the goal [m]. */
  towardGoal({ x, z }: Vector3): number {
    return x * this.#direction.x + z * this.#direction.z;
  }
}

function createGround({ root, scene }: AreaContext): void {
  const ground = CreateBox('ground', { width: 2 * HALF, height: 1, depth: 2 * HALF }, scene);
  ground.parent = root;
  ground.position.y = -0.5;
  new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0, friction: GROUND_FRICTION, restitution: 0 }, scene);
}

/** Two of the walls reach around the corners. */
function createWall(area: AreaContext, side: number): void {
  const length = 2 * HALF + (side % 2) * 2 * WALL.thickness;
  const wall = createFixture(area, 'wall', new Vector3(length, WALL.shown, WALL.thickness));
  const rotation = new Quaternion();
  const position = new Vector3();
  turnToSide(side, rotation, position);
  position.scaleInPlace(HALF + WALL.thickness / 2);
  position.y = WALL.shown / 2;
  respawn(wall, { position, rotation });
}

/** A box that stands on the ground and does not move, tagged by its name; its body is HEIGHT high, however it is drawn. */
function createFixture({ root, scene }: AreaContext, name: string, size: Vector3): Mesh {
  const fixture = CreateBox(name, { width: size.x, height: size.y, depth: size.z }, scene);
  fixture.parent = root;
  Tags.AddTagsTo(fixture, name);
  const extents = new Vector3(size.x, HEIGHT, size.z);
  const center = new Vector3(0, (HEIGHT - size.y) / 2, 0);
  const surface = { mass: 0, friction: FRICTION, restitution: 0 };
  new PhysicsAggregate(fixture, PhysicsShapeType.BOX, { ...surface, extents, center }, scene);
  return fixture;
}

/** The rotation about the vertical that faces a side, and that direction. */
function turnToSide(side: number, rotation: Quaternion, direction: Vector3): void {
  Quaternion.RotationAxisToRef(UP, (side * Math.PI) / 2, rotation);
  FORWARD.applyRotationQuaternionToRef(rotation, direction);
}

const UP = Vector3.Up();
const FORWARD = Vector3.Forward();
