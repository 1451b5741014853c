import { expect, it } from 'vitest';
import { benchHavokCalls } from '../../bench/havok-calls.ts';

it('the calls of Havok are each measured through Babylon and as the library makes them', async () => {
  const found = await benchHavokCalls(0.1);
  const { motorTarget, ...both } = found;
  expect(Object.keys(motorTarget)).toEqual(['babylon']);
  expect(Object.keys(both)).toContain('castRay');
  for (const [call, times] of Object.entries(both)) {
    expect(Object.keys(times).sort(), call).toEqual(['babylon', 'ours']);
    for (const µs of Object.values(times)) expect(Number.isFinite(µs), call).toBe(true);
  }
});
