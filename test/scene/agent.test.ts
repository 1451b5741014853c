import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import type { Sensor } from '../../plugin/scene/sensor.ts';
import { BodySensor } from '../../plugin/scene/sensors/body-sensor.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { createBareNode, createBareScene } from '../../plugin/testing/bare-scene.ts';

const WHO = 'Agent "agent" on node "body"';

describe('Agent', () => {
  let scene: Scene;
  let body: TransformNode;

  beforeEach(async () => {
    scene = await createBareScene();
    body = new TransformNode('body', scene);
  });

  afterEach(() => scene.getEngine().dispose());

  function addChild(name: string, parent: TransformNode): TransformNode {
    const node = new TransformNode(name, scene);
    node.parent = parent;
    return node;
  }

  function addAgent(agent = new Agent({ sensors: [sensor('eye')], actuators: [actuator('leg')] })): Agent {
    body.addBehavior(agent);
    return agent;
  }

  describe('its policy', () => {
    it('is one of those that it names, the first to begin with, and another where reset says so', () => {
      const agent = addAgent(
        new Agent({ policy: ['small', 'big'], sensors: [sensor('eye')], actuators: [actuator('leg')] }),
      );
      expect([agent.policy, ...agent.policies]).toEqual(['small', 'small', 'big']);
      runtimeOf(agent).begin();
      agent.policy = 'big';
      expect(agent.policy).toBe('big');
      runtimeOf(agent).begin();
      expect(agent.policy).toBe('big'); // until somebody says otherwise
    });

    it('stays for an episode once that is observed', () => {
      const agent = addAgent(
        new Agent({ policy: ['small', 'big'], sensors: [sensor('eye')], actuators: [actuator('leg')] }),
      );
      runtimeOf(agent).begin();
      runtimeOf(agent).observe(new Float32Array(1), 0);
      agent.policy = 'small';
      expect(() => {
        agent.policy = 'big';
      }).toThrow(
        '[agents] agent "agent" on node "body" got policy "big" in the middle of an episode of "small". Set it in reset(random).',
      );
      runtimeOf(agent).begin();
      agent.policy = 'big';
    });

    it('is none that it does not name', () => {
      const agent = addAgent();
      expect(() => {
        agent.policy = 'big';
      }).toThrow(
        '[agents] agent "agent" on node "body" got policy "big", but lists only "agent". List all its policies in `new Agent({ policy: [...] })`.',
      );
      expect(() => new Agent({ policy: [] })).toThrow('[agents] Agent "agent" names no policy.');
    });
  });

  describe('its parts', () => {
    it('are those it was given and those of the nodes below, in hierarchy order', () => {
      const hip = addChild('hip', body);
      const knee = addChild('knee', hip);
      const arm = addChild('arm', body);
      arm.addBehavior(sensor('arm', 4)).addBehavior(actuator('arm', { branches: [3] }));
      knee.addBehavior(actuator('knee', { branches: [2] })).addBehavior(sensor('knee', 3));
      hip.addBehavior(sensor('hip', 2)).addBehavior(actuator('hip', { continuous: 2 }));
      const { layout } = addAgent(new Agent({ sensors: [sensor('own', 1)], actuators: [actuator('own')] }));
      expect(layout).toEqual({
        sensors: [
          { name: 'own', size: 1 },
          { name: 'hip', size: 2 },
          { name: 'knee', size: 3 },
          { name: 'arm', size: 4 },
        ],
        actuators: [
          { name: 'own', continuous: 1, branches: [] },
          { name: 'hip', continuous: 2, branches: [] },
          { name: 'knee', continuous: 0, branches: [2] },
          { name: 'arm', continuous: 0, branches: [3] },
        ],
      });
    });

    it('are not those of an agent below', () => {
      const rider = addChild('rider', body);
      addChild('hand', rider).addBehavior(sensor('hand'));
      const given = { sensors: [sensor('rider')], actuators: [actuator('rider')] };
      rider.addBehavior(new Agent(given));
      expect(addAgent().layout.sensors).toEqual([{ name: 'eye', size: 1 }]);
    });

    it('write side by side into the observation', () => {
      addChild('ear', body).addBehavior(sensor('ear', 2, 7));
      const out = new Float32Array(5).fill(-1);
      runtimeOf(addAgent()).observe(out, 1);
      expect([...out]).toEqual([-1, 1, 7, 7, -1]);
    });

    it('forget at the start of an episode what they remember or have told the world', () => {
      const forgot: string[] = [];
      const eye = Object.assign(sensor('eye'), { forget: () => forgot.push('eye') });
      const leg = Object.assign(actuator('leg'), { forget: () => forgot.push('leg') });
      const agent = addAgent(new Agent({ sensors: [eye], actuators: [leg] }));
      expect(forgot).toEqual([]);
      runtimeOf(agent).begin();
      expect(forgot).toEqual(['eye', 'leg']);
    });

    it('get back what they wrote of an observation when its decision is over', () => {
      const kept: unknown[][] = [];
      const remember = (name: string) => ({
        remember: (observation: Float32Array, offset: number) => kept.push([name, observation.length, offset]),
      });
      const eye = Object.assign(sensor('eye', 2), remember('eye'));
      const ear = Object.assign(sensor('ear', 4), remember('ear'));
      const given = [sensor('nose', 3), eye, sensor('skin', 1), ear];
      runtimeOf(addAgent(new Agent({ sensors: given, actuators: [actuator('leg')] }))).remember(
        new Float32Array(30),
        10,
      );
      expect(kept).toEqual([
        ['eye', 30, 10 + 3],
        ['ear', 30, 10 + 3 + 2 + 1],
      ]);
    });

    it('read side by side from the action', () => {
      const read: [string, number][] = [];
      const arm = actuator('arm', { continuous: 2, branches: [3], apply: (_, offset) => read.push(['arm', offset]) });
      const leg = actuator('leg', { apply: (_, offset) => read.push(['leg', offset]) });
      runtimeOf(addAgent(new Agent({ sensors: [sensor('eye')], actuators: [arm, leg] }))).apply(new Float32Array(9), 5);
      expect(read).toEqual([
        ['arm', 5],
        ['leg', 5 + 2 + 1],
      ]);
    });

    it('go with it when it leaves its node', () => {
      const tail = sensor('tail');
      body.addBehavior(tail);
      body.removeBehavior(addAgent());
      expect(body.behaviors).toEqual([tail]);
      expect(addAgent(new Agent({ actuators: [actuator('leg')] })).layout.sensors).toEqual([{ name: 'tail', size: 1 }]);
    });

    it.each([0, 1, 5])(
      'go with it, and nothing else, by the index that older Babylon notes: %i behaviors after it',
      (n) => {
        const agent = addAgent();
        const tails = Array.from({ length: n }, (_, i) => sensor(`tail ${i}`));
        for (const tail of tails) body.addBehavior(tail);
        const behaviors = body.behaviors as unknown[];
        const at = behaviors.indexOf(agent);
        agent.detach();
        behaviors.splice(at, 1);
        expect(behaviors).toEqual(tails);
      },
    );

    it('let go when the node is disposed, with all that hangs on it', () => {
      const [eye, tail] = [sensor('eye'), sensor('tail')];
      const agent = addAgent(new Agent({ sensors: [eye], actuators: [actuator('leg')] }));
      body.addBehavior(tail);
      body.dispose();
      expect([agent.attachedNode, eye.attachedNode, tail.attachedNode]).toEqual([null, null, null]);
    });

    it('attach while the scene still loads', () => {
      const loading = {};
      scene.addPendingData(loading);
      const foot = sensor('foot');
      addChild('foot', body).addBehavior(foot);
      expect(foot.attachedNode).toBeNull();
      const agent = new Agent({ sensors: [sensor('eye')], actuators: [actuator('leg')] });
      body.addBehavior(agent, true);
      expect(foot.attachedNode?.name).toBe('foot');
      expect(agent.layout.sensors.map(({ name }) => name)).toEqual(['eye', 'foot']);
      scene.removePendingData(loading);
    });
  });

  describe('it refuses', () => {
    it('to be without a sensor', () => {
      const agent = new Agent({ actuators: [actuator('leg')] });
      expect(() => addAgent(agent)).toThrow(
        `[agents] ${WHO} has no sensor. Give it one, or attach one to a node below before attaching the agent.`,
      );
    });

    it('to be without an actuator', () => {
      const agent = new Agent({ sensors: [sensor('eye')] });
      expect(() => addAgent(agent)).toThrow(
        `[agents] ${WHO} has no actuator. Give it one, or attach one to a node below before attaching the agent.`,
      );
    });

    it('two sensors, or two actuators, of one name', () => {
      addChild('head', body).addBehavior(sensor('eye'));
      expect(() => addAgent()).toThrow(`[agents] ${WHO} has two parts named "eye". Pass a \`name\` to one of them.`);
    });

    it('to share its node with another agent', () => {
      addAgent();
      const second = new Agent({ name: 'second' });
      expect(() => addAgent(second)).toThrow(
        '[agents] Node "body" already has agent "agent". Attach agent "second" to another node.',
      );
    });

    it('parts that need a physics body on a node without one', () => {
      expect(() =>
        addAgent(new Agent({ sensors: [new BodySensor({ linearVelocity: true })], actuators: [actuator('leg')] })),
      ).toThrow(
        '[agents] Sensor "body" needs a physics body, and node "body" has none. Create a PhysicsAggregate for it before attaching the agent.',
      );
      expect(() =>
        addAgent(new Agent({ sensors: [sensor('eye')], actuators: [new ForceActuator({ maxForce: 1 })] })),
      ).toThrow(
        '[agents] Actuator "force" needs a physics body, and node "body" has none. Create a PhysicsAggregate for it before attaching the agent.',
      );
    });

    it('a part that hangs on another node', () => {
      const eye = sensor('eye');
      createBareNode('other', scene).addBehavior(eye);
      expect(() => addAgent(new Agent({ sensors: [eye], actuators: [actuator('leg')] }))).toThrow(
        '[agents] "eye" is attached to node "other" and cannot be attached to "body" too. Create a second one.',
      );
    });

    it('sizes that are no counts', () => {
      for (const size of [0, -1, 1.5, Number.NaN, Infinity, '3', undefined]) {
        const eye = Object.assign(sensor('eye'), { size });
        expect(() => addAgent(new Agent({ sensors: [eye as Sensor], actuators: [actuator('leg')] }))).toThrow(
          `[agents] Sensor "eye" of ${WHO} has size ${size}. It must be an integer ≥ 1.`,
        );
      }
    });

    it('actuators that take no action', () => {
      expect(() =>
        addAgent(new Agent({ sensors: [sensor('eye')], actuators: [actuator('leg', { continuous: 0 })] })),
      ).toThrow(
        `[agents] Actuator "leg" of ${WHO} takes 0 continuous actions and branches []. It must take at least one action, and each branch at least one choice.`,
      );
    });
  });

  describe('its masks', () => {
    it('allow what no actuator forbids', () => {
      const gear = actuator('gear', {
        continuous: 0,
        branches: [2, 3],
        mask: (out, offset) => out.fill(0, offset + 3, offset + 5),
      });
      const agent = addAgent(
        new Agent({ sensors: [sensor('eye')], actuators: [actuator('horn', { branches: [2] }), gear] }),
      );
      const out = new Uint8Array(9).fill(9);
      runtimeOf(agent).writeMask(out, 1);
      expect([...out]).toEqual([9, 1, 1, 1, 1, 1, 0, 0, 9]);
    });

    it('may not forbid a whole branch', () => {
      const gear = actuator('gear', { branches: [2, 3], mask: (out, offset) => out.fill(0, offset + 2, offset + 5) });
      const agent = addAgent(new Agent({ sensors: [sensor('eye')], actuators: [gear] }));
      expect(() => runtimeOf(agent).writeMask(new Uint8Array(5), 0)).toThrow(
        '[agents] Actuator "gear" of agent "agent" on node "body" forbids every choice of a branch of 3. Leave one allowed.',
      );
    });
  });

  describe('its rewards', () => {
    it('add up until the decision takes them', () => {
      const agent = addAgent();
      agent.addReward(0.5);
      agent.addReward(0.25);
      expect(runtimeOf(agent).takeReward()).toBe(0.5 + 0.25);
      expect(runtimeOf(agent).takeReward()).toBe(0);
    });

    it('are replaced by setReward()', () => {
      const agent = addAgent();
      agent.addReward(5);
      agent.setReward(-1);
      agent.addReward(0.25);
      expect(runtimeOf(agent).takeReward()).toBe(-1 + 0.25);
    });

    it('make the return of the episode, which a new one begins at 0', () => {
      const agent = addAgent();
      agent.addReward(1);
      runtimeOf(agent).takeReward();
      agent.addReward(2);
      expect(agent.episodeReturn).toBe(1 + 2);
      runtimeOf(agent).begin();
      expect([agent.episodeReturn, runtimeOf(agent).takeReward()]).toEqual([0, 0]);
    });

    it.each([
      ['terminated', (agent: Agent) => agent.terminate()],
      ['truncated', (agent: Agent) => runtimeOf(agent).truncate()],
    ])('are refused once its episode has %s', (outcome, end) => {
      const agent = addAgent();
      end(agent);
      for (const reward of [() => agent.addReward(2), () => agent.setReward(2)]) {
        expect(reward).toThrow(
          `[agents] agent "agent" on node "body" got a reward of 2 after its episode had ${outcome}. Reward it before terminate(), and check agent.active in areas of several agents.`,
        );
      }
    });
  });

  describe('what displays read', () => {
    it('is the reward so far, that of the decision before, and the decisions of the episode', () => {
      const agent = addAgent();
      runtimeOf(agent).begin();
      agent.addReward(0.5);
      expect([agent.reward, agent.lastReward, agent.decisions, agent.episode]).toEqual([0.5, 0, 0, 1]);
      runtimeOf(agent).takeReward();
      agent.addReward(0.25);
      expect([agent.reward, agent.lastReward, agent.decisions, agent.episode]).toEqual([0.25, 0.5, 1, 1]);
      runtimeOf(agent).begin();
      expect([agent.reward, agent.lastReward, agent.decisions, agent.episode]).toEqual([0, 0, 0, 2]);
    });

    it('counts the decision that ended the episode, and none while other agents go on', () => {
      const agent = addAgent();
      agent.addReward(1);
      runtimeOf(agent).takeReward();
      agent.addReward(-3);
      agent.terminate();
      for (let i = 0; i < 4; i++) runtimeOf(agent).takeReward();
      expect([agent.decisions, agent.lastReward]).toEqual([2, -3]);
      runtimeOf(agent).begin();
      expect(agent.lastEpisode).toEqual({ outcome: 'terminated', return: 1 - 3, decisions: 2 });
    });

    it('is no episode before the first is over', () => {
      const agent = addAgent();
      runtimeOf(agent).begin();
      runtimeOf(agent).begin(); // again before a decision was over: there was no episode
      expect(agent.lastEpisode).toBeUndefined();
    });

    it('is a copy of the action, whatever happens to the array it came in', () => {
      const agent = addAgent();
      const actions = Float32Array.of(0.25, 0.5);
      runtimeOf(agent).apply(actions, 1);
      actions.fill(0);
      expect([...agent.lastAction]).toEqual([0.5]);
    });
  });

  describe('its outcome', () => {
    it('is the first of its endings, until the next episode', () => {
      const agent = addAgent();
      expect([agent.outcome, agent.active]).toEqual(['running', true]);
      agent.terminate();
      runtimeOf(agent).truncate();
      expect([agent.outcome, agent.active]).toEqual(['terminated', false]);
      runtimeOf(agent).begin();
      runtimeOf(agent).truncate();
      agent.terminate();
      expect(agent.outcome).toBe('truncated');
    });
  });
});

/** Writes `value` to each of its floats. */
function sensor(name: string, size = 1, value = 1): FunctionSensor {
  return new FunctionSensor(name, size, (out, offset) => out.fill(value, offset, offset + size));
}

type Options = Partial<ConstructorParameters<typeof FunctionActuator>[0]>;

/** Takes one continuous action, or what it is told to, and does nothing. */
function actuator(
  name: string,
  { apply = () => {}, branches = [], continuous = branches.length > 0 ? 0 : 1, ...rest }: Options = {},
): FunctionActuator {
  return new FunctionActuator({ ...rest, name, continuous, branches, apply });
}
