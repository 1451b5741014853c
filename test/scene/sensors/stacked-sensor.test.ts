import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FunctionActuator } from '../../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../../plugin/scene/agent.ts';
import { runtimeOf } from '../../../plugin/scene/agent-runtime.ts';
import type { Pen } from '../../../plugin/scene/pen.ts';
import { play } from '../../../plugin/scene/play.ts';
import { playPolicy } from '../../../plugin/scene/play-policy.ts';
import type { Sensor } from '../../../plugin/scene/sensor.ts';
import { FunctionSensor } from '../../../plugin/scene/sensors/function-sensor.ts';
import { RelativePositionSensor } from '../../../plugin/scene/sensors/relative-position-sensor.ts';
import { StackedSensor } from '../../../plugin/scene/sensors/stacked-sensor.ts';
import { createBareScene } from '../../../plugin/testing/bare-scene.ts';
import { stackedRail } from '../../fixtures/environments.ts';
import { createExactPolicy } from '../../policy/fixtures.ts';

let scene: Scene;
let node: TransformNode;
beforeEach(async () => {
  scene = await createBareScene();
  node = new TransformNode('node', scene);
});
afterEach(() => scene.getEngine().dispose());

/** What the stacked sensor sees, newest; tests set it. */
let seen = 0;
const createEye = () => new FunctionSensor('eye', 2, (out, offset) => out.set([seen, -seen], offset));

function observe(sensor: Sensor): number[] {
  const out = new Float32Array(sensor.size);
  sensor.observe(out, 0);
  return [...out].map((value) => value + 0);
}

/** Sees a number at a decision, which is then over. */
function decide(sensor: Sensor, number: number): number[] {
  seen = number;
  const row = observe(sensor);
  sensor.remember?.(Float32Array.of(77, ...row), 1);
  return row;
}

describe('StackedSensor', () => {
  it('is as many times as large as the other one, and named after it', () => {
    const stacked = new StackedSensor(createEye(), { count: 9 });
    expect({ name: stacked.name, size: stacked.size }).toEqual({ name: 'eye-x9', size: 18 });
    expect(new StackedSensor(createEye(), { count: 2, name: 'eyes' }).name).toBe('eyes');
  });

  it('writes what was seen at the last decisions, oldest first, and 0 for those before the episode', () => {
    const stacked = new StackedSensor(createEye(), { count: 3 });
    node.addBehavior(stacked, true);
    expect(decide(stacked, 1)).toEqual([0, 0, 0, 0, 1, -1]);
    expect(decide(stacked, 2)).toEqual([0, 0, 1, -1, 2, -2]);
    expect(decide(stacked, 3)).toEqual([1, -1, 2, -2, 3, -3]);
    expect(decide(stacked, 4)).toEqual([2, -2, 3, -3, 4, -4]);
    seen = 5;
    expect(observe(stacked)).toEqual([3, -3, 4, -4, 5, -5]);
    seen = 6; // observed again and again between two decisions, only the newest differs
    expect(observe(stacked)).toEqual([3, -3, 4, -4, 6, -6]);
    stacked.forget();
    expect(observe(stacked)).toEqual([0, 0, 0, 0, 6, -6]);
  });

  it('stacks a stacked one', () => {
    const stacked = new StackedSensor(new StackedSensor(createEye(), { count: 2 }), { count: 2 });
    expect(stacked.name).toBe('eye-x2-x2');
    node.addBehavior(stacked, true);
    decide(stacked, 1);
    decide(stacked, 2);
    expect(decide(stacked, 3)).toEqual([1, -1, 2, -2, 2, -2, 3, -3]);
    stacked.forget();
    expect(decide(stacked, 4)).toEqual([0, 0, 0, 0, 0, 0, 4, -4]);
  });

  it('takes the other one along to its node and off it again, with an empty memory', () => {
    const target = new TransformNode('target', scene);
    target.position.x = 3;
    const way = new RelativePositionSensor({ target });
    const stacked = new StackedSensor(way, { count: 2 });
    node.addBehavior(stacked, true);
    stacked.remember(Float32Array.from(observe(stacked)), 0);
    expect(observe(stacked)).toEqual([3, 0, 0, 3, 0, 0]);
    const drawn: number[] = [];
    const pen: Pen = { line() {}, point() {}, arrow: (_, to) => void drawn.push(to.x) };
    stacked.draw(pen);
    expect(drawn).toEqual([3]);
    node.removeBehavior(stacked);
    expect(way.attachedNode).toBeNull();
    const other = new TransformNode('other', scene);
    other.addBehavior(stacked, true);
    expect(way.attachedNode).toBe(other);
    expect(observe(stacked)).toEqual([0, 0, 0, 3, 0, 0]);
  });

  it('refuses a sensor that hangs somewhere itself, and broken counts', () => {
    const eye = createEye();
    node.addBehavior(eye, true);
    expect(() => node.addBehavior(new StackedSensor(eye, { count: 2 }), true)).toThrow(
      '[agents] Sensor "eye-x2" stacks "eye", which is itself attached to node "node". Give the agent only the StackedSensor.',
    );
    expect(() => new StackedSensor(createEye(), { count: 0 })).toThrow(
      '[agents] Sensor "eye-x0" has count 0. It must be an integer ≥ 1.',
    );
  });

  it('moves on once a decision in play(), and begins anew with an episode', async () => {
    const rows: number[][] = [];
    const controller = {
      act(observation: Float32Array, action: Float32Array) {
        rows.push([...observation]);
        action.fill(0.1); // 0.02 m
      },
    };
    const playback = await play(stackedRail, scene, controller, { seeds: [3] });
    for (let i = 0; i < 17; i++) playback.stepDecision();
    const [x, next] = [rows[0][2], rows[16][2]];
    const places = (...moves: number[]) => moves.map((move) => expect.closeTo(x + 0.02 * move, 5));
    expect(rows.slice(0, 4)).toEqual([[0, 0, x], [0, ...places(0, 1)], places(0, 1, 2), places(1, 2, 3)]);
    expect(rows[15]).toEqual(places(13, 14, 15)); // the last of 16
    expect(rows[16]).toEqual([0, 0, next]);
  });
});

describe('StackedSensor in playPolicy()', () => {
  const said: number[] = [];
  let agent: Agent;

  /** Says the sum of what its eye saw at the last three decisions of three steps. */
  function start() {
    said.length = 0;
    const eye = new FunctionSensor('eye', 1, (out, offset) => out.fill(seen, offset, offset + 1));
    const say = (action: Float32Array, offset: number) => void said.push(Math.round(1000 * action[offset]) / 1000);
    agent = new Agent({
      sensors: [new StackedSensor(eye, { count: 3 })],
      actuators: [new FunctionActuator({ name: 'say', continuous: 1, apply: say })],
    });
    node.addBehavior(agent, true);
    const spec = {
      name: 'sum',
      layout: agent.layout,
      network: { hidden: [], activation: 'tanh', critic: 'none' },
      observationClip: 10,
      bounds: 'clip',
      timeStep: 1 / 50,
      decisionPeriod: 3,
    } as const;
    const weights = { 'continuous.weight': [1, 1, 1], 'continuous.logDeviation': [-2] };
    return playPolicy(createExactPolicy(spec, weights), scene, { agents: [agent] });
  }

  it('moves on once a decision, not with every step', () => {
    const playback = start();
    for (const number of [0.1, 0.2, 0.3, 0.4]) {
      seen = number;
      playback.stepDecision();
    }
    expect(said.filter((_, i) => i % 3 === 0)).toEqual([0.1, 0.3, 0.6, 0.9]);
  });

  it('remembers nothing of a decision in the middle of which the agent began anew', () => {
    const playback = start();
    seen = 0.1;
    playback.stepDecision();
    scene.onAfterPhysicsObservable.addOnce(() => runtimeOf(agent).begin());
    playback.stepDecision();
    seen = 0.4;
    playback.stepDecision();
    expect(said.at(-1)).toBe(0.4);
  });
});
