import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { balanceBall } from '../../demo-scenes/balance-ball/environment.ts';
import { Policy } from '../../plugin/policy/policy.ts';
import { requirePhysics } from '../../plugin/scene/physics.ts';
import { play } from '../../plugin/scene/play.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';
import { createBareScene } from '../contract/bare-scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await createScene();
});
afterEach(() => scene.getEngine().dispose());

async function createScene(): Promise<Scene> {
  const created = await createBareScene();
  new FreeCamera('camera', Vector3.Zero(), created);
  return created;
}

/** Shows the scene for a while at a display rate; time is simulated. */
function show(frames: number, perSecond: number): void {
  for (let i = 0; i < frames; i++) scene._advancePhysicsEngineStep(1000 / perSecond);
}

/** Leans into the ball's way: tilts by its place. */
const lean = {
  act(observation: Float32Array, action: Float32Array) {
    for (let n = 0; n * 8 < observation.length; n++) {
      action[n * 2] = observation[n * 8 + 2] * 0.3;
      action[n * 2 + 1] = -observation[n * 8 + 4] * 0.3;
    }
  },
};

describe('play', () => {
  it('lives through the same states as a headless world, whatever the display rate', async () => {
    const world = await HeadlessWorld.create(balanceBall, { count: 1, seeds: [3] });
    const expected: number[][] = [];
    for (let i = 0; i < 20; i++) {
      world.clock.restart();
      world.clock.observe();
      expected.push([...world.group.observation]);
      lean.act(world.group.observation, world.group.action);
      world.step();
    }
    world.dispose();

    for (const perSecond of [30, 60, 144]) {
      const seen: number[][] = [];
      const watch = {
        act(observation: Float32Array, action: Float32Array) {
          seen.push([...observation]);
          lean.act(observation, action);
        },
      };
      const playback = await play(balanceBall, scene, watch, { seeds: [3] });
      show(perSecond * 2, perSecond); // 2 s = 20 decisions of 0.1 s
      expect(seen.length, `${perSecond} frames/s`).toBeGreaterThanOrEqual(19);
      expect(seen).toEqual(expected.slice(0, seen.length));
      playback.dispose();
      scene.getEngine().dispose();
      scene = await createScene(); // a used world remembers
    }
  });

  it('decides nothing while it is paused', async () => {
    let decisions = 0;
    const playback = await play(balanceBall, scene, { act: () => void decisions++ });
    show(60, 60);
    const before = decisions;
    expect(before).toBeGreaterThan(5);
    playback.paused = true;
    show(60, 60);
    expect(decisions).toBe(before);
    playback.paused = false;
    show(60, 60);
    expect(decisions).toBeGreaterThan(before);
  });

  it('changes its controller at the next decision', async () => {
    const playback = await play(balanceBall, scene, { act: () => {} });
    const calls: number[] = [];
    playback.control({ act: () => void calls.push(1) });
    show(12, 60);
    expect(calls.length).toBeGreaterThan(0);
  });

  it('takes everything it built out of the scene when it is disposed', async () => {
    const playback = await play(balanceBall, scene, lean, { count: 4 });
    expect(scene.meshes).toHaveLength(8);
    playback.dispose();
    expect(scene.meshes).toHaveLength(0);
    expect(requirePhysics(scene, 'the test').getBodies()).toHaveLength(0);
    show(10, 60);
  });

  it('refuses a policy for agents of another layout, with both layouts', async () => {
    const policy = new Policy({
      name: 'agent',
      layout: { sensors: [{ name: 'rays', size: 5 }], actuators: [{ name: 'tilt', continuous: 2, branches: [] }] },
      network: { hidden: [], activation: 'tanh', critic: 'none' },
      normaliserClip: 10,
      bounds: 'clip',
      timeStep: 0.02,
      decisionPeriod: 5,
    });
    await expect(play(balanceBall, scene, policy)).rejects.toThrow(
      '[agents] Policy "agent" observes 5 floats (rays 5) and acts with tilt 2 continuous, but the agent observes 8 floats (tilt 2, ball 6) and acts with tilt 2 continuous.',
    );
    expect(scene.meshes).toHaveLength(0);
  });

  it('names a controller’s action that is not a number', async () => {
    await play(balanceBall, scene, { act: (_, action) => void action.fill(Number.NaN) });
    expect(() => show(3, 60)).toThrow('[agents] The controller chose an action that is not finite: [NaN,NaN].');
  });
});
