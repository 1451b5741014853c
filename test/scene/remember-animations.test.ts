import { Animation } from '@babylonjs/core/Animations/animation.js';
import { AnimationGroup } from '@babylonjs/core/Animations/animationGroup.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { ParticleSystem } from '@babylonjs/core/Particles/particleSystem.js';
import { PhysicsCharacterController } from '@babylonjs/core/Physics/v2/characterController.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rememberPoses } from '../../plugin/scene/remember-poses.ts';
import { createBareScene, stepScene } from '../../plugin/testing/bare-scene.ts';
import '@babylonjs/core/Animations/animatable.js';

let scene: Scene;
beforeEach(async () => {
  scene = await createBareScene();
  scene.useConstantAnimationDeltaTime = true; // 16 ms
});
afterEach(() => scene.getEngine().dispose());

/** From 0 to 10 m in a second. */
function rise(): Animation {
  const animation = new Animation('rise', 'position.y', 60, Animation.ANIMATIONTYPE_FLOAT);
  animation.setKeys([
    { frame: 0, value: 0 },
    { frame: 60, value: 10 },
  ]);
  return animation;
}

function createGroup(name: string): { readonly node: TransformNode; readonly group: AnimationGroup } {
  const node = new TransformNode(name, scene);
  const group = new AnimationGroup(name, scene);
  group.addTargetedAnimation(rise(), node);
  return { node, group };
}

/** Heights of nodes in so many frames. */
function watch(frames: number, ...nodes: TransformNode[]): number[][] {
  return Array.from({ length: frames }, () => {
    scene.animate();
    return nodes.map(({ position }) => position.y);
  });
}

describe('rememberPoses(), of animations,', () => {
  it('has groups run on from where they were, alike to the last bit, and stops those that were not running', () => {
    const [lift, door, flag] = ['lift', 'door', 'flag'].map(createGroup);
    const nodes = [lift.node, door.node, flag.node];
    lift.group.start(true, 1.5);
    flag.group.start(true);
    watch(7, ...nodes);
    flag.group.pause();
    const start = rememberPoses(scene);
    const ended: string[] = [];
    door.group.onAnimationGroupEndObservable.add(() => void ended.push('door'));
    start.restore();
    const first = watch(90, ...nodes);
    expect(first.map(([, height]) => height)).toEqual(first.map(() => 0));
    expect(first[20][0]).not.toBe(first[0][0]);
    expect(first[20][2]).toBe(first[0][2]);
    for (const frames of [1, 31, 50]) {
      start.restore();
      door.group.start(false);
      flag.group.play(true);
      watch(frames, ...nodes);
      if (frames === 31) lift.group.stop();
      start.restore();
      expect(watch(90, ...nodes)).toEqual(first);
    }
    expect(ended).toEqual([]);
  });

  it('has single ones run again, even if they have ended, and stops those begun since', () => {
    const [lift, door] = ['lift', 'door'].map((name) => new TransformNode(name, scene));
    lift.animations = [rise()];
    door.animations = [rise()];
    scene.beginAnimation(lift, 0, 60, false);
    const start = rememberPoses(scene);
    const first = watch(30, lift, door);
    expect(first[29][0]).toBeGreaterThan(4);
    for (const frames of [10, 100]) {
      start.restore();
      scene.beginAnimation(door, 0, 60, true);
      watch(frames, lift, door);
      start.restore();
      expect(watch(30, lift, door)).toEqual(first);
    }
  });

  it('has particle systems run that ran, and no others', () => {
    const [smoke, sparks] = ['smoke', 'sparks'].map((name) => new ParticleSystem(name, 10, scene));
    for (const system of [smoke, sparks]) Object.assign(system, { manualEmitCount: 5, emitter: Vector3.Zero() });
    smoke.start();
    const start = rememberPoses(scene);
    smoke.stop();
    sparks.start();
    start.restore();
    const makes = [smoke, sparks].map((system) => {
      system.animate(true);
      return system.particles.length > 0;
    });
    expect(makes).toEqual([true, false]);
  });
});

describe('rememberPoses(), of characters,', () => {
  const down = new Vector3(0, -1, 0);
  const gravity = new Vector3(0, -9.81, 0);

  /** Where a character is after each of so many steps of walking along x. */
  function walk(character: PhysicsCharacterController, steps: number): number[][] {
    return Array.from({ length: steps }, () => {
      const support = character.checkSupport(1 / 60, down);
      const velocity = character.getVelocity().clone();
      character.setVelocity(new Vector3(3, velocity.y - 9.81 / 60, 0));
      character.integrate(1 / 60, support, gravity);
      stepScene(scene);
      return [...character.getPosition().asArray(), ...character.getVelocity().asArray()];
    });
  }

  it('puts those that it is given back, and they walk alike to the last bit', () => {
    for (const x of [0, 3]) {
      const box = CreateBox('box', { width: 3, height: 1, depth: 10 }, scene);
      box.position.set(x, x / 10 - 0.5, 0);
      new PhysicsAggregate(box, PhysicsShapeType.BOX, { mass: 0 }, scene);
    }
    const character = new PhysicsCharacterController(
      new Vector3(-1, 1, 0),
      { capsuleHeight: 1.8, capsuleRadius: 0.4 },
      scene,
    );
    const start = rememberPoses(scene, { characters: [character] });
    start.restore();
    const first = walk(character, 60);
    expect(first[59][0]).toBeGreaterThan(0.5);
    for (const steps of [5, 40]) {
      start.restore();
      walk(character, steps);
      start.restore();
      expect(walk(character, 60)).toEqual(first);
    }
  });

  it('refuses what is none', () => {
    const characters = [new TransformNode('hero', scene)] as unknown as PhysicsCharacterController[];
    expect(() => rememberPoses(scene, { characters })).toThrow(
      '[agents] rememberPoses() has characters [an instance of TransformNode]. It must be a list of PhysicsCharacterControllers.',
    );
  });
});
