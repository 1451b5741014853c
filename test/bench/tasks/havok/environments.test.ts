import { afterEach, describe, expect, it } from 'vitest';
import { tasks } from '../../../../bench/tasks/catalog.ts';
import { HALF_CHEETAH_TASK, halfCheetah } from '../../../../bench/tasks/havok/half-cheetah.ts';
import { HOPPER_TASK, hopper } from '../../../../bench/tasks/havok/hopper.ts';
import {
  DOUBLE_PENDULUM_TASK,
  invertedDoublePendulum,
} from '../../../../bench/tasks/havok/inverted-double-pendulum.ts';
import { REACHER_TASK, reacher } from '../../../../bench/tasks/havok/reacher.ts';
import { Random } from '../../../../plugin/index.ts';
import { describeEnvironmentContract } from '../../../../plugin/testing/index.ts';
import { requireEnvironment } from '../../../../workers/catalog.ts';
import { type OpenTask, openTask } from './open-task.ts';

const environments = [invertedDoublePendulum, reacher, hopper, halfCheetah];

for (const environment of environments) describeEnvironmentContract(environment, { decisions: 120 });

describe('the catalog of tasks', () => {
  it.each(environments.map((environment) => [environment.name, environment] as const))(
    'has %s',
    async (name, environment) => {
      expect(await requireEnvironment(tasks, name)).toBe(environment);
      expect(tasks[name].title).toMatch(/\(Havok\)$/);
    },
  );
});

describe('Havok’s tasks', () => {
  let open: OpenTask;

  afterEach(() => open.dispose());

  /** What a decision with an action that takes the root along x by so much is worth. */
  function rewardOfWay(way: number, action: readonly number[]): number {
    const { body, task } = open;
    const held = Float64Array.from(action);
    body.place(0, 0);
    task.reward(held);
    body.x += way;
    return task.reward(held);
  }

  describe('inverted-double-pendulum', () => {
    it('pays 10 less the tip’s distance from (0, 2) and what the speeds cost', async () => {
      open = await openTask(DOUBLE_PENDULUM_TASK);
      const { body, task } = open;
      body.x = 0.3;
      body.speeds.set([2, 3]);
      body.place(0, 0); // upright, the tip at 1.2 m
      expect(task.reward(Float64Array.of(0))).toBeCloseTo(
        10 - 0.01 * 0.3 ** 2 - 0.8 ** 2 - 1e-3 * 2 ** 2 - 5e-3 * 3 ** 2,
        5,
      );
    });

    it('falls when nobody pushes, and is over once the tip is not above 1 m', async () => {
      open = await openTask(DOUBLE_PENDULUM_TASK);
      const { body, task } = open;
      body.angles.set([0.1, 0]);
      body.place(0, 0);
      const tip = () => 0.6 * Math.cos(body.angles[0]) + 0.6 * Math.cos(body.angles[0] + body.angles[1]);
      let decisions = 0;
      while (!task.terminated!()) {
        expect(tip()).toBeGreaterThan(0.99);
        open.decide([0]);
        decisions++;
      }
      expect(tip()).toBeLessThan(1.01);
      expect(decisions).toBeGreaterThan(3);
      expect(decisions).toBeLessThan(20);
    });

    it('stays on its rail', async () => {
      open = await openTask(DOUBLE_PENDULUM_TASK);
      open.body.place(0, 0);
      for (let i = 0; i < 40; i++) open.decide([1]);
      expect(open.body.x).toBeLessThan(1.02);
      expect(open.body.x).toBeGreaterThan(0.9);
    });
  });

  describe('reacher', () => {
    it('has its fingertip where the angles put it', async () => {
      open = await openTask(REACHER_TASK);
      const { body, area } = open;
      area.find('target').position.set(0.05, -0.02, 0);
      body.angles[0] = -1.1;
      body.place(0.7, 0);
      const [x, y] = [
        0.1 * Math.cos(0.7) + 0.11 * Math.cos(-0.4) - 0.05,
        0.1 * Math.sin(0.7) + 0.11 * Math.sin(-0.4) + 0.02,
      ];
      expect(open.observation()[8]).toBeCloseTo(x, 5);
      expect(open.observation()[9]).toBeCloseTo(y, 5);
      expect(open.task.reward(Float64Array.of(0.5, -1))).toBeCloseTo(-Math.hypot(x, y) - 0.25 - 1, 5);
    });

    it.each([
      { action: [0.01, 0], speeds: [0.0398, 0] },
      { action: [0, 0.01], speeds: [0, 0.0398] },
    ])(
      'turns the joint of action $action alone: 2 N·m on 1 kg·m² in 20 ms, less the damping',
      async ({ action, speeds }) => {
        open = await openTask(REACHER_TASK);
        open.body.place(0, 0);
        open.decide(action);
        expect(open.body.spins[0]).toBeCloseTo(speeds[0], 4);
        expect(open.body.speeds[0]).toBeCloseTo(speeds[1], 4);
      },
    );

    it('draws targets from the whole disc', async () => {
      open = await openTask(REACHER_TASK);
      const target = open.area.find('target');
      const random = new Random(1);
      const distances = Array.from({ length: 400 }, () => {
        open.task.reset(random);
        return target.position.length();
      });
      expect(Math.max(...distances)).toBeLessThan(0.2);
      // half of the disc's area lies within √½ of its radius
      expect(distances.filter((distance) => distance < 0.2 * Math.SQRT1_2).length / 400).toBeCloseTo(0.5, 1);
    });
  });

  describe('hopper', () => {
    it('pays the speed of the way, 1, and takes what the actions cost', async () => {
      open = await openTask(HOPPER_TASK);
      open.body.y = 1.25;
      expect(rewardOfWay(0.016, [1, 0, -0.5])).toBeCloseTo(0.016 / 0.008 + 1 - 1e-3 * (1 + 0.25), 5);
    });

    it('falls from a lean when no motor helps, and is over when it is too low or leans too far', async () => {
      open = await openTask(HOPPER_TASK);
      const { body, task } = open;
      body.y = 1.22;
      body.place(-0.12, 0);
      let decisions = 0;
      while (!task.terminated!()) {
        expect(body.y > 0.7 && Math.abs(body.turns[0]) < 0.2).toBe(true);
        open.decide([0, 0, 0]);
        decisions++;
      }
      expect(body.y > 0.7 && Math.abs(body.turns[0]) < 0.2).toBe(false);
      expect(decisions).toBeGreaterThan(10);
      expect(decisions).toBeLessThan(200);
    });

    it('shows speeds of 10 at most, and is over at 100', async () => {
      open = await openTask(HOPPER_TASK);
      const { body, task } = open;
      body.y = 1.25;
      body.speeds.set([-50, 50, 99]);
      expect(open.observation().slice(8)).toEqual([-10, 10, 10]);
      expect(task.terminated!()).toBe(false);
      body.speeds[2] = 101;
      expect(task.terminated!()).toBe(true);
    });
  });

  describe('half-cheetah', () => {
    it('pays the speed of the way, and takes what the actions cost', async () => {
      open = await openTask(HALF_CHEETAH_TASK);
      expect(rewardOfWay(0.2, [1, 0, 0, 0, 0, -0.5])).toBeCloseTo(0.2 / 0.05 - 0.1 * (1 + 0.25), 5);
    });

    it('goes on when it lies on its back, on which it slides as far as its friction of 0.4 lets it', async () => {
      open = await openTask(HALF_CHEETAH_TASK);
      const { body, task } = open;
      task.reset(new Random(1));
      Object.assign(body, { x: 0, y: 0.12, speedX: 4, speedY: 0 });
      body.angles.fill(0);
      body.speeds.fill(0);
      body.place(Math.PI, 0);
      for (let i = 0; i < 8; i++) open.decide([0, 0, 0, 0, 0, 0]);
      const speed = body.speedX;
      for (let i = 0; i < 8; i++) open.decide([0, 0, 0, 0, 0, 0]);
      expect((speed - body.speedX) / (8 * 0.05)).toBeCloseTo(0.4 * 9.81, 0);
      expect(Math.cos(body.turns[0])).toBeLessThan(-0.9);
      expect(task.terminated!()).toBe(false);
    });

    it('ends the episode where the ground does', async () => {
      open = await openTask(HALF_CHEETAH_TASK);
      const { body } = open;
      body.y = 0.7;
      body.x = 298;
      body.speedX = 10;
      body.place(0, 0);
      open.decide([0, 0, 0, 0, 0, 0]);
      expect(open.ends).toBe(0);
      for (let i = 0; i < 3; i++) open.decide([0, 0, 0, 0, 0, 0]);
      expect(open.ends).toBeGreaterThan(0);
    });
  });
});
