import { describe, expect, it } from 'vitest';
import { addSetting } from '../../plugin/train/parse-setting.ts';
import { requireSettings } from '../../plugin/train/settings.ts';

describe('addSetting', () => {
  it.each([
    ['learningRate=1e-3', { learningRate: 0.001 }],
    ['hidden=128,64', { hidden: [128, 64] }],
    ['hidden=', { hidden: [] }],
    ['mirrors=[]', { mirrors: [] }],
    ['overlap=false', { overlap: false }],
    ['activation=relu', { activation: 'relu' }],
    ['until=0.9', { until: 0.9 }],
    ['parameters.gravity=-3.7', { parameters: { gravity: -3.7 } }],
    ['parameters.wind={"uniform":[0,1]}', { parameters: { wind: { uniform: [0, 1] } } }],
    ['policies.striker.epochs=3', { policies: { striker: { epochs: 3 } } }],
    ['policies.team.a.hidden=8', { policies: { 'team.a': { hidden: [8] } } }],
  ])('reads %s by the type of the setting', (text, settings) => {
    expect(addSetting(text)).toEqual(settings);
  });

  it('keeps what was given before, of the same policy too', () => {
    const first = addSetting('policies.striker.epochs=3', { hidden: [8] });
    expect(addSetting('policies.striker.clip=0.1', first)).toEqual({
      hidden: [8],
      policies: { striker: { epochs: 3, clip: 0.1 } },
    });
  });

  it.each([
    ['clip=', 'Setting "clip" is "". It must be a finite number above 0.'],
    ['epochs=1.5', 'Setting "epochs" is 1.5. It must be'],
    ['overlap=yes', 'Setting "overlap" is "yes". It must be true or false.'],
    ['hidden=64,wide', 'Setting "hidden.1" is "wide". It must be an integer'],
    ['policies.striker=3', 'Unknown setting "policies.striker".'],
  ])('leaves %s for the setting’s own rule to refuse', (text, complaint) => {
    expect(() => requireSettings(addSetting(text))).toThrow(complaint);
  });

  it.each(['hidden', '=3', 'policies.__proto__.clip=1', 'policies..clip=1'])('refuses %s', (text) => {
    expect(() => addSetting(text)).toThrow(`[agents] Setting "${text}" has no name and value.`);
  });
});

describe('requireSettings', () => {
  it('lays the settings of one policy over one another one by one', () => {
    const preset = { policies: { striker: { epochs: 3, clip: 0.1 }, goalie: { epochs: 2 } } };
    expect(requireSettings(preset, { policies: { striker: { epochs: 5 } } }).policies).toEqual({
      striker: { epochs: 5, clip: 0.1 },
      goalie: { epochs: 2 },
    });
  });
});
