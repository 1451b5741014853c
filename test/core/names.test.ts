import { describe, expect, it } from 'vitest';
import { environmentName } from '../../plugin/core/names.ts';

describe('environmentName', () => {
  it.each(['a', 'balance-ball', '3d-ball', 'console', 'a'.repeat(100)])('accepts "%s"', (name) => {
    expect(environmentName(name)).toBe(undefined);
  });

  it.each<unknown>(['', '../evil', '/etc', 'a/b', 'a.', '.', '-a', 'Roller', 'a b', 'a\n', undefined, 3, ['a']])(
    'rejects %j',
    (name) => {
      expect(environmentName(name)).toBe('a name of lowercase letters, digits and hyphens, such as "balance-ball"');
    },
  );

  it.each(['con', 'prn', 'aux', 'nul', 'com1', 'lpt9'])('rejects "%s", which Windows reserves', (name) => {
    expect(environmentName(name)).toBe('another name: Windows reserves this one');
  });

  it('rejects a name that is too long for a folder', () => {
    expect(environmentName('a'.repeat(101))).toBe('100 characters or fewer');
  });
});
