import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { walker } from '../../bench/environments/walker.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import { loadHavok } from '../../plugin/scene/havok.ts';
import { describeEnvironmentContract } from '../../plugin/testing/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

describeEnvironmentContract(walker);

describe('walker', () => {
  let world: HeadlessWorld;

  beforeEach(async () => {
    world = await HeadlessWorld.create(walker, { count: 1, seeds: [1] });
  });

  afterEach(() => world.dispose());

  /** Holds one action for so many decisions, and returns what is observed afterward, sensor by sensor. */
  function hold(action: readonly number[], decisions: number): Record<string, number[]> {
    for (let i = 0; i < decisions; i++) {
      world.clock.restart();
      world.rows.action.set(action);
      world.step();
    }
    world.clock.observe();
    let at = 0;
    return Object.fromEntries(
      world.rows.layout.sensors.map(({ name, size }) => {
        at += size;
        return [name, [...world.rows.observation.slice(at - size, at)]];
      }),
    );
  }

  function dynamicBodies(): readonly PhysicsBody[] {
    const engine = world.clock.areas[0].scene.getPhysicsEngine() as PhysicsEngine;
    return (engine.getBodies() as PhysicsBody[]).filter((body) => body.transformNode.name !== 'ground');
  }

  it('has 9 moving bodies and 8 motorised joints, and observes 35 floats', () => {
    expect(dynamicBodies()).toHaveLength(9);
    expect(world.rows.sizes).toMatchObject({ observation: 35, continuous: 8 });
  });

  it('starts on its feet, its joints where the reset turned them', () => {
    const { height, angles, speeds, targets } = hold([], 0);
    expect(height[0]).toBeGreaterThan(0.55);
    // hips turn from −0.7 to 1.1 rad, so a target of t stands for 0.2 + 0.9 t; knees from −1.6 to −0.2: −0.9 + 0.7 t
    angles.forEach((angle, i) => {
      expect(angle).toBeCloseTo(i % 2 === 0 ? 0.2 + 0.9 * targets[i] : -0.9 + 0.7 * targets[i], 4);
    });
    expect(speeds).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('carries its weight in the middle of all joints, and bends its knees when told to', () => {
    const standing = hold(new Array(8).fill(0), 40);
    expect(standing.height[0]).toBeGreaterThan(0.5);
    standing.angles.forEach((angle, i) => {
      expect(Math.abs(angle - (i % 2 === 0 ? 0.2 : -0.9))).toBeLessThan(0.1);
    });
    const crouching = hold([0, -0.8, 0, -0.8, 0, -0.8, 0, -0.8], 20);
    expect(crouching.height[0]).toBeLessThan(standing.height[0] - 0.05);
  });

  it('reports joint speeds as the change of the angle over a physics step', () => {
    const before = hold(new Array(8).fill(0), 1);
    const after = hold([1, 0, 0, 0, 0, 0, 0, 0], 1);
    expect(after.angles[0]).toBeGreaterThan(before.angles[0] + 0.1);
    expect(after.speeds[0]).toBeGreaterThan(1);
    expect(after.targets[0]).toBe(1);
  });

  it('pays half a point for a meter', () => {
    const [agent] = world.rows.agents;
    const { torso } = Object.fromEntries(
      dynamicBodies().map(({ transformNode }) => [transformNode.name, transformNode]),
    );
    const from = torso.position.x;
    hold([-1, -1, -1, -1, -0.5, 1, -0.5, 1], 3);
    expect(Math.abs(torso.position.x - from)).toBeGreaterThan(0.01);
    expect(runtimeOf(agent).takeReward()).toBeCloseTo((torso.position.x - from) / 2, 5);
  });

  it('is over once the torso touches the ground, and not before', () => {
    const [agent] = world.rows.agents;
    for (let i = 0; i < 200 && agent.active; i++) {
      const { height } = hold(
        [1, 1, 1, 1, -1, 1, -1, 1].map((side) => (i % 8 < 4 ? side : -side)),
        1,
      );
      if (agent.active) expect(height[0]).toBeGreaterThan(0.1); // half of the torso's height
    }
    expect(agent.outcome).toBe('terminated');
  });

  it('never sleeps, however long it stands still', async () => {
    const havok = await loadHavok();
    hold(new Array(8).fill(0), 200);
    for (const body of dynamicBodies()) {
      expect(havok.HP_Body_GetActivationState(body._pluginData.hpBodyId)[1]).toBe(havok.ActivationState.ACTIVE);
    }
  });
});
