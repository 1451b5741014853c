import { describe, expect, it } from 'vitest';
import { defineEnvironment, type EnvironmentSpec } from '../../plugin/scene/environment.ts';

const spec = (changes: Partial<EnvironmentSpec>): EnvironmentSpec => ({
  name: 'roller',
  build: () => ({ reset: () => {} }),
  ...changes,
});

describe('defineEnvironment', () => {
  it('fills in what is left out', () => {
    expect(defineEnvironment(spec({}))).toMatchObject({
      name: 'roller',
      timeStep: 1 / 60,
      decisionPeriod: 5,
      maxDecisions: 1000,
      spacing: 20,
      loadTimeout: 60,
      parameters: {},
    });
    expect(defineEnvironment(spec({}))).not.toHaveProperty('createScene');
  });

  it.each([
    [
      { name: 'My Game' },
      'Environment "My Game" cannot be called that. Use small letters, digits and hyphens, such as "balance-ball".',
    ],
    [{ timeStep: 0 }, 'Environment "roller" has timeStep 0. It must be a number above 0.'],
    [{ timeStep: Number.NaN }, 'Environment "roller" has timeStep NaN. It must be a number above 0.'],
    [{ loadTimeout: -1 }, 'Environment "roller" has loadTimeout -1. It must be a number above 0.'],
    [
      { createScene: 'scene.ts' as never },
      'Environment "roller" has a createScene that is no function. Give it the one that makes the game\'s scene.',
    ],
    [{ decisionPeriod: 2.5 }, 'Environment "roller" has decisionPeriod 2.5. It must be a whole number from 1 on.'],
    [{ maxDecisions: 0 }, 'Environment "roller" has maxDecisions 0. It must be a whole number from 1 on.'],
    [
      { parameters: { mass: Number.NaN } },
      'Environment "roller" has parameter "mass" = NaN. Parameters are finite numbers.',
    ],
    [
      { build: undefined as never },
      'Environment "roller" has no build(area). Give it the function that makes one copy.',
    ],
  ] as const)('refuses %o', (changes, message) => {
    expect(() => defineEnvironment(spec(changes))).toThrow(`[agents] ${message}`);
  });
});
