import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it, vi } from 'vitest';
import { requireAdapter } from '../../../plugin/learn/gpu.ts';
import { GrowingBuffer, guarded, mapForReading, requireDevice } from '../../../plugin/learn/webgpu/device.ts';
import { useBackend } from '../backends.ts';

describe('on webgpu', () => {
  useBackend('webgpu');

  describe('requireDevice', () => {
    it('returns the device of TensorFlow.js, with its limits', () => {
      expect(requireDevice()).toBe((tf.backend() as tf.KernelBackend & { device: GPUDevice }).device);
    });
  });

  describe('guarded', () => {
    it('returns the result of the work', async () => {
      expect(await guarded(requireDevice(), async () => 7)).toBe(7);
    });

    it('rejects if the GPU reports an error, and leaves no scope behind', async () => {
      const device = requireDevice();
      const refused = guarded(device, async () => device.createBuffer({ size: 4, usage: 0 }));
      await expect(refused).rejects.toThrow(/^\[agents\] The GPU failed: .*usage/s);
      await expect(device.popErrorScope()).rejects.toThrow();
    });

    it('leaves no scope behind when the work throws', async () => {
      const device = requireDevice();
      const thrown = guarded(device, () => {
        throw new Error('no');
      });
      await expect(thrown).rejects.toThrow('no');
      await expect(device.popErrorScope()).rejects.toThrow();
    });
  });

  describe('mapForReading', () => {
    it('maps copied data, and leaves the queue alone afterward', async () => {
      const device = requireDevice();
      const { MAP_READ, COPY_SRC, COPY_DST } = GPUBufferUsage;
      const source = device.createBuffer({ size: 8, usage: COPY_SRC | COPY_DST });
      const target = device.createBuffer({ size: 8, usage: MAP_READ | COPY_DST });
      const encoder = device.createCommandEncoder();
      device.queue.writeBuffer(source, 0, Float32Array.of(3, 5));
      encoder.copyBufferToBuffer(source, 0, target, 0, 8);
      device.queue.submit([encoder.finish()]);
      await mapForReading(device, target, 8);
      expect([...new Float32Array(target.getMappedRange())]).toEqual([3, 5]);
      const submit = vi.spyOn(GPUQueue.prototype, 'submit');
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(submit).not.toHaveBeenCalled();
      submit.mockRestore();
      for (const buffer of [source, target]) buffer.destroy();
    });

    it('keeps submitting nothing until the GPU is done', async () => {
      let done = () => {};
      const submitted: unknown[] = [];
      const waiting = { mapAsync: () => new Promise<void>((resolve) => (done = resolve)) } as unknown as GPUBuffer;
      const device = { queue: { submit: (commands: unknown) => submitted.push(commands) } } as unknown as GPUDevice;
      const mapped = mapForReading(device, waiting, 8);
      await vi.waitFor(() => expect(submitted.slice(0, 2)).toEqual([[], []]));
      done();
      await mapped;
    });
  });

  describe('a lost device', () => {
    it('is reported by name, with what to do, even if the browser gives no reason', async () => {
      const device = await (await requireAdapter()).requestDevice();
      const buffer = device.createBuffer({ size: 8, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
      device.destroy();
      await expect(guarded(device, () => mapForReading(device, buffer, 8))).rejects.toThrow(
        /^\[agents\] The GPU device was destroyed while the learner was using it: .+\. Resume the run from its last checkpoint, or train with backend "wasm"\.$/,
      );
    });

    it('says so if the browser gives no reason', async () => {
      const lost = Promise.resolve({ reason: 'unknown', message: '' });
      const scope = { pushErrorScope: () => {}, popErrorScope: async () => null };
      const failing = guarded({ ...scope, lost } as unknown as GPUDevice, () => Promise.reject(new Error('')));
      await expect(failing).rejects.toThrow(
        '[agents] The GPU device was lost while the learner was using it: the browser gives no reason. Resume',
      );
    });
  });

  describe('GrowingBuffer', () => {
    it('replaces its buffer only when it has to grow', () => {
      const growing = new GrowingBuffer(requireDevice(), 'tests', GPUBufferUsage.STORAGE);
      expect(growing.reserve(8)).toBe(true);
      const { buffer } = growing;
      expect(growing.reserve(4)).toBe(false);
      expect(growing.buffer).toBe(buffer);
      expect(growing.reserve(12)).toBe(true);
      expect(growing.buffer.size).toBe(12);
      growing.dispose();
    });
  });
});
