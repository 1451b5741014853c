import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { AgentsError, messageOf } from '../../core/errors.ts';

/** The device that TensorFlow.js opened, so that one page asks for one GPU. */
export function requireDevice(): GPUDevice {
  if (tf.getBackend() === 'webgpu') return (tf.backend() as WebGPUBackend).device;
  throw new AgentsError(
    `The WebGPU learner needs the backend "webgpu", and "${tf.getBackend()}" is open. Open it with openBackend('webgpu') first.`,
  );
}

const FAILURES = ['validation', 'out-of-memory', 'internal'] as const;

/**
 * Issues work to the GPU, and rejects if it refuses any of it: by itself WebGPU would carry on with zeros.
 *
 * @param work runs at once; what it awaits may take longer
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
    `The GPU failed: ${message.trim() || 'the browser does not say why.'} Learn on another backend, or with a smaller minibatch if it ran out of memory.`,
    { cause },
  );
}

/** What became of a device that is lost; work that it held fails a moment before it says so. */
function lossOf(device: GPUDevice): Promise<GPUDeviceLostInfo | undefined> {
  return Promise.race([device.lost, new Promise<undefined>((resolve) => setTimeout(resolve, LOSS_MS, undefined))]);
}

/** How long to wait for that, in ms. */
const LOSS_MS = 50;

function deviceLost({ reason, message }: GPUDeviceLostInfo, cause: unknown): AgentsError {
  const what = reason === 'destroyed' ? 'The GPU device was destroyed' : 'The GPU device was lost';
  const why = message.trim().replace(/\.$/, '') || 'the browser does not say why';
  return new AgentsError(
    `${what} while the learner was using it: ${why}. Resume the run from its last checkpoint, or train with backend "wasm".`,
    { cause },
  );
}

/**
 * Maps the first `bytes` of a buffer for reading. Firefox looks for finished work when something is submitted, and otherwise
 * ten times a second, so nothing is submitted every few milliseconds until the work is done.
 */
export async function mapForReading(device: GPUDevice, buffer: GPUBuffer, bytes: number): Promise<void> {
  const nudge = setInterval(() => device.queue.submit([]), NUDGE_MS);
  try {
    await buffer.mapAsync(GPUMapMode.READ, 0, bytes);
  } finally {
    clearInterval(nudge);
  }
}

/** Browsers let nested timers run no more often than this. */
const NUDGE_MS = 4;

/** A buffer on the GPU that only ever grows. Growing it loses what it held. */
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

  /** The buffer of now; reserve() comes first. */
  get buffer(): GPUBuffer {
    return this.#buffer!;
  }

  /** Makes room for `bytes`. Returns whether the buffer is another one now. */
  reserve(bytes: number): boolean {
    if (this.#buffer && this.#buffer.size >= bytes) return false;
    const most = this.#device.limits.maxStorageBufferBindingSize;
    if (bytes > most) {
      throw new AgentsError(
        `The GPU holds at most ${most} bytes in a buffer, and the learner's ${this.#label} take ${bytes}. Learn from smaller minibatches or shorter rollouts.`,
      );
    }
    this.#buffer?.destroy();
    this.#buffer = this.#device.createBuffer({ label: this.#label, size: bytes, usage: this.#usage });
    return true;
  }

  /** Gives the buffer back to the GPU, if the host has it or waits for it. */
  unmap(): void {
    this.#buffer?.unmap();
  }

  dispose(): void {
    this.#buffer?.destroy();
    this.#buffer = undefined;
  }
}
