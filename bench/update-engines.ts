import { createWasmEngine } from '../plugin/learn/wasm/engine.ts';
import { interleave } from './interleave.ts';
import { relativeDistance } from './relative-distance.ts';
import { openStock, trainStock } from './stock-engine.ts';
import { createJob, type UpdateCase } from './update-job.ts';

/** What a sample costs in an epoch; the stock engine is TensorFlow.js as it comes. */
export interface UpdateFigures {
  /** time of the stock engine / time of the CPU learner */
  readonly ratioStock: number;
  /** µs per sample and epoch */
  readonly microseconds: number;
  readonly stockMicroseconds: number;
  /** multiplications and additions of the products of matrices alone, 10⁹ per second */
  readonly gigaflops: number;
  /** ‖θ − θ′‖/‖θ′‖ of the CPU learner's weights and the stock engine's: that both do the same work */
  readonly distance: number;
}

/** Times both engines on the same job, interleaved. */
export async function compareEngines(size: UpdateCase, seconds: number, wasmFolder: string): Promise<UpdateFigures> {
  await openStock(wasmFolder);
  const { context, job } = createJob(size);
  const cpu = createWasmEngine(context);
  const variants = {
    cpu: async () => void (await cpu.train(job)),
    stock: async () => void (await trainStock(context, job)),
  };
  const { trained } = await cpu.train(job);
  const stock = await trainStock(context, job);
  const times = await interleave(variants, { seconds });
  const microseconds = (ms: number) => (1000 * ms) / (size.samples * size.epochs);
  return {
    ratioStock: times.stock / times.cpu,
    microseconds: microseconds(times.cpu),
    stockMicroseconds: microseconds(times.stock),
    gigaflops: operations(size) / microseconds(times.cpu) / 1000,
    distance: relativeDistance(trained, stock),
  };
}

/** Per sample and epoch: forward, the gradient of the weights, and that of the inputs but for the first layer's. */
function operations({ observation, hidden, continuous }: UpdateCase): number {
  const widths = [observation, ...hidden, continuous + 1];
  const products = widths.slice(1).map((width, i) => 2 * width * widths[i]);
  return products.reduce((sum, count, i) => sum + (i === 0 ? 2 : 3) * count, 0);
}
