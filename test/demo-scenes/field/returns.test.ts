import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RETURN_COLORS, writeReturnColor } from '../../../demo-scenes/field/return-scale.ts';
import { ReturnsTracker } from '../../../demo-scenes/field/returns.ts';
import {
  Agent,
  defineEnvironment,
  FunctionActuator,
  FunctionSensor,
  type Playback,
  play,
} from '../../../plugin/index.ts';
import { createBareScene } from '../../../plugin/testing/bare-scene.ts';

/** Two agents an area: decision d of an episode pays d to the first, which ends after 2, and 10 to the second, after 4. */
const pay = defineEnvironment({
  name: 'pay',
  decisionPeriod: 1,
  build({ root, scene }) {
    const agents = ['first', 'second'].map((name) => {
      const node = new TransformNode(name, scene);
      node.parent = root;
      const agent = new Agent({
        sensors: [new FunctionSensor('nothing', 1, (out, offset) => void out.fill(0, offset, offset + 1))],
        actuators: [new FunctionActuator({ name: 'nothing', continuous: 1, apply: () => {} })],
      });
      node.addBehavior(agent, true);
      return agent;
    });
    let decision = 0;
    return {
      reset() {
        decision = 0;
      },
      afterStep() {
        decision++;
        if (agents[0].active) agents[0].addReward(decision);
        if (agents[1].active) agents[1].addReward(10);
        if (decision === 2) agents[0].terminate();
        if (decision === 4) agents[1].terminate();
      },
    };
  },
});

let scene: Scene;
let playback: Playback;
let returns: ReturnsTracker;
beforeEach(async () => {
  scene = await createBareScene();
  playback = await play(pay, scene, { act: () => {} });
  returns = new ReturnsTracker(playback);
});
afterEach(() => scene.getEngine().dispose());

function live(decisions: number): void {
  for (let i = 0; i < decisions; i++) playback.stepDecision();
}

describe('ReturnsTracker', () => {
  it('has no mean before an episode has ended', () => {
    live(1);
    expect(returns.mean).toBeUndefined();
    expect([...returns.running]).toEqual([1, 10]);
  });

  it('counts every agent’s episode once, though an area waits for its last agent', () => {
    live(3);
    expect(returns.mean).toBe(1 + 2);
    expect([...returns.running]).toEqual([3, 30]);
    live(1);
    expect(returns.mean).toBe((3 + 40) / 2);
    live(4);
    expect(returns.mean).toBe((3 + 40 + 3 + 40) / 4);
  });

  it('stands by the last episode until the running one has earned more', () => {
    live(5); // one decision into the second episode
    expect([...returns.running]).toEqual([1, 10]);
    expect([...returns.standing]).toEqual([3, 40]);
    expect([returns.lowest, returns.highest]).toEqual([1, 40]);
  });

  it('learns nothing more once it is disposed', () => {
    returns.dispose();
    live(4);
    expect(returns.mean).toBeUndefined();
  });
});

describe('writeReturnColor', () => {
  const color = (share: number) => {
    const out = new Float32Array(3);
    writeReturnColor(share, out, 0);
    return `#${[...out]
      .map((part) =>
        Math.round(part * 255)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')}`;
  };

  it('goes from the first color to the last, and stays there beyond', () => {
    expect([-1, 0, 0.125, 1, 7].map(color)).toEqual([0, 0, 1, 8, 8].map((i) => RETURN_COLORS[i]));
  });

  it('grows lighter all the way, for those who see no hues', () => {
    const lightness = RETURN_COLORS.map((hex) => {
      const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    });
    expect(lightness).toEqual([...lightness].sort((a, b) => a - b));
  });
});
