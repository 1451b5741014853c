import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { PlanarTaskSpec } from '../../../../bench/tasks/havok/define-planar-task.ts';
import { HALF_CHEETAH_TASK } from '../../../../bench/tasks/havok/half-cheetah.ts';
import { HOPPER_TASK } from '../../../../bench/tasks/havok/hopper.ts';
import { DOUBLE_PENDULUM_TASK } from '../../../../bench/tasks/havok/inverted-double-pendulum.ts';
import { REACHER_TASK } from '../../../../bench/tasks/havok/reacher.ts';
import { Random } from '../../../../plugin/index.ts';
import { type OpenTask, openTask } from './open-task.ts';

/** What MuJoCo's tasks are made of and do: see test/fixtures/gymnasium/record-mujoco.py. */
interface Recording {
  readonly links: readonly { readonly mass: number; readonly inertia: number }[];
  readonly transitions: readonly Transition[];
  readonly motions: Readonly<Record<string, Motion>>;
}

interface Transition {
  readonly action: readonly number[];
  readonly before: readonly number[];
  readonly qpos: readonly number[];
  readonly qvel: readonly number[];
  readonly observation: readonly number[];
  readonly reward: number;
  readonly terminated: boolean;
}

interface Motion {
  readonly start: readonly number[];
  readonly actions: readonly (readonly number[])[];
  readonly states: Readonly<Record<string, { readonly qpos: readonly number[] }>>;
}

const recordings: Readonly<Record<string, Recording>> = JSON.parse(
  readFileSync('test/fixtures/gymnasium/mujoco.json', 'utf8'),
);

/** MuJoCo's coordinates of a task: how its articulation is put there, and read. */
interface Coordinates {
  readonly spec: PlanarTaskSpec;
  write(open: OpenTask, qpos: readonly number[], qvel?: readonly number[]): void;
  read(open: OpenTask): number[];
}

const runner = (spec: PlanarTaskSpec, level: number): Coordinates => ({
  spec,
  write({ body }, [x, height, lean, ...angles], [speedX = 0, speedY = 0, spin = 0, ...speeds] = []) {
    Object.assign(body, { x, y: height + level, speedX, speedY });
    body.angles.set(angles);
    body.speeds.fill(0);
    body.speeds.set(speeds);
    body.place(-lean, -spin);
  },
  read: ({ body }) => [body.x, body.y - level, -body.turns[0], ...body.angles],
});

const TASKS: Readonly<Record<string, Coordinates>> = {
  'inverted-double-pendulum': {
    spec: DOUBLE_PENDULUM_TASK,
    write({ body }, [x, ...angles], [speedX = 0, ...speeds] = []) {
      Object.assign(body, { x, y: 0, speedX, speedY: 0 });
      body.angles.set(angles);
      body.speeds.fill(0);
      body.speeds.set(speeds);
      body.place(0, 0);
    },
    read: ({ body }) => [body.x, ...body.angles],
  },
  reacher: {
    spec: REACHER_TASK,
    write({ body, area }, [shoulder, elbow, x, y], [spin = 0, speed = 0] = []) {
      Object.assign(body, { x: 0, y: 0, speedX: 0, speedY: 0 });
      body.angles[0] = elbow;
      body.speeds[0] = speed;
      body.place(shoulder, spin);
      area.find('target').position.set(x, y, 0);
    },
    read: ({ body }) => [body.turns[0], body.angles[0]],
  },
  hopper: runner(HOPPER_TASK, 0),
  'half-cheetah': runner(HALF_CHEETAH_TASK, 0.7),
};

/** How far off MuJoCo's coordinates [m, rad] we may be when so many decisions are over, at most. */
const TOLERANCES: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  'inverted-double-pendulum': { pushed: [0.04, 0.1, 0.2] },
  reacher: { swung: [0.01, 0.01, 0.01] },
  hopper: { 'in the air': [0.003, 0.02, 0.02], 'on the ground': [0.002, 0.02, 0.03, 0.08] },
  'half-cheetah': { 'in the air': [0.03, 0.1, 0.2], 'on the ground': [0.11, 0.11, 0.12] },
};

describe.each(Object.entries(TASKS))('%s beside MuJoCo’s', (name, { spec, write, read }) => {
  const recording = recordings[name];
  let open: OpenTask | undefined;

  afterEach(() => open?.dispose());

  it('has the same links', async () => {
    open = await openTask(spec);
    open.body.links.forEach(({ mass, spec: { rotor = 0 } }, i) => {
      expect(mass.mass).toBeCloseTo(recording.links[i].mass, 4);
      expect(mass.inertia - rotor).toBeCloseTo(recording.links[i].inertia, 5);
    });
  });

  it('observes, rewards and ends alike in the same states', async () => {
    open = await openTask(spec);
    open.task.reset(new Random(1));
    for (const { before, action, qpos, qvel, observation, reward, terminated } of recording.transitions) {
      write(open, before);
      open.task.reward(Float64Array.from(action));
      write(open, qpos, qvel);
      open.observation().forEach((value, i) => {
        expect(value).toBeCloseTo(observation[i], 3); // MuJoCo's places of bodies are a little behind its coordinates
      });
      expect(open.task.reward(Float64Array.from(action))).toBeCloseTo(reward, 3);
      expect(open.task.terminated?.() ?? false).toBe(terminated);
    }
  });

  it.each(Object.entries(recording.motions))('moves alike when it is %s', async (what, { start, actions, states }) => {
    open = await openTask(spec);
    open.task.reset(new Random(1));
    write(open, start);
    const errors: number[] = [];
    actions.forEach((action, i) => {
      open!.decide(action);
      const recorded = states[i + 1];
      if (!recorded) return;
      errors.push(Math.max(...read(open!).map((value, k) => Math.abs(value - recorded.qpos[k]))));
    });
    errors.forEach((error, i) => {
      expect(error).toBeLessThan(TOLERANCES[name][what][i]);
    });
    expect(errors).toHaveLength(TOLERANCES[name][what].length);
  });
});
