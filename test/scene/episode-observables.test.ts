import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import { defineEnvironment } from '../../plugin/scene/environment.ts';
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

const still = { act: (_: Float32Array, action: Float32Array) => void action.fill(0) };

function addAgent(name: string, parent?: TransformNode): Agent {
  const node = new TransformNode(name, scene);
  if (parent) node.parent = parent;
  const agent = new Agent({
    name,
    sensors: [new FunctionSensor('number', 1, (out, offset) => out.fill(0, offset, offset + 1))],
    actuators: [new FunctionActuator({ name: 'say', continuous: 1, apply() {} })],
  });
  node.addBehavior(agent, true);
  return agent;
}

/** Writes down what the observers of an agent are told, as of that moment. */
function listen(agent: Agent, log: string[]): void {
  const { name } = agent;
  agent.onEpisodeBeginObservable.add((told) => void log.push(`${name} begins ${told.episode} at ${told.decisions}`));
  agent.onEpisodeEndObservable.add(({ outcome, decisions, episodeReturn }) => {
    log.push(`${name} ${outcome}, ${decisions} decisions, ${episodeReturn}`);
  });
}

/** Two agents, rewarded by 1 a step of two a decision; the first terminates in its second decision, the second in none. */
function defineRace(prepare: (first: Agent, second: Agent) => void, log: string[] = []) {
  return defineEnvironment({
    name: 'race',
    decisionPeriod: 2,
    maxDecisions: 3,
    build({ root }) {
      const [first, second] = [addAgent('first', root), addAgent('second', root)];
      prepare(first, second);
      return {
        reset: () => void log.push('reset'),
        afterStep() {
          if (first.active) first.addReward(1);
          second.addReward(1);
          if (runtimeOf(first).decisions === 1 && first.episodeReturn === 4) first.terminate();
        },
      };
    },
  });
}

describe('the episode observables of an agent', () => {
  it('report each begin after reset() and each end before the next decision, with what the episode came to', async () => {
    const log: string[] = [];
    const race = defineRace((first, second) => {
      listen(first, log);
      listen(second, log);
    }, log);
    const playback = await play(race, scene, still);
    const decide = () => {
      log.push('|');
      playback.stepDecision();
    };
    for (let i = 0; i < 4; i++) decide();
    expect(log).toEqual([
      ...['reset', 'first begins 1 at 0', 'second begins 1 at 0', '|', '|', '|'],
      'first terminated, 2 decisions, 4', // 2 decisions · 2 steps · 1
      ...['|', 'second truncated, 3 decisions, 6'],
      ...['reset', 'first begins 2 at 0', 'second begins 2 at 0'],
    ]);
  });

  it('do not report an episode that reset() has ended at once', async () => {
    const log: string[] = [];
    const benched = defineEnvironment({
      name: 'benched',
      maxDecisions: 1,
      build({ root }) {
        const [first, second] = [addAgent('first', root), addAgent('second', root)];
        listen(first, log);
        listen(second, log);
        return { reset: () => second.terminate() };
      },
    });
    const playback = await play(benched, scene, still);
    playback.stepDecision();
    playback.stepDecision();
    expect(log).toEqual(['first begins 1 at 0', 'first truncated, 1 decisions, 0', 'first begins 2 at 0']);
  });

  it('report an agent of playPolicy() that a game takes out of play and brings back', () => {
    const agent = addAgent('walker');
    const log: string[] = [];
    listen(agent, log);
    const spec = {
      name: 'still',
      layout: agent.layout,
      network: { hidden: [], activation: 'tanh', critic: 'none' },
      observationClip: 10,
      bounds: 'clip',
      timeStep: 1 / 60,
      decisionPeriod: 1,
    } as const;
    const playback = playPolicy(createExactPolicy(spec, {}), scene, { agents: [agent] });
    playback.stepDecision();
    agent.addReward(3);
    agent.terminate();
    playback.stepDecision();
    playback.stepDecision();
    agent.beginEpisode();
    expect(log).toEqual(['walker begins 1 at 0', 'walker terminated, 2 decisions, 3', 'walker begins 2 at 0']);
  });

  it.each([
    ['onEpisodeBeginObservable', 'decision 1 of episode 1'],
    ['onEpisodeEndObservable', 'decision 4 of episode 1'],
  ] as const)('name the agent and its area when an observer of %s throws', async (observable, moment) => {
    const mistake = new Error('no score board');
    const race = defineRace((_, second) => {
      second[observable].add(() => {
        throw mistake;
      });
    });
    const live = async () => {
      const playback = await play(race, scene, still);
      for (let i = 0; i < 4; i++) playback.stepDecision();
    };
    const error = await live().then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error?.message).toContain(
      `[agents] an observer of ${observable} of agent "second" on node "second" of environment "race" failed in area 0, ${moment}: no score board.`,
    );
    expect(error?.cause).toBe(mistake);
  });

  it('are made only where a game asks for them', async () => {
    const agents: Agent[] = [];
    const playback = await play(
      defineRace((...both) => void agents.push(...both)),
      scene,
      still,
    );
    playback.stepDecision();
    const made = agents.map((agent) => [runtimeOf(agent).beginObservable, runtimeOf(agent).endObservable]);
    expect(made).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });
});
