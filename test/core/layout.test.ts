import { describe, expect, it } from 'vitest';
import {
  type AgentLayout,
  compareLayouts,
  describeLayout,
  locateSensor,
  measureLayout,
  sameLayout,
} from '../../plugin/core/layout.ts';

/** Several actuators whose floats and choices alternate. */
const MIXED: AgentLayout = {
  sensors: [
    { name: 'rays', size: 8 },
    { name: 'velocity', size: 3 },
  ],
  actuators: [
    { name: 'legs', continuous: 2, branches: [3] },
    { name: 'voice', continuous: 0, branches: [2, 4] },
    { name: 'head', continuous: 1, branches: [] },
  ],
};

describe('measureLayout', () => {
  it('adds up sensors, floats and choices', () => {
    const { observation, action, continuous, branches, mask } = measureLayout(MIXED);
    expect({ observation, action, continuous, branches, mask }).toEqual({
      observation: 8 + 3,
      action: 2 + 1 + 2 + 1,
      continuous: 2 + 0 + 1,
      branches: [3, 2, 4],
      mask: 3 + 2 + 4,
    });
  });

  it('puts each actuator’s floats before its choices, actuator after actuator', () => {
    const { continuousAt, branchAt } = measureLayout(MIXED);
    // legs: 0, 1 and choice 2; voice: choices 3, 4; head: 5
    expect(continuousAt).toEqual([0, 1, 5]);
    expect(branchAt).toEqual([2, 3, 4]);
  });

  it('adds up to nothing for an agent without parts', () => {
    expect(measureLayout({ sensors: [], actuators: [] })).toEqual({
      observation: 0,
      action: 0,
      continuous: 0,
      branches: [],
      mask: 0,
      continuousAt: [],
      branchAt: [],
    });
  });
});

describe('sameLayout', () => {
  const sensors = (...names: readonly string[]): AgentLayout => ({
    sensors: names.map((name) => ({ name, size: 2 })),
    actuators: [],
  });
  const actuator = (name: string, continuous: number, branches: readonly number[]): AgentLayout => ({
    sensors: [],
    actuators: [{ name, continuous, branches }],
  });

  it('holds for two equal layouts', () => {
    expect(sameLayout(MIXED, structuredClone(MIXED))).toBe(true);
  });

  it.each([
    ['sensors in another order', sensors('a', 'b'), sensors('b', 'a')],
    ['another name', sensors('a'), sensors('b')],
    ['an extra sensor', sensors('a'), sensors('a', 'a')],
    ['floats split differently', { sensors: [{ name: 'a', size: 4 }], actuators: [] }, sensors('a', 'a')],
    ['a float instead of a choice', actuator('a', 1, []), actuator('a', 0, [1])],
    ['branches in another order', actuator('a', 0, [2, 3]), actuator('a', 0, [3, 2])],
    ['as many choices in fewer branches', actuator('a', 0, [2, 3]), actuator('a', 0, [5])],
    [
      'a name that looks like two actuators',
      actuator('a 1 continuous, b', 1, []),
      { sensors: [], actuators: [...actuator('a', 1, []).actuators, ...actuator('b', 1, []).actuators] },
    ],
  ])('does not hold for %s', (_, a, b) => {
    expect(sameLayout(a, b)).toBe(false);
    expect(sameLayout(b, a)).toBe(false);
  });

  it('compares only names, sizes and order', () => {
    const { sensors: parts, actuators } = MIXED;
    const reversedKeys = { actuators, sensors: parts.map(({ name, size }) => ({ size, name, unit: 'm' })) };
    expect(sameLayout(MIXED, reversedKeys)).toBe(true);
  });
});

describe('describeLayout', () => {
  it('names every part with its sizes', () => {
    expect(describeLayout(MIXED)).toBe(
      'observes 11 floats (rays 8, velocity 3) and acts with legs 2 continuous + branches 3, voice branches 2×4, head 1 continuous',
    );
  });
});

describe('compareLayouts', () => {
  it('marks parts that were added, removed, resized or reordered, one line per name', () => {
    const now: AgentLayout = {
      sensors: [
        { name: 'velocity', size: 3 },
        { name: 'heading', size: 1 },
        { name: 'rays', size: 12 },
      ],
      actuators: [
        { name: 'legs', continuous: 2, branches: [3] },
        { name: 'voice', continuous: 0, branches: [2] },
        { name: 'tail', continuous: 1, branches: [] },
      ],
    };
    const before = { ...MIXED, sensors: [...MIXED.sensors, { name: 'goal', size: 2 }] };
    expect(compareLayouts(before, now)).toBe(
      [
        '            policy                          agent',
        '  sensor    rays 8                          rays 12                         resized, reordered',
        '  sensor    velocity 3                      velocity 3                      reordered',
        '  sensor    goal 2                          –                               removed',
        '  sensor    –                               heading 1                       added',
        '  actuator  legs 2 continuous + branches 3  legs 2 continuous + branches 3',
        '  actuator  voice branches 2×4              voice branches 2                resized',
        '  actuator  head 1 continuous               –                               removed',
        '  actuator  –                               tail 1 continuous               added',
      ].join('\n'),
    );
  });

  it('does not call parts reordered if others were inserted before them', () => {
    const sensors = (...names: readonly string[]): AgentLayout => ({
      sensors: names.map((name) => ({ name, size: 1 })),
      actuators: [],
    });
    expect(compareLayouts(sensors('a', 'b'), sensors('x', 'a', 'b'))).toBe(
      [
        '          policy  agent',
        '  sensor  a 1     a 1',
        '  sensor  b 1     b 1',
        '  sensor  –       x 1    added',
      ].join('\n'),
    );
  });

  it('marks nothing if the layouts are equal', () => {
    expect(compareLayouts(MIXED, structuredClone(MIXED))).not.toMatch(/added|removed|resized|reordered/);
  });
});

describe('locateSensor', () => {
  it.each([
    [0, 'rays', 0],
    [7, 'rays', 7],
    [8, 'velocity', 0],
    [10, 'velocity', 2],
  ])('finds the sensor of entry %i', (entry, name, index) => {
    expect(locateSensor(MIXED, entry)).toEqual({ name, index });
  });

  it('skips a sensor without floats', () => {
    const layout = {
      sensors: [
        { name: 'none', size: 0 },
        { name: 'one', size: 1 },
      ],
      actuators: [],
    };
    expect(locateSensor(layout, 0)).toEqual({ name: 'one', index: 0 });
  });

  it('rejects an entry that no sensor wrote', () => {
    expect(() => locateSensor(MIXED, 11)).toThrow(new RangeError('No sensor wrote entry 11 of this observation.'));
  });
});
