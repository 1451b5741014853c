import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { balanceBall } from '../../demo-scenes/balance-ball/environment.ts';
import { AgentsError } from '../../plugin/core/errors.ts';
import { Random } from '../../plugin/core/random.ts';
import { Policy, type PolicySpec } from '../../plugin/policy/policy.ts';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import { SplitController } from '../../plugin/scene/controllers.ts';
import { enablePhysics } from '../../plugin/scene/havok.ts';
import { requirePhysics } from '../../plugin/scene/physics.ts';
import { play } from '../../plugin/scene/play.ts';
import { playPolicy } from '../../plugin/scene/play-policy.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { createBareScene } from '../../plugin/testing/bare-scene.ts';
import { createExactPolicy } from '../policy/fixtures.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await createBareScene();
});
afterEach(() => scene.getEngine().dispose());

/** An agent that sees one number and says what it is told to do. */
interface Speaker {
  readonly agent: Agent;
  readonly node: TransformNode;
  sees: number;
  /** what its actuator got, step by step */
  readonly said: number[];
}

function createSpeaker(name: string, sees: number, where = scene): Speaker {
  const node = new TransformNode(name, where);
  const said: number[] = [];
  const agent = new Agent({
    name,
    sensors: [new FunctionSensor('number', 1, (out, offset) => out.fill(speaker.sees, offset, offset + 1))],
    actuators: [
      new FunctionActuator({ name: 'say', continuous: 1, apply: (action, offset) => void said.push(action[offset]) }),
    ],
  });
  const speaker = { agent, node, sees, said };
  node.addBehavior(agent, true);
  return speaker;
}

/** A policy that says `weight` × what it sees, every three steps of 1/50 s. */
function createEcho(weight = 1, changes: Partial<PolicySpec> = {}): Policy {
  const spec: PolicySpec = {
    name: 'echo',
    layout: {
      sensors: [{ name: 'number', size: 1 }],
      actuators: [{ name: 'say', continuous: 1, branches: [] }],
    },
    network: { hidden: [], activation: 'tanh', critic: 'none' },
    observationClip: 10,
    bounds: 'clip',
    timeStep: 1 / 50,
    decisionPeriod: 3,
    ...changes,
  };
  return createExactPolicy(spec, { 'continuous.weight': [weight], 'continuous.logDeviation': [-2] });
}

describe('playPolicy', () => {
  it('decides for all agents in one batch, and holds each action for as long as the policy was trained to', () => {
    const speakers = [createSpeaker('a', 0.25), createSpeaker('b', 0.5), createSpeaker('c', -0.75)];
    const policy = createEcho();
    const rows: number[] = [];
    const act = policy.act.bind(policy);
    policy.act = (observation, ...rest) => {
      rows.push(observation.length);
      act(observation, ...rest);
    };
    const playback = playPolicy(policy, scene, { agents: speakers.map(({ agent }) => agent) });
    expect(playback.decisionTime).toBeCloseTo(3 / 50, 12);
    playback.stepDecision();
    for (const speaker of speakers) speaker.sees /= 2;
    playback.stepDecision();
    expect(rows).toEqual([3, 3]);
    expect(speakers.map(({ said }) => said)).toEqual([
      [0.25, 0.25, 0.25, 0.125, 0.125, 0.125],
      [0.5, 0.5, 0.5, 0.25, 0.25, 0.25],
      [-0.75, -0.75, -0.75, -0.375, -0.375, -0.375],
    ]);
  });

  it('plays in a scene without physics, frame by frame', () => {
    const bare = new Scene(new NullEngine());
    new FreeCamera('camera', Vector3.Zero(), bare);
    bare.useConstantAnimationDeltaTime = true; // 16 ms
    const { agent, said } = createSpeaker('a', 0.5, bare);
    const playback = playPolicy(createEcho(), bare, { agents: [agent] });
    for (let i = 0; i < 25; i++) bare.render();
    expect(said.length).toBeGreaterThanOrEqual(19); // 0.4 s of 0.02 s each
    expect(said.length).toBeLessThanOrEqual(20);
    playback.dispose();
    bare.render();
    bare.render();
    expect(said.length).toBeLessThanOrEqual(20);
    bare.getEngine().dispose();
  });

  it('takes up physics that a game turns on later', async () => {
    const late = new Scene(new NullEngine());
    const { agent } = createSpeaker('a', 0.5, late);
    const playback = playPolicy(createEcho(), late, { agents: [agent] });
    playback.stepDecision();
    await enablePhysics(late);
    let steps = 0;
    late.onAfterPhysicsObservable.add(() => void steps++);
    playback.stepDecision();
    expect(steps).toBe(3);
    late.getEngine().dispose();
  });

  it('gives a scene’s physics the time step of the policy, and its own back at the end', () => {
    const physics = requirePhysics(scene, 'the test');
    const before = physics.getTimeStep();
    const playback = playPolicy(createEcho(), scene, { agents: [createSpeaker('a', 0).agent] });
    expect([physics.getTimeStep(), scene.physicsEnabled]).toEqual([1 / 50, true]);
    playback.dispose();
    expect([physics.getTimeStep(), scene.physicsEnabled]).toEqual([before, true]);
  });

  it('pauses, slows down and takes single decisions with all that plays in its scene', () => {
    const one = createSpeaker('a', 0.5);
    const two = createSpeaker('b', 0.5);
    const first = playPolicy(createEcho(), scene, { agents: [one.agent] });
    const second = playPolicy(createEcho(1, { decisionPeriod: 2 }), scene, { agents: [two.agent] });
    let decisions = 0;
    second.onDecisionObservable.add(() => void decisions++);
    first.paused = true;
    second.advance(0.1);
    expect([second.paused, one.said.length, two.said.length]).toEqual([true, 0, 0]);
    first.stepDecision(); // 3 steps: one decision of the other, and half of its next
    expect([one.said.length, two.said.length, decisions]).toEqual([3, 3, 1]);
    second.stepDecision(); // to the end of that one
    expect([one.said.length, two.said.length, decisions]).toEqual([4, 4, 2]);
    first.stepDecision(); // 2 more
    expect([one.said.length, two.said.length, decisions]).toEqual([6, 6, 3]);
    first.paused = false;
    second.speed = 0.5;
    first.advance(0.09); // 0.045 s are 2 steps
    expect(one.said.length).toBe(8);
    expect(first.progress).toBeCloseTo(0.25, 6);
  });

  it('plays beside an environment of the same time step, and not beside one of another', async () => {
    const { agent, said } = createSpeaker('a', 0.5);
    const playback = playPolicy(createEcho(), scene, { agents: [agent] });
    const environment = { ...balanceBall, timeStep: 1 / 50 };
    const other = await play(environment, scene, { act: (_, action) => void action.fill(0) });
    other.stepDecision(); // 5 steps
    expect(said).toHaveLength(5);
    other.dispose();
    expect(requirePhysics(scene, 'the test').getTimeStep()).toBe(1 / 50);
    await expect(play({ ...balanceBall, timeStep: 1 / 60 }, scene, { act: () => {} })).rejects.toThrow(
      new AgentsError(
        `play("balance-ball") takes steps of ${1 / 60} s, but its scene is stepped by 0.02 s already. Give both one \`timeStep\`, which policies are trained with, or each a scene of its own.`,
      ),
    );
    playback.dispose();
    expect(requirePhysics(scene, 'the test').getTimeStep()).toBe(1 / 60);
  });

  it('goes on after one that was disposed by an observer in the middle of its decision', () => {
    const one = createSpeaker('a', 0.5);
    const two = createSpeaker('b', 0.5);
    const first = playPolicy(createEcho(), scene, { agents: [one.agent] });
    const second = playPolicy(createEcho(1, { decisionPeriod: 2 }), scene, { agents: [two.agent] });
    second.onDecisionObservable.addOnce(() => first.dispose());
    first.stepDecision(); // is disposed after 2 of its 3 steps
    expect(one.said).toHaveLength(2);
    second.stepDecision();
    expect([one.said.length, two.said.length]).toEqual([2, 4]);
    first.dispose(); // once more does nothing
    expect(requirePhysics(scene, 'the test').getTimeStep()).toBe(1 / 50);
    expect(() => first.stepDecision()).toThrow('[agents] A disposed playback cannot continue.');
  });

  describe('chance', () => {
    /** What four agents say in three decisions. */
    function listen(policy: Policy, seed?: number): number[][] {
      const speakers = [0.1, 0.2, 0.3, 0.4].map((sees, i) => createSpeaker(`${i}`, sees));
      const agents = speakers.map(({ agent }) => agent);
      const playback = playPolicy(policy, scene, seed === undefined ? { agents } : { agents, seed });
      for (let i = 0; i < 3; i++) playback.stepDecision();
      playback.dispose();
      return speakers.map(({ said }) => said.filter((_, step) => step % 3 === 0));
    }

    it('is left out without a seed, and the same for the same seed', () => {
      const likeliest = listen(createEcho());
      expect(likeliest.map(([first]) => first)).toEqual([0.1, 0.2, 0.3, 0.4].map(Math.fround));
      const drawn = listen(createEcho(), 7);
      expect(drawn).not.toEqual(likeliest);
      expect(listen(createEcho(), 7)).toEqual(drawn);
      expect(listen(createEcho(), 8)).not.toEqual(drawn);
    });

    it('is the policy’s own where it was told to sample, and a seed’s where one is given', () => {
      const drawn = listen(createEcho(), 7);
      expect(listen(createEcho().sampleWith(new Random(7)))).toEqual(drawn);
      expect(listen(createEcho().sampleWith(new Random(1)), 7)).toEqual(drawn);
    });

    it('of one playback does not depend on another that plays the same policy', () => {
      const alone = listen(createEcho(), 7);
      const policy = createEcho();
      const other = playPolicy(policy, scene, { agents: [createSpeaker('other', 0).agent], seed: 1 });
      expect(listen(policy, 7)).toEqual(alone);
      other.dispose();
    });
  });

  describe('agents that come and go', () => {
    it('join at the next decision, behind those who are there', () => {
      const one = createSpeaker('a', 0.5);
      const two = createSpeaker('b', 0.25);
      const playback = playPolicy(createEcho(), scene, { agents: [one.agent] });
      playback.advance(0.03); // one step of three
      playback.add(two.agent);
      expect(playback.agents).toEqual([one.agent, two.agent]);
      playback.advance(0.04); // two more, to the end of the decision
      expect([one.said.length, two.said.length]).toEqual([3, 0]);
      playback.advance(0.02);
      expect([one.said.at(-1), two.said]).toEqual([0.5, [0.25]]);
    });

    it('leave at once, and the others keep their actions', () => {
      const speakers = [createSpeaker('a', 0.25), createSpeaker('b', 0.5), createSpeaker('c', 0.75)];
      const agents = speakers.map(({ agent }) => agent);
      const playback = playPolicy(createEcho(), scene, { agents });
      playback.advance(0.03);
      playback.remove(agents[0]);
      playback.remove(agents[0]); // once more does nothing
      playback.advance(0.06);
      expect(speakers.map(({ said }) => said)).toEqual([[0.25], [0.5, 0.5, 0.5, 0.5], [0.75, 0.75, 0.75, 0.75]]);
      expect(playback.agents).toEqual(agents.slice(1));
    });

    it('leave by themselves when their node is disposed, and the last one too', () => {
      const one = createSpeaker('a', 0.25);
      const two = createSpeaker('b', 0.5);
      const playback = playPolicy(createEcho(), scene, { agents: [one.agent, two.agent] });
      playback.advance(0.03);
      one.node.dispose();
      playback.advance(0.06);
      expect([one.said.length, two.said.length]).toEqual([1, 4]);
      expect(playback.agents).toEqual([two.agent]);
      two.node.dispose();
      playback.stepDecision();
      playback.stepDecision();
      expect(playback.agents).toEqual([]);
      const three = createSpeaker('c', 1);
      playback.add(three.agent);
      playback.stepDecision();
      expect(three.said).toEqual([1, 1, 1]);
    });

    it('may be added and removed by what they do themselves', () => {
      const late = createSpeaker('late', 0.75);
      const one = createSpeaker('a', 0.5);
      const node = new TransformNode('spawner', scene);
      const spawner = new Agent({
        name: 'spawner',
        sensors: [new FunctionSensor('number', 1, () => 0)],
        actuators: [
          new FunctionActuator({
            name: 'say',
            continuous: 1,
            apply: () => {
              playback.remove(one.agent);
              if (late.agent.episode === 0) playback.add(late.agent);
            },
          }),
        ],
      });
      node.addBehavior(spawner, true);
      const playback = playPolicy(createEcho(), scene, { agents: [spawner, one.agent] });
      playback.stepDecision();
      playback.stepDecision();
      expect([one.said, late.said]).toEqual([[], [0.75, 0.75, 0.75]]);
    });

    it.each(['observe', 'apply', 'before a step', 'after a step'] as const)(
      'may be disposed in the middle of a decision, by %s, themselves and others',
      (when) => {
        const nodes = ['a', 'b', 'c', 'd'].map((name) => new TransformNode(name, scene));
        const said: string[] = [];
        let armed = false;
        const strike = () => {
          if (!armed) return;
          armed = false;
          for (const i of [0, 1, 3]) nodes[i].dispose(); // one before, the one at work, one behind
        };
        const agents = nodes.map((node, i) => {
          const act = (name: string) => () => {
            said.push(`${node.name} ${name}`);
            if (when === 'apply' && i === 1 && name === 'say') strike();
          };
          const agent = new Agent({
            sensors: [
              new FunctionSensor('number', 1, (out, offset) => {
                out[offset] = 1;
                if (when === 'observe' && i === 1) strike();
              }),
              new FunctionSensor('other', 1, (out, offset) => out.fill(1, offset, offset + 1)),
            ],
            actuators: ['say', 'shout'].map((name) => new FunctionActuator({ name, continuous: 1, apply: act(name) })),
          });
          node.addBehavior(agent, true);
          return agent;
        });
        const layout = agents[0].layout;
        const policy = createExactPolicy({ ...createEcho().spec, layout, decisionPeriod: 1 }, {});
        const playback = playPolicy(policy, scene, { agents });
        if (when === 'before a step') scene.onBeforePhysicsObservable.add(strike);
        if (when === 'after a step') scene.onAfterPhysicsObservable.add(strike);
        playback.stepDecision();
        armed = true;
        said.length = 0;
        playback.stepDecision();
        const all = ['a say', 'a shout', 'b say', 'b shout', 'c say', 'c shout', 'd say', 'd shout'];
        const expected = {
          observe: ['c say', 'c shout'],
          apply: ['a say', 'a shout', 'b say', 'c say', 'c shout'],
          'before a step': all,
          'after a step': all,
        };
        expect(said).toEqual(expected[when]);
        said.length = 0;
        playback.stepDecision();
        expect(said).toEqual(['c say', 'c shout']);
        expect(playback.agents).toEqual([agents[2]]);
        expect(agents[2].decisions).toBe(3);
      },
    );

    it('leave in great numbers at a cost that grows as their number does', () => {
      const speakers = Array.from({ length: 2000 }, (_, i) => createSpeaker(`${i}`, 0.5));
      let looks = 0;
      for (const { agent } of speakers) {
        let node = agent.attachedNode;
        Object.defineProperty(agent, 'attachedNode', {
          get() {
            looks++;
            return node;
          },
          set(value) {
            node = value;
          },
        });
      }
      const agents = speakers.map(({ agent }) => agent);
      const playback = playPolicy(createEcho(), scene, { agents });
      playback.stepDecision();
      for (let i = 0; i < 2000; i += 2) speakers[i].node.dispose();
      for (let i = 1; i < 1000; i += 2) playback.remove(agents[i]);
      looks = 0;
      playback.stepDecision();
      expect(looks).toBeLessThan(30 * 2000);
      expect(playback.agents).toEqual(agents.slice(1000).filter((_, i) => i % 2 === 1));
      looks = 0;
      for (let i = 1; i < 1000; i += 2) playback.add(agents[i]);
      expect(looks).toBeLessThan(30 * 500);
      expect(playback.agents).toHaveLength(1000);
      playback.stepDecision();
      expect(speakers.map(({ said }) => said.length)).toEqual(
        agents.map((_, i) => (i % 2 === 0 ? 3 : i < 1000 ? 6 : 9)),
      );
    });

    it('may be more than a function takes as arguments', { timeout: 120_000 }, () => {
      const agents = Array.from({ length: 130_000 }, (_, i) => createSpeaker(`${i}`, 0.5).agent);
      const playback = playPolicy(createEcho(), scene, { agents });
      playback.stepDecision();
      expect([playback.agents.length, agents.at(-1)?.decisions]).toEqual([130_000, 1]);
    });

    it('allocates no arrays for a decision before which nobody came or went', () => {
      const seen = new Set<unknown>();
      const policy = createEcho();
      const act = policy.act.bind(policy);
      policy.act = (observation, action, mask, random) => {
        seen.add(observation).add(action).add(mask);
        act(observation, action, mask, random);
      };
      const playback = playPolicy(policy, scene, { agents: [createSpeaker('a', 0.5).agent] });
      for (let i = 0; i < 5; i++) playback.stepDecision();
      expect(seen.size).toBe(3);
      playback.add(createSpeaker('b', 0.5).agent);
      for (let i = 0; i < 5; i++) playback.stepDecision();
      expect(seen.size).toBe(6);
    });
  });

  describe('episodes', () => {
    it('of a game begin with the first decision, without a reset, and count what the agent earned', () => {
      const { agent } = createSpeaker('a', 0.5);
      const playback = playPolicy(createEcho(), scene, { agents: [agent] });
      expect([agent.episode, agent.decisions]).toEqual([1, 0]);
      playback.stepDecision();
      agent.addReward(2);
      playback.stepDecision();
      expect([agent.decisions, agent.lastReward, agent.episodeReturn]).toEqual([2, 2, 2]);
    });

    it('that ended leave the agent alone, from the same step on, until it begins another', () => {
      const one = createSpeaker('a', 0.5);
      const two = createSpeaker('b', 0.25);
      const playback = playPolicy(createEcho(), scene, { agents: [one.agent, two.agent] });
      playback.advance(0.03);
      one.agent.terminate();
      playback.advance(0.06);
      expect([one.said.length, two.said.length]).toEqual([1, 4]);
      one.sees = 1;
      runtimeOf(one.agent).begin(); // in the middle of a decision, for which it has no action
      playback.advance(0.04);
      expect(one.said).toEqual([0.5]);
      playback.advance(0.02);
      expect(one.said).toEqual([0.5, 1]);
      expect(one.agent.episode).toBe(2);
    });

    it('that ended and began again within a decision do not go on with its action', () => {
      const { agent, said } = createSpeaker('a', 0.5);
      const playback = playPolicy(createEcho(), scene, { agents: [agent] });
      playback.advance(0.03);
      agent.terminate();
      runtimeOf(agent).begin();
      playback.advance(0.04);
      expect(said).toEqual([0.5]);
      playback.stepDecision();
      expect(said).toEqual([0.5, 0.5, 0.5, 0.5]);
    });
  });

  describe('control', () => {
    it('changes the policy at the next decision', () => {
      const { agent, said } = createSpeaker('a', 0.5);
      const playback = playPolicy(createEcho(), scene, { agents: [agent] });
      playback.advance(0.03);
      playback.control(createEcho(-1));
      playback.advance(0.06);
      expect(said).toEqual([0.5, 0.5, 0.5, -0.5]);
    });

    it('takes a person and a policy at once', () => {
      const speakers = [createSpeaker('a', 0.25), createSpeaker('b', 0.5)];
      const policy = createEcho();
      const playback = playPolicy(policy, scene, { agents: speakers.map(({ agent }) => agent) });
      playback.control(new SplitController({ act: (_, action) => void action.fill(1) }, 1, policy));
      playback.stepDecision();
      playback.remove(speakers[0].agent); // the first is another one now
      playback.stepDecision();
      expect(speakers.map(({ said }) => said.at(-1))).toEqual([1, 1]);
      expect(speakers[1].said).toEqual([0.5, 0.5, 0.5, 1, 1, 1]);
    });

    it('refuses a policy for another layout, and plays on with the one before', () => {
      const { agent, said } = createSpeaker('a', 0.5);
      const playback = playPolicy(createEcho(), scene, { agents: [agent] });
      const layout = { ...createEcho().spec.layout, sensors: [{ name: 'number', size: 2 }] };
      expect(() => playback.control(createExactPolicy({ ...createEcho().spec, layout }, {}))).toThrow(
        '[agents] Policy "echo" does not fit agent "a" on node "a":',
      );
      playback.stepDecision();
      expect(said).toEqual([0.5, 0.5, 0.5]);
    });

    it('refuses a policy that decides at other times', () => {
      const { agent } = createSpeaker('a', 0.5);
      const playback = playPolicy(createEcho(), scene, { agents: [agent] });
      expect(() => playback.control(createEcho(1, { name: 'quick', decisionPeriod: 1 }))).toThrow(
        new AgentsError(
          'Policy "quick" was trained to decide every step of 0.02 s, but playPolicy("echo") decides every 3 steps of 0.02 s. Dispose that playback, and call playPolicy() with this policy.',
        ),
      );
    });

    it('refuses one behind a person, too', () => {
      const { agent, said } = createSpeaker('a', 0.5);
      const playback = playPolicy(createEcho(), scene, { agents: [agent] });
      const person = { act: (_: Float32Array, action: Float32Array) => void action.fill(1) };
      const quick = new SplitController(person, 1, createEcho(1, { name: 'quick', timeStep: 1 / 60 }));
      expect(() => playback.control(quick)).toThrow(
        `[agents] Policy "quick" was trained to decide every 3 steps of ${1 / 60} s, but playPolicy("echo") decides every 3 steps of 0.02 s.`,
      );
      playback.control(new SplitController(person, 1, createEcho()));
      playback.stepDecision();
      expect(said).toEqual([1, 1, 1]);
    });
  });

  describe('refusals at the door', () => {
    it('no agents', () => {
      expect(() => playPolicy(createEcho(), scene, { agents: [] })).toThrow(
        new AgentsError(
          'playPolicy("echo") was given no agents. Pass those to drive, such as { agents: [agent] }; add() adds more later.',
        ),
      );
    });

    it('a policy that is still being loaded', () => {
      const { agent } = createSpeaker('a', 0);
      const loading = Promise.resolve(createEcho()) as unknown as Policy;
      expect(() => playPolicy(loading, scene, { agents: [agent] })).toThrow(
        new AgentsError(
          'playPolicy() got an instance of Promise instead of a policy. Pass the result of `await loadPolicy(address)`.',
        ),
      );
    });

    it('something that is no agent', () => {
      const agents = [undefined as unknown as Agent];
      expect(() => playPolicy(createEcho(), scene, { agents })).toThrow(
        new AgentsError(
          'playPolicy("echo") was given undefined among its agents. Pass Agents that are attached to nodes.',
        ),
      );
    });

    it('a seed that is not an integer', () => {
      const { agent } = createSpeaker('a', 0);
      expect(() => playPolicy(createEcho(), scene, { agents: [agent], seed: Number.NaN })).toThrow(
        new AgentsError('playPolicy("echo") has seed NaN. It must be an integer; leave it out to draw nothing.'),
      );
    });

    it('a controller that cannot act, and plays on', () => {
      const { agent } = createSpeaker('a', 0);
      const playback = playPolicy(createEcho(), scene, { agents: [agent] });
      expect(() => playback.control(undefined as unknown as Policy)).toThrow(
        new AgentsError('playPolicy("echo") was given a controller without act(). Pass a policy.'),
      );
      playback.stepDecision();
      expect(agent.decisions).toBe(1);
    });

    it('a policy that has no weights yet', () => {
      const { agent } = createSpeaker('a', 0);
      expect(() => playPolicy(new Policy(createEcho().spec), scene, { agents: [agent] })).toThrow(
        new AgentsError(
          'Policy "echo" cannot be played: has numbers ≤ 0 in "normalizer.deviation". Load one with loadPolicy(), or give it weights with update().',
        ),
      );
    });

    it('a policy whose time does not pass', () => {
      const { agent } = createSpeaker('a', 0);
      expect(() => playPolicy(createEcho(1, { timeStep: 0 }), scene, { agents: [agent] })).toThrow(
        '[agents] Policy "echo" cannot be played: "timeStep" is 0 and must be a number from 0.0001 to 10.',
      );
    });

    it('an agent that hangs on no node', () => {
      expect(() => playPolicy(createEcho(), scene, { agents: [new Agent({ name: 'ghost' })] })).toThrow(
        new AgentsError(
          'playPolicy("echo") was given agent "ghost", which is not attached to a node. Call `node.addBehavior(agent, true)` first.',
        ),
      );
    });

    it('an agent of another scene', async () => {
      const other = await createBareScene();
      const { agent } = createSpeaker('a', 0, other);
      expect(() => playPolicy(createEcho(), scene, { agents: [agent] })).toThrow(
        new AgentsError(
          'playPolicy("echo") was given agent "a" on node "a", which is in another scene. Call playPolicy() for that scene too.',
        ),
      );
      other.getEngine().dispose();
    });

    it('an agent of another layout, at the beginning and later', () => {
      const layout = { ...createEcho().spec.layout, sensors: [{ name: 'number', size: 2 }] };
      const policy = createExactPolicy({ ...createEcho().spec, layout }, {});
      const { agent } = createSpeaker('a', 0);
      const complaint = 'Policy "echo" does not fit agent "a" on node "a":';
      expect(() => playPolicy(policy, scene, { agents: [agent] })).toThrow(complaint);
      expect(requirePhysics(scene, 'the test').getTimeStep()).toBe(1 / 60);
    });

    it('an agent that somebody drives already', async () => {
      const one = createSpeaker('a', 0);
      const two = createSpeaker('b', 0);
      const first = playPolicy(createEcho(), scene, { agents: [one.agent] });
      const complaint = new AgentsError(
        'playPolicy("echo") was given agent "a" on node "a", which playPolicy("echo") drives already. Name each agent once, and dispose the other playback or take the agent out of it first.',
      );
      expect(() => playPolicy(createEcho(), scene, { agents: [two.agent, one.agent] })).toThrow(complaint);
      const second = playPolicy(createEcho(), scene, { agents: [two.agent] }); // nobody holds it since
      first.remove(one.agent);
      second.add(one.agent);
      expect(second.agents).toEqual([two.agent, one.agent]);
      second.dispose();
      first.add(one.agent);
      const area = await play({ ...balanceBall, timeStep: 1 / 50 }, scene, { act: () => {} });
      const [driven] = area.clock.policyRows[0].agents;
      const policy = createExactPolicy({ ...createEcho().spec, layout: driven.layout }, {});
      expect(() => playPolicy(policy, scene, { agents: [driven] })).toThrow(
        'which play("balance-ball") drives already.',
      );
    });

    it('one agent twice', () => {
      const { agent } = createSpeaker('a', 0);
      expect(() => playPolicy(createEcho(), scene, { agents: [agent, agent] })).toThrow(
        'drives already. Name each agent once',
      );
      playPolicy(createEcho(), scene, { agents: [agent] });
    });
  });
});
