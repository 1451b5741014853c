import { describe, expect, it } from 'vitest';
import { AgentsError } from '../../plugin/core/errors.ts';
import type { ParameterSettings } from '../../plugin/core/parameters.ts';
import { LEARNER_DEFAULTS } from '../../plugin/learn/settings.ts';
import { requireSettings, TRAINING_DEFAULTS, type TrainingSettings } from '../../plugin/train/settings.ts';

const COMPLETION = { measure: 'return', threshold: 0.8 } as const;

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
    {
      mirrors: [
        {},
        { sensors: { eye: { from: 'ear', order: [1, 0], flip: [] } }, actuators: { leg: { choices: [[1, 0]] } } },
      ],
    },
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
      const names = [...Object.keys(TRAINING_DEFAULTS), 'until'].join(', ');
      const meant = { learningrate: 'learningRate', 'hidden.0': 'hidden' };
      const question = Object.hasOwn(meant, name) ? ` Did you mean "${meant[name as keyof typeof meant]}"?` : '';
      expect(messageOf({ [name]: 1 })).toBe(`[agents] Unknown setting "${name}".${question} There are: ${names}.`);
    },
  );

  it.each([
    ['areas', 0, '0', 'an integer from 1 to 65536'],
    ['areas', 1e9, '1000000000', 'an integer from 1 to 65536'],
    ['horizon', 1.5, '1.5', 'an integer above 0'],
    ['maxDecisions', Infinity, 'Infinity', 'an integer above 0'],
    ['epochs', '4', '"4"', 'an integer above 0'],
    ['minibatch', null, 'null', 'an integer above 0'],
    ['workers', 65, '65', 'an integer from 0 to 64'],
    ['workers', -1, '-1', 'an integer from 0 to 64'],
    ['workers', 0.5, '0.5', 'an integer from 0 to 64'],
    ['seed', 0.5, '0.5', 'an integer'],
    ['seed', 2 ** 53, '9007199254740992', 'an integer'],
    ['discount', 1.01, '1.01', 'a number from 0 to 1'],
    ['lambda', -0.1, '-0.1', 'a number from 0 to 1'],
    ['lambda', Number.NaN, 'NaN', 'a number from 0 to 1'],
    ['learningRate', 0, '0', 'a finite number above 0'],
    ['learningRate', Infinity, 'Infinity', 'a finite number above 0'],
    ['valueCoefficient', -1, '-1', 'a finite number, 0 or more'],
    ['initialLogDeviation', 3, '3', 'a number from -5 to 2'],
    ['normalizeValue', 'yes', '"yes"', 'true or false'],
    ['learningRateSchedule', 'cosine', '"cosine"', 'one of linear, adaptive, constant'],
    ['activation', 'gelu', '"gelu"', 'one of tanh, relu, swish, elu'],
    ['critic', 'none', '"none"', 'one of shared, separate'],
    ['backend', 'cuda', '"cuda"', 'one of auto, webgpu, wasm, cpu'],
    ['hidden', 64, '64', 'a list of integers above 0'],
    ['parameters', 3, '3', 'an object of numbers, samplers and lessons'],
    ['mirrors', {}, '{}', 'a list of images'],
  ])('names the setting, its value and what it may be: %s = %j', (name, value, received, allowed) => {
    expect(messageOf({ [name]: value })).toBe(`[agents] Setting "${name}" is ${received}. It must be ${allowed}.`);
  });

  it('names a value that JSON cannot hold', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    const told: readonly (readonly [object, string])[] = [
      [{ areas: 4n }, 'Setting "areas" is the BigInt 4. It must be an integer from 1 to 65536.'],
      [{ hidden: [64, 8n] }, 'Setting "hidden.1" is the BigInt 8. It must be an integer above 0.'],
      [{ clip: { by: 1n } }, 'Setting "clip" is { by }. It must be a finite number above 0.'],
      [{ clip: circle }, 'Setting "clip" is a list that JSON cannot hold. It must be a finite number above 0.'],
      [{ overlap: Symbol('on') }, 'Setting "overlap" is Symbol(on). It must be true or false.'],
      [{ seed: Math.random }, 'Setting "seed" is the function random. It must be an integer.'],
    ];
    for (const [settings, message] of told) expect(messageOf(settings)).toBe(`[agents] ${message}`);
  });

  it('names the entry of a list and of an object', () => {
    expect(messageOf({ hidden: [64, 0] })).toBe('[agents] Setting "hidden.1" is 0. It must be an integer above 0.');
    expect(messageOf({ parameters: { gravity: 'low' } })).toBe(
      '[agents] Setting "parameters.gravity" is "low". It must be a finite number, or a sampler such as {"sampler":"uniform","min":0,"max":1}, or {"lessons":[…]}.',
    );
  });

  it.each([
    [{ sensor: {} }, 'Unknown setting "mirrors.0.sensor". Did you mean "sensors"? There are: sensors, actuators.'],
    [
      { sensors: { eye: { choices: [[1, 0]] } } },
      'Unknown setting "mirrors.0.sensors.eye.choices". There are: from, order, flip.',
    ],
    [
      { actuators: { leg: { flip: [0.5] } } },
      'Setting "mirrors.0.actuators.leg.flip.0" is 0.5. It must be an integer, 0 or more.',
    ],
    [
      { actuators: { leg: { choices: [1, 0] } } },
      'Setting "mirrors.0.actuators.leg.choices.0" is 1. It must be a list of integers.',
    ],
  ])('names what is wrong with an image: %j', (image, message) => {
    expect(messageOf({ mirrors: [image] })).toBe(`[agents] ${message}`);
  });

  it('names the policy whose settings are none', () => {
    const refused = messageOf({ policies: { keeper: 'wide' } });
    expect(refused).toMatch(
      /^\[agents\] Setting "policies\.keeper" is "wide"\. It must be an object of learningRate, .*, observationClip\.$/,
    );
    expect(messageOf({ policies: { keeper: { areas: 4 } } })).toMatch(
      /^\[agents\] Unknown setting "policies\.keeper\.areas"\. There are: learningRate, .*\.$/,
    );
  });

  it.each<ParameterSettings>([
    { wall: { sampler: 'constant', value: 1 } },
    { wall: { sampler: 'uniform', min: 1, max: 1 } },
    { wall: { sampler: 'gaussian', mean: 0, deviation: 0 } },
    { wall: { sampler: 'multirangeuniform', intervals: [[0, 1]] } },
    { wall: { lessons: [{ name: 'only', value: 1 }] } },
    {
      wall: {
        lessons: [
          { name: 'low', value: { sampler: 'uniform', min: 0, max: 1 }, completion: COMPLETION },
          { name: 'high', value: 8 },
        ],
      },
    },
  ])('accepts samplers and lessons: %j', (parameters) => {
    expect(requireSettings({ parameters }).parameters).toEqual(parameters);
  });

  it.each<[object, string]>([
    [
      { sampler: 'normal' },
      'Setting "parameters.wall.sampler" is "normal". It must be one of constant, uniform, gaussian, multirangeuniform.',
    ],
    [
      { min: 0, max: 1 },
      'Setting "parameters.wall.sampler" is undefined. It must be one of constant, uniform, gaussian, multirangeuniform.',
    ],
    [
      { sampler: 'uniform', min: 0 },
      'Setting "parameters.wall.max" is undefined. It must be given, as one of sampler, min, max.',
    ],
    [{ sampler: 'uniform', min: 2, max: 1 }, 'Setting "parameters.wall.max" is 1. It must be min or more.'],
    [
      { sampler: 'uniform', min: 0, max: 1, seed: 1 },
      'Unknown setting "parameters.wall.seed". There are: sampler, min, max.',
    ],
    [
      { sampler: 'gaussian', mean: 0, deviation: -1 },
      'Setting "parameters.wall.deviation" is -1. It must be a finite number, 0 or more.',
    ],
    [
      { sampler: 'multirangeuniform', intervals: [] },
      'Setting "parameters.wall.intervals" is []. It must be a list of pairs [low, high].',
    ],
    [
      { sampler: 'multirangeuniform', intervals: [[2, 1]] },
      'Setting "parameters.wall.intervals.0" is [2,1]. It must be a pair [low, high] of finite numbers, low below high.',
    ],
    [{ lessons: [] }, 'Setting "parameters.wall.lessons" is []. It must be a list of lessons.'],
    [{ lessons: [{ name: '', value: 1 }] }, 'Setting "parameters.wall.lessons.0.name" is "". It must be a name.'],
    [
      { lessons: [{ name: 'a', value: { lessons: [] } }] },
      'Setting "parameters.wall.lessons.0.value.sampler" is undefined. It must be one of constant, uniform, gaussian, multirangeuniform.',
    ],
    [
      {
        lessons: [
          { name: 'a', value: 1 },
          { name: 'b', value: 2 },
        ],
      },
      'Setting "parameters.wall.lessons.0.completion" is undefined. It must be given: another lesson comes after it.',
    ],
    [
      { lessons: [{ name: 'a', value: 1, completion: COMPLETION }] },
      'Setting "parameters.wall.lessons.0.completion" is {"measure":"return","threshold":0.8}. It must be left out: nothing comes after the last lesson.',
    ],
    [
      {
        lessons: [
          { name: 'a', value: 1, completion: { ...COMPLETION, measure: 'reward' } },
          { name: 'b', value: 2 },
        ],
      },
      'Setting "parameters.wall.lessons.0.completion.measure" is "reward". It must be one of return, progress.',
    ],
    [
      {
        lessons: [
          { name: 'a', value: 1, completion: { ...COMPLETION, minLessonLength: 0.5 } },
          { name: 'b', value: 2 },
        ],
      },
      'Setting "parameters.wall.lessons.0.completion.minLessonLength" is 0.5. It must be a number of episodes: an integer, 0 or more.',
    ],
  ])('refuses the parameter %j', (wall, message) => {
    expect(messageOf({ parameters: { wall } })).toBe(`[agents] ${message}`);
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
