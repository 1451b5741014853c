import type { CreateWorker } from '../plugin/train/worker-handle.ts';

/** What the command line hands to a benchmark. */
export interface BenchOptions {
  /** about how long it may take */
  readonly seconds: number;
  /** which scene; the benchmark's own choice when left out */
  readonly environment?: string;
  /** which learner; the benchmark's own choice when left out */
  readonly backend?: 'webgpu' | 'wasm';
  /** bundles the workers, and returns what starts one */
  readonly prepareWorkers: () => Promise<CreateWorker>;
}

/** What a benchmark found, the ratio that it is about first; the JSON line of `npm run bench`. */
export type Figures = Readonly<Record<string, unknown>>;

/** Measures one part of the system against its variants, interleaved in one run. */
export type Benchmark = (options: BenchOptions) => Promise<Figures>;
