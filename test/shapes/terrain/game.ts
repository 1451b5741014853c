import { FollowCamera } from '@babylonjs/core/Cameras/followCamera.js';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { DirectionalLight } from '@babylonjs/core/Lights/directionalLight.js';
import { ShadowGenerator } from '@babylonjs/core/Lights/Shadows/shadowGenerator.js';
import '@babylonjs/core/Lights/Shadows/shadowGeneratorSceneComponent.js';
import { PBRMaterial } from '@babylonjs/core/Materials/PBR/pbrMaterial.js';
import { CubeTexture } from '@babylonjs/core/Materials/Textures/cubeTexture.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import { CreateGroundFromHeightMap } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import type { GroundMesh } from '@babylonjs/core/Meshes/groundMesh.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PhysicsRaycastResult } from '@babylonjs/core/Physics/physicsRaycastResult.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import '@babylonjs/core/Physics/joinedPhysicsEngineComponent.js';
import { Scene } from '@babylonjs/core/scene.js';
import HavokPhysics from '@babylonjs/havok';
import '@babylonjs/core/Materials/standardMaterial.js';

const SIZE = 60;
const HEIGHT = 14;
const REST = 0.7;
const WHEELS = [
  new Vector3(-0.8, -0.2, 1.2),
  new Vector3(0.8, -0.2, 1.2),
  new Vector3(-0.8, -0.2, -1.2),
  new Vector3(0.8, -0.2, -1.2),
];

/** What the player does, −1 … 1 each, and where the flag goes next. */
export interface Rally {
  throttle: number;
  steering: number;
  flags: number;
  moveFlag(place: number): void;
}

export async function createScene(engine: AbstractEngine): Promise<Scene> {
  const scene = new Scene(engine);
  scene.enablePhysics(new Vector3(0, -9.81, 0), new HavokPlugin(true, await HavokPhysics()));
  const sky = new URL('./sky.png', import.meta.url).href;
  scene.environmentTexture = CubeTexture.CreateFromImages([sky, sky, sky, sky, sky, sky], scene);
  const sun = new DirectionalLight('sun', new Vector3(-0.5, -1, 0.3), scene);
  const ground = createTerrain(scene);
  const chassis = createChassis(scene);
  const camera = new FollowCamera('camera', new Vector3(0, 20, -20), scene);
  camera.lockedTarget = chassis;
  camera.attachControl(true);
  new ShadowGenerator(1024, sun).addShadowCaster(chassis);
  await scene.whenReadyAsync();

  const flag = CreateCylinder('flag', { diameter: 0.4, height: 3 }, scene);
  const rally: Rally = {
    throttle: 0,
    steering: 0,
    flags: 0,
    moveFlag(place) {
      const angle = (place / 8) * 2 * Math.PI;
      const [x, z] = [12 * Math.sin(angle), 12 * Math.cos(angle)];
      flag.position.set(x, ground.getHeightAtCoordinates(x, z) + 1.5, z);
    },
  };
  rally.moveFlag(0);
  chassis.position.y = ground.getHeightAtCoordinates(0, 0) + 1.2;
  scene.metadata = rally;
  scene.onBeforePhysicsObservable.add(() => drive(scene, chassis, rally));
  scene.onAfterPhysicsObservable.add(() => {
    if (Vector3.Distance(flag.position, chassis.position) > 3) return;
    rally.flags++;
    rally.moveFlag(rally.flags * 3);
  });
  return scene;
}

function createTerrain(scene: Scene): GroundMesh {
  const material = new PBRMaterial('grass', scene);
  material.albedoColor = new Color3(0.3, 0.5, 0.2);
  material.metallic = 0;
  const ground = CreateGroundFromHeightMap(
    'terrain',
    new URL('./height-map.png', import.meta.url).href,
    {
      width: SIZE,
      height: SIZE,
      subdivisions: 32,
      maxHeight: HEIGHT,
      onReady: (mesh) => void new PhysicsAggregate(mesh, PhysicsShapeType.MESH, { mass: 0, friction: 0.8 }, scene),
    },
    scene,
  );
  ground.material = material;
  return ground;
}

function createChassis(scene: Scene): Mesh {
  const chassis = CreateBox('chassis', { width: 1.6, height: 0.5, depth: 3 }, scene);
  const paint = new PBRMaterial('paint', scene);
  paint.albedoColor = new Color3(0.8, 0.1, 0.1);
  paint.clearCoat.isEnabled = true;
  chassis.material = paint;
  const { body } = new PhysicsAggregate(chassis, PhysicsShapeType.BOX, { mass: 400, friction: 0.2 }, scene);
  body.setAngularDamping(2);
  body.setLinearDamping(0.1);
  return chassis;
}

const ray = new PhysicsRaycastResult();
const speed = new Vector3();
const spin = new Vector3();

/** Springs, dampers, tires and the motor of four wheels that are rays. */
function drive(scene: Scene, chassis: Mesh, { throttle, steering }: Rally): void {
  const body = chassis.physicsBody!;
  const turn = chassis.rotationQuaternion!;
  const rotate = (v: Vector3) => v.applyRotationQuaternion(turn);
  body.getLinearVelocityToRef(speed);
  body.getAngularVelocityToRef(spin);
  const up = rotate(Vector3.Up());
  WHEELS.forEach((mount, wheel) => {
    const arm = rotate(mount);
    const from = chassis.position.add(arm);
    (scene.getPhysicsEngine() as PhysicsEngine).raycastToRef(from, from.subtract(up.scale(REST + 0.3)), ray, {
      ignoreBody: body,
    });
    if (!ray.hasHit) return;
    const velocity = speed.add(Vector3.Cross(spin, arm));
    const steer = wheel < 2 ? Quaternion.RotationAxis(Vector3.Up(), 0.5 * steering) : Quaternion.Identity();
    const forward = rotate(Vector3.Forward().applyRotationQuaternion(steer));
    const side = rotate(Vector3.Right().applyRotationQuaternion(steer));
    const spring = 9000 * Math.max(0, REST + 0.2 - ray.hitDistance) - 900 * Vector3.Dot(velocity, up);
    const force = up
      .scale(Math.max(0, spring))
      .add(forward.scale(700 * throttle))
      .subtract(side.scale(500 * Vector3.Dot(velocity, side)));
    body.applyForce(force, from);
  });
}
