import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { PhysicsMaterialCombineMode } from '@babylonjs/core/Physics/v2/physicsMaterial.js';
import { PhysicsShapeCylinder } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { AreaContext } from '../../plugin/index.ts';
import { RADII } from './round.ts';

/** m */
const THICKNESS = 1;
/** m that each ring's mesh lies below the next inner one, so that their tops do not flicker */
const LOWER = 0.01;

/** The round platform, its top at y = 0: one static body that takes a smaller shape whenever a ring falls away. */
export class Platform {
  readonly #body: PhysicsBody;
  readonly #shapes: readonly PhysicsShapeCylinder[];
  /** what is seen of each shape, the widest first */
  readonly #rings: readonly Mesh[];
  #drops = 0;

  constructor({ root, scene }: AreaContext) {
    this.#rings = RADII.map((radius, i) => {
      const ring = CreateCylinder(`ring-${i}`, { diameter: 2 * radius, height: THICKNESS, tessellation: 48 }, scene);
      ring.parent = root;
      ring.position.y = -THICKNESS / 2 - LOWER * (RADII.length - 1 - i);
      return ring;
    });
    const bottom = new Vector3(0, -THICKNESS / 2, 0);
    const top = new Vector3(0, THICKNESS / 2, 0);
    this.#shapes = RADII.map((radius) => {
      const shape = new PhysicsShapeCylinder(bottom, top, radius, scene);
      shape.material = { friction: 0, restitution: 0, restitutionCombine: PhysicsMaterialCombineMode.MULTIPLY };
      return shape;
    });
    this.#body = new PhysicsBody(this.#rings[RADII.length - 1], PhysicsMotionType.STATIC, false, scene);
    this.#body.shape = this.#shapes[0];
  }

  /** m from its middle to its edge, as it is now */
  get radius(): number {
    return RADII[this.#drops];
  }

  /** Rings that have fallen away. */
  get drops(): number {
    return this.#drops;
  }

  /** Takes the shape that it has after so many drops. */
  shrink(drops: number): void {
    if (drops === this.#drops) return;
    this.#drops = drops;
    this.#body.shape = this.#shapes[drops];
    for (let i = 0; i < this.#rings.length; i++) this.#rings[i].setEnabled(i >= drops);
  }
}
