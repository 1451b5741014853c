import { describe, expect, it } from 'vitest';
import { FunctionSensor } from '../../../plugin/scene/sensors/function-sensor.ts';

describe('FunctionSensor', () => {
  it('hands its function the array and the place to write to', () => {
    const sensor = new FunctionSensor('pair', 2, (out, offset) => out.set([5, 6], offset));
    const out = new Float32Array(4);
    sensor.observe(out, 1);
    expect({ name: sensor.name, size: sensor.size }).toEqual({ name: 'pair', size: 2 });
    expect([...out]).toEqual([0, 5, 6, 0]);
  });
});
