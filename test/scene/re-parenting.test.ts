import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { defineEnvironment } from '../../plugin/scene/environment.ts';
import { play } from '../../plugin/scene/play.ts';
import { BodySensor } from '../../plugin/scene/sensors/body-sensor.ts';
import { createBareNode, createBareScene } from '../../plugin/testing/bare-scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await createBareScene();
  new FreeCamera('camera', new Vector3(0, 3, 0), scene);
});
afterEach(() => scene.getEngine().dispose());

/** A box that is pushed along x by 2 N, seen from the origin of the world. */
const environment = defineEnvironment({
  name: 'push',
  decisionPeriod: 1,
  createScene: () => createBareScene(),
  build(area) {
    const origin = new TransformNode('origin', area.scene);
    origin.parent = area.root;
    const sensors = [new BodySensor({ position: origin, linearVelocity: true, frame: 'world' })];
    area.find('box').addBehavior(new Agent({ sensors, actuators: [new ForceActuator({ maxForce: 2, axes: 'x' })] }));
    return { reset: () => {} };
  },
});

it('an agent whose node gets other parents at play goes on where it is, and observes that', async () => {
  const box = createBareNode('box', scene, 50);
  scene.getPhysicsEngine()!.setGravity(Vector3.Zero());
  const parents = ['shifted', 'turned', 'scaled'].map((name) => new TransformNode(name, scene));
  parents[0].position.set(5, -3, 40);
  parents[1].rotation.set(0.3, 1, -0.2);
  parents[2].scaling.setAll(2);
  const seen: number[][] = [];
  const controller = {
    act(observation: Float32Array, action: Float32Array) {
      seen.push([...observation]);
      action.fill(1);
    },
  };
  const playback = await play(environment, scene, controller);
  for (const parent of [...parents, null, scene.cameras[0], null, parents[1]]) {
    const { x } = box.absolutePosition;
    if (parent instanceof TransformNode || !parent) box.setParent(parent);
    else {
      box.parent = parent;
      box.position.y = 47; // 3 m below the camera's own height
    }
    for (let i = 0; i < 6; i++) playback.advance(1 / 60);
    expect(box.absolutePosition.x).toBeGreaterThan(x);
  }
  expect(seen.length).toBeGreaterThan(40);
  seen.slice(1).forEach(([x, y, z, speed], i) => {
    const [before, , , speedBefore] = seen[i];
    expect(x - before, `x after decision ${i}`).toBeCloseTo(speed / 60, 3);
    expect([y, z].map((value) => Math.round(value * 100) / 100 + 0)).toEqual([50, 0]);
    expect(speed, `speed after decision ${i}`).toBeGreaterThan(speedBefore); // Havok slows slow bodies
  });
  playback.dispose();
});
