/** Calls that cost the issuing thread time, and the GPU a wait where it is read back. */
export interface GpuCalls {
  dispatches: number;
  /** queue.writeBuffer() and writeTexture() */
  writes: number;
  /** mappings for reading: each waits for all that was issued before */
  readbacks: number;
  /** buffers that are created mapped, for one upload each */
  stagings: number;
  copies: number;
  /** of something: empty ones only wake a waiting browser */
  submits: number;
  passes: number;
  bindGroups: number;
  buffers: number;
}

/** Counts what this thread asks of WebGPU, whoever asks; WebGPU must be there already. */
export class GpuCounter {
  #calls = noCalls();
  #first = 0;
  #last = 0;
  readonly #restore: (() => void)[] = [];

  constructor() {
    const count = (name: keyof GpuCalls) => this.#count(name);
    this.#wrap(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', () => count('dispatches'));
    this.#wrap(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', () => count('dispatches'));
    this.#wrap(GPUQueue.prototype, 'writeBuffer', () => count('writes'));
    this.#wrap(GPUQueue.prototype, 'writeTexture', () => count('writes'));
    this.#wrap(GPUQueue.prototype, 'submit', ([commands]) => {
      if ([...(commands as Iterable<GPUCommandBuffer>)].length > 0) count('submits');
    });
    this.#wrap(GPUCommandEncoder.prototype, 'copyBufferToBuffer', () => count('copies'));
    this.#wrap(GPUCommandEncoder.prototype, 'beginComputePass', () => count('passes'));
    this.#wrap(GPUDevice.prototype, 'createBindGroup', () => count('bindGroups'));
    this.#wrap(GPUDevice.prototype, 'createBuffer', ([descriptor]) => {
      count('buffers');
      if ((descriptor as GPUBufferDescriptor).mappedAtCreation) count('stagings');
    });
    this.#wrap(GPUBuffer.prototype, 'mapAsync', ([mode]) => {
      if (mode === GPUMapMode.READ) count('readbacks');
    });
  }

  /** What was called since the last take(), and ms from the first of these calls to the last. */
  take(): { readonly calls: Readonly<GpuCalls>; readonly ms: number } {
    const taken = { calls: this.#calls, ms: this.#last - this.#first };
    this.#calls = noCalls();
    this.#first = this.#last = 0;
    return taken;
  }

  dispose(): void {
    for (const restore of this.#restore) restore();
  }

  #count(name: keyof GpuCalls): void {
    this.#last = performance.now();
    if (this.#first === 0) this.#first = this.#last;
    this.#calls[name]++;
  }

  #wrap<T extends object>(prototype: T, method: keyof T, onCall: (args: readonly unknown[]) => void): void {
    const original = prototype[method] as (...args: unknown[]) => unknown;
    prototype[method] = function (this: T, ...args: unknown[]) {
      onCall(args);
      return original.apply(this, args);
    } as T[keyof T];
    this.#restore.push(() => {
      prototype[method] = original as T[keyof T];
    });
  }
}

function noCalls(): GpuCalls {
  return {
    dispatches: 0,
    writes: 0,
    readbacks: 0,
    stagings: 0,
    copies: 0,
    submits: 0,
    passes: 0,
    bindGroups: 0,
    buffers: 0,
  };
}
