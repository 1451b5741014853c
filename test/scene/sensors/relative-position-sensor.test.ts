import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RelativePositionSensor } from '../../../plugin/scene/sensors/relative-position-sensor.ts';
import { createBareScene } from '../../../plugin/testing/bare-scene.ts';

describe('RelativePositionSensor', () => {
  let scene: Scene;
  let root: TransformNode;
  let node: TransformNode;
  let target: TransformNode;

  // A node at (10, 0, 0) that faces world +x, its target 4 m ahead and 1 m to its left, which is world +z
  beforeEach(async () => {
    scene = await createBareScene();
    root = new TransformNode('root', scene);
    root.position.x = 10;
    node = new TransformNode('node', scene);
    node.parent = root;
    node.rotationQuaternion = Quaternion.RotationAxis(Vector3.Up(), Math.PI / 2);
    target = new TransformNode('target', scene);
    target.position.set(14, 0, 1);
  });

  afterEach(() => scene.getEngine().dispose());

  function observe(sensor: RelativePositionSensor): number[] {
    node.addBehavior(sensor, true);
    const out = new Float32Array(3);
    sensor.observe(out, 0);
    return [...out].map((value) => Math.round(value * 1e5) / 1e5 + 0);
  }

  it('points along the axes of its own node: right, up, ahead', () => {
    expect(observe(new RelativePositionSensor({ target }))).toEqual([-1, 0, 4]);
  });

  it('points along the axes of the world', () => {
    expect(observe(new RelativePositionSensor({ target, frame: 'world' }))).toEqual([4, 0, 1]);
  });

  it('points along the axes of another node, whatever its scaling', () => {
    const frame = new TransformNode('frame', scene);
    frame.rotationQuaternion = Quaternion.RotationAxis(Vector3.Up(), Math.PI);
    frame.scaling.setAll(3);
    expect(observe(new RelativePositionSensor({ target, frame }))).toEqual([-4, 0, -1]);
  });

  it('counts in units of its scale', () => {
    expect(observe(new RelativePositionSensor({ target, scale: 2 }))).toEqual([-1 / 2, 0, 4 / 2]);
  });

  it('follows ancestors and targets that moved since', () => {
    const sensor = new RelativePositionSensor({ target, frame: 'world' });
    observe(sensor);
    root.position.set(0, 5, 0);
    target.position.set(0, 0, 3);
    expect(observe(sensor)).toEqual([0, -5, 3]);
  });

  it('refuses a scale that is no length', () => {
    expect(() => new RelativePositionSensor({ target, scale: 0 })).toThrow(
      '[agents] Sensor "relative-position" has scale 0. It must be a finite number above 0.',
    );
  });
});
