import { Command } from 'commander';
import { interruptible } from '../../plugin/cli/interruptible.ts';
import type { BenchOptions } from '../benchmark.ts';
import { describeMachine } from '../machine.ts';
import { atOnceOption, parseCount, someOfOption } from '../options.ts';
import { addOutputOptions, type OutputFlags, output } from '../output.ts';
import { DECISIONS, PUBLISHED } from './protocol.ts';

interface KnownScoresFlags extends OutputFlags {
  readonly task: readonly string[];
  readonly seeds: number;
  readonly decisions: number;
  readonly atOnce: number;
}

/** `npm run bench -- known-scores` */
export function knownScoresCommand(prepareWorkers: BenchOptions['prepareWorkers']): Command {
  const names = Object.keys(PUBLISHED);
  const command = new Command('known-scores')
    .description('learn classic tasks with CleanRL’s settings, beside what CleanRL publishes')
    .addOption(someOfOption('--task <names>', names))
    .option('--seeds <n>', 'runs of each task: seeds 1, 2, …', parseCount, 8)
    .option('--decisions <n>', 'the budget of each run', parseCount, DECISIONS)
    .addOption(atOnceOption());
  return addOutputOptions(command).action(async ({ task, seeds, decisions, atOnce, ...flags }: KnownScoresFlags) => {
    const machine = describeMachine(); // before the benchmark loads it
    const { measureKnownScores } = await import('./known-scores.ts');
    const { formatScores } = await import('./format.ts');
    const createWorker = await prepareWorkers();
    const figures = await interruptible(
      (signal) =>
        measureKnownScores({
          createWorker,
          environments: task,
          seeds,
          decisions,
          atOnce,
          stream: process.stderr,
          signal,
        }),
      () => process.stderr.write('Stopping. Nothing is kept: start it again when there is time.\n'),
    );
    if (figures) output({ name: 'known-scores', machine, ...figures }, flags, formatScores(figures));
    else process.exitCode = 130;
  });
}
