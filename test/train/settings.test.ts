import { describe, expect, it } from 'vitest';
import { AgentsError } from '../../plugin/core/errors.ts';
import { LEARNER_DEFAULTS } from '../../plugin/learn/settings.ts';
import { requireSettings, TRAINING_DEFAULTS, type TrainingSettings } from '../../plugin/train/settings.ts';

describe('TRAINING_DEFAULTS', () => {
  it('are settings that hold, those of the learner among them', () => {
    expect(requireSettings(TRAINING_DEFAULTS)).toEqual(TRAINING_DEFAULTS);
    expect(TRAINING_DEFAULTS).toMatchObject(LEARNER_DEFAULTS);
  });
});

describe('requireSettings', () => {
  it('gives the defaults where nothing is set', () => {
    expect(requireSettings()).toEqual(TRAINING_DEFAULTS);
    expect(requireSettings({}, {})).toEqual(TRAINING_DEFAULTS);
  });

  it('lets later layers win over earlier ones, and those over the defaults', () => {
    const settings = requireSettings({ areas: 8, horizon: 16 }, { areas: 4, discount: 0.9 });
    expect(settings).toEqual({ ...TRAINING_DEFAULTS, areas: 4, horizon: 16, discount: 0.9 });
  });

  it('passes over what a layer leaves undefined', () => {
    const open = { areas: undefined } as unknown as Partial<TrainingSettings>;
    expect(requireSettings({ areas: 8 }, open).areas).toBe(8);
  });

  it('lays parameters over one another one by one', () => {
    const layers = [{ parameters: { gravity: -9.81, mass: 1 } }, { parameters: { mass: 2 } }];
    expect(requireSettings(...layers).parameters).toEqual({ gravity: -9.81, mass: 2 });
  });

  it.each<Partial<TrainingSettings>>([
    { workers: 0 },
    { discount: 0 },
    { discount: 1 },
    { lambda: 1 },
    { hidden: [] },
    { hidden: [256, 128, 64] },
    { seed: -3 },
    { entropyCoefficient: 0 },
    { valueClip: 0 },
    { initialLogDeviation: -5 },
    { parameters: { gravity: -9.81 } },
  ])('accepts the edge of a range: %o', (layer) => {
    expect(requireSettings(layer)).toEqual({ ...TRAINING_DEFAULTS, ...layer });
  });

  it('takes one epoch where the policy gradient is to be followed, whatever is asked for', () => {
    expect(requireSettings({ objective: 'policy-gradient', epochs: 4 })).toMatchObject({ epochs: 1 });
    expect(requireSettings({ objective: 'unclipped', epochs: 4 })).toMatchObject({ epochs: 4 });
  });

  it.each(['learningrate', 'toString', 'hidden.0', ''])(
    'says which settings there are when one is unknown: %j',
    (name) => {
      const names = Object.keys(TRAINING_DEFAULTS).join(', ');
      expect(messageOf({ [name]: 1 })).toBe(`[agents] No setting is called "${name}". There are: ${names}.`);
    },
  );

  it.each([
    ['areas', 0, '0', 'a whole number above 0'],
    ['horizon', 1.5, '1.5', 'a whole number above 0'],
    ['maxDecisions', Infinity, 'Infinity', 'a whole number above 0'],
    ['epochs', '4', '"4"', 'a whole number above 0'],
    ['minibatch', null, 'null', 'a whole number above 0'],
    ['workers', 65, '65', 'a whole number from 0 to 64'],
    ['workers', -1, '-1', 'a whole number from 0 to 64'],
    ['workers', 0.5, '0.5', 'a whole number from 0 to 64'],
    ['seed', 0.5, '0.5', 'a whole number'],
    ['seed', 2 ** 53, '9007199254740992', 'a whole number'],
    ['discount', 1.01, '1.01', 'a number from 0 to 1'],
    ['lambda', -0.1, '-0.1', 'a number from 0 to 1'],
    ['lambda', Number.NaN, 'NaN', 'a number from 0 to 1'],
    ['learningRate', 0, '0', 'a finite number above 0'],
    ['learningRate', Infinity, 'Infinity', 'a finite number above 0'],
    ['valueCoefficient', -1, '-1', 'a finite number, 0 or more'],
    ['initialLogDeviation', 3, '3', 'a number from -5 to 2'],
    ['normaliseValue', 'yes', '"yes"', 'true or false'],
    ['learningRateSchedule', 'cosine', '"cosine"', 'one of linear, adaptive, constant'],
    ['activation', 'gelu', '"gelu"', 'one of tanh, relu, swish'],
    ['critic', 'none', '"none"', 'one of shared, separate'],
    ['backend', 'cuda', '"cuda"', 'one of auto, webgpu, wasm, cpu'],
    ['hidden', 64, '64', 'a list of whole numbers above 0'],
    ['parameters', 3, '3', 'an object of numbers'],
  ])('names the setting, its value and what it may be: %s = %j', (name, value, received, allowed) => {
    expect(messageOf({ [name]: value })).toBe(`[agents] Setting "${name}" is ${received}. It must be ${allowed}.`);
  });

  it('names the entry of a list and of an object', () => {
    expect(messageOf({ hidden: [64, 0] })).toBe('[agents] Setting "hidden.1" is 0. It must be a whole number above 0.');
    expect(messageOf({ parameters: { gravity: 'low' } })).toBe(
      '[agents] Setting "parameters.gravity" is "low". It must be a finite number.',
    );
  });
});

/** What requireSettings() says about a layer that no type would allow. */
function messageOf(layer: object): string {
  try {
    requireSettings(layer as Partial<TrainingSettings>);
  } catch (error) {
    expect(error).toBeInstanceOf(AgentsError);
    return (error as AgentsError).message;
  }
  return 'accepted';
}
