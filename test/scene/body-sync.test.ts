import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BodySync } from '../../plugin/scene/body-sync.ts';
import { requirePhysics, respawn, stepPhysics } from '../../plugin/scene/physics.ts';
import { BodySensor } from '../../plugin/scene/sensors/body-sensor.ts';
import { createBareScene } from '../../plugin/testing/bare-scene.ts';

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

  it('puts nodes where Babylon puts them under parents that are nested and turned', () => {
    const boxes = [0.3, -1.2].map((angle, i) =>
      addBox(`turned-${i}`, (parent) => {
        const grandparent = new TransformNode('grandparent', scene);
        grandparent.position.set(30 * i, 2, 0);
        grandparent.rotationQuaternion = Quaternion.FromEulerAngles(angle, 0, 0.5);
        parent.parent = grandparent;
        parent.position.set(3, 0, 1);
        parent.rotationQuaternion = Quaternion.FromEulerAngles(0, angle, 0);
        if (i === 1) grandparent.scaling.setAll(0.5);
      }),
    );
    const below = addBox('below', (parent) => {
      parent.position.set(0, 0, 40);
    });
    below.parent = boxes[0]; // a body whose parent is moved by a body
    const sync = new BodySync(engine);
    for (let i = 0; i < 60; i++) {
      stepPhysics(engine, 1 / 60);
      sync.sync();
    }
    expectBabylonToAgree([...boxes, below]);
  });

  it('turns nodes as Babylon does, to the last bit, whichever way they face', () => {
    const axes = new Matrix();
    const quaternion = new Quaternion();
    const facings = [
      [0, 0, 0],
      [3.1, 0, 0], // about x: x is the largest component of the quaternion
      [0, 3.1, 0],
      [0, 0, 3.1],
      [1.2, -2.9, 2.2],
    ];
    const boxes = facings.map((angles, i) => {
      const box = addBox(`box-${i}`, (parent) => parent.position.set(5 * i, 0, 0));
      respawn(box, { position: Vector3.Zero(), rotation: Quaternion.FromEulerAngles(angles[0], angles[1], angles[2]) });
      return box;
    });
    const sync = new BodySync(engine);
    stepPhysics(engine, 1 / 60);
    sync.sync();
    const { _hknp: havok, world } = engine.getPhysicsPlugin() as HavokPlugin;
    for (const box of boxes) {
      const [, offset] = havok.HP_Body_GetWorldTransformOffset(box.physicsBody!._pluginData.hpBodyId);
      const block = new Float32Array(havok.HEAPU8.buffer, havok.HP_World_GetBodyBuffer(world)[1] + offset, 16);
      Matrix.FromArrayToRef(block, 0, axes);
      Quaternion.FromRotationMatrixToRef(axes, quaternion);
      expect(box.rotationQuaternion!.asArray(), box.name).toEqual(quaternion.asArray());
    }
  });

  it('lets sensors on nodes below a body see where these are', () => {
    const box = addBox('box', (parent) => parent.position.set(0, 0, 20));
    const arm = new TransformNode('arm', scene);
    arm.parent = box;
    arm.position.set(2, 0, 0);
    arm.rotationQuaternion = Quaternion.FromEulerAngles(0, 0.4, 0);
    const origin = new TransformNode('origin', scene);
    const sensor = new BodySensor({ position: origin, rotation: true });
    arm.addBehavior(sensor, true);
    const sync = new BodySync(engine);
    for (let i = 0; i < 30; i++) {
      stepPhysics(engine, 1 / 60);
      sync.sync();
    }
    const seen = new Float32Array(sensor.size);
    sensor.observe(seen, 0);
    const { position, rotationQuaternion } = arm;
    const { hpBodyId } = box.physicsBody!._pluginData;
    const [place, turn] = (engine.getPhysicsPlugin() as HavokPlugin)._hknp.HP_Body_GetQTransform(hpBodyId)[1];
    const [bodyPlace, bodyTurn] = [Vector3.FromArray(place), Quaternion.FromArray(turn)];
    const expectedPlace = bodyPlace.add(position.applyRotationQuaternion(bodyTurn));
    const expectedTurn = bodyTurn.multiply(rotationQuaternion!);
    const sign = expectedTurn.w < 0 ? -1 : 1;
    [...expectedPlace.asArray(), ...expectedTurn.scale(sign).asArray()].forEach((value, i) => {
      expect(seen[i], `float ${i}`).toBeCloseTo(value, 5);
    });
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

  it('finds all bodies again after all were made anew, in the order that they had', () => {
    const boxes = [0, 1, 2].map((i) => addBox(`box-${i}`, (parent) => parent.position.set(10 * i, 0, 0)));
    const sync = new BodySync(engine);
    for (const order of [boxes, boxes, [boxes[2]]]) {
      stepPhysics(engine, 1 / 60);
      sync.sync();
      expectBabylonToAgree(boxes);
      order.forEach((box, i) => void respawn(box, { position: new Vector3(0, 3 * i, 0) }));
    }
    stepPhysics(engine, 1 / 60);
    sync.sync();
    expectBabylonToAgree(boxes);
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
