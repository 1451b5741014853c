import { Command, Option } from 'commander';
import { interruptible } from '../../plugin/cli/interruptible.ts';
import type { BenchOptions } from '../benchmark.ts';
import { describeMachine } from '../machine.ts';
import { atOnceOption, parseCounts, parsePositive, someOfOption } from '../options.ts';
import { addOutputOptions, type OutputFlags, output } from '../output.ts';
import type { RunLog } from '../training-runs/run-log.ts';
import type { AblationScope } from './plan.ts';
import { SEEDS, SETTINGS, TASKS } from './protocol.ts';

interface AblationFlags extends OutputFlags {
  readonly settings: readonly string[];
  readonly tasks: readonly string[];
  readonly seeds: readonly number[];
  readonly stepsScale: number;
  readonly folder?: string;
  readonly atOnce: number;
  readonly report?: boolean;
}

const PAGE = 'docs/ablation.md';

/** `npm run bench -- ablation` */
export function ablationCommand(prepareWorkers: BenchOptions['prepareWorkers']): Command {
  const settings = SETTINGS.map(({ name }) => name);
  const tasks = TASKS.map(({ name }) => name);
  const command = new Command('ablation')
    .description('the PPO paper’s table 1: clipping, KL penalties and neither, on seven tasks from three seeds')
    .addOption(someOfOption('--settings <names>', settings))
    .addOption(someOfOption('--tasks <names>', tasks))
    .addOption(new Option('--seeds <numbers>', 'such as 1,2').argParser(parseCounts).default(SEEDS, SEEDS.join()))
    .option('--steps-scale <factor>', 'multiplies the budget of every run: 0.1 for a first look', parsePositive, 1)
    .option(
      '--folder <path>',
      'where finished runs and pictures go (default: bench/results/ablation; runs/ablation-<factor> with --steps-scale)',
    )
    .addOption(atOnceOption())
    .option('--report', 'make no runs: write page and pictures from those that are done')
    .addHelpText(
      'after',
      [
        '',
        'Every finished run is kept in runs.jsonl and is not made again: Ctrl-C at any time, and resume with the same',
        'command. At the end, pictures and page are written from all runs that are there: docs/ablation.md, or',
        'ablation.md in the folder that was named.',
      ].join('\n'),
    );
  return addOutputOptions(command).action((flags: AblationFlags) => ablate(flags, prepareWorkers));
}

async function ablate(flags: AblationFlags, prepareWorkers: BenchOptions['prepareWorkers']): Promise<void> {
  const machine = describeMachine(); // before the benchmark loads it
  const { RunLog } = await import('../training-runs/run-log.ts');
  const { formatReport, makeReport, summarizeReport, writeReport } = await import('./report.ts');
  const { folder, page, isWhole } = placesOf(flags);
  const log = new RunLog(folder);
  const note = (text: string) => process.stderr.write(`${text}\n`);
  if (log.damaged > 0)
    note(
      `Damaged lines of ${folder}/runs.jsonl, set aside in runs.damaged.jsonl: ${log.damaged}. Their runs are made again.`,
    );
  if (!flags.report && !(await makeRuns(flags, log, `${machine.cpu}, ${machine.cores} cores`, prepareWorkers))) {
    note(`Stopped. Finished runs are kept; resume with: npm run bench -- ${process.argv.slice(2).join(' ')}`);
    process.exitCode = 130;
    return;
  }
  const seeds = [...new Set([...SEEDS, ...log.records.map(({ seed }) => seed)])];
  const report = makeReport({ settings: SETTINGS, tasks: TASKS, seeds, stepsScale: flags.stepsScale }, log.records);
  writeReport(report, { folder, page, template: PAGE });
  note(`Written: ${page}`);
  const save = flags.save && isWhole && !flags.report;
  output({ name: 'ablation', machine, ...summarizeReport(report) }, { ...flags, save }, formatReport(report));
}

/** Makes the runs that are asked for and not in the log. Whether all of them came to an end. */
async function makeRuns(
  { settings, tasks, seeds, stepsScale, atOnce }: AblationFlags,
  log: RunLog,
  machine: string,
  prepareWorkers: BenchOptions['prepareWorkers'],
): Promise<boolean> {
  const { runAblation } = await import('./ablation.ts');
  const catalog = (await import('../tasks/catalog.ts')).tasks;
  const createWorker = await prepareWorkers();
  const scope: AblationScope = {
    settings: SETTINGS.filter(({ name }) => settings.includes(name)),
    tasks: TASKS.filter(({ name }) => tasks.includes(name)),
    seeds,
    stepsScale,
  };
  return await interruptible(
    async (signal) => {
      await runAblation(scope, log, { catalog, createWorker, atOnce, machine, stream: process.stderr, signal });
      return !signal.aborted;
    },
    () => process.stderr.write('Stopping. Press Ctrl-C again to stop at once.\n'),
  );
}

/** The page of the whole ablation is in docs/; a part of it in a folder of its own has its page there. */
function placesOf({ folder, stepsScale }: AblationFlags) {
  if (folder === undefined && stepsScale === 1) return { folder: 'bench/results/ablation', page: PAGE, isWhole: true };
  const own = folder ?? `runs/ablation-${stepsScale}`;
  return { folder: own, page: `${own}/ablation.md`, isWhole: false };
}
