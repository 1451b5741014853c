import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { teleport } from '../../plugin/scene/physics.ts';
import { rememberPoses } from '../../plugin/scene/remember-poses.ts';
import { createBareScene, readMotion, stepScene } from '../contract/bare-scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await createBareScene();
});
afterEach(() => scene.getEngine().dispose());

/** A box of 1 m below a parent that is mirrored, scaled and turned by 90° about y. */
function addBox(name: string, mass: number): TransformNode {
  const parent = new TransformNode(`${name}-parent`, scene);
  parent.rotationQuaternion = new Quaternion(0, Math.SQRT1_2, 0, Math.SQRT1_2);
  parent.scaling.set(2, 2, -2);
  const node = new TransformNode(name, scene);
  node.parent = parent;
  node.position.set(1, 2, 3);
  node.rotation.y = 0.4;
  new PhysicsAggregate(node, PhysicsShapeType.BOX, { mass, extents: Vector3.One() }, scene);
  return node;
}

describe('rememberPoses()', () => {
  it('puts a body that moved back where it stood, at rest, in its parent’s coordinates', () => {
    const box = addBox('box', 1);
    const start = rememberPoses(scene);
    const before = readMotion(box);
    box.physicsBody!.setLinearVelocity(new Vector3(4, 5, 6));
    box.physicsBody!.setAngularVelocity(new Vector3(1, 2, 3));
    stepScene(scene, 30);
    expect(box.position.y).not.toBeCloseTo(2, 1);
    start.restore();
    readMotion(box).forEach((value, i) => {
      expect(value).toBeCloseTo(before[i], 6);
    });
    scene.getPhysicsEngine()!.setGravity(Vector3.Zero());
    stepScene(scene); // its body stands there too
    readMotion(box).forEach((value, i) => {
      expect(value).toBeCloseTo(before[i], 4);
    });
  });

  it('puts back animated bodies, nodes without a body, their scaling, and walls that somebody moved', () => {
    const platform = addBox('platform', 0);
    platform.physicsBody!.setMotionType(PhysicsMotionType.ANIMATED);
    platform.physicsBody!.disableSync = false;
    const wall = addBox('wall', 0);
    const door = new TransformNode('door', scene);
    door.rotation.y = 0.25;
    const start = rememberPoses(scene);
    teleport(platform, { position: new Vector3(9, 9, 9) });
    teleport(wall, { position: new Vector3(-9, 0, 0) });
    door.rotation.y = 2;
    door.scaling.x = 3;
    stepScene(scene, 2);
    start.restore();
    stepScene(scene, 2);
    for (const node of [platform, wall])
      expect(node.position.asArray().map((value) => Math.round(value * 1000) / 1000)).toEqual([1, 2, 3]);
    expect([door.rotation.y, door.scaling.x]).toEqual([0.25, 1]);
    wall.physicsBody!.disableSync = false; // so that the node shows where the body stands
    stepScene(scene);
    expect(wall.position.x).toBeCloseTo(1, 4);
  });

  it('leaves walls asleep that stand where they stood, and nodes alone that are gone', () => {
    const wall = addBox('wall', 0);
    const gone = addBox('gone', 1);
    const start = rememberPoses(scene);
    gone.dispose();
    const body = wall.physicsBody!;
    let moved = 0;
    body.setLinearVelocity = () => void moved++;
    start.restore();
    expect(moved).toBe(0);
    expect(wall.position.asArray()).toEqual([1, 2, 3]);
  });

  it('gives the same start every time, to the last bit', () => {
    const box = addBox('box', 1);
    const start = rememberPoses(scene);
    const ends = [0, 1, 2].map((i) => {
      start.restore();
      stepScene(scene, 10 + i);
      start.restore();
      return readMotion(box);
    });
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toEqual(ends[0]);
  });
});
