import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { describe, expect, it } from 'vitest';
import { playAtRandom } from '../../../bench/ablation/random-policy.ts';
import { tasks } from '../../../bench/tasks/catalog.ts';
import { Agent, defineEnvironment, type Environment, FunctionActuator, FunctionSensor } from '../../../plugin/index.ts';
import { rail } from '../../fixtures/environments.ts';

const signal = new AbortController().signal;

/** Twenty decisions that earn nothing; every action, two floats and a choice of three whose middle one is forbidden, is handed to `seen`. */
function defineWatched(seen: (floats: readonly number[], choice: number) => void): Environment {
  return defineEnvironment({
    name: 'watched',
    decisionPeriod: 1,
    maxDecisions: 20,
    build(area) {
      const node = new TransformNode('node', area.scene);
      node.parent = area.root;
      const actuator = new FunctionActuator({
        name: 'any',
        continuous: 2,
        branches: [3],
        apply: (action, offset) => seen([...action.slice(offset, offset + 2)], action[offset + 2]),
        mask: (out, offset) => {
          out[offset + 1] = 0;
        },
      });
      node.addBehavior(new Agent({ sensors: [new FunctionSensor('none', 1, () => 0)], actuators: [actuator] }), true);
      return { reset() {} };
    },
  });
}

describe('playAtRandom', () => {
  it('plays one episode in each area', async () => {
    const episodes = (await playAtRandom(rail, 40, signal))!;
    expect(episodes).toHaveLength(40);
    for (const { outcome, decisions } of episodes) {
      expect(decisions).toBeLessThanOrEqual(16);
      expect(outcome).toBe(decisions < 16 ? 'terminated' : 'truncated');
    }
  });

  it('draws floats evenly from their range, and choices from those that are allowed', async () => {
    const floats: number[] = [];
    const choices = [0, 0, 0];
    const watched = defineWatched((some, choice) => {
      floats.push(...some);
      choices[choice]++;
    });
    await playAtRandom(watched, 100, signal);
    expect(floats).toHaveLength(100 * 20 * 2);
    for (let quarter = -1; quarter < 1; quarter += 0.5) {
      const within = floats.filter((float) => float >= quarter && float < quarter + 0.5).length;
      expect(within / floats.length).toBeCloseTo(0.25, 1);
    }
    expect(choices[1]).toBe(0);
    expect(choices[0] / 2000).toBeCloseTo(0.5, 1);
  });

  it('plays the same again', async () => {
    expect(await playAtRandom(rail, 5, signal)).toEqual(await playAtRandom(rail, 5, signal));
  });

  it('earns on CartPole and Acrobot what random actions are known to earn', async () => {
    const meanOf = async (name: string) => {
      const episodes = (await playAtRandom(await tasks[name].environment(), 200, signal))!;
      return episodes.reduce((sum, episode) => sum + episode.return, 0) / episodes.length;
    };
    const cartpole = await meanOf('cartpole');
    expect(cartpole).toBeGreaterThan(19); // about 22
    expect(cartpole).toBeLessThan(26);
    expect(await meanOf('acrobot')).toBeLessThan(-480); // hardly ever up within its 500 decisions
  });

  it('stops when it is interrupted', async () => {
    expect(await playAtRandom(rail, 5, AbortSignal.abort())).toBeUndefined();
  });
});
