import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { AgentsError, messageOf } from '../../core/errors.ts';

/** The device that TensorFlow.js opened, so that a page uses a single GPU device. */
export function requireDevice(): GPUDevice {
  if (tf.getBackend() === 'webgpu') return (tf.backend() as WebGPUBackend).device;
  throw new AgentsError(
    `The WebGPU learner needs the backend "webgpu", but "${tf.getBackend()}" is open. Open it with openBackend('webgpu') first.`,
  );
}

const FAILURES = ['validation', 'out-of-memory', 'internal'] as const;

/**
 * Issues work to the GPU, and rejects if the GPU reports an error: by itself WebGPU would continue with zeros.
 *
 * @param work runs immediately; what it awaits may take longer
 */
export async function guarded<T>(device: GPUDevice, work: () => Promise<T>): Promise<T> {
  for (const failure of FAILURES) device.pushErrorScope(failure);
  const results: Promise<unknown>[] = [];
  try {
    results.push(work());
  } finally {
    for (const _ of FAILURES) results.push(device.popErrorScope().then(throwIfAny));
  }
  try {
    return (await Promise.all(results))[0] as T;
  } catch (error) {
    if (AgentsError.is(error)) throw error;
    const loss = await lossOf(device);
    throw loss ? deviceLost(loss, error) : failure(messageOf(error), error);
  }
}

function throwIfAny(error: GPUError | null): void {
  if (error) throw failure(error.message, error);
}

function failure(message: string, cause: unknown): AgentsError {
  return new AgentsError(
    `The GPU failed: ${message.trim() || 'the browser gives no reason.'} Use another backend, or a smaller minibatch if it ran out of memory.`,
    { cause },
  );
}

/** Why a device was lost. Its work fails a moment before the loss is reported. */
function lossOf(device: GPUDevice): Promise<GPUDeviceLostInfo | undefined> {
  return Promise.race([device.lost, new Promise<undefined>((resolve) => setTimeout(resolve, LOSS_MS, undefined))]);
}

/** How long to wait for that, in ms. */
const LOSS_MS = 50;

function deviceLost({ reason, message }: GPUDeviceLostInfo, cause: unknown): AgentsError {
  const what = reason === 'destroyed' ? 'The GPU device was destroyed' : 'The GPU device was lost';
  const why = message.trim().replace(/\.$/, '') || 'the browser gives no reason';
  return new AgentsError(
    `${what} while the learner was using it: ${why}. Resume the run from its last checkpoint, or train with backend "wasm".`,
    { cause },
  );
}

/**
 * Maps the first `bytes` of a buffer for reading. Firefox checks for finished work on each submission, and otherwise only
 * ten times per second, so this submits nothing every few milliseconds until the work is done.
 */
export async function mapForReading(device: GPUDevice, buffer: GPUBuffer, bytes: number): Promise<void> {
  const nudge = setInterval(() => device.queue.submit([]), NUDGE_MS);
  try {
    await buffer.mapAsync(GPUMapMode.READ, 0, bytes);
  } finally {
    clearInterval(nudge);
  }
}

/** Browsers do not run nested timers more often than this. */
const NUDGE_MS = 4;

/** A GPU buffer that only grows. Growing it loses its content. */
export class GrowingBuffer {
  readonly #device: GPUDevice;
  readonly #label: string;
  readonly #usage: GPUBufferUsageFlags;
  #buffer: GPUBuffer | undefined;

  constructor(device: GPUDevice, label: string, usage: GPUBufferUsageFlags) {
    this.#device = device;
    this.#label = label;
    this.#usage = usage;
  }

  /** The current buffer; call reserve() first. */
  get buffer(): GPUBuffer {
    return this.#buffer!;
  }

  /** Makes room for `bytes`. Returns whether the buffer was replaced. */
  reserve(bytes: number): boolean {
    if (this.#buffer && this.#buffer.size >= bytes) return false;
    const most = this.#device.limits.maxStorageBufferBindingSize;
    if (bytes > most) {
      throw new AgentsError(
        `The GPU allows at most ${most} bytes per buffer, but the learner's ${this.#label} need ${bytes}. Use smaller minibatches or shorter rollouts.`,
      );
    }
    this.#buffer?.destroy();
    this.#buffer = this.#device.createBuffer({ label: this.#label, size: bytes, usage: this.#usage });
    return true;
  }

  /** Returns the buffer to the GPU, if the host has mapped it or waits for it. */
  unmap(): void {
    this.#buffer?.unmap();
  }

  dispose(): void {
    this.#buffer?.destroy();
    this.#buffer = undefined;
  }
}
