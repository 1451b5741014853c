import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { AgentPart } from '../../plugin/scene/agent-part.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import type { Sensor } from '../../plugin/scene/sensor.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { StackedSensor } from '../../plugin/scene/sensors/stacked-sensor.ts';
import { createBareScene } from '../../plugin/testing/bare-scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await createBareScene();
});
afterEach(() => scene.getEngine().dispose());

type Options = Partial<ConstructorParameters<typeof FunctionActuator>[0]>;
type Observe = (out: Float32Array, at: number) => unknown;

const leg = (options: Options = {}) =>
  new FunctionActuator({ name: 'leg', continuous: 1, apply: () => {}, ...options });
const one = (name: string) => new FunctionSensor(name, 1, () => 7);

/** An agent of these sensors, with one before and one behind them, and these actuators. */
function addAgent(sensors: readonly Sensor[], actuators = [leg()]): Agent {
  const agent = new Agent({ sensors: [one('first'), ...sensors, one('last')], actuators });
  new TransformNode('body', scene).addBehavior(agent, true);
  return agent;
}

/** The observation of an agent whose one sensor of two floats is made of `observe`, the first number and the last left out. */
function observe(observe: Observe, agent = addAgent([new FunctionSensor('eye', 2, observe as never)])): number[] {
  const out = new Float32Array(4).fill(99);
  runtimeOf(agent).observe(out, 0);
  expect([out[0], out[3]]).toEqual([7, 7]);
  return [...out.subarray(1, 3)];
}

const WHO = '[agents] observe() of sensor "eye" of agent "agent" on node "body"';

/** A sensor of somebody who knows the interface alone. */
class OwnSensor extends AgentPart implements Sensor {
  size = 2;
  readonly #observe: Observe;

  constructor(observe: Observe) {
    super('eye');
    this.#observe = observe;
  }

  observe(out: Float32Array, at: number): undefined {
    return this.#observe(out, at) as undefined;
  }
}

describe('a function that observes', () => {
  it.each<[string, Observe]>([
    ['writes its floats', (out, at) => void out.set([3, 4], at)],
    ['returns a list of them', () => [3, 4]],
    ['returns them in a typed array', () => Float64Array.of(3, 4)],
  ])('is taken as it is if it %s', (_, eye) => {
    expect(observe(eye)).toEqual([3, 4]);
  });

  it('may return the array that it wrote to, or anything else, once it has written', () => {
    const agent = addAgent([
      new FunctionSensor('eye', 2, ((out: Float32Array, at: number) => {
        out[at] = 3;
        out[at + 1] = 4;
        return [5, 6];
      }) as never),
    ]);
    for (let i = 0; i < 5; i++) expect(observe(() => {}, agent)).toEqual([3, 4]);
  });

  it('may return a single number as one of size 1, and as an arrow that assigns', () => {
    let seen = 1;
    const returning = new FunctionSensor('a', 1, () => seen);
    const assigning = new FunctionSensor('b', 1, (out, at) => (out[at] = 10 * seen));
    const agent = addAgent([returning, assigning]);
    const out = new Float32Array(4);
    for (; seen < 6; seen++) {
      runtimeOf(agent).observe(out, 0);
      expect([...out]).toEqual([7, seen, 10 * seen, 7]);
    }
  });

  it('returns at every call what it returned at the first, or is named', () => {
    let call = 0;
    const agent = addAgent([new FunctionSensor('eye', 2, () => (++call === 3 ? [1] : [1, 2]))]);
    const out = new Float32Array(4);
    for (let i = 0; i < 2; i++) runtimeOf(agent).observe(out, 0);
    expect(() => runtimeOf(agent).observe(out, 0)).toThrow(
      `${WHO} wrote nothing and returned [1]. Return a list of 2 numbers at every call, or write them to out[offset … offset + 2) and return nothing.`,
    );
  });

  it.each<[string, Observe, string]>([
    ['a list of another length', () => [1, 2, 3], 'wrote nothing and returned [1, 2, 3]'],
    ['a list of no numbers', () => ['a', 'b'], 'wrote nothing and returned ["a", "b"]'],
    ['a number, of two', () => 3, 'wrote nothing and returned 3'],
    ['an object', () => ({ x: 1, y: 2 }), 'wrote nothing and returned { x, y }'],
    ['a promise', async () => [1, 2], 'returned a promise'],
  ])('is refused if it returns %s', (_, eye, message) => {
    expect(() => observe(eye)).toThrow(`${WHO} ${message}`);
  });
});

describe.each([
  { kind: 'a FunctionSensor', make: (eye: Observe): Sensor => new FunctionSensor('eye', 2, eye as never) },
  { kind: 'a sensor of one’s own', make: (eye: Observe): Sensor => new OwnSensor(eye) },
])('$kind', ({ make }) => {
  it.each<[string, Observe, string]>([
    [
      'too little',
      (out, at) => void out.fill(1, at, at + 1),
      'set 1 of its 2 floats, and not index 1. What stood there before would count. Assign each of out[offset … offset + 2) at every call, 0 where there is nothing to say, or make its size 1.',
    ],
    ['nothing', () => {}, 'set none of its 2 floats. What stood there before would count. Assign each of'],
    [
      'one float too many',
      (out, at) => void out.fill(1, at, at + 3),
      'wrote out[offset + 2], outside of its 2 floats. These belong to others. Write to out[offset … offset + 2) only, or declare 3 of them.',
    ],
    [
      'to index 0, whatever the offset',
      (out) => void out.set([1, 2]),
      'wrote out[0], out[1], outside of its 2 floats. These belong to others. Write to out[offset … offset + 2) only, begin at offset, which is not 0.',
    ],
    ['over everything', (out) => void out.fill(1), 'wrote out[0], out[1], out[2] …, outside of its 2 floats.'],
    [
      'doubles over its floats',
      (out, at) => void new Float64Array(out.buffer, 4 * at, 2).fill(1),
      'wrote out[offset + 2], out[offset + 3], outside',
    ],
    [
      'on top of what was there',
      (out, at) => void out.set([1, out[at + 1] + 1], at),
      'set 1 of its 2 floats, and not index 1',
    ],
  ])('that writes %s is named, with what it did', (_, eye, message) => {
    const agent = addAgent([make(eye)]);
    expect(() => runtimeOf(agent).observe(new Float32Array(4), 0)).toThrow(`${WHO} ${message}`);
  });

  it('that leaves a float out once in a while is found at call 2, 4, 8 …, whatever the one before wrote', () => {
    let call = 0;
    const agent = addAgent([
      make((out, at) => {
        out[at] = 1;
        if (++call < 7) out[at + 1] = 2;
      }),
    ]);
    const out = new Float32Array(4);
    for (let i = 1; i <= 7; i++) runtimeOf(agent).observe(out, 0);
    expect(() => runtimeOf(agent).observe(out, 0)).toThrow(`${WHO} set 1 of its 2 floats, and not index 1.`);
  });

  it('is called once for every observation, those that are checked too', () => {
    let calls = 0;
    const agent = addAgent([make((out, at) => void out.fill(++calls, at, at + 2))]);
    for (let i = 1; i <= 20; i++) expect(observe(() => {}, agent)).toEqual([i, i]);
  });

  it('may see what is no number: that is somebody else’s to judge', () => {
    expect(observe(() => {}, addAgent([make((out, at) => void out.fill(Number.NaN, at, at + 2))]))).toEqual([NaN, NaN]);
  });
});

describe('a sensor of one’s own', () => {
  it('that returns its numbers is told that nothing was written', () => {
    const agent = addAgent([new OwnSensor(() => [1, 2])]);
    expect(() => runtimeOf(agent).observe(new Float32Array(4), 0)).toThrow(
      `${WHO} set none of its 2 floats, and returned [1, 2]. What stood there before would count.`,
    );
  });

  it('keeps the size that it was attached with, or is named', () => {
    const eye = new OwnSensor((out, at) => void out.fill(1, at, at + eye.size));
    const agent = addAgent([eye]);
    const out = new Float32Array(4);
    for (let i = 0; i < 3; i++) runtimeOf(agent).observe(out, 0);
    eye.size = 3;
    expect(() => runtimeOf(agent).observe(out, 0)).toThrow(
      '[agents] Sensor "eye" has size 3, and had 2 when its agent was attached. Keep that as it is from construction on: layouts and policies depend on it.',
    );
    expect(out[3]).toBe(7);
  });

  it('that writes too little inside of a stack is found there', () => {
    const stack = new StackedSensor(new OwnSensor((out, at) => void out.fill(1, at, at + 1)), { count: 2 });
    const agent = addAgent([stack]);
    expect(() => runtimeOf(agent).observe(new Float32Array(6), 0)).toThrow(
      'observe() of sensor "eye-x2" of agent "agent" on node "body" set 3 of its 4 floats, and not index 3.',
    );
  });
});

describe('an actuator', () => {
  const MASKS = '[agents] mask() of actuator "gear" of agent "agent" on node "body"';
  const gear = (mask: (out: Uint8Array, at: number) => unknown) =>
    leg({ name: 'gear', continuous: 0, branches: [2, 3], mask: mask as never });

  it.each<[string, (out: Uint8Array, at: number) => unknown, string]>([
    [
      'one entry too many',
      (out, at) => out.fill(0, at + 4, at + 6),
      'wrote out[offset + 5], outside of its 5 choices. These belong to others. Write to out[offset … offset + 5) only, or declare 6 of them.',
    ],
    ['to index 0, whatever the offset', (out) => void out.fill(0, 0, 1), 'wrote out[0], outside of its 5 choices.'],
    [
      'something else than 0',
      (out, at) => void out.fill(2, at + 1, at + 2),
      'wrote 2 for choice 1 of its 5. Write 0 for what it forbids, and leave the 1 of all others.',
    ],
    [
      'nothing, and returns what it allows',
      () => [true, false, true, true, true],
      'returned [true, false, true, true, true], which nobody reads. Write 0 to out[offset + i] for every choice i that it forbids.',
    ],
  ])('whose mask writes %s is named, with what it did', (_, mask, message) => {
    const agent = addAgent([], [leg({ name: 'horn', continuous: 0, branches: [2] }), gear(mask)]);
    expect(() => runtimeOf(agent).writeMask(new Uint8Array(7), 0)).toThrow(`${MASKS} ${message}`);
  });

  it('may not forbid all of a branch, at whichever call', () => {
    let call = 0;
    const agent = addAgent([], [gear((out, at) => void (++call === 3 && out.fill(0, at, at + 2)))]);
    const out = new Uint8Array(5);
    for (let i = 0; i < 2; i++) runtimeOf(agent).writeMask(out, 0);
    expect(() => runtimeOf(agent).writeMask(out, 0)).toThrow(
      'forbids every choice of a branch of 2. Leave one allowed.',
    );
  });

  it('masks as ever where it does as it should, and is asked once', () => {
    let calls = 0;
    const agent = addAgent(
      [],
      [
        gear((out, at) => {
          calls++;
          out.fill(0, at + 3, at + 5);
        }),
      ],
    );
    for (let i = 1; i <= 5; i++) {
      const out = new Uint8Array(5).fill(9);
      runtimeOf(agent).writeMask(out, 0);
      expect([...out, calls]).toEqual([1, 1, 1, 0, 0, i]);
    }
  });

  it('without branches has nothing to mask', () => {
    expect(() => leg({ mask: () => {} })).toThrow(
      '[agents] Actuator "leg" has a mask but no branches. Leave `mask` out.',
    );
  });

  it('that changes the action, its own or another’s, is named', () => {
    for (const [at, entry] of [
      [0, 1],
      [-1, 0],
    ]) {
      const doubling = leg({
        name: 'arm',
        apply: (action, offset) => void action.set([2 * action[offset + at]], offset + at),
      });
      const agent = addAgent([], [leg(), doubling]);
      expect(() => runtimeOf(agent).apply(Float32Array.of(0.25, 0.25), 0)).toThrow(
        `[agents] apply() of actuator "arm" of agent "agent" on node "body" changed entry ${entry} of its agent's action from 0.25 to 0.5. The action is held for several steps and belongs to all actuators: write what you compute elsewhere.`,
      );
      scene.getTransformNodeByName('body')?.dispose();
    }
  });

  it('keeps the counts that it was attached with, or is named', () => {
    const arm = leg({ name: 'arm' });
    const agent = addAgent([], [arm]);
    const action = new Float32Array(3);
    runtimeOf(agent).apply(action, 0);
    Object.assign(arm, { branches: [2] });
    expect(() => runtimeOf(agent).apply(action, 0)).toThrow(
      '[agents] Actuator "arm" takes 1 continuous actions and branches [2], and took 1 and [] when its agent was attached.',
    );
  });
});
