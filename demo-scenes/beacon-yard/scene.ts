import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { DirectionalLight } from '@babylonjs/core/Lights/directionalLight.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { ShadowGenerator } from '@babylonjs/core/Lights/Shadows/shadowGenerator.js';
import { ImportMeshAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Scene } from '@babylonjs/core/scene.js';
import HavokPhysics from '@babylonjs/havok';
import '@babylonjs/core/Lights/Shadows/shadowGeneratorSceneComponent.js';
import '@babylonjs/core/Physics/joinedPhysicsEngineComponent.js';
import '@babylonjs/loaders/glTF/2.0/index.js';

/** What the scene keeps in its metadata: the rules of the yard. */
export interface Yard {
  /** beacons reached so far */
  score: number;
  /** puts the beacon on one of the eight pads */
  moveBeacon(pad: number): void;
}

/** m between craft and beacon at which it counts as reached */
const REACHED = 2;

// snippet: scene
/** A yard with crates, tanks and a hovercraft: whenever it reaches the beacon, that moves on to another pad. */
export async function createScene(engine: AbstractEngine): Promise<Scene> {
  const scene = new Scene(engine);
  scene.clearColor = new Color4(0.74, 0.84, 0.92, 1);
  const camera = new ArcRotateCamera('camera', -Math.PI / 2.6, 0.85, 30, new Vector3(0, 0, 0), scene);
  camera.attachControl(true);
  new HemisphericLight('sky', Vector3.Up(), scene).groundColor = new Color3(0.5, 0.48, 0.42);
  const sun = new DirectionalLight('sun', new Vector3(-0.6, -1, 0.4), scene);
  sun.intensity = 2.2;

  scene.enablePhysics(new Vector3(0, -9.81, 0), new HavokPlugin(true, await HavokPhysics()));
  const { meshes } = await ImportMeshAsync(new URL('./yard.glb', import.meta.url).href, scene);
  const shadows = new ShadowGenerator(2048, sun);
  shadows.usePercentageCloserFiltering = true;
  for (const mesh of meshes) {
    mesh.receiveShadows = true;
    shadows.addShadowCaster(mesh, false);
    if (/^(ground|wall|crate)/.test(mesh.name)) new PhysicsAggregate(mesh, PhysicsShapeType.BOX, { mass: 0 }, scene);
    if (/^(tank|post)/.test(mesh.name)) new PhysicsAggregate(mesh, PhysicsShapeType.CYLINDER, { mass: 0 }, scene);
  }
  const craft = scene.getTransformNodeByName('craft')!;
  floatCraft(craft);
  scene.metadata = placeBeacons(craft, scene.getTransformNodeByName('beacon')!);
  return scene;
}
// snippet end

/** A hull that glides: without friction, slowed by the air, and kept level. It is round, and so nothing holds it by a flat side. */
function floatCraft(craft: TransformNode): void {
  const [pointA, pointB] = [new Vector3(0, -0.25, 0), new Vector3(0, 0.25, 0)];
  const hull = { mass: 10, friction: 0, restitution: 0.3, radius: 0.7, pointA, pointB };
  const { body } = new PhysicsAggregate(craft, PhysicsShapeType.CYLINDER, hull, craft.getScene());
  body.setMassProperties({ mass: 10, inertia: new Vector3(0, 0.25, 0) });
  body.setLinearDamping(0.8);
  body.setAngularDamping(3);
}

function placeBeacons(craft: TransformNode, beacon: TransformNode): Yard {
  const scene = craft.getScene();
  let at = 0;
  const yard: Yard = {
    score: 0,
    moveBeacon(pad) {
      at = pad;
      beacon.setAbsolutePosition(scene.getMeshByName(`pad-${pad}`)!.absolutePosition);
    },
  };
  scene.onAfterPhysicsObservable.add(() => {
    const way = craft.absolutePosition.subtract(beacon.absolutePosition);
    if (Math.hypot(way.x, way.z) > REACHED) return;
    yard.score++;
    yard.moveBeacon((at + 3) % 8);
  });
  return yard;
}
