import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeSnapshot } from '../../plugin/inspector/snapshot.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import { addAgentNode, createScene } from './fixtures.ts';

let scene: Scene;
beforeEach(() => {
  scene = createScene();
});
afterEach(() => scene.getEngine().dispose());

describe('takeSnapshot', () => {
  it('reads each sensor anew and says what each actuator holds and the mask forbids', () => {
    let x = 0.5;
    const agent = addAgentNode('body', { scene, sense: () => [x, -x] });
    runtimeOf(agent).apply(Float32Array.of(9, 9, 0.25, -1, 2), 2);
    x = 0.75;
    expect(takeSnapshot(agent)).toEqual({
      sensors: [
        { name: 'eye', values: [0.75, -0.75] },
        { name: 'ear', values: [7] },
      ],
      actuators: [{ name: 'leg', continuous: [0.25, -1], branches: [{ choice: 2, allowed: [true, false, true] }] }],
      problem: undefined,
    });
  });

  it('is no decision: an episode’s policy may be set while somebody looks, until one is taken', () => {
    const agent = addAgentNode('body', { scene, policy: ['small', 'big'] });
    takeSnapshot(agent); // an open Inspector, before the first episode
    agent.policy = 'big';
    runtimeOf(agent).begin();
    takeSnapshot(agent); // and between begin() and reset()
    agent.policy = 'small';
    runtimeOf(agent).observe(new Float32Array(3), 0);
    takeSnapshot(agent);
    expect(() => {
      agent.policy = 'big';
    }).toThrow('got policy "big" in the middle of an episode of "small".');
  });

  it('says what is wrong with a sensor that throws, and still what the agent does', () => {
    const agent = addAgentNode('body', {
      scene,
      sense: () => {
        throw new TypeError('target is gone');
      },
    });
    const { sensors, actuators, problem } = takeSnapshot(agent);
    expect(sensors).toEqual([]);
    expect(problem).toContain('observe() of sensor "eye" of agent "agent" on node "body" failed: target is gone.');
    expect(actuators).toEqual([
      { name: 'leg', continuous: [0, 0], branches: [{ choice: 0, allowed: [true, true, true] }] },
    ]);
  });
});
