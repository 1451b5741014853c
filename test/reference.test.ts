import { beforeAll, describe, expect, it } from 'vitest';
import { ENTRIES, type Reference, readReference } from '../docs/site/reference.ts';
import manifest from '../package.json' with { type: 'json' };

let reference: Reference;
beforeAll(async () => {
  reference = await readReference();
});

describe('the API reference', () => {
  it('has all entries of the package', () => {
    const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json');
    expect([...ENTRIES.keys()]).toEqual(entries.map((entry) => `babylon-agents${entry.slice(1)}`));
    expect(new Set(reference.exports.map(({ entry }) => entry))).toEqual(new Set(ENTRIES.keys()));
    expect(reference.exports.length).toBeGreaterThan(120);
  });

  it('misses no comment of an export or of its members, no link and no type', () => {
    expect(reference.complaints).toEqual([]);
  });

  it('begins every export with a sentence', () => {
    const fragments = reference.exports.filter(({ text }) => !/^[\p{Lu}`π].*?[.:]/su.test(text));
    expect(fragments.map(({ entry, name, text }) => `${name} of ${entry}: ${text}`)).toEqual([]);
  });

  it('says of every sensor what its floats are, and of every actuator what its actions are', () => {
    const classes = reference.exports.filter(({ kind }) => kind === 'class');
    const sensors = classes.filter(({ name }) => name.endsWith('Sensor'));
    const actuators = classes.filter(({ name }) => name.endsWith('Actuator'));
    expect([sensors.length, actuators.length]).toEqual([7, 6]);
    const silent = [
      ...sensors.filter((sensor) => !/\bfloats?\b|\bnumbers\b/.test(sensor.text)),
      ...actuators.filter((actuator) => !/\bactions?\b|\bchoices?\b|\bbranch(es)?\b/.test(actuator.text)),
    ];
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});
