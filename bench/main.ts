import { availableParallelism } from 'node:os';
import { Argument, Command, Option } from 'commander';
import { prepareNodeWorkers } from '../plugin/cli/node-workers.ts';
import { describeMachine } from './machine.ts';
import { benchRollout } from './rollout.ts';
import { benchTrain } from './train.ts';

interface BenchFlags {
  readonly environment: string;
  readonly seconds: number;
  readonly json?: boolean;
}

/** `npm run bench -- rollout`, `npm run bench -- train` */
await new Command('bench')
  .description('Measure where the time goes. Close other programs first.')
  .addArgument(new Argument('<benchmark>').choices(['rollout', 'train']))
  .option('--environment <name>', 'which scene', 'balance-ball')
  .addOption(new Option('--seconds <n>', 'about how long').argParser(Number).default(15))
  .option('--json', 'end stdout with one line of JSON')
  .action(async (name: 'rollout' | 'train', { environment, seconds, json }: BenchFlags) => {
    const machine = describeMachine();
    const createWorker = await prepareNodeWorkers(new URL('../demo-scenes/worker.ts', import.meta.url).pathname);
    const figures =
      name === 'rollout'
        ? await benchRollout(environment, seconds, createWorker, availableParallelism())
        : await benchTrain(environment, seconds, createWorker);
    if (json) process.stdout.write(`${JSON.stringify({ name, environment, machine, ...figures })}\n`);
    else
      for (const [figure, value] of Object.entries({ ...machine, ...figures }))
        process.stdout.write(`${figure.padEnd(26)} ${round(value)}\n`);
  })
  .parseAsync();

function round(value: unknown): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value);
}
