import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsConstraintAxis, PhysicsConstraintMotorType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  JointMotorActuator,
  type JointMotorActuatorOptions,
} from '../../../plugin/scene/actuators/joint-motor-actuator.ts';
import { requirePhysics } from '../../../plugin/scene/physics.ts';
import { JointSensor } from '../../../plugin/scene/sensors/joint-sensor.ts';
import { createBareScene, stepScene } from '../../../plugin/testing/bare-scene.ts';
import { createLink, join } from '../../fixtures/joints.ts';

const { ANGULAR_X, ANGULAR_Z } = PhysicsConstraintAxis;

let scene: Scene;
let upper: TransformNode;
let lower: TransformNode; // of 1 kg·m² about each axis
beforeEach(async () => {
  scene = await createBareScene();
  scene.getPhysicsEngine()!.setGravity(Vector3.Zero());
  upper = createLink(scene, 'upper', 0);
  lower = createLink(scene, 'lower', 1);
});
afterEach(() => scene.getEngine().dispose());

function drive(joints: Physics6DoFConstraint[], options: Partial<JointMotorActuatorOptions> = {}): JointMotorActuator {
  const actuator = new JointMotorActuator({ joints, maxTorque: 1000, ...options });
  upper.addBehavior(actuator, true);
  return actuator;
}

/** Holds an action for some steps. */
function hold(actuator: JointMotorActuator, steps: number, ...action: number[]): void {
  for (let i = 0; i < steps; i++) {
    actuator.apply(Float32Array.of(77, ...action), 1);
    stepScene(scene);
  }
}

/** rad that the lower body is turned about x. */
function angle(): number {
  const { x, w } = lower.rotationQuaternion!;
  return 2 * Math.atan2(x, w);
}

const speed = () => lower.physicsBody!.getAngularVelocity().x;

function isAsleep(): boolean {
  const { _hknp: havok } = requirePhysics(scene, 'the test').getPhysicsPlugin() as HavokPlugin;
  return (
    havok.HP_Body_GetActivationState(lower.physicsBody!._pluginData.hpBodyId)[1] === havok.ActivationState.INACTIVE
  );
}

describe('JointMotorActuator', () => {
  it('takes an action for each limited axis of each joint, and one for its strength if wanted', () => {
    const joints = [join(upper, lower, { x: [-1, 2], z: [0, 1] }), join(upper, lower, { y: [-1, 1] })];
    const { continuous, branches } = new JointMotorActuator({ joints, maxTorque: 1 });
    expect([continuous, branches]).toEqual([3, []]);
    expect(new JointMotorActuator({ joints, maxTorque: 1, strength: true }).continuous).toBe(3 + 2);
  });

  it('turns an axis to where its action lies between its limits', () => {
    const actuator = drive([join(upper, lower, { x: [-1, 2] })]);
    hold(actuator, 120, 0.5);
    expect(angle()).toBeCloseTo(-1 + 0.75 * 3, 3);
    hold(actuator, 120, -1);
    expect(angle()).toBeCloseTo(-1, 3);
  });

  it('turns joints of several axes to the angles that a JointSensor reads', () => {
    const third = createLink(scene, 'third', 1, new Vector3(0, 1, 0));
    const elbow = { pivotA: new Vector3(0, 0.5, 0), pivotB: new Vector3(0, -0.5, 0), axis: new Vector3(0, 0.6, 0.8) };
    const joints = [
      join(upper, lower, { x: [-1, 1], y: [-1, 1] }),
      join(lower, third, { x: [-1, 1], y: [-1, 1], z: [-2, 1] }, { ...elbow, perpendicular: Vector3.Right() }),
    ];
    const sensor = new JointSensor({ joints });
    upper.addBehavior(sensor, true);
    const actuator = drive(joints);
    const action = [0.5, -0.4, 0.3, 0.4, -0.2];
    hold(actuator, 240, ...action);
    const out = new Float32Array(sensor.size);
    sensor.observe(out, 0);
    action.forEach((value, i) => {
      expect(out[i], `axis ${i}`).toBeCloseTo(value, 2);
    });
  });

  it('uses no more than its torque', () => {
    const actuator = drive([join(upper, lower, { x: [-3, 3] })], { maxTorque: 2 });
    hold(actuator, 1, 1);
    expect(speed()).toBeCloseTo(2 / 60, 5); // 2 N·m on 1 kg·m² for 1/60 s
    hold(actuator, 1, 1);
    expect(speed()).toBeCloseTo(4 / 60, 5);
  });

  it('uses as much of its torque as the joint’s strength allows', () => {
    const actuator = drive([join(upper, lower, { x: [-3, 3] })], { maxTorque: 2, strength: true });
    hold(actuator, 1, 1, -1);
    expect(speed()).toBe(0);
    hold(actuator, 1, 1, -0.5); // a quarter
    expect(speed()).toBeCloseTo(0.5 / 60, 5);
    hold(actuator, 1, 1, 1);
    expect(speed()).toBeCloseTo(2.5 / 60, 5);
  });

  it('tells a motor only what changed, and everything again in the next episode', () => {
    const joint = join(upper, lower, { x: [-1, 1], z: [-1, 1] });
    const actuator = drive([joint], { maxTorque: 8, strength: true });
    const strengths = () => [joint.getAxisMotorMaxForce(ANGULAR_X), joint.getAxisMotorMaxForce(ANGULAR_Z)];
    hold(actuator, 1, 0.5, 0, 0);
    expect(strengths()).toEqual([4, 4]);
    joint.setAxisMotorMaxForce(ANGULAR_X, 3); // somebody else's doing
    hold(actuator, 1, 0.5, 0.5, 0);
    expect(strengths()).toEqual([3, 4]);
    actuator.forget();
    hold(actuator, 1, 0.5, 0.5, 0);
    expect(strengths()).toEqual([4, 4]);
    hold(actuator, 1, 0.5, 0.5, 0.5);
    expect(strengths()).toEqual([6, 6]);
  });

  it.each([
    ['', {}],
    [' of springs', { spring: { stiffness: 300, damping: 40 } }],
  ] as const)('wakes bodies that have come to rest, by new targets%s', (_, options) => {
    const actuator = drive([join(upper, lower, { x: [-1, 1] })], options);
    hold(actuator, 400, 0.5);
    expect(isAsleep()).toBe(true);
    hold(actuator, 60, -0.5);
    expect(angle()).toBeCloseTo(-0.5, 1);
  });

  it('wakes bodies that have come to rest, by new strength', () => {
    const actuator = drive([join(upper, lower, { x: [-1, 1] })], { strength: true });
    hold(actuator, 400, 0.5, -1);
    expect(isAsleep()).toBe(true);
    hold(actuator, 60, 0.5, 1);
    expect(angle()).toBeCloseTo(0.5, 2);
  });

  it('swings as a spring does', () => {
    const actuator = drive([join(upper, lower, { x: [-3, 3] })], { spring: { stiffness: 20, damping: 8 } });
    // θ″ = 20 (1 − θ) − 8 θ′ from rest: θ = 1 − e^(−4t) (cos 2t + 2 sin 2t)
    const swing = (t: number) => 1 - Math.exp(-4 * t) * (Math.cos(2 * t) + 2 * Math.sin(2 * t));
    for (const seconds of [0.25, 0.5, 0.75, 1]) {
      hold(actuator, 15, 1 / 3);
      expect(Math.abs(angle() - swing(seconds)), `after ${seconds} s`).toBeLessThan(0.05);
    }
    hold(actuator, 600, 1 / 3);
    expect(angle()).toBeCloseTo(1, 1);
  });

  it('pulls as a spring with no more than its torque', () => {
    const actuator = drive([join(upper, lower, { x: [-3, 3] })], {
      maxTorque: 3,
      spring: { stiffness: 200, damping: 20 },
    });
    hold(actuator, 10, 1);
    expect(speed()).toBeCloseTo((10 * 3) / 60, 3);
  });

  it('is not misled by a motor that somebody has used before', () => {
    const joint = join(upper, lower, { x: [-3, 3] });
    joint.setAxisMotorType(ANGULAR_X, PhysicsConstraintMotorType.POSITION);
    joint.setAxisMotorTarget(ANGULAR_X, 1.1);
    const actuator = drive([joint], { spring: { stiffness: 300, damping: 40 } });
    hold(actuator, 200, 0.5 / 3);
    expect(angle()).toBeCloseTo(0.5, 2);
  });

  it('refuses joints without limits, without bodies or none, and settings that are no numbers', () => {
    const joint = join(upper, lower, { x: [-1, 1] });
    expect(() => new JointMotorActuator({ joints: [], maxTorque: 1 })).toThrow(
      '[agents] Actuator "joint-motors" has no joints. List the joints to move.',
    );
    expect(() => new JointMotorActuator({ joints: [joint, join(upper, lower, {})], maxTorque: 1 })).toThrow(
      '[agents] Joint 1 of Actuator "joint-motors" has no limited axis to turn around. Give its constraint a minLimit and a maxLimit of an angular axis.',
    );
    expect(() => new JointMotorActuator({ joints: [joint], maxTorque: 0 })).toThrow(
      '[agents] Actuator "joint-motors" has maxTorque 0. It must be a finite number above 0.',
    );
    const spring = { stiffness: -1, damping: 0 };
    expect(() => new JointMotorActuator({ joints: [joint], maxTorque: 1, spring })).toThrow(
      '[agents] The spring of Actuator "joint-motors" has stiffness -1. It must be a finite number of N·m/rad ≥ 0.',
    );
  });
});
