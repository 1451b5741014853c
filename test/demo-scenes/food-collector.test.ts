import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foodCollector } from '../../demo-scenes/food-collector/environment.ts';
import { teleport } from '../../plugin/index.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import { describeEnvironmentContract } from '../../plugin/testing/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

/** rows, columns and tags of the grid, and where a tag stands */
const SIDE = 20;
const TAGS = { food: 0, agent: 1, wall: 2, badFood: 3, frozenAgent: 4 };

describeEnvironmentContract(foodCollector, { areas: 2, decisions: 60 });

describe('food-collector', () => {
  let world: HeadlessWorld;

  beforeEach(async () => {
    world = await HeadlessWorld.create(foodCollector, { count: 1, seeds: [1] });
    meshes('food').forEach((food, i) => {
      put(food, -40 + 2 * i, 45);
    });
    meshes('badFood').forEach((food, i) => {
      put(food, -40 + 2 * i, -45);
    });
    meshes('forager').forEach((forager, i) => {
      put(forager, -25 + 10 * i, 20);
    });
  });

  afterEach(() => world.dispose());

  function meshes(name: string): Mesh[] {
    const all = world.clock.areas[0].root.getChildMeshes<Mesh>(false);
    return all.filter((mesh) => mesh.name === name);
  }

  /** Looking along z. */
  function put(node: Mesh, x: number, z: number): void {
    teleport(node, { position: new Vector3(x, node.position.y, z), rotation: Quaternion.Identity() });
  }

  /** One decision of the first forager: ahead, to the right, turn, shoot; the others rest. */
  function decide(...action: readonly [number, number, number, number]): void {
    world.clock.observe();
    world.rows.action.fill(0);
    world.rows.action.set(action);
    world.step();
  }

  const rewards = () => world.rows.agents.map((agent) => runtimeOf(agent).takeReward());
  const speed = (i: number) => meshes('forager')[i].physicsBody!.getLinearVelocity().length();

  /** What the first forager sees [m] to the right and ahead. */
  function sees(tag: keyof typeof TAGS, right: number, ahead: number): boolean {
    world.clock.observe();
    const column = Math.floor(right / 2) + SIDE / 2;
    const row = Math.floor(ahead / 2) + SIDE / 2;
    return world.rows.observation[(row * SIDE + column) * 5 + TAGS[tag]] === 1;
  }

  it('has 5 agents that see a grid of 20 × 20 × 5 and take 3 continuous actions and a choice of 2', () => {
    expect(world.rows.agents).toHaveLength(5);
    expect(world.rows.layout).toEqual({
      sensors: [{ name: 'grid', size: 2000 }],
      actuators: [{ name: 'moves', continuous: 3, branches: [2] }],
    });
    expect(foodCollector).toMatchObject({ timeStep: 0.02, decisionPeriod: 5, maxDecisions: 1000 });
  });

  it('pays 1 for food and −1 for bad food, to who touches it, and lays it somewhere else', () => {
    const [first, second] = meshes('forager');
    const [food] = meshes('food');
    const [bad] = meshes('badFood');
    put(food, first.position.x, first.position.z + 1.2);
    put(bad, second.position.x, second.position.z - 1.2);
    decide(0, 0, 0, 0);
    expect(rewards()).toEqual([1, -1, 0, 0, 0]);
    expect(Vector3.Distance(food.position, first.position)).toBeGreaterThan(1.25);
    expect(Vector3.Distance(bad.position, second.position)).toBeGreaterThan(1.25);
    decide(0, 0, 0, 0);
    expect(rewards()).toEqual([0, 0, 0, 0, 0]);
  });

  it('leaves food alone that is out of reach', () => {
    const [first] = meshes('forager');
    put(meshes('food')[0], first.position.x, first.position.z + 1.3);
    decide(0, 0, 0, 0);
    expect(rewards()).toEqual([0, 0, 0, 0, 0]);
  });

  it('sees food, the others and the wall around it, 20 m far', () => {
    const [first] = meshes('forager');
    put(first, 0, 0);
    put(meshes('food')[0], 5, 7);
    put(meshes('badFood')[0], -5, -7);
    put(meshes('forager')[1], 3, -9);
    expect(sees('food', 5, 7)).toBe(true);
    expect(sees('badFood', -5, -7)).toBe(true);
    expect(sees('agent', 3, -9)).toBe(true);
    expect(sees('food', -5, -7)).toBe(false);
    put(first, 0, 40);
    expect(sees('wall', 0, 10.5)).toBe(true);
  });

  it('adds 2 m/s ahead or to the right in every step, and slows down what is faster than 5 m/s', () => {
    const [first] = meshes('forager');
    decide(1, 0, 0, 0);
    const ahead = first.physicsBody!.getLinearVelocity();
    expect(ahead.z).toBeGreaterThan(8);
    expect(ahead.z).toBeLessThan(10);
    expect(ahead.x).toBeCloseTo(0, 4);
    put(first, -25, 20);
    decide(0, 1, 0, 0);
    const aside = first.physicsBody!.getLinearVelocity();
    expect(aside.x).toBeCloseTo(ahead.z, 0); // friction differs a little
    expect(aside.z).toBeCloseTo(0, 1);
  });

  it('turns by 6° a step', () => {
    const [first] = meshes('forager');
    decide(0, 0, 1, 0);
    expect(2 * Math.asin(first.rotationQuaternion!.y)).toBeCloseTo((5 * 6 * Math.PI) / 180, 3);
  });

  it('freezes for 4 s the first of the others in the way of the laser, which then neither moves nor shoots', () => {
    const [first, second, third] = meshes('forager');
    put(first, 0, 0);
    put(second, 1, 12);
    put(third, 0, 20);
    decide(0, 0, 0, 1);
    expect(sees('frozenAgent', 1, 12)).toBe(true);
    expect(sees('agent', 0.5, 19.5)).toBe(true);
    world.rows.action.fill(0);
    world.rows.action.set([1, 0, 0, 0], 4);
    for (let i = 0; i < 39; i++) world.step();
    expect(speed(1)).toBeCloseTo(0, 3);
    world.step(); // 200 steps after the shot
    world.step();
    expect(speed(1)).toBeGreaterThan(5);
  });

  it.each([
    ['behind it', 0, -12],
    ['beside the way of the laser', 3, 12],
    ['further than 25 m', 0, 26],
  ])('does not hit who is %s', (_where, x, z) => {
    put(meshes('forager')[0], 0, 0);
    put(meshes('forager')[1], x, z);
    decide(0, 0, 0, 1);
    expect(meshes('ice').some((ice) => ice.isEnabled(false))).toBe(false);
  });

  it('begins anew with all thawed and 25 pieces of each kind within 45 m', () => {
    put(meshes('forager')[0], 0, 0);
    put(meshes('forager')[1], 0, 12);
    decide(0, 0, 0, 1);
    expect(meshes('ice').some((ice) => ice.isEnabled(false))).toBe(true);
    world.clock.areas[0].begin();
    expect(meshes('ice').some((ice) => ice.isEnabled(false))).toBe(false);
    for (const name of ['food', 'badFood']) {
      expect(meshes(name)).toHaveLength(25);
      for (const { position } of meshes(name))
        expect(Math.max(Math.abs(position.x), Math.abs(position.z))).toBeLessThanOrEqual(45);
    }
  });
});
