import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sensor } from '../scene/sensor.ts';
import { countObservers, createBareNode, createBareScene, readMotion, stepScene } from './bare-scene.ts';

const SENTINEL = 12345;

/**
 * Defines tests of the contract that every sensor must keep.
 *
 * @param create makes the sensor, and anything it observes, in a scene with Havok; it is attached to `node`, a dynamic
 *               box, and then to another node
 */
export function describeSensorContract(name: string, create: (scene: Scene, node: TransformNode) => Sensor): void {
  describe(`${name} keeps the contract of a sensor`, () => {
    let scene: Scene;
    let node: TransformNode;
    let sensor: Sensor;

    beforeEach(async () => {
      scene = await createBareScene();
      node = createBareNode('first', scene, 3);
      sensor = create(scene, node);
    });

    afterEach(() => scene.getEngine().dispose());

    /** Observes into the middle of a longer array, and checks that the rest is unchanged. */
    function observe(offset: number): Float32Array {
      const out = new Float32Array(offset + sensor.size + 3).fill(SENTINEL);
      sensor.observe(out, offset);
      const floats = out.slice(offset, offset + sensor.size);
      out.fill(SENTINEL, offset, offset + sensor.size);
      expect(out).toEqual(new Float32Array(out.length).fill(SENTINEL));
      return floats;
    }

    it('knows its name and size before it is attached', () => {
      expect(sensor.name).toMatch(/./);
      expect(Number.isInteger(sensor.size)).toBe(true);
      expect(sensor.size).toBeGreaterThan(0);
    });

    it('writes all of its floats, finite ones, and no others, at any offset', () => {
      node.addBehavior(sensor, true);
      stepScene(scene, 3);
      const floats = observe(0);
      expect([...floats].filter((value) => !Number.isFinite(value) || value === SENTINEL)).toEqual([]);
      expect(observe(7)).toEqual(floats);
    });

    it('sees the same twice and moves nothing by looking', () => {
      node.addBehavior(sensor, true);
      stepScene(scene, 3);
      const before = readMotion(node);
      expect(observe(0)).toEqual(observe(0));
      expect(readMotion(node)).toEqual(before);
    });

    it('forgets at the start of an episode what it remembers', () => {
      node.addBehavior(sensor, true);
      stepScene(scene, 3);
      sensor.forget?.();
      const first = observe(0);
      for (const offset of [0, 4]) {
        const row = new Float32Array(offset + sensor.size).fill(SENTINEL);
        sensor.observe(row, offset);
        const before = row.slice();
        sensor.remember?.(row, offset);
        expect(row).toEqual(before);
        expect(observe(0)).toEqual(observe(3));
      }
      sensor.forget?.();
      expect(observe(0)).toEqual(first);
    });

    it('hangs on one node at a time', () => {
      const other = createBareNode('second', scene, 6);
      node.addBehavior(sensor, true);
      expect(() => other.addBehavior(sensor, true)).toThrow();
      node.removeBehavior(sensor);
      other.addBehavior(sensor, true);
      expect(sensor.attachedNode).toBe(other);
    });

    it('leaves nothing behind when it is detached', async () => {
      const before = await countObservers(node);
      node.addBehavior(sensor, true);
      observe(0);
      node.removeBehavior(sensor);
      expect(sensor.attachedNode).toBeNull();
      expect(await countObservers(node)).toBe(before);
    });
  });
}
