import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { respawn } from '../../../plugin/scene/physics.ts';
import type { Sensor } from '../../../plugin/scene/sensor.ts';
import { BodySensor } from '../../../plugin/scene/sensors/body-sensor.ts';
import { createBareNode, createBareScene } from '../../../plugin/testing/bare-scene.ts';

const DEGREES = Math.PI / 180;

describe('BodySensor', () => {
  let scene: Scene;
  let root: TransformNode;
  let pivot: TransformNode;
  let node: TransformNode;

  // root at (100, 0, 0) > pivot 2 m up, turned by 90° so that its x points along world −z > node 1 m along that x
  beforeEach(async () => {
    scene = await createBareScene();
    root = new TransformNode('root', scene);
    root.position.x = 100;
    pivot = new TransformNode('pivot', scene);
    pivot.parent = root;
    pivot.position.y = 2;
    pivot.rotationQuaternion = yaw(90);
    node = new TransformNode('node', scene);
    node.parent = pivot;
    node.position.x = 1;
  });

  afterEach(() => scene.getEngine().dispose());

  it('measures the position relative to a node, along the axes of the world', () => {
    expectFloats(observe(new BodySensor({ position: root }), node), [0, 2, -1]);
  });

  it('measures the position along the axes of a frame', () => {
    expectFloats(observe(new BodySensor({ position: root, frame: pivot }), node), [1, 2, 0]);
  });

  it('follows ancestors that moved since', () => {
    const sensor = new BodySensor({ position: pivot });
    expectFloats(observe(sensor, node), [0, 0, -1]);
    root.rotationQuaternion = yaw(90);
    root.position.x = -50;
    expectFloats(observe(sensor, node), [-1, 0, 0]);
  });

  it('measures the rotation against the world and against a frame', () => {
    node.rotationQuaternion = yaw(30);
    expectFloats(observe(new BodySensor({ rotation: true }), node), [
      0,
      Math.sin(60 * DEGREES),
      0,
      Math.cos(60 * DEGREES),
    ]);
    expectFloats(observe(new BodySensor({ rotation: true, frame: pivot }), node), [
      0,
      Math.sin(15 * DEGREES),
      0,
      Math.cos(15 * DEGREES),
    ]);
  });

  it('writes the one of the two quaternions of a rotation whose w is not negative', () => {
    node.parent = null;
    node.rotationQuaternion = yaw(200);
    const floats = observe(new BodySensor({ rotation: true }), node);
    expectFloats(floats, [0, -Math.sin(100 * DEGREES), 0, -Math.cos(100 * DEGREES)]);
    expect(floats[3]).toBeGreaterThan(0);
  });

  it('measures velocities along the axes of the world and of a frame', () => {
    const ball = createBareNode('ball', scene);
    ball.physicsBody?.setLinearVelocity(new Vector3(1, 2, 3));
    ball.physicsBody?.setAngularVelocity(new Vector3(4, 5, 6));
    const chosen = { linearVelocity: true, angularVelocity: true };
    expectFloats(observe(new BodySensor(chosen), ball), [1, 2, 3, 4, 5, 6]);
    expectFloats(observe(new BodySensor({ name: 'framed', ...chosen, frame: pivot }), ball), [-3, 2, 1, -6, 5, 4]);
  });

  it('writes position, rotation, linear and angular velocity in this order', () => {
    const ball = createBareNode('ball', scene, 7);
    ball.physicsBody?.setLinearVelocity(new Vector3(1, 2, 3));
    ball.physicsBody?.setAngularVelocity(new Vector3(4, 5, 6));
    const sensor = new BodySensor({ position: root, rotation: true, linearVelocity: true, angularVelocity: true });
    expect(sensor.size).toBe(3 + 4 + 3 + 3);
    expectFloats(observe(sensor, ball), [-100, 7, 0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6]);
  });

  it('observes another node than its own, and that one keeps no body of before', () => {
    const ball = createBareNode('ball', scene);
    const sensor = new BodySensor({ of: ball, linearVelocity: true });
    ball.physicsBody?.setLinearVelocity(new Vector3(1, 2, 3));
    expectFloats(observe(sensor, node), [1, 2, 3]);
    respawn(ball, { position: Vector3.Zero(), linearVelocity: new Vector3(0, 0, 9) });
    expectFloats(observe(sensor, node), [0, 0, 9]);
  });

  it('refuses to observe nothing', () => {
    expect(() => new BodySensor({ name: 'idle' })).toThrow(
      '[agents] Sensor "idle" observes nothing. Choose position, rotation, linearVelocity or angularVelocity.',
    );
  });

  it('refuses to measure the velocity of a node without a body', () => {
    expect(() => node.addBehavior(new BodySensor({ angularVelocity: true }), true)).toThrow(
      '[agents] Sensor "body" needs a physics body, and node "node" has none. Create a PhysicsAggregate for it before attaching the agent.',
    );
  });
});

function yaw(degrees: number): Quaternion {
  return Quaternion.RotationAxis(Vector3.Up(), degrees * DEGREES);
}

function observe(sensor: Sensor, node: TransformNode): number[] {
  node.addBehavior(sensor, true);
  const out = new Float32Array(sensor.size);
  sensor.observe(out, 0);
  return [...out];
}

function expectFloats(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(value, `index ${i}`).toBeCloseTo(expected[i], 5);
  });
}
