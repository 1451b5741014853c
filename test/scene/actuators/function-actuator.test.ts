import { describe, expect, it } from 'vitest';
import { FunctionActuator } from '../../../plugin/scene/actuators/function-actuator.ts';

describe('FunctionActuator', () => {
  it('hands its functions the array and the place of its slice', () => {
    let choice = -1;
    const actuator = new FunctionActuator({
      name: 'gear',
      continuous: 1,
      branches: [3],
      apply: (action, offset) => {
        choice = action[offset + 1];
      },
      mask: (out, offset) => {
        out[offset + 2] = 0;
      },
    });
    actuator.apply(Float32Array.of(9, 0.5, 2), 1);
    const mask = Uint8Array.of(1, 1, 1, 1);
    actuator.mask(mask, 1);
    expect(choice).toBe(2);
    expect([...mask]).toEqual([1, 1, 1, 0]);
  });

  it('takes no action and forbids nothing unless told', () => {
    const actuator = new FunctionActuator({ name: 'none', apply: () => {} });
    const mask = Uint8Array.of(1);
    actuator.mask(mask, 0);
    expect({ continuous: actuator.continuous, branches: actuator.branches, mask: [...mask] }).toEqual({
      continuous: 0,
      branches: [],
      mask: [1],
    });
  });
});
