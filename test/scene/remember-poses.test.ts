import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import {
  PhysicsConstraintAxis,
  PhysicsConstraintAxisLimitMode,
  PhysicsConstraintMotorType,
  PhysicsMotionType,
  PhysicsShapeType,
} from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { PhysicsShapeSphere } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JointMotorActuator } from '../../plugin/scene/actuators/joint-motor-actuator.ts';
import { teleport } from '../../plugin/scene/physics.ts';
import { rememberPoses } from '../../plugin/scene/remember-poses.ts';
import { createBareNode, createBareScene, readMotion, stepScene } from '../../plugin/testing/bare-scene.ts';
import { createLink, join } from '../fixtures/joints.ts';

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

  it('begins a stack alike to the last bit, whatever had happened to it', () => {
    const boxes = [0, 1, 2, 3, 4, 5].map((i) => createBareNode(`box-${i}`, scene, i + 1));
    const ground = createBareNode('ground', scene);
    ground.physicsBody!.setMotionType(PhysicsMotionType.STATIC);
    const start = rememberPoses(scene);
    const fall = () => {
      start.restore();
      return Array.from({ length: 60 }, () => {
        stepScene(scene);
        return boxes.flatMap(readMotion);
      });
    };
    const first = fall();
    for (const [i, box] of boxes.entries()) {
      box.physicsBody!.applyImpulse(new Vector3(i, 3 - i, 2), box.position);
      stepScene(scene, 7);
      expect(fall()).toEqual(first);
    }
  });

  it('makes bodies again what they were', () => {
    const node = createBareNode('box', scene, 2);
    const body = node.physicsBody!;
    const shape = body.shape!;
    body.setLinearDamping(0.25);
    shape.material = { friction: 0.5, restitution: 0.125 };
    const read = () => [
      ...[body.getMotionType(), body.getMassProperties(), body.getLinearDamping(), body.getAngularDamping()],
      ...[body.getGravityFactor(), body.shape === shape, shape.material.friction, shape.material.restitution],
      ...[shape.filterMembershipMask, shape.filterCollideMask],
    ];
    const before = read();
    const start = rememberPoses(scene);
    body.setMotionType(PhysicsMotionType.ANIMATED);
    body.setMassProperties({ mass: 7, inertia: new Vector3(1, 2, 3) });
    body.setLinearDamping(2);
    body.setAngularDamping(3);
    body.setGravityFactor(0);
    shape.material = { friction: 0, restitution: 1 };
    shape.filterMembershipMask = 2;
    shape.filterCollideMask = 4;
    body.shape = new PhysicsShapeSphere(Vector3.Zero(), 2, scene);
    scene.getPhysicsEngine()!.setGravity(Vector3.Zero());
    start.restore();
    expect(read()).toEqual(before);
    stepScene(scene);
    expect(body.getLinearVelocity().y).toBeLessThan(-0.1); // it falls again
  });

  it('puts nodes back below their parents, and enables those that were', () => {
    const [hand, coin, lamp] = ['hand', 'coin', 'lamp'].map((name) => new TransformNode(name, scene));
    hand.position.x = 5;
    lamp.setEnabled(false);
    const start = rememberPoses(scene);
    coin.parent = hand;
    coin.setEnabled(false);
    lamp.setEnabled(true);
    start.restore();
    expect([coin.parent, coin.isEnabled(), lamp.isEnabled()]).toEqual([null, true, false]);
    expect(coin.computeWorldMatrix(true).getTranslation().x).toBe(0);
  });

  it('gives joints the limits, friction and motors that they had, and those of agents as agents have started them', () => {
    const [wall, arm, hand] = [createLink(scene, 'wall', 0), createLink(scene, 'arm', 1), createLink(scene, 'hand', 1)];
    const shoulder = join(wall, arm, { x: [-1, 1] });
    const wrist = join(arm, hand, { x: [-1, 1] });
    const { ANGULAR_X, ANGULAR_Y } = PhysicsConstraintAxis;
    const { VELOCITY } = PhysicsConstraintMotorType;
    shoulder.setAxisMotorType(ANGULAR_X, VELOCITY);
    shoulder.setAxisMotorTarget(ANGULAR_X, 0.5);
    shoulder.setAxisMotorMaxForce(ANGULAR_X, 8);
    const read = () => [
      ...[shoulder.isEnabled, shoulder.getAxisMode(ANGULAR_X), shoulder.getAxisMode(ANGULAR_Y)],
      ...[
        shoulder.getAxisMinLimit(ANGULAR_X),
        shoulder.getAxisMaxLimit(ANGULAR_X),
        shoulder.getAxisFriction(ANGULAR_X),
      ],
      ...[shoulder.getAxisMotorType(ANGULAR_X), shoulder.getAxisMotorMaxForce(ANGULAR_X)],
    ];
    const turn = () => {
      start.restore();
      stepScene(scene, 20);
      return readMotion(arm);
    };
    const before = read();
    const start = rememberPoses(scene);
    hand.addBehavior(new JointMotorActuator({ joints: [wrist], maxTorque: 3 }), true);
    const turned = turn();
    shoulder.setAxisMotorTarget(ANGULAR_X, -2);
    shoulder.setAxisMotorMaxForce(ANGULAR_X, 1);
    shoulder.setAxisMinLimit(ANGULAR_X, -0.25);
    shoulder.setAxisFriction(ANGULAR_X, 5);
    shoulder.setAxisMode(ANGULAR_Y, PhysicsConstraintAxisLimitMode.FREE);
    shoulder.isEnabled = false;
    wrist.setAxisMotorMaxForce(ANGULAR_X, 0);
    stepScene(scene, 20);
    expect(turn()).toEqual(turned);
    expect(read()).toEqual(before);
    expect(wrist.getAxisMotorMaxForce(ANGULAR_X)).toBe(3);
  });

  it('passes over joints that are gone', () => {
    const [wall, arm] = [createLink(scene, 'wall', 0), createLink(scene, 'arm', 1, new Vector3(3, 0, 0))];
    const joint = join(wall, arm, { x: [-1, 1] });
    const start = rememberPoses(scene);
    joint.dispose();
    start.restore();
    rememberPoses(scene).restore();
    stepScene(scene, 30);
    expect(wall.position.y).toBe(0);
    expect(arm.position.y).toBeLessThan(-0.5);
  });
});
