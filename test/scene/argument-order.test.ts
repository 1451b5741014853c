import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { balanceBall } from '../../demo-scenes/balance-ball/environment.ts';
import * as agents from '../../plugin/index.ts';
import { showAgents } from '../../plugin/inspector.ts';
import { createBareScene } from '../../plugin/testing/bare-scene.ts';
import { createExactPolicy } from '../policy/fixtures.ts';

/** A function as plain JavaScript sees it: any arguments, in any order. */
type Loose = (...args: unknown[]) => unknown;

let scene: Scene;
beforeEach(async () => {
  scene = await createBareScene();
});
afterEach(() => scene.getEngine().dispose());

const policy = createExactPolicy(
  {
    name: 'still',
    layout: { sensors: [{ name: 'number', size: 1 }], actuators: [{ name: 'say', continuous: 1, branches: [] }] },
    network: { hidden: [], activation: 'tanh', critic: 'none' },
    observationClip: 10,
    bounds: 'clip',
    timeStep: 1 / 60,
    decisionPeriod: 5,
  },
  {},
);

describe('functions that take a scene', () => {
  it.each<[string, Loose, () => unknown[], string]>([
    [
      'play',
      agents.play as Loose,
      () => [scene, balanceBall, policy],
      'play(environment, scene, controllers, options)',
    ],
    [
      'play',
      agents.play as Loose,
      () => [balanceBall, policy, scene],
      'play(environment, scene, controllers, options)',
    ],
    ['playPolicy', agents.playPolicy as Loose, () => [scene, policy, {}], 'playPolicy(policy, scene, options)'],
    ['showOverlay', agents.showOverlay as Loose, () => [scene, {}], 'showOverlay(playback, scene, options)'],
    ['showAgents', showAgents as Loose, () => [{}, scene], 'showAgents(scene, options)'],
    ['enablePhysics', agents.enablePhysics as Loose, () => [{}, scene], 'enablePhysics(scene, options)'],
    ['rememberPoses', agents.rememberPoses as Loose, () => [{}, scene], 'rememberPoses(scene, options)'],
  ])('%s() refuses arguments in another order, and says how it is called', async (name, call, args, usage) => {
    const complaint = new RegExp(`^\\[agents\\] ${name}\\(\\) got .* instead of a scene\\. Write \`(.*)\`\\.$`);
    const error = await Promise.resolve()
      .then(() => call(...args()))
      .then(
        () => undefined,
        (thrown: Error) => thrown,
      );
    expect(complaint.exec(error?.message ?? '')?.[1]).toBe(usage);
  });
});
