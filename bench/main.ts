import { Argument, Command, Option } from 'commander';
import { prepareNodeWorkers } from '../plugin/cli/node-workers.ts';
import type { CreateWorker } from '../plugin/train/worker-handle.ts';
import type { Benchmark, BenchOptions } from './benchmark.ts';
import { describeMachine } from './machine.ts';
import { formatFigures, saveResult } from './results.ts';

/** Each is loaded when it is asked for: none needs what the others import. */
const BENCHMARKS = {
  physics: async () => (await import('./physics.ts')).benchPhysics,
  policy: async () => (await import('./policy.ts')).benchPolicy,
  rollout: async () => (await import('./rollout.ts')).benchRollout,
  update: async () => (await import('./update.ts')).benchUpdate,
  train: async () => (await import('./train.ts')).benchTrain,
  page: async () => (await import('./page.ts')).benchPage,
} satisfies Record<string, () => Promise<Benchmark>>;

interface BenchFlags extends Omit<BenchOptions, 'prepareWorkers'> {
  readonly json?: boolean;
  readonly save: boolean;
}

let workers: Promise<CreateWorker> | undefined;

function prepareWorkers(): Promise<CreateWorker> {
  workers ??= prepareNodeWorkers(new URL('./worker.ts', import.meta.url).pathname);
  return workers;
}

/** `npm run bench -- physics`, and likewise policy, rollout, update, train and page. */
await new Command('bench')
  .description('Measure one part against its variants, in one run. Close other programs first.')
  .addArgument(new Argument('<benchmark>').choices(Object.keys(BENCHMARKS)))
  .option('--environment <name>', 'which scene: balance-ball or walker; the benchmark’s own choice when left out')
  .addOption(new Option('--backend <name>', 'which learner').choices(['webgpu', 'wasm']))
  .addOption(new Option('--seconds <n>', 'about how long').argParser(Number).default(15))
  .option('--json', 'end stdout with one line of JSON')
  .option('--no-save', 'leave bench/results/ as it is')
  .action(async (name: keyof typeof BENCHMARKS, { json, save, ...options }: BenchFlags) => {
    const machine = describeMachine(); // before the benchmark loads it
    const benchmark: Benchmark = await BENCHMARKS[name]();
    const figures = await benchmark({ ...options, prepareWorkers });
    const { environment, backend } = options;
    const result = { name, ...(environment && { environment }), ...(backend && { backend }), machine, ...figures };
    if (save) saveResult(new URL('./results/', import.meta.url), name, result);
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : formatFigures({ ...figures, machine }));
  })
  .parseAsync();
