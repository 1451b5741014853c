import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actuator } from '../scene/actuator.ts';
import { countObservers, createBareNode, createBareScene, readMotion, stepScene } from './bare-scene.ts';

const SENTINEL = 77;

/**
 * Defines tests of the contract that every actuator must keep.
 *
 * @param create makes the actuator in a scene with Havok; it is attached to `node`, a dynamic box, and then to another node
 */
export function describeActuatorContract(name: string, create: (scene: Scene, node: TransformNode) => Actuator): void {
  describe(`${name} keeps the contract of an actuator`, () => {
    let scene: Scene;
    let node: TransformNode;
    let actuator: Actuator;

    beforeEach(async () => {
      scene = await createBareScene();
      node = createBareNode('first', scene, 3);
      actuator = create(scene, node);
    });

    afterEach(() => scene.getEngine().dispose());

    it('knows its name and its counts before it is attached', () => {
      expect(actuator.name).toMatch(/./);
      expect(Number.isInteger(actuator.continuous) && actuator.continuous >= 0).toBe(true);
      expect(actuator.branches.filter((choices) => !Number.isInteger(choices) || choices < 1)).toEqual([]);
      expect(actuator.continuous + actuator.branches.length).toBeGreaterThan(0);
    });

    it('applies the smallest, middle and largest actions and every choice, and leaves the body finite', () => {
      node.addBehavior(actuator, true);
      for (const action of extremeActions(actuator)) {
        actuator.apply(action, 0);
        stepScene(scene);
        expect(readMotion(node).filter((value) => !Number.isFinite(value))).toEqual([]);
      }
    });

    it('reads its own slice of the action and writes to none of it', () => {
      node.addBehavior(actuator, true);
      for (const own of extremeActions(actuator)) {
        const action = new Float32Array(own.length + 5).fill(Number.NaN);
        action.set(own, 3);
        const before = action.slice();
        actuator.apply(action, 3);
        stepScene(scene);
        expect(action).toEqual(before);
        expect(readMotion(node).filter((value) => !Number.isFinite(value))).toEqual([]);
      }
    });

    it('masks within its slice, with 0 for what it forbids, and leaves a choice of every branch', () => {
      node.addBehavior(actuator, true);
      const size = actuator.branches.reduce((sum, choices) => sum + choices, 0);
      const out = new Uint8Array(size + 5).fill(SENTINEL);
      out.fill(1, 3, 3 + size);
      actuator.mask?.(out, 3);
      expect([...out.slice(0, 3), ...out.slice(3 + size)]).toEqual(new Array(5).fill(SENTINEL));
      expect([...out.slice(3, 3 + size)].filter((allowed) => allowed > 1)).toEqual([]);
      let at = 3;
      for (const choices of actuator.branches) {
        expect(out.slice(at, at + choices)).toContain(1);
        at += choices;
      }
    });

    it('hangs on one node at a time', () => {
      const other = createBareNode('second', scene, 6);
      node.addBehavior(actuator, true);
      expect(() => other.addBehavior(actuator, true)).toThrow();
      node.removeBehavior(actuator);
      other.addBehavior(actuator, true);
      expect(actuator.attachedNode).toBe(other);
    });

    it('leaves nothing behind when it is detached', async () => {
      const before = await countObservers(node);
      node.addBehavior(actuator, true);
      for (const action of extremeActions(actuator)) actuator.apply(action, 0);
      node.removeBehavior(actuator);
      expect(actuator.attachedNode).toBeNull();
      expect(await countObservers(node)).toBe(before);
    });
  });
}

/** All continuous actions at −1, 0 and 1, and for every branch each of its choices in turn, the others at 0. */
function extremeActions({ continuous, branches }: Actuator): Float32Array[] {
  const size = continuous + branches.length;
  const actions = [-1, 0, 1].map((value) => new Float32Array(size).fill(value, 0, continuous));
  branches.forEach((choices, branch) => {
    for (let choice = 0; choice < choices; choice++) {
      const action = new Float32Array(size);
      action[continuous + branch] = choice;
      actions.push(action);
    }
  });
  return actions;
}
