import { describe, expect, it } from 'vitest';
import { fillPage, formatTable } from '../../bench/markdown.ts';

describe('fillPage', () => {
  const page =
    'Before.\n<!-- generated: a -->\nold $&\n<!-- /generated -->\nBetween.\n<!-- generated: b -->\n<!-- /generated -->\n';

  it('writes the sections anew and leaves what people wrote', () => {
    const filled = fillPage(page, { a: 'costs $1 & more', b: 'B' });
    expect(filled).toContain('Before.\n<!-- generated: a -->\n\ncosts $1 & more\n\n<!-- /generated -->\nBetween.\n');
    expect(filled).not.toContain('old');
    expect(fillPage(filled, { a: 'costs $1 & more', b: 'B' })).toBe(filled);
  });

  it('misses a section that is not on the page', () => {
    expect(() => fillPage(page, { c: '' })).toThrow('The page has no section "c". Add <!-- generated: c -->');
  });
});

describe('formatTable', () => {
  it('sets words left and numbers right', () => {
    expect(formatTable(['seed', 'return'], [['1', '0.93']])).toBe('| seed | return |\n| --- | ---: |\n| 1 | 0.93 |');
  });
});
