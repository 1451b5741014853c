import { Command, Option } from 'commander';
import { prepareNodeWorkers } from '../plugin/cli/node-workers.ts';
import type { CreateWorker } from '../plugin/train/worker-handle.ts';
import { ablationCommand } from './ablation/command.ts';
import type { Benchmark, BenchOptions } from './benchmark.ts';
import { knownScoresCommand } from './known-scores/command.ts';
import { describeMachine } from './machine.ts';
import { optionsCommand } from './options/command.ts';
import { addOutputOptions, type OutputFlags, output } from './output.ts';
import { formatFigures } from './results.ts';
import { scenesCommand } from './scenes/command.ts';

/** Each is loaded when it is asked for: none needs what the others import. */
const BENCHMARKS = {
  physics: {
    about: 'a physics step, by the areas in a world',
    load: async () => (await import('./physics.ts')).benchPhysics,
  },
  policy: { about: 'a decision of a policy', load: async () => (await import('./policy.ts')).benchPolicy },
  rollout: { about: 'rollouts without learning', load: async () => (await import('./rollout.ts')).benchRollout },
  update: { about: 'the learner’s gradient steps', load: async () => (await import('./update.ts')).benchUpdate },
  train: { about: 'training from end to end', load: async () => (await import('./train.ts')).benchTrain },
  page: { about: 'the editor page in a browser', load: async () => (await import('./page.ts')).benchPage },
} satisfies Record<string, { readonly about: string; readonly load: () => Promise<Benchmark> }>;

let workers: Promise<CreateWorker> | undefined;

function prepareWorkers(): Promise<CreateWorker> {
  workers ??= prepareNodeWorkers(new URL('./worker.ts', import.meta.url).pathname);
  return workers;
}

/** The command of a benchmark that measures one part against its variants. */
function measureCommand(name: keyof typeof BENCHMARKS): Command {
  const command = new Command(name)
    .description(`${BENCHMARKS[name].about}: what it costs, against variants in the same run`)
    .option('--environment <name>', 'which scene: balance-ball or walker; the benchmark’s own choice when left out')
    .addOption(new Option('--backend <name>', 'which learner').choices(['webgpu', 'wasm']))
    .addOption(new Option('--seconds <n>', 'about how long').argParser(Number).default(15));
  return addOutputOptions(command).action(
    async ({ json, save, ...options }: Omit<BenchOptions, 'prepareWorkers'> & OutputFlags) => {
      const machine = describeMachine(); // before the benchmark loads it
      const benchmark: Benchmark = await BENCHMARKS[name].load();
      const figures = await benchmark({ ...options, prepareWorkers });
      const { environment, backend } = options;
      const result = { name, ...(environment && { environment }), ...(backend && { backend }), machine, ...figures };
      output(result, { json, save }, formatFigures({ ...figures, machine }));
    },
  );
}

/** `npm run bench -- physics`, and likewise the others. */
const program = new Command('bench').description(
  'Measure one part against its variants, or the algorithm against published figures. Close other programs first.',
);
for (const name of Object.keys(BENCHMARKS)) program.addCommand(measureCommand(name as keyof typeof BENCHMARKS));
await program
  .addCommand(knownScoresCommand(prepareWorkers))
  .addCommand(ablationCommand(prepareWorkers))
  .addCommand(scenesCommand(prepareWorkers))
  .addCommand(optionsCommand(prepareWorkers))
  .parseAsync();
