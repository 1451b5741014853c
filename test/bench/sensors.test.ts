import { expect, it } from 'vitest';
import { benchSensors } from '../../bench/sensors.ts';

it('the sensors that look around are each measured', async () => {
  const found = await benchSensors(0.1);
  expect(Object.keys(found)).toEqual(['7 rays', '7 thick rays', '7 rays, 3 times', 'grid of 40 × 40']);
  for (const [name, µs] of Object.entries(found)) expect(µs, name).toBeGreaterThan(0);
});
