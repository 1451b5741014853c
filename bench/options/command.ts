import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { interruptible } from '../../plugin/cli/interruptible.ts';
import type { BenchOptions } from '../benchmark.ts';
import { describeMachine } from '../machine.ts';
import { atOnceOption, parseCounts, someOfOption } from '../options.ts';
import { isoDay } from '../results.ts';
import type { RunLog } from '../training-runs/run-log.ts';
import { COMPARISONS } from './protocol.ts';

interface OptionsFlags {
  readonly comparisons: readonly string[];
  readonly seeds?: readonly number[];
  readonly atOnce: number;
  readonly report?: boolean;
}

const FOLDER = 'bench/results/options';

/** `npm run bench -- options` */
export function optionsCommand(prepareWorkers: BenchOptions['prepareWorkers']): Command {
  const names = COMPARISONS.map(({ name }) => name);
  return new Command('options')
    .description('what each option of training does to a task: without it and with it, over seeds')
    .addOption(someOfOption('--comparisons <names>', names))
    .addOption(
      new Option('--seeds <numbers>', 'such as 1,2; those of each comparison when left out').argParser(parseCounts),
    )
    .addOption(atOnceOption())
    .option('--report', 'make no runs: draw the pictures from those that are done')
    .addHelpText('after', `\nA finished run is kept in ${FOLDER}/runs.jsonl and is not made again.`)
    .action(async (flags: OptionsFlags) => {
      const { RunLog } = await import('../training-runs/run-log.ts');
      const log = new RunLog(FOLDER);
      const whole = flags.report || (await makeRuns(flags, log, prepareWorkers));
      await writeReport(log);
      if (whole) return;
      process.stderr.write('Stopped. Finished runs are kept; resume with the same command.\n');
      process.exitCode = 130;
    });
}

/** Makes the runs that are not in the log. Whether all of them came to an end. */
async function makeRuns(
  { comparisons, seeds, atOnce }: OptionsFlags,
  log: RunLog,
  prepareWorkers: BenchOptions['prepareWorkers'],
): Promise<boolean> {
  const { cpu, cores } = describeMachine();
  const { leftOf } = await import('../training-runs/planned.ts');
  const { runAll } = await import('../training-runs/run-all.ts');
  const { RunsDisplay } = await import('../training-runs/runs-display.ts');
  const { planComparisons } = await import('./plan.ts');
  const asked = COMPARISONS.filter(({ name }) => comparisons.includes(name));
  const plans = leftOf(
    planComparisons(asked, (comparison) => seeds ?? comparison.seeds),
    log.records,
  );
  const createWorker = await prepareWorkers();
  const display = new RunsDisplay(process.stderr, plans);
  const run = { date: isoDay(new Date()), machine: `${cpu}, ${cores} cores`, atOnce };
  try {
    return await interruptible(
      async (signal) => {
        await runAll(plans, {
          createWorker,
          signal,
          atOnce,
          display,
          onResult: ({ key }, result) => log.append({ ...key, ...run, ...result }),
        });
        return !signal.aborted;
      },
      () => display.note('Stopping. Press Ctrl-C again to stop at once.'),
    );
  } finally {
    display.dispose();
  }
}

/** Draws every comparison that has runs, and prints what they came to. */
async function writeReport(log: RunLog): Promise<void> {
  const { doneOf } = await import('../training-runs/planned.ts');
  const { drawComparison } = await import('./curve-picture.ts');
  const { planComparisons } = await import('./plan.ts');
  const { describeComparisons } = await import('./report.ts');
  const { readLeftOut } = await import('./outcome.ts');
  const records = [...doneOf(planComparisons(COMPARISONS), log.records), ...readLeftOut(FOLDER)];
  const begun = COMPARISONS.filter(({ name }) => records.some(({ task }) => task === name));
  for (const comparison of begun)
    writeFileSync(join(FOLDER, `${comparison.name}.svg`), drawComparison(comparison, records));
  process.stdout.write(`${describeComparisons(begun, records)}\n`);
}
