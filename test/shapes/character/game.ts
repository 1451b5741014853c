import '@babylonjs/core/Animations/animatable.js';
import { Animation } from '@babylonjs/core/Animations/animation.js';
import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { KeyboardEventTypes } from '@babylonjs/core/Events/keyboardEvents.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import '@babylonjs/core/Materials/standardMaterial.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateCapsule } from '@babylonjs/core/Meshes/Builders/capsuleBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { CharacterSupportedState, PhysicsCharacterController } from '@babylonjs/core/Physics/v2/characterController.js';
import {
  PhysicsMotionType,
  PhysicsPrestepType,
  PhysicsShapeType,
} from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import '@babylonjs/core/Physics/joinedPhysicsEngineComponent.js';
import { Scene } from '@babylonjs/core/scene.js';
import HavokPhysics from '@babylonjs/havok';

const GRAVITY = new Vector3(0, -18, 0);
const SPEED = 4;
const JUMP = 6;

export interface Game {
  /** Puts the player at such a place [m] of the lower floor. */
  spawn(x: number, z: number): void;
}

/** Up the stairs, onto the lift, off it on the upper floor, to the flag: W and S walk along x, A and D along z, the space bar jumps. */
export async function createScene(engine: AbstractEngine): Promise<Scene> {
  const scene = new Scene(engine);
  const camera = new ArcRotateCamera('camera', -Math.PI / 2, 1.1, 16, new Vector3(6, 2, 0), scene);
  camera.attachControl(true);
  new HemisphericLight('light', Vector3.Up(), scene);
  scene.enablePhysics(new Vector3(0, -9.81, 0), new HavokPlugin(true, await HavokPhysics()));
  block('floor', scene, [0, 0], [8, 1, 4]);
  for (let step = 1; step <= 5; step++) block(`step ${step}`, scene, [3.75 + step * 0.5, step * 0.2], [0.5, 1.2, 4]);
  block('landing', scene, [7.25, 1], [2, 1.2, 4]);
  block('upper floor', scene, [13, 3], [5, 1, 4]);
  for (const z of [-2.1, 2.1]) block('wall', scene, [5, 6, z], [26, 10, 0.2]);
  raise(block('lift', scene, [9.35, 1], [2, 0.4, 3.8]), scene);
  const flag = CreateSphere('flag', { diameter: 0.6 }, scene);
  flag.position.set(14, 4, 0);
  scene.metadata = walk(scene);
  return scene;
}

/** A box [x, y, z m] whose top is at `top`. */
function block(name: string, scene: Scene, [x, top, z = 0]: readonly number[], [width, height, depth]: number[]): Mesh {
  const box = CreateBox(name, { width, height, depth }, scene);
  box.position.set(x, top - height / 2, z);
  new PhysicsAggregate(box, PhysicsShapeType.BOX, { mass: 0 }, scene);
  return box;
}

/** Sends a lift up 2 m and down again, for ever, with a stop at each end. */
function raise(lift: Mesh, scene: Scene): void {
  const animation = new Animation(
    'raise',
    'position.y',
    60,
    Animation.ANIMATIONTYPE_FLOAT,
    Animation.ANIMATIONLOOPMODE_CYCLE,
  );
  const low = lift.position.y;
  const keys = [
    [0, low],
    [60, low],
    [150, low + 2],
    [210, low + 2],
    [300, low],
  ];
  animation.setKeys(keys.map(([frame, value]) => ({ frame, value })));
  lift.animations.push(animation);
  lift.physicsBody!.setMotionType(PhysicsMotionType.ANIMATED);
  lift.physicsBody!.setPrestepType(PhysicsPrestepType.ACTION);
  scene.beginAnimation(lift, 0, 300, true);
}

/** The character, as Babylon's documentation has it. */
function walk(scene: Scene): Game {
  const player = CreateCapsule('player', { height: 1.8, radius: 0.4 }, scene);
  player.position.set(-2, 0.95, 0);
  const shape = { capsuleHeight: 1.8, capsuleRadius: 0.4 };
  const character = new PhysicsCharacterController(player.position.clone(), shape, scene);
  const pressed = new Set<string>();
  scene.onKeyboardObservable.add(({ type, event }) => {
    if (type === KeyboardEventTypes.KEYDOWN) pressed.add(event.code);
    else pressed.delete(event.code);
  });
  scene.onBeforeRenderObservable.add(() => {
    player.position.copyFrom(character.getPosition());
  });
  const down = new Vector3(0, -1, 0);
  scene.onAfterPhysicsObservable.add(() => {
    if (scene.deltaTime === undefined) return;
    const dt = scene.deltaTime / 1000;
    if (dt === 0) return;
    const support = character.checkSupport(dt, down);
    const axis = (plus: string, minus: string) => Number(pressed.has(plus)) - Number(pressed.has(minus));
    const desired = new Vector3(axis('KeyW', 'KeyS'), 0, axis('KeyA', 'KeyD')).normalize().scaleInPlace(SPEED);
    character.setVelocity(
      support.supportedState === CharacterSupportedState.SUPPORTED
        ? onGround(character, dt, desired, support, pressed.has('Space'))
        : inAir(character, dt, desired),
    );
    character.integrate(dt, support, GRAVITY);
  });
  return {
    spawn(x, z) {
      character.setPosition(new Vector3(x, 0.95, z));
      character.setVelocity(Vector3.Zero());
      player.position.copyFrom(character.getPosition());
    },
  };
}

type Support = ReturnType<PhysicsCharacterController['checkSupport']>;
const FORWARD = new Vector3(1, 0, 0);
const UP = Vector3.Up();

function onGround(
  character: PhysicsCharacterController,
  dt: number,
  desired: Vector3,
  support: Support,
  jumps: boolean,
): Vector3 {
  const { averageSurfaceNormal: normal, averageSurfaceVelocity: surface } = support;
  const moved = character.calculateMovement(dt, FORWARD, normal, character.getVelocity(), surface, desired, UP);
  if (jumps) moved.y = JUMP;
  return moved;
}

function inAir(character: PhysicsCharacterController, dt: number, desired: Vector3): Vector3 {
  const velocity = character.getVelocity();
  const moved = character.calculateMovement(dt, FORWARD, UP, velocity, Vector3.Zero(), desired, UP);
  moved.y = velocity.y + GRAVITY.y * dt;
  return moved;
}
