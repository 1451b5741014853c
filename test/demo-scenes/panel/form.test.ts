import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../../demo-scenes/panel/settings/fields.ts';
import {
  findMistakes,
  policyEntries,
  presetEntries,
  settingsEntries,
  settingsOf,
} from '../../../demo-scenes/panel/settings/form.ts';
import { OBJECTIVES, TRAINING_DEFAULTS } from '../../../plugin/training.ts';

const preset = presetEntries({ hidden: [128, 64], learningRate: 1e-3, until: 95 }, { ballMass: 1 });

const OF_A_RUN = [
  'seed',
  'workers',
  'areas',
  'horizon',
  'overlap',
  'stagger',
  'maxDecisions',
  'backend',
  'parameters',
  'policies',
];

describe('the fields of the form', () => {
  it('are all settings that there are but those of single policies, and the goal', () => {
    const names = FIELDS.map(({ name }) => name);
    expect(names.filter((name) => name !== 'until').sort()).toEqual(
      Object.keys(TRAINING_DEFAULTS)
        .filter((name) => !['parameters', 'policies'].includes(name))
        .sort(),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it('say what their declarations say', () => {
    expect(FIELDS.find(({ name }) => name === 'targetKl')).toEqual({
      name: 'targetKl',
      label: 'Target KL',
      kind: 'number',
      unit: 'nats',
      default: 0.01,
      rule: 'a finite number above 0',
      about: 'How far the policy may move per update with the schedule adaptive or the objective kl-adaptive.',
    });
    const count = (kind: string) => FIELDS.filter((field) => field.kind === kind).length;
    expect([count('list'), count('json'), count('choice'), count('flag')]).toEqual([1, 1, 5, 5]);
    expect(FIELDS.find(({ name }) => name === 'objective')?.choices).toEqual(OBJECTIVES);
    for (const { about } of FIELDS) expect(about).toMatch(/^[A-Z].*\.$/);
  });
});

describe('presetEntries', () => {
  it('fills in what the author chose, over the defaults, with the parameters of the environment', () => {
    expect(preset).toMatchObject({ hidden: '128, 64', learningRate: '0.001', until: '95', 'parameters.ballMass': '1' });
    expect(preset).toMatchObject({ horizon: '64', overlap: true, backend: 'auto' });
    expect(presetEntries({}, {}).until).toBe('');
  });
});

describe('settingsEntries', () => {
  it('shows a run as it is, without a goal where it has none', () => {
    const settings = { ...TRAINING_DEFAULTS, workers: 3, parameters: { ballMass: 2 } };
    const entries = settingsEntries(settings, Number.POSITIVE_INFINITY, { ballMass: 1, ballScale: 4 });
    expect(entries).toMatchObject({ workers: '3', until: '', 'parameters.ballMass': '2', 'parameters.ballScale': '4' });
  });
});

describe('policyEntries', () => {
  it('has what each of several policies is trained with, and nothing for an only one', () => {
    const policies = { goalie: { hidden: [8] } };
    expect(policyEntries(['striker', 'goalie'], policies)).toEqual({
      'policies.striker': '',
      'policies.goalie': '{"hidden":[8]}',
    });
    expect(policyEntries(['goalie'], policies)).toEqual({});
  });
});

describe('settingsOf', () => {
  it('names the goal and what differs from the preset, and nothing else', () => {
    expect(settingsOf(preset, preset)).toEqual({ until: 95 });
    const entries = { ...preset, hidden: '32 16', overlap: false, backend: 'wasm', 'parameters.ballMass': '0.5' };
    expect(settingsOf(entries, preset)).toEqual({
      until: 95,
      hidden: [32, 16],
      overlap: false,
      backend: 'wasm',
      parameters: { ballMass: 0.5 },
    });
  });

  it('takes samplers and lessons as JSON, and shows them so', () => {
    const sampler = { sampler: 'uniform', min: 0.5, max: 2 } as const;
    const entries = { ...preset, 'parameters.ballMass': JSON.stringify(sampler) };
    expect(settingsOf(entries, preset)).toEqual({ until: 95, parameters: { ballMass: sampler } });
    expect(presetEntries({ parameters: { ballMass: sampler } }, { ballMass: 1 })).toMatchObject({
      'parameters.ballMass': '{"sampler":"uniform","min":0.5,"max":2}',
    });
  });

  it('takes mirrors as JSON, shows them so, and has none where the field is empty', () => {
    const mirrors = [{ sensors: { ball: { flip: [0] } } }];
    expect(settingsOf({ ...preset, mirrors: JSON.stringify(mirrors) }, preset)).toEqual({ until: 95, mirrors });
    const mirrored = presetEntries({ mirrors, until: 95 }, {});
    expect(mirrored).toMatchObject({ mirrors: '[{"sensors":{"ball":{"flip":[0]}}}]' });
    expect(settingsOf({ ...mirrored, mirrors: ' ' }, mirrored)).toEqual({ until: 95, mirrors: [] });
  });

  it('takes what a policy has of its own as JSON, and nothing of its own where the field is emptied', () => {
    const several = { ...preset, ...policyEntries(['striker', 'goalie', 'keeper'], { goalie: { hidden: [8] } }) };
    expect(settingsOf(several, several)).toEqual({ until: 95 });
    const entries = { ...several, 'policies.striker': ' {"epochs": 2}\n', 'policies.goalie': '' };
    expect(settingsOf(entries, several)).toEqual({ until: 95, policies: { striker: { epochs: 2 }, goalie: {} } });
  });

  it('asks for no goal where the person wants none', () => {
    expect(settingsOf({ ...preset, until: '' }, preset)).toEqual({ until: Number.POSITIVE_INFINITY });
  });
});

describe('findMistakes', () => {
  const OF_A_POLICY = Object.keys(TRAINING_DEFAULTS)
    .filter((name) => !OF_A_RUN.includes(name))
    .join(', ');

  it('finds none in a preset', () => {
    expect(findMistakes(preset)).toEqual({});
  });

  it.each([
    ['clip', '0', 'Setting "clip" is 0. It must be a finite number above 0.'],
    ['clip', 'wide', 'Setting "clip" is "wide". It must be a finite number above 0.'],
    ['areas', '', 'Setting "areas" is "". It must be an integer from 1 to 65536.'],
    ['hidden', '64, x', 'Setting "hidden.1" is "x". It must be an integer above 0.'],
    ['workers', '65', 'Setting "workers" is 65. It must be an integer from 0 to 64.'],
    [
      'parameters.ballMass',
      'heavy',
      'Setting "parameters.ballMass" is "heavy". It must be a finite number, or a sampler such as {"sampler":"uniform","min":0,"max":1}, or {"lessons":[…]}.',
    ],
    [
      'parameters.ballMass',
      '{"sampler":"uniform","min":1,"max":0}',
      'Setting "parameters.ballMass.max" is 0. It must be min or more.',
    ],
    [
      'parameters.ballMass',
      '{sampler}',
      'Setting "parameters.ballMass" is "{sampler}". It must be a finite number, or a sampler such as {"sampler":"uniform","min":0,"max":1}, or {"lessons":[…]}.',
    ],
    [
      'policies.goalie',
      '{"hidden": [8]',
      `Setting "policies.goalie" is "{\\"hidden\\": [8]". It must be an object of ${OF_A_POLICY}.`,
    ],
    ['policies.goalie', '{"areas": 8}', `Unknown setting "policies.goalie.areas". There are: ${OF_A_POLICY}.`],
    ['mirrors', '[{', 'Setting "mirrors" is "[{". It must be a list of images.'],
    [
      'mirrors',
      '[{"sensors": {"ball": {"flip": [-1]}}}]',
      'Setting "mirrors.0.sensors.ball.flip.0" is -1. It must be an integer, 0 or more.',
    ],
    ['until', 'high', 'The goal is "high". It must be a number, or empty.'],
  ])('says in the words of the library why %s cannot be "%s"', (name, entry, message) => {
    expect(findMistakes({ ...preset, [name]: entry })).toEqual({ [name]: message });
  });
});
