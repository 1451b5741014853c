import '@babylonjs/core/Animations/animatable.js';
import type { AnimationGroup } from '@babylonjs/core/Animations/animationGroup.js';
import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { KeyboardEventTypes } from '@babylonjs/core/Events/keyboardEvents.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { ImportMeshAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PhysicsMotionType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import '@babylonjs/core/Physics/joinedPhysicsEngineComponent.js';
import { Scene } from '@babylonjs/core/scene.js';
import HavokPhysics from '@babylonjs/havok';
import '@babylonjs/loaders/glTF/2.0/index.js';
import '@babylonjs/core/Materials/standardMaterial.js';

/** N */
const PUSH = 12;
/** s that a door stays open */
const OPEN = 5;

export interface Game {
  /** doors opened so far, and 3 once the ball is home */
  stage: number;
  /** Begins again with the ball at such a place [m], and all doors closed. */
  restart(x: number, z: number): void;
}

/** A ball in a hall: plates open doors, two of them, and behind the second is the goal. W, A, S and D push the ball. */
export async function createScene(engine: AbstractEngine): Promise<Scene> {
  const scene = new Scene(engine);
  const camera = new ArcRotateCamera('camera', -Math.PI / 2, 0.8, 18, new Vector3(2, 0, 0), scene);
  camera.attachControl(true);
  new HemisphericLight('light', Vector3.Up(), scene);
  scene.enablePhysics(new Vector3(0, -9.81, 0), new HavokPlugin(true, await HavokPhysics()));

  const { meshes, animationGroups } = await ImportMeshAsync(new URL('./level.glb', import.meta.url).href, scene);
  for (const group of animationGroups) group.stop(); // the loader starts the first
  for (const mesh of meshes) {
    if (/^(hall|wall)/.test(mesh.name)) new PhysicsAggregate(mesh, PhysicsShapeType.MESH, { mass: 0 }, scene);
    if (!mesh.name.startsWith('door')) continue;
    const { body } = new PhysicsAggregate(mesh, PhysicsShapeType.MESH, { mass: 0 }, scene);
    body.setMotionType(PhysicsMotionType.ANIMATED);
    body.disablePreStep = false; // it goes where the animation takes the door
  }
  const ball = CreateSphere('ball', { diameter: 0.8 }, scene);
  ball.position.set(-5, 0.4, 0);
  const { body } = new PhysicsAggregate(ball, PhysicsShapeType.SPHERE, { mass: 1, friction: 0.5 }, scene);
  body.setLinearDamping(1);
  steer(scene, ball);
  scene.metadata = play(scene, ball, animationGroups);
  return scene;
}

function steer(scene: Scene, ball: Mesh): void {
  const pressed = new Set<string>();
  scene.onKeyboardObservable.add(({ type, event }) => {
    if (type === KeyboardEventTypes.KEYDOWN) pressed.add(event.code);
    else pressed.delete(event.code);
  });
  const force = new Vector3();
  scene.onBeforePhysicsObservable.add(() => {
    const axis = (plus: string, minus: string) => PUSH * (Number(pressed.has(plus)) - Number(pressed.has(minus)));
    force.set(axis('KeyW', 'KeyS'), 0, axis('KeyA', 'KeyD'));
    ball.physicsBody!.applyForce(force, ball.absolutePosition);
  });
}

/** The rules, in frames: a plate under the ball opens its door for a while. */
function play(scene: Scene, ball: Mesh, openings: readonly AnimationGroup[]): Game {
  const [goal, ...plates] = ['goal', 'plate 1', 'plate 2'].map((name) => scene.getMeshByName(name)!);
  /** s until each door closes; 0 of one that is closed */
  const left = [0, 0];
  const isOn = (mesh: Mesh | (typeof plates)[number]) => {
    const { x, z } = mesh.getAbsolutePosition().subtract(ball.absolutePosition);
    return Math.abs(x) < 0.9 && Math.abs(z) < 0.9;
  };
  const game: Game = {
    stage: 0,
    restart(x, z) {
      const body = ball.physicsBody!;
      body.disablePreStep = false; // until the next step the body goes where its node is put
      scene.onAfterPhysicsObservable.addOnce(() => (body.disablePreStep = true));
      ball.position.set(x, 0.4, z);
      body.setLinearVelocity(Vector3.Zero());
      body.setAngularVelocity(Vector3.Zero());
      game.stage = 0;
      left.fill(0);
      for (const group of openings) {
        group.start(false, 1, group.from, group.to);
        group.goToFrame(group.from);
        group.stop();
      }
    },
  };
  scene.onBeforeRenderObservable.add(() => {
    const dt = scene.deltaTime / 1000;
    plates.forEach((plate, door) => {
      const was = left[door];
      left[door] = isOn(plate) ? OPEN : Math.max(0, was - dt);
      const opens = left[door] > 0;
      if (opens === was > 0) return;
      openings[door].start(false, opens ? 2 : -2, openings[door].from, openings[door].to);
      if (opens) game.stage = Math.max(game.stage, door + 1);
    });
    if (isOn(goal)) game.stage = 3;
  });
  return game;
}
