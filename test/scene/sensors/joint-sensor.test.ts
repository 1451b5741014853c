import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { HingeConstraint, LockConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentWorldMatrix, teleport } from '../../../plugin/scene/physics.ts';
import { JointSensor } from '../../../plugin/scene/sensors/joint-sensor.ts';
import { createBareScene, stepScene } from '../../../plugin/testing/bare-scene.ts';
import { createLink, type JointPlace, join, type Ranges } from '../../fixtures/joints.ts';

let scene: Scene;
let upper: TransformNode;
let lower: TransformNode;
beforeEach(async () => {
  scene = await createBareScene();
  scene.getPhysicsEngine()!.setGravity(Vector3.Zero());
  upper = createLink(scene, 'upper', 0);
  lower = createLink(scene, 'lower', 1);
});
afterEach(() => scene.getEngine().dispose());

const [X, Y, Z] = [Vector3.Right(), Vector3.Up(), Vector3.Forward()];
const about = (axis: Vector3, angle: number) => Quaternion.RotationAxis(axis, angle);

function read(sensor: JointSensor): number[] {
  if (!sensor.attachedNode) upper.addBehavior(sensor, true);
  const out = new Float32Array(sensor.size);
  sensor.observe(out, 0);
  return [...out];
}

const observe = (sensor: JointSensor) => read(sensor).map((value) => Math.round(value * 1e4) / 1e4 + 0);

/** What a sensor of a joint with these ranges says when the lower body is turned so. */
function bend(rotation: Quaternion, ranges: Ranges, place: JointPlace = {}): number[] {
  const sensor = new JointSensor({ joints: [join(upper, lower, ranges, place)] });
  teleport(lower, { position: Vector3.Zero(), rotation });
  const seen = observe(sensor);
  upper.removeBehavior(sensor);
  return seen;
}

describe('JointSensor', () => {
  it('writes −1 at an angle’s lower limit, 1 at its upper', () => {
    expect(bend(about(X, 0.5), { x: [-1, 3] })).toEqual([(0.5 - 1) / 2]); // 1 rad is in the middle, 2 rad to each side
    expect(bend(about(Z, -1), { z: [-1, 3] })).toEqual([-1]);
    expect(bend(about(Y, 3), { y: [-1, 3] })).toEqual([1]);
  });

  it('measures about the axes that the joint has in its bodies', () => {
    const place = { axis: new Vector3(0, 0.6, 0.8), perpendicular: X }; // its z axis is (0, 0.8, −0.6)
    expect(bend(about(place.axis, 0.5), { x: [-1, 1] }, place)).toEqual([0.5]);
    expect(bend(about(X, 0.5), { y: [-1, 1] }, place)).toEqual([0.5]);
    expect(bend(about(new Vector3(0, 0.8, -0.6), 0.5), { z: [-1, 1] }, place)).toEqual([0.5]);
  });

  it('measures several axes in the order in which Havok counts them', () => {
    const range = [-1, 1] as const;
    const [x, y, z] = [about(X, 0.5), about(Y, 0.4), about(Z, -0.3)];
    expect(bend(x.multiply(y).multiply(z), { x: range, y: range, z: range })).toEqual([0.5, 0.4, -0.3]);
    expect(bend(y.multiply(x), { x: range, y: range })).toEqual([0.5, 0.4]);
    expect(bend(z.multiply(x), { x: range, z: range })).toEqual([0.5, -0.3]);
    expect(bend(z.multiply(y), { y: range, z: range })).toEqual([0.4, -0.3]);
  });

  it('counts half turns of a hinge without limits', () => {
    const hinge = new HingeConstraint(Vector3.Zero(), Vector3.Zero(), Y, Y, scene);
    upper.physicsBody!.addConstraint(lower.physicsBody!, hinge);
    const sensor = new JointSensor({ joints: [hinge] });
    for (const angle of [0, 2.5, -2.5, Math.PI - 0.01]) {
      teleport(lower, { position: Vector3.Zero(), rotation: about(Y, angle) });
      expect(observe(sensor)[0]).toBeCloseTo(angle / Math.PI, 3);
    }
  });

  it('measures against the other body, however that is turned and wherever both stand', () => {
    const root = new TransformNode('root', scene);
    root.position.set(5, 6, 7);
    root.rotationQuaternion = about(new Vector3(0.6, 0, 0.8), 1);
    upper.parent = root;
    lower.parent = root;
    const tilt = about(new Vector3(0, 0.6, 0.8), 0.7);
    const sensor = new JointSensor({ joints: [join(upper, lower, { x: [-1, 1] })] });
    teleport(upper, { position: Vector3.Zero(), rotation: tilt });
    teleport(lower, { position: Vector3.Zero(), rotation: tilt.multiply(about(X, 0.25)) });
    currentWorldMatrix(lower);
    expect(observe(sensor)).toEqual([0.25]);
  });

  it('writes joint after joint, the angles of each and then, if wanted, how fast they change', () => {
    const third = createLink(scene, 'third', 1);
    const joints = [join(upper, lower, { x: [-1, 1], z: [-1, 1] }), join(lower, third, { y: [-2, 2] })];
    teleport(third, { position: Vector3.Zero(), rotation: about(Y, 1) });
    expect(new JointSensor({ joints }).size).toBe(2 + 1);
    const sensor = new JointSensor({ joints, speeds: true });
    lower.physicsBody!.setAngularVelocity(new Vector3(3, 0, 4));
    third.physicsBody!.setAngularVelocity(new Vector3(0, 5, 0));
    // Against the lower body, the third turns by (−3, 5, −4): by 5 about their y axis.
    expect(observe(sensor)).toEqual([0, 0, 3, 4, 0.5, 5]);
  });

  it.each([
    ['one axis', { y: [-3, 3] }],
    ['two axes', { x: [-3, 3], y: [-3, 3] }],
    ['three axes', { x: [-3, 3], y: [-3, 3], z: [-3, 3] }],
  ] as [string, Ranges][])('reads the speeds at which the angles of a joint of %s do change', (_, ranges) => {
    const moving = createLink(scene, 'moving', 5, new Vector3(0, 9, 0));
    teleport(lower, { position: moving.position });
    const place = { axis: new Vector3(0, 0.6, 0.8), perpendicular: X };
    const sensor = new JointSensor({ joints: [join(moving, lower, ranges, place)], speeds: true });
    moving.physicsBody!.setAngularVelocity(new Vector3(0.2, -0.3, 0.1));
    lower.physicsBody!.setAngularVelocity(new Vector3(1.5, 0.5, -0.7));
    stepScene(scene, 10);
    const count = sensor.size / 2;
    let previous = read(sensor);
    for (let i = 0; i < 10; i++) {
      stepScene(scene);
      const now = read(sensor);
      for (let a = 0; a < count; a++) {
        const speed = (now[a] - previous[a]) * 3 * 60; // an angle of 1 is 3 rad
        expect(Math.abs(speed - (now[count + a] + previous[count + a]) / 2)).toBeLessThan(0.01);
      }
      previous = now;
    }
    expect(Math.abs(previous[0])).toBeGreaterThan(0.01);
    expect(Math.abs(previous[count])).toBeGreaterThan(0.1);
  });

  it('keeps its speeds finite where two axes lie on one another', () => {
    const range = [-2, 2] as const;
    const sensor = new JointSensor({ joints: [join(upper, lower, { x: range, y: range, z: range })], speeds: true });
    teleport(lower, { position: Vector3.Zero(), rotation: about(Y, Math.PI / 2) });
    lower.physicsBody!.setAngularVelocity(new Vector3(0, 0, 1));
    for (const value of observe(sensor)) expect(Math.abs(value)).toBeLessThanOrEqual(100);
  });

  it('refuses joints that cannot turn, join nothing or are none', () => {
    const lock = new LockConstraint(Vector3.Zero(), Vector3.Zero(), X, X, scene);
    const hinge = new HingeConstraint(Vector3.Zero(), Vector3.Zero(), X, X, scene);
    expect(() => new JointSensor({ joints: [] })).toThrow(
      '[agents] Sensor "joints" has no joints. List the joints to observe.',
    );
    expect(() => new JointSensor({ joints: [hinge, lock] })).toThrow(
      '[agents] Sensor "joints" has nothing to observe of joint 1, which cannot turn. Leave it out, or free one of its angular axes.',
    );
    expect(() => upper.addBehavior(new JointSensor({ joints: [hinge] }), true)).toThrow(
      '[agents] Joint 0 of Sensor "joints" was given a constraint that joins no bodies. Call `body.addConstraint(other, constraint)` before attaching the agent.',
    );
  });
});
