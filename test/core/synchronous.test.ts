import { describe, expect, it } from 'vitest';
import { CallbackMisuse } from '../../plugin/core/callback-error.ts';
import { refusePromise } from '../../plugin/core/synchronous.ts';
import type { Actuator, AreaLogic, Controller, FunctionActuatorOptions, Sensor } from '../../plugin/index.ts';

describe('a callback that may not be async', () => {
  it('may return anything but a promise', () => {
    const moved = { position: 3 };
    const logics: readonly AreaLogic[] = [
      { reset() {}, afterStep: () => Math.random() > 2 && void 0 },
      { reset: () => 3, afterStep: () => moved },
      { reset: () => null, afterStep: () => [1] },
    ];
    for (const { reset, afterStep } of logics) {
      expect(() => refusePromise(reset(undefined as never))).not.toThrow();
      expect(() => refusePromise(afterStep?.())).not.toThrow();
    }
  });

  it('is rejected for returning one, also by the compiler', () => {
    const wait = async () => {};
    // @ts-expect-error: async
    const reset: AreaLogic = { reset: wait };
    // @ts-expect-error: async
    const afterStep: AreaLogic = { reset() {}, afterStep: wait };
    // @ts-expect-error: async
    const observe: Pick<Sensor, 'observe'> = { observe: wait };
    // @ts-expect-error: async
    const remember: Pick<Sensor, 'remember'> = { remember: wait };
    // @ts-expect-error: async
    const apply: Pick<Actuator, 'apply'> = { apply: wait };
    // @ts-expect-error: async
    const mask: Pick<FunctionActuatorOptions, 'mask'> = { mask: wait };
    // @ts-expect-error: async
    const act: Controller = { act: wait };
    for (const part of [reset, afterStep, observe, remember, apply, mask, act])
      for (const callback of Object.values(part) as (() => unknown)[])
        if (callback === wait) expect(() => refusePromise(callback())).toThrow(CallbackMisuse);
  });
});
