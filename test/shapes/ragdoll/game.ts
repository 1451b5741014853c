import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { Axis, Vector3 } from '@babylonjs/core/Maths/math.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateCapsule } from '@babylonjs/core/Meshes/Builders/capsuleBuilder.js';
import { CreateGround } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import {
  PhysicsConstraintAxis,
  PhysicsConstraintMotorType,
  PhysicsShapeType,
} from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import { Scene } from '@babylonjs/core/scene.js';
import HavokPhysics from '@babylonjs/havok';
import '@babylonjs/core/Physics/joinedPhysicsEngineComponent.js';
import '@babylonjs/core/Materials/standardMaterial.js';

/** What the page's buttons use. */
export interface Creature {
  readonly joints: readonly Physics6DoFConstraint[];
  /** lets go of all motors, as the button "faint" does */
  faint(): void;
}

/** A beast of nine bodies on eight hinges, whose motors hold it up. */
export async function createScene(engine: AbstractEngine): Promise<Scene> {
  const scene = new Scene(engine);
  const camera = new ArcRotateCamera('camera', -Math.PI / 2, 1.1, 8, Vector3.Zero(), scene);
  camera.attachControl(true);
  new HemisphericLight('light', Vector3.Up(), scene);
  scene.enablePhysics(new Vector3(0, -9.81, 0), new HavokPlugin(true, await HavokPhysics()));
  const ground = CreateGround('ground', { width: 100, height: 20 }, scene);
  new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0, friction: 1 }, scene);

  const torso = CreateBox('torso', { width: 1.4, height: 0.3, depth: 0.6 }, scene);
  torso.position.y = 1.15;
  new PhysicsAggregate(torso, PhysicsShapeType.BOX, { mass: 4 }, scene);
  const joints: Physics6DoFConstraint[] = [];
  for (const [x, z, name] of [
    [0.55, 0.35, 'front-left'],
    [0.55, -0.35, 'front-right'],
    [-0.55, 0.35, 'back-left'],
    [-0.55, -0.35, 'back-right'],
  ] as const) {
    const thigh = createLimb(scene, `${name}-thigh`, new Vector3(x, 0.8, z));
    const shin = createLimb(scene, `${name}-shin`, new Vector3(x, 0.32, z));
    joints.push(hinge(scene, torso, thigh, new Vector3(x, -0.11, z), new Vector3(0, 0.24, 0), 0.9));
    joints.push(hinge(scene, thigh, shin, new Vector3(0, -0.24, 0), new Vector3(0, 0.24, 0), 1.2));
  }
  for (const joint of joints) hold(joint);
  const faint = () => {
    for (const joint of joints) joint.setAxisMotorMaxForce(PhysicsConstraintAxis.ANGULAR_X, 0);
  };
  scene.metadata = { joints, faint } satisfies Creature;
  return scene;
}

function createLimb(scene: Scene, name: string, position: Vector3): Mesh {
  const limb = CreateCapsule(name, { height: 0.5, radius: 0.08 }, scene);
  limb.position.copyFrom(position);
  new PhysicsAggregate(limb, PhysicsShapeType.CAPSULE, { mass: 0.6, friction: 1 }, scene);
  return limb;
}

/** Turns about the world's z axis, by so much to both sides. */
function hinge(scene: Scene, parent: Mesh, child: Mesh, pivotA: Vector3, pivotB: Vector3, range: number) {
  const axes = { axisA: Axis.Z, axisB: Axis.Z, perpAxisA: Axis.X, perpAxisB: Axis.X };
  const joint = new Physics6DoFConstraint(
    { pivotA, pivotB, ...axes, collision: false },
    [
      { axis: PhysicsConstraintAxis.LINEAR_DISTANCE, minLimit: 0, maxLimit: 0 },
      { axis: PhysicsConstraintAxis.ANGULAR_X, minLimit: -range, maxLimit: range },
      { axis: PhysicsConstraintAxis.ANGULAR_Y, minLimit: 0, maxLimit: 0 },
      { axis: PhysicsConstraintAxis.ANGULAR_Z, minLimit: 0, maxLimit: 0 },
    ],
    scene,
  );
  parent.physicsBody!.addConstraint(child.physicsBody!, joint);
  return joint;
}

function hold(joint: Physics6DoFConstraint): void {
  joint.setAxisMotorType(PhysicsConstraintAxis.ANGULAR_X, PhysicsConstraintMotorType.POSITION);
  joint.setAxisMotorTarget(PhysicsConstraintAxis.ANGULAR_X, 0);
  joint.setAxisMotorMaxForce(PhysicsConstraintAxis.ANGULAR_X, 40);
}
