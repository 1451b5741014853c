import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BodySync } from '../../plugin/scene/body-sync.ts';
import { requirePhysics, respawn, stepPhysics } from '../../plugin/scene/physics.ts';
import { createBareScene } from '../contract/bare-scene.ts';

let scene: Scene;
let engine: PhysicsEngine;
beforeEach(async () => {
  scene = await createBareScene();
  engine = requirePhysics(scene, 'the test');
});
afterEach(() => scene.getEngine().dispose());

/** A spinning box under a parent that stands where `place` puts it. */
function addBox(name: string, place: (parent: TransformNode) => void): TransformNode {
  const parent = new TransformNode(`${name}-parent`, scene);
  place(parent);
  parent.computeWorldMatrix(true);
  const node = new TransformNode(name, scene);
  node.parent = parent;
  node.position.set(1, 5, -2);
  node.computeWorldMatrix(true);
  const { body } = new PhysicsAggregate(node, PhysicsShapeType.BOX, { mass: 1, extents: Vector3.One() }, scene);
  body.setAngularVelocity(new Vector3(1, 2, 3));
  body.setLinearVelocity(new Vector3(0.5, 0, -1));
  return node;
}

/** Local position and rotation, the rotation's sign fixed. */
function poseOf({ position, rotationQuaternion }: TransformNode): number[] {
  const { x, y, z, w } = rotationQuaternion as Quaternion;
  const sign = w < 0 ? -1 : 1;
  return [...position.asArray(), x * sign, y * sign, z * sign, w * sign];
}

function expectBabylonToAgree(nodes: readonly TransformNode[]): void {
  const ours = nodes.map(poseOf);
  const plugin = engine.getPhysicsPlugin() as HavokPlugin;
  for (const node of nodes) plugin.sync(node.physicsBody!);
  nodes.forEach((node, i) => {
    poseOf(node).forEach((value, k) => {
      expect(ours[i][k], `${node.name} ${k}`).toBeCloseTo(value, 4);
    });
  });
}

describe('BodySync', () => {
  it('puts nodes where Babylon puts them, under no, shifted, turned, scaled and nested parents', () => {
    const free = addBox('free', () => {});
    free.parent = null;
    const shifted = addBox('shifted', (parent) => parent.position.set(40, 0, -20));
    const turned = addBox('turned', (parent) => {
      parent.position.set(-40, 1, 0);
      parent.rotationQuaternion = Quaternion.FromEulerAngles(0.3, 1, -0.2);
    });
    const scaled = addBox('scaled', (parent) => parent.scaling.setAll(2));
    const nested = addBox('nested', (parent) => {
      const grandparent = new TransformNode('grandparent', scene);
      grandparent.position.set(0, 0, 60);
      grandparent.computeWorldMatrix(true);
      parent.parent = grandparent;
      parent.position.set(0, 0, 5);
    });
    const nodes = [free, shifted, turned, scaled, nested];
    const before = nodes.map(poseOf);
    const sync = new BodySync(engine);
    for (let i = 0; i < 90; i++) {
      stepPhysics(engine, 1 / 60);
      sync.sync();
    }
    nodes.forEach((node, i) => {
      expect(poseOf(node), node.name).not.toEqual(before[i]);
    });
    expectBabylonToAgree(nodes);
  });

  it('follows a parent that moves', () => {
    const box = addBox('box', () => {});
    const sync = new BodySync(engine);
    stepPhysics(engine, 1 / 60);
    sync.sync();
    (box.parent as TransformNode).position.x = 7;
    stepPhysics(engine, 1 / 60);
    sync.sync();
    expect(box.position.x).toBeLessThan(-5);
    expectBabylonToAgree([box]);
  });

  it('finds all bodies again after one was made anew, removed or added', () => {
    const boxes = [0, 1, 2].map((i) => addBox(`box-${i}`, (parent) => parent.position.set(10 * i, 0, 0)));
    const sync = new BodySync(engine);
    const step = () => {
      stepPhysics(engine, 1 / 60);
      sync.sync();
    };
    step();
    respawn(boxes[1], { position: new Vector3(0, 9, 0) });
    step();
    expectBabylonToAgree(boxes);
    boxes[0].dispose();
    step();
    const added = addBox('added', (parent) => parent.position.set(-10, 0, 0));
    step();
    expectBabylonToAgree([boxes[1], boxes[2], added]);
  });

  it('leaves a node alone whose body asks for it', () => {
    const box = addBox('box', () => {});
    box.physicsBody!.disableSync = true;
    const wall = addBox('wall', () => {});
    wall.physicsBody!.setMotionType(PhysicsMotionType.STATIC);
    const before = poseOf(box);
    stepPhysics(engine, 1 / 60);
    new BodySync(engine).sync();
    expect(poseOf(box)).toEqual(before);
  });
});
