import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { GrowingBuffer, guarded, requireDevice } from '../../../plugin/learn/webgpu/device.ts';
import { useBackend } from '../backends.ts';

describe('on webgpu', () => {
  useBackend('webgpu');

  describe('requireDevice', () => {
    it('hands out the device of TensorFlow.js, and its limits', () => {
      expect(requireDevice()).toBe((tf.backend() as tf.KernelBackend & { device: GPUDevice }).device);
    });
  });

  describe('guarded', () => {
    it('passes on what the work comes to', async () => {
      expect(await guarded(requireDevice(), async () => 7)).toBe(7);
    });

    it('rejects what the GPU refuses, and leaves no scope behind', async () => {
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

  describe('GrowingBuffer', () => {
    it('is another buffer only once it has to grow', () => {
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
