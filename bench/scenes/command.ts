import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Command, Option } from 'commander';
import { environments } from '../../demo-scenes/catalog.ts';
import { interruptible } from '../../plugin/cli/interruptible.ts';
import type { BenchOptions } from '../benchmark.ts';
import { parseCounts, someOfOption } from '../options.ts';
import { LADDER, type Rung, SEEDS } from './ladder.ts';

interface ScenesFlags {
  readonly scenes: readonly string[];
  readonly seeds: readonly number[];
  readonly again?: boolean;
  readonly report?: boolean;
}

const RECORDS = 'bench/results/scenes';

/** `npm run bench -- scenes` */
export function scenesCommand(prepareWorkers: BenchOptions['prepareWorkers']): Command {
  const names = LADDER.map(({ name }) => name).filter((name) => name in environments);
  return new Command('scenes')
    .description('train every demo scene that has a score to reach, by its own settings from three seeds')
    .addOption(someOfOption('--scenes <names>', names))
    .addOption(new Option('--seeds <numbers>', 'such as 1,2').argParser(parseCounts).default(SEEDS, SEEDS.join()))
    .option('--again', 'make runs that are done already once more')
    .option('--report', 'make no runs: write pictures and README tables from those that are done')
    .addHelpText('after', `\nA finished run is kept in ${RECORDS} and made again when the scene’s training.ts changed.`)
    .action((flags: ScenesFlags) => climb(flags, prepareWorkers));
}

async function climb(flags: ScenesFlags, prepareWorkers: BenchOptions['prepareWorkers']): Promise<void> {
  const rungs = LADDER.filter(({ name }) => flags.scenes.includes(name));
  const whole = flags.report || (await makeRuns(rungs, flags, prepareWorkers));
  for (const rung of rungs) await report(rung);
  if (whole) return;
  process.stderr.write('Stopped. Finished runs are kept; go on with the same command.\n');
  process.exitCode = 130;
}

/** Makes the runs that are not done yet, one at a time: each has the machine to itself. Whether all came to an end. */
async function makeRuns(
  rungs: readonly Rung[],
  { seeds, again }: ScenesFlags,
  prepareWorkers: BenchOptions['prepareWorkers'],
): Promise<boolean> {
  const { RunsDisplay } = await import('../training-runs/runs-display.ts');
  const { readRecord, writeRecord } = await import('./scene-record.ts');
  const { trainScene } = await import('./train-scene.ts');
  const planned = await Promise.all(seeds.flatMap((seed) => rungs.map((rung) => plan(rung, seed))));
  const plans = planned.filter(({ rung, seed, training }) => {
    const done = readRecord(RECORDS, rung.name, seed);
    return again || !isDeepStrictEqual(done?.training, JSON.parse(JSON.stringify(training)));
  });
  const createWorker = await prepareWorkers();
  const display = new RunsDisplay(process.stderr, plans);
  try {
    return await interruptible(
      async (signal) => {
        for (const run of plans) {
          const { rung, seed } = run;
          const folder = `runs/scenes/${rung.name}-${seed}`;
          const record = await trainScene({ ...run, createWorker, folder, signal, onProgress: display.follow(run) });
          if (!record) return false;
          writeRecord(RECORDS, record);
          display.finished(run, record);
        }
        return true;
      },
      () => display.note('Stopping. Press Ctrl-C again to stop at once.'),
    );
  } finally {
    display.dispose();
  }
}

async function plan(rung: Rung, seed: number) {
  const { TRAINING_DEFAULTS } = await import('../../plugin/training.ts');
  const preset = (await environments[rung.name].training?.()) ?? {};
  const training = { ...preset, maxDecisions: preset.maxDecisions ?? TRAINING_DEFAULTS.maxDecisions };
  return {
    rung,
    seed,
    training,
    title: `${rung.name}, seed ${seed}`,
    environment: rung.name,
    settings: { ...training, seed },
  };
}

/** Writes a scene's picture, and its README's section where it has one. */
async function report(rung: Rung): Promise<void> {
  const { readRecord } = await import('./scene-record.ts');
  const { drawSceneCurves } = await import('./curve-picture.ts');
  const { describeTraining } = await import('./page.ts');
  const { fillPage } = await import('../markdown.ts');
  const records = SEEDS.flatMap((seed) => readRecord(RECORDS, rung.name, seed) ?? []);
  if (records.length === 0) return;
  mkdirSync(RECORDS, { recursive: true });
  const picture = join(RECORDS, `${rung.name}.svg`);
  writeFileSync(picture, drawSceneCurves(rung, records));
  const page = `demo-scenes/${rung.name}/README.md`;
  if (!existsSync(page)) return;
  const sections = describeTraining(rung, records, relative(`demo-scenes/${rung.name}`, picture));
  writeFileSync(page, fillPage(readFileSync(page, 'utf8'), sections));
}
