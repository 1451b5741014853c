import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { balanceBall } from '../../demo-scenes/balance-ball/environment.ts';
import { AgentsError } from '../../plugin/core/errors.ts';
import { Random } from '../../plugin/core/random.ts';
import { requireSlice } from '../../plugin/policy/network.ts';
import { Policy } from '../../plugin/policy/policy.ts';
import { SplitController } from '../../plugin/scene/controllers.ts';
import { requirePhysics } from '../../plugin/scene/physics.ts';
import { type Playback, play } from '../../plugin/scene/play.ts';
import { createBareScene } from '../../plugin/testing/bare-scene.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';
import { relay } from '../fixtures/environments.ts';

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
function show(playback: Playback, frames: number, perSecond: number): void {
  for (let i = 0; i < frames; i++) playback.advance(1 / perSecond);
}

/** Where the balls are. */
function readBalls(): number[] {
  return scene.meshes.filter(({ name }) => name === 'ball').flatMap(({ position }) => position.asArray());
}

/** A policy for balance-ball that always means 0 and spreads by σ = 1. */
function createNoise(): Policy {
  const policy = new Policy({
    name: 'agent',
    layout: {
      sensors: [
        { name: 'tilt', size: 2 },
        { name: 'ball', size: 6 },
      ],
      actuators: [{ name: 'tilt', continuous: 2, branches: [] }],
    },
    network: { hidden: [], activation: 'tanh', critic: 'none' },
    observationClip: 10,
    bounds: 'clip',
    timeStep: 0.02,
    decisionPeriod: 5,
  });
  const { offset, size } = requireSlice(policy.weightLayout, 'normalizer.deviation');
  policy.update(policy.weights.slice().fill(1, offset, offset + size));
  return policy;
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
      expected.push([...world.rows.observation]);
      lean.act(world.rows.observation, world.rows.action);
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
      show(playback, perSecond * 2, perSecond); // 2 s = 20 decisions of 0.1 s
      expect(seen.length, `${perSecond} frames/s`).toBeGreaterThanOrEqual(19);
      expect(seen).toEqual(expected.slice(0, seen.length));
      playback.dispose();
      scene.getEngine().dispose();
      scene = await createScene(); // a used world remembers
    }
  });

  it('moves nothing and decides nothing while it is paused', async () => {
    let decisions = 0;
    const playback = await play(balanceBall, scene, { act: () => void decisions++ });
    show(playback, 60, 60);
    const before = decisions;
    expect(before).toBeGreaterThan(5);
    playback.paused = true;
    const balls = readBalls();
    show(playback, 60, 60);
    expect(decisions).toBe(before);
    expect(readBalls()).toEqual(balls);
    playback.paused = false;
    show(playback, 60, 60);
    expect(decisions).toBeGreaterThan(before);
    expect(readBalls()).not.toEqual(balls);
  });

  it('takes the same steps at a tenth of the speed, a tenth as many a second', async () => {
    const steps = { full: 0, slow: 0 };
    const full = await play(balanceBall, scene, lean, { seeds: [3] });
    let count = scene.onAfterPhysicsObservable.add(() => void steps.full++);
    for (let i = 0; i < 64; i++) full.advance(1 / 64); // sums to 1 s without rounding
    expect(steps.full).toBeGreaterThanOrEqual(49); // of 0.02 s
    expect(steps.full).toBeLessThanOrEqual(50);
    const balls = readBalls();
    count.remove();
    scene.getEngine().dispose();

    scene = await createScene();
    const slow = await play(balanceBall, scene, lean, { seeds: [3] });
    count = scene.onAfterPhysicsObservable.add(() => void steps.slow++);
    slow.speed = 0.1;
    for (let i = 0; i < 64; i++) slow.advance(1 / 64);
    expect(steps.slow).toBeGreaterThanOrEqual(4);
    expect(steps.slow).toBeLessThanOrEqual(5);
    while (steps.slow < steps.full) slow.advance(1 / 64);
    expect(readBalls()).toEqual(balls);
    count.remove();
  });

  it.each([0, -1, Number.NaN, Infinity])('refuses a speed of %s', async (speed) => {
    const playback = await play(balanceBall, scene, lean);
    expect(() => {
      playback.speed = speed;
    }).toThrow(`[agents] A playback got speed ${speed}. It must be a number above 0`);
    expect(playback.speed).toBe(1);
  });

  it('drops what a frame took beyond 0.1 s, as after a hidden tab', async () => {
    let steps = 0;
    const playback = await play(balanceBall, scene, lean);
    scene.onAfterPhysicsObservable.add(() => void steps++);
    playback.advance(60);
    expect(steps).toBe(5); // 0.1 s of 0.02 s each
    playback.advance(0.001);
    expect(steps).toBe(5);
  });

  it('lives on with every frame that the scene draws, and leaves physics to Babylon once it is disposed', async () => {
    scene.useConstantAnimationDeltaTime = true; // 16 ms
    let steps = 0;
    scene.onAfterPhysicsObservable.add(() => void steps++);
    const playback = await play(balanceBall, scene, lean);
    for (let i = 0; i < 25; i++) scene.render();
    expect(steps).toBeGreaterThanOrEqual(19); // 0.4 s of 0.02 s each
    expect(steps).toBeLessThanOrEqual(20);
    playback.dispose();
    const before = steps;
    scene.render();
    expect(steps).toBe(before + 1);
  });

  it('lives to the end of one decision at a time while it is paused', async () => {
    const seen: number[] = [];
    const playback = await play(balanceBall, scene, { act: (observation) => void seen.push(observation[3]) });
    let steps = 0;
    let decisions = 0;
    scene.onAfterPhysicsObservable.add(() => void steps++);
    playback.onDecisionObservable.add(() => void decisions++);
    playback.advance(0.065); // 3 steps, in the middle of the first decision
    playback.paused = true;
    playback.stepDecision();
    expect([steps, decisions, seen.length]).toEqual([5, 1, 1]);
    playback.stepDecision();
    expect([steps, decisions, seen.length]).toEqual([10, 2, 2]);
    expect(seen[1]).toBeLessThan(seen[0]); // the ball falls
    expect(playback.paused).toBe(true);
  });

  it('plays the mean of a policy, or draws from it, the same draws from the same seed', async () => {
    const actions: number[][] = [];
    for (const random of [undefined, new Random(5), new Random(5), new Random(6)]) {
      const playback = await play(balanceBall, scene, createNoise().sampleWith(random));
      playback.stepDecision();
      actions.push([...playback.clock.policyRows[0].action]);
      playback.dispose();
    }
    const [mean, first, again, other] = actions;
    expect(mean).toEqual([0, 0]);
    expect(first).not.toEqual(mean);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it('lets one controller drive the first agents and another one the rest, whose chance does not depend on it', async () => {
    const person = { act: (_: Float32Array, action: Float32Array) => void action.fill(0.5) };
    const alone = await play(balanceBall, scene, createNoise().sampleWith(new Random(5)), { count: 3 });
    alone.stepDecision();
    const expected = [...alone.clock.policyRows[0].action];
    alone.dispose();
    const both = new SplitController(person, 1, createNoise().sampleWith(new Random(5)));
    const playback = await play(balanceBall, scene, both, { count: 3 });
    playback.stepDecision();
    expect([...playback.clock.policyRows[0].action]).toEqual([0.5, 0.5, ...expected.slice(2)]);
  });

  it('refuses to split agents before it knows how long their rows are', () => {
    const nobody = { act: () => {} };
    const split = new SplitController(nobody, 1, nobody);
    expect(() => split.act(new Float32Array(8), new Float32Array(2), new Uint8Array(0))).toThrow(
      '[agents] A SplitController acted before it knew a layout.',
    );
  });

  it('tells of every decision before the episodes that ended begin again', async () => {
    const playback = await play(balanceBall, scene, { act: (_, action) => void action.fill(1) });
    const [agent] = playback.clock.policyRows[0].agents;
    const ends: { decisions: number; episodeReturn: number }[] = [];
    playback.onDecisionObservable.add(() => {
      if (!agent.active)
        ends.push({ decisions: playback.clock.areas[0].decisions, episodeReturn: agent.episodeReturn });
    });
    while (ends.length < 2) playback.stepDecision();
    for (const { decisions, episodeReturn } of ends) expect(episodeReturn).toBeCloseTo(0.1 * (decisions - 1) - 1, 5);
  });

  it('shares its scene’s time with another playback, and refuses one of another time step', async () => {
    const one = await play(balanceBall, scene, lean);
    const two = await play(balanceBall, scene, lean);
    one.paused = true;
    expect(two.paused).toBe(true);
    await expect(play({ ...balanceBall, timeStep: 0.01 }, scene, lean)).rejects.toThrow(
      '[agents] play("balance-ball") takes steps of 0.01 s, but its scene is stepped by 0.02 s already.',
    );
    const physics = requirePhysics(scene, 'the test');
    one.dispose();
    expect(physics.getTimeStep()).toBe(0.02);
    two.dispose();
    expect(physics.getTimeStep()).toBe(1 / 60);
  });

  it('changes its controller at the next decision', async () => {
    const playback = await play(balanceBall, scene, { act: (_, action) => void action.fill(0.25) });
    playback.advance(0.045); // 2 of 5 steps
    playback.control({ act: (_, action) => void action.fill(0.75) });
    playback.advance(0.04);
    expect([...playback.clock.policyRows[0].action]).toEqual([0.25, 0.25]);
    playback.advance(0.04);
    expect([...playback.clock.policyRows[0].action]).toEqual([0.75, 0.75]);
  });

  it('takes everything it built out of the scene when it is disposed', async () => {
    const playback = await play(balanceBall, scene, lean, { count: 4 });
    expect(scene.meshes).toHaveLength(8);
    playback.dispose();
    expect(scene.meshes).toHaveLength(0);
    expect(requirePhysics(scene, 'the test').getBodies()).toHaveLength(0);
    scene.render();
  });

  it('refuses a policy for agents of another layout, with both layouts', async () => {
    const policy = new Policy({
      name: 'agent',
      layout: { sensors: [{ name: 'rays', size: 5 }], actuators: [{ name: 'tilt', continuous: 2, branches: [] }] },
      network: { hidden: [], activation: 'tanh', critic: 'none' },
      observationClip: 10,
      bounds: 'clip',
      timeStep: 0.02,
      decisionPeriod: 5,
    });
    await expect(play(balanceBall, scene, policy)).rejects.toThrow(
      /^\[agents\] Policy "agent" does not fit agent "agent" on node "platform":\n\n.*\n {2}sensor {4}rays 5 {13}– {18}removed\n/,
    );
    expect(scene.meshes).toHaveLength(0);
  });

  it.each([
    { changes: { timeStep: 1 / 20, decisionPeriod: 1 }, own: 'step of 0.05 s' },
    { changes: { decisionPeriod: 4 }, own: '4 steps of 0.02 s' },
    { changes: { timeStep: 0.01, decisionPeriod: 10 }, own: '10 steps of 0.01 s' },
  ])('refuses a policy that was trained at 5 steps of 0.02 s where it decides every $own', async ({ changes, own }) => {
    const complaint = `Policy "agent" was trained to decide every 5 steps of 0.02 s, but play("balance-ball") decides every ${own}. Give the environment \`timeStep: 0.02, decisionPeriod: 5\`, or train the policy with the environment's; an ONNX file is imported with \`timeStep\` and \`decisionPeriod\` as options.`;
    const environment = { ...balanceBall, ...changes };
    await expect(play(environment, scene, createNoise())).rejects.toThrow(new AgentsError(complaint));
    await expect(play(environment, scene, { agent: createNoise() })).rejects.toThrow(complaint);
    await expect(play(environment, scene, new SplitController(lean, 0, createNoise()))).rejects.toThrow(complaint);
    const playback = await play(environment, scene, lean);
    expect(() => playback.control(createNoise())).toThrow(complaint);
    expect(() => playback.control({ agent: createNoise() })).toThrow(complaint);
    playback.stepDecision(); // the one before plays on
  });

  it('takes a policy whose time step was rounded', async () => {
    const environment = { ...balanceBall, timeStep: 1 / 60 };
    const policy = new Policy({ ...createNoise().spec, timeStep: 0.0166667 });
    (await play(environment, scene, policy)).dispose();
  });

  it('takes a controller for each policy by its name', async () => {
    const constant = (value: number) => ({ act: (_: Float32Array, action: Float32Array) => void action.fill(value) });
    const [low, high, keeper] = [constant(0.25), constant(0.5), constant(2)];
    const playback = await play(relay, scene, { low, high, keeper });
    playback.stepDecision();
    const actions = () => playback.policyRows.map(({ action }) => [...action]);
    expect(actions()).toEqual([[0.25], [0.5], [2]]);
    playback.control({ low: high, high: low, keeper });
    playback.stepDecision();
    expect(actions()).toEqual([[0.5], [0.25], [2]]);
    expect(() => playback.control({ low, keeper })).toThrow(
      '[agents] play("relay") was given no controller for policy "high", only for "low", "keeper". Pass one for each: { "low": …, "high": …, "keeper": … }.',
    );
    expect(() => playback.control({ low, high, keeper, goalie: low })).toThrow(
      '[agents] play("relay") was given a controller for policy "goalie", which no agent has. Known policies: "low", "high", "keeper".',
    );
    playback.stepDecision();
    expect(actions()).toEqual([[0.5], [0.25], [2]]);
  });

  it('says which function failed in which area, and keeps the error of the game as the cause', async () => {
    const mistake = new TypeError('no ball');
    const broken: typeof balanceBall = {
      ...balanceBall,
      async build(area) {
        const logic = await balanceBall.build(area);
        return {
          ...logic,
          afterStep() {
            throw mistake;
          },
        };
      },
    };
    const playback = await play(broken, scene, { act: (_, action) => void action.fill(0) }, { count: 2 });
    try {
      show(playback, 3, 60);
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message).toMatch(
        /^\[agents\] afterStep\(\) of environment "balance-ball" failed in area 0, decision 1 of episode 1: no ball\. See test\/scene\/play\.test\.ts:\d+:\d+\.$/,
      );
      expect((error as Error).cause).toBe(mistake);
      expect((error as Error).stack).toContain('play.test.ts');
    }
  });

  it('refuses a controller that answers with a promise', async () => {
    const playback = await play(balanceBall, scene, { act: (async () => {}) as never });
    expect(() => show(playback, 3, 60)).toThrow(
      '[agents] act() of the controller of policy "agent" returned a promise. Nothing awaits it',
    );
  });

  it('names the sensor that made a controller choose no number', async () => {
    const playback = await play(balanceBall, scene, { act: (observation, action) => void action.fill(observation[0]) });
    playback.policyRows[0].agents[0].sensors[0].observe = (out, at) => out.fill(Number.NaN, at, at + 2);
    expect(() => show(playback, 3, 60)).toThrow(/^\[agents\] Sensor "\S+" of agent .* wrote NaN at index 0\. /);
  });

  it.each([3, -1, 0.5])('names a controller’s choice of %s that is none of three', async (choice) => {
    const chooses = { act: (_: Float32Array, action: Float32Array) => void action.fill(choice) };
    const idle = { act: () => {} };
    const playback = await play(relay, scene, { low: idle, high: idle, keeper: chooses });
    expect(() => playback.stepDecision()).toThrow(
      `[agents] The controller chose ${choice} for branch 0 of agent "keeper" on node "keeper", which has 3 choices. Choose an integer from 0 to 2.`,
    );
  });

  it('names a controller’s action that is not a number', async () => {
    const playback = await play(balanceBall, scene, { act: (_, action) => void action.fill(Number.NaN) });
    expect(() => show(playback, 3, 60)).toThrow(
      '[agents] The controller chose an action that is not finite: [NaN,NaN].',
    );
  });
});
