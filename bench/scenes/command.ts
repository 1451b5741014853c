import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  readonly defaults?: boolean;
  readonly again?: boolean;
  readonly report?: boolean;
}

const RECORDS = 'bench/results/scenes';
const DEFAULTS_RECORDS = `${RECORDS}/defaults`;
const PAGE = 'docs/scenes.md';

/** `npm run bench -- scenes` */
export function scenesCommand(prepareWorkers: BenchOptions['prepareWorkers']): Command {
  return new Command('scenes')
    .description('train every demo scene that has a score to reach, by its own settings from three seeds')
    .addOption(
      someOfOption(
        '--scenes <names>',
        LADDER.map(({ name }) => name),
      ),
    )
    .addOption(new Option('--seeds <numbers>', 'such as 1,2').argParser(parseCounts).default(SEEDS, SEEDS.join()))
    .option('--defaults', 'train with the default settings instead of the scene’s own')
    .option('--again', 'make runs that are done already once more')
    .option('--report', 'make no runs: write pictures and tables from those that are done')
    .addHelpText('after', `\nA finished run is kept in ${RECORDS} and made again when the scene’s training.ts changed.`)
    .action(async (flags: ScenesFlags) => {
      const whole = flags.report || (await makeRuns(flags, prepareWorkers));
      await writeReport();
      if (whole) return;
      process.stderr.write('Stopped. Finished runs are kept; resume with the same command.\n');
      process.exitCode = 130;
    });
}

/** Makes the runs that are not done yet, one at a time: each has the machine to itself. Whether all came to an end. */
async function makeRuns(
  { scenes, seeds, defaults = false, again }: ScenesFlags,
  prepareWorkers: BenchOptions['prepareWorkers'],
): Promise<boolean> {
  const { RunsDisplay } = await import('../training-runs/runs-display.ts');
  const { planSceneRun } = await import('./plan.ts');
  const { readRecord, writeRecord } = await import('./scene-record.ts');
  const { trainScene } = await import('./train-scene.ts');
  const records = defaults ? DEFAULTS_RECORDS : RECORDS;
  const asked = LADDER.filter(({ name }) => scenes.includes(name));
  const all = await Promise.all(
    seeds.flatMap((seed) => asked.map((rung) => planSceneRun(rung, seed, defaults, environments[rung.name]))),
  );
  const plans = all.filter(({ rung, seed, training }) => {
    const done = readRecord(records, rung.name, seed);
    return again || !isDeepStrictEqual(done?.training, training);
  });
  const createWorker = await prepareWorkers();
  const display = new RunsDisplay(process.stderr, plans);
  try {
    return await interruptible(
      async (signal) => {
        for (const run of plans) {
          const folder = `runs/scenes/${run.rung.name}-${run.seed}${defaults ? '-defaults' : ''}`;
          const record = await trainScene({ ...run, createWorker, folder, signal, onProgress: display.follow(run) });
          if (!record) return false;
          writeRecord(records, record);
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

/** Writes the pictures, and the generated sections of the scenes' READMEs and of the page of them all. */
async function writeReport(): Promise<void> {
  const { drawSceneCurves } = await import('./curve-picture.ts');
  const { describeLadder, describeTraining } = await import('./page.ts');
  const { readRecord } = await import('./scene-record.ts');
  const read = (folder: string) => (rung: Rung) => ({
    rung,
    records: SEEDS.flatMap((seed) => readRecord(folder, rung.name, seed) ?? []),
  });
  const trained = LADDER.map(read(RECORDS));
  mkdirSync(RECORDS, { recursive: true });
  for (const { rung, records } of trained.filter(({ records }) => records.length > 0)) {
    const picture = join(RECORDS, `${rung.name}.svg`);
    writeFileSync(picture, drawSceneCurves(rung, records));
    const folder = `demo-scenes/${rung.name}`;
    await fill(join(folder, 'README.md'), describeTraining(rung, records, relative(folder, picture)));
  }
  await fill(PAGE, { ladder: describeLadder(trained), defaults: describeLadder(LADDER.map(read(DEFAULTS_RECORDS))) });
}

async function fill(page: string, sections: Readonly<Record<string, string>>): Promise<void> {
  const { fillPage } = await import('../markdown.ts');
  writeFileSync(page, fillPage(readFileSync(page, 'utf8'), sections));
}
