import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import {
  type PhysicsShape,
  PhysicsShapeCapsule,
  PhysicsShapeContainer,
} from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { AreaContext } from '../../../plugin/index.ts';
import { touchGroundOnly } from '../../ground.ts';
import { keepAwake } from '../../keep-awake.ts';
import { type LinkSpec, massOf, type Place, type PlanarMass } from './link-spec.ts';

/** kg/m³, MuJoCo's where a file names none */
const DENSITY = 1000;

/** A link and its body, whose node sits at the center of mass; vectors in the drawn pose [m]. */
export interface Link {
  readonly spec: LinkSpec;
  readonly node: TransformNode;
  /** as Havok has it, rotor included */
  readonly mass: PlanarMass;
  /** where among the links the one is that it hangs on; −1 for the root */
  readonly parent: number;
  /** from the parent's center to the joint; nothing for the root */
  readonly toJoint: Vector3;
  /** from the joint to its center, or from the root's origin */
  readonly toCenter: Vector3;
}

/** Makes links, which lie at the area's origin until they are placed. With `totalMass` [kg], all weigh so much together. */
export function createLinks(
  area: AreaContext,
  specs: readonly LinkSpec[],
  origin: Place,
  totalMass?: number,
): readonly Link[] {
  const masses = weigh(specs, totalMass);
  return specs.map((spec, i) => {
    const mass = masses[i];
    const node = createBody(area, spec, mass);
    if (!spec.joint)
      return { spec, node, mass, parent: -1, toJoint: Vector3.Zero(), toCenter: vector(origin, mass.center) };
    const { on, at } = spec.joint;
    const parent = specs.findIndex(({ name }) => name === on);
    return { spec, node, mass, parent, toJoint: vector(masses[parent].center, at), toCenter: vector(at, mass.center) };
  });
}

function weigh(specs: readonly LinkSpec[], totalMass?: number): readonly PlanarMass[] {
  const volume = specs.reduce((sum, { capsules }) => sum + massOf(capsules, 1).mass, 0);
  const density = totalMass === undefined ? DENSITY : totalMass / volume;
  return specs.map(({ capsules, rotor = 0 }) => {
    const mass = massOf(capsules, density);
    return { ...mass, inertia: mass.inertia + rotor };
  });
}

/** A body that touches the ground alone, is not damped and never sleeps. */
function createBody(
  { root, scene }: AreaContext,
  spec: LinkSpec,
  { mass, inertia, center }: PlanarMass,
): TransformNode {
  const node = new TransformNode(spec.name, scene);
  node.parent = root;
  const shape = createShape(spec, center, scene);
  const body = new PhysicsBody(node, PhysicsMotionType.DYNAMIC, false, scene);
  body.shape = shape;
  const perKilogram = inertia / mass; // Havok asks for the inertia of 1 kg; all axes get that of the plane
  body.setMassProperties({
    mass,
    centerOfMass: Vector3.Zero(),
    inertia: new Vector3(perKilogram, perKilogram, perKilogram),
  });
  body.setLinearDamping(0);
  body.setAngularDamping(0);
  keepAwake([body]);
  node.onDisposeObservable.addOnce(() => shape.dispose());
  return node;
}

function createShape({ capsules, friction = 0 }: LinkSpec, center: Place, scene: Scene): PhysicsShape {
  const shapes = capsules.map(({ from, to, radius }) => {
    const shape = new PhysicsShapeCapsule(vector(center, from), vector(center, to), radius, scene);
    shape.material = { friction, restitution: 0 }; // a container's own would not count
    touchGroundOnly(shape);
    return shape;
  });
  if (shapes.length === 1) return shapes[0];
  const container = new PhysicsShapeContainer(scene);
  touchGroundOnly(container);
  for (const shape of shapes) {
    container.addChild(shape);
    shape.dispose(); // the container keeps what it needs
  }
  return container;
}

function vector(from: Place, to: Place): Vector3 {
  return new Vector3(to[0] - from[0], to[1] - from[1], 0);
}
