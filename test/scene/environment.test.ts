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

  it('takes an instance of a class, whatever other fields it has', () => {
    class Roller {
      readonly name = 'roller';
      readonly maxSpeed = 3;
      build() {
        return { reset: () => {}, speed: this.maxSpeed };
      }
    }
    expect(defineEnvironment(new Roller()).build(undefined as never)).toMatchObject({ speed: 3 });
  });

  it.each([
    [
      { name: 'My Game' },
      'Environment "My Game" has name "My Game". It must be a name of lowercase letters, digits and hyphens, such as "balance-ball".',
    ],
    [{ timeStep: 0 }, 'Environment "roller" has timeStep 0. It must be a number of seconds from 0.0001 to 10.'],
    [
      { timeStep: Number.NaN },
      'Environment "roller" has timeStep NaN. It must be a number of seconds from 0.0001 to 10.',
    ],
    [{ loadTimeout: -1 }, 'Environment "roller" has loadTimeout -1. It must be a finite number above 0.'],
    [{ createScene: 'scene.ts' as never }, 'Environment "roller" has createScene "scene.ts". It must be a function.'],
    [{ decisionPeriod: 2.5 }, 'Environment "roller" has decisionPeriod 2.5. It must be an integer ≥ 1.'],
    [{ maxDecisions: 0 }, 'Environment "roller" has maxDecisions 0. It must be an integer ≥ 1.'],
    [{ timeStep: '0.02' as never }, 'Environment "roller" has timeStep "0.02". It must be a number of seconds'],
    [{ parameters: 2 as never }, 'Environment "roller" has parameters 2. It must be an object of numbers'],
    [{ name: undefined as never }, 'defineEnvironment() has no name. It must be a name of lowercase letters'],
    [
      { maxDecision: 50 } as never,
      'Environment "roller" has no option "maxDecision". Did you mean "maxDecisions"? Its options are: name, timeStep, decisionPeriod, frames, maxDecisions, spacing, loadTimeout, parameters, createScene, browser, build.',
    ],
    [
      { parameters: { mass: Number.NaN } },
      'Environment "roller" has parameter "mass" = NaN. Parameters are finite numbers.',
    ],
    [{ build: undefined as never }, 'Environment "roller" has no build. It must be a function.'],
  ] as const)('refuses %o', (changes, message) => {
    expect(() => defineEnvironment(spec(changes))).toThrow(`[agents] ${message}`);
  });
});
