import { describe, expect, it } from 'vitest';
import { Notices } from '../../plugin/core/notices.ts';

describe('Notices', () => {
  it('reports each message once, in the order in which they were first added', () => {
    const notices = new Notices();
    notices.add('b');
    notices.add('a');
    notices.add('b');
    expect(notices.take()).toEqual(['b', 'a']);
    notices.add('a');
    notices.add('c');
    expect(notices.take()).toEqual(['c']);
    expect(notices.take()).toEqual([]);
  });
});
