import { ActionManager } from '@babylonjs/core/Actions/actionManager.js';
import { ExecuteCodeAction } from '@babylonjs/core/Actions/directActions.js';
import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { KeyboardEventTypes } from '@babylonjs/core/Events/keyboardEvents.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateGround } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Scene } from '@babylonjs/core/scene.js';
import HavokPhysics from '@babylonjs/havok';
import '@babylonjs/core/Materials/standardMaterial.js';
import '@babylonjs/core/Physics/joinedPhysicsEngineComponent.js';

const PLACES = [
  [7, 7],
  [-7, 4],
  [0, -7],
  [7, -4],
  [-5, -7],
  [-3, 7],
] as const;

/** Collect stars: W and S drive, A and D steer, the space bar brakes. */
export async function createScene(engine: AbstractEngine): Promise<Scene> {
  const scene = new Scene(engine);
  const camera = new ArcRotateCamera('camera', -Math.PI / 2, 0.7, 28, Vector3.Zero(), scene);
  camera.attachControl(true);
  new HemisphericLight('light', Vector3.Up(), scene);
  scene.enablePhysics(new Vector3(0, -9.81, 0), new HavokPlugin(true, await HavokPhysics()));

  const ground = CreateGround('ground', { width: 20, height: 20 }, scene);
  new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0, friction: 0.1 }, scene);
  for (const [x, z] of [
    [0, 10],
    [0, -10],
    [10, 0],
    [-10, 0],
  ]) {
    const wall = CreateBox('wall', { width: x === 0 ? 20 : 0.5, depth: x === 0 ? 0.5 : 20, height: 1 }, scene);
    wall.position.set(x, 0.5, z);
    new PhysicsAggregate(wall, PhysicsShapeType.BOX, { mass: 0, friction: 0 }, scene);
  }
  const cart = CreateBox('cart', { width: 1, height: 0.6, depth: 1.6 }, scene);
  cart.position.y = 0.35;
  const { body } = new PhysicsAggregate(cart, PhysicsShapeType.BOX, { mass: 1, friction: 0 }, scene);
  const star = CreateSphere('star', { diameter: 0.8 }, scene);

  drive(scene, cart, new Set());
  const game = { score: 0, place: 0, showStar };
  function showStar(place: number): void {
    game.place = place % PLACES.length;
    star.position.set(PLACES[game.place][0], 0.5, PLACES[game.place][1]);
  }
  showStar(0);
  scene.onAfterPhysicsObservable.add(() => {
    if (Vector3.Distance(body.transformNode.position, star.position) > 1.5) return;
    game.score++;
    showStar(game.place + 1);
  });
  scene.metadata = game;
  return scene;
}

export interface Game {
  score: number;
  showStar(place: number): void;
}

function drive(scene: Scene, cart: Mesh, pressed: Set<string>): void {
  const body = cart.physicsBody!;
  scene.onKeyboardObservable.add(({ type, event }) => {
    if (type === KeyboardEventTypes.KEYDOWN) pressed.add(event.key.toLowerCase());
    else pressed.delete(event.key.toLowerCase());
  });
  let brakes = false;
  scene.actionManager = new ActionManager(scene);
  scene.actionManager.registerAction(
    new ExecuteCodeAction({ trigger: ActionManager.OnKeyDownTrigger, parameter: ' ' }, () => {
      brakes = true;
    }),
  );
  scene.actionManager.registerAction(
    new ExecuteCodeAction({ trigger: ActionManager.OnKeyUpTrigger, parameter: ' ' }, () => {
      brakes = false;
    }),
  );
  scene.onBeforePhysicsObservable.add(() => {
    const forward = cart.getDirection(Vector3.Forward());
    const push = (pressed.has('w') ? 8 : 0) - (pressed.has('s') ? 5 : 0);
    const turn = (pressed.has('d') ? 2.5 : 0) - (pressed.has('a') ? 2.5 : 0);
    body.setLinearDamping(brakes ? 4 : 0.6);
    body.applyForce(forward.scale(push), cart.position);
    body.setAngularVelocity(new Vector3(0, turn, 0));
  });
}
