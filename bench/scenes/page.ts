import { formatNumber } from '../format-number.ts';
import { formatTable } from '../markdown.ts';
import { PLAYED, type Rung } from './ladder.ts';
import type { SceneRecord } from './scene-record.ts';

/** A scene and what its runs came to. */
export interface TrainedScene {
  readonly rung: Rung;
  readonly records: readonly SceneRecord[];
}

/** What a scene's README says of its training: the generated section, in Markdown. */
export function describeTraining(
  rung: Rung,
  records: readonly SceneRecord[],
  picture: string,
): Readonly<Record<'training', string>> {
  const digits = digitsOf(rung);
  const trained = rung.trained ?? rung.bar;
  const played = ({ mean, std }: SceneRecord['sampled']) =>
    `${formatNumber(mean, digits)} ± ${formatNumber(std, digits)}`;
  const header = [
    'seed',
    'decisions',
    'seconds',
    'decisions/s',
    `decisions to ${trained}`,
    `seconds to ${trained}`,
    'last 100 episodes',
    'sampled',
    'deterministic',
  ];
  const rows = records.map((record) => [
    String(record.seed),
    formatNumber(record.decisions, 0),
    formatNumber(record.seconds, 1),
    formatNumber(record.decisions / record.seconds, 0),
    formatNumber(record.atBar?.decisions, 0),
    formatNumber(record.atBar?.seconds, 1),
    formatNumber(record.meanReturn, digits),
    played(record.sampled),
    played(record.deterministic),
  ]);
  const training = [
    `\`npm run train -- ${rung.name} --seed S\`, measured with \`npm run bench -- scenes --scenes ${rung.name}\` (${describeMachines(records)}):`,
    formatTable(header, rows),
    `The bar is a mean return of ${rung.bar}; Unity’s benchmark of ${rung.unity} is ${rung.benchmark}. Decisions and seconds to ${trained} include the start and are counted until the mean of the last 100 episodes of training reached it, in the last lesson if there are several. Sampled and deterministic: mean return of ${PLAYED.episodes} episodes of seed ${PLAYED.seed}, ± a standard deviation over episodes.`,
    `![Learning curves of ${rung.name}](${picture})`,
  ].join('\n\n');
  return { training };
}

/** A row for each scene: how far its seeds came, each by the better of sampled and deterministic play. */
export function describeLadder(scenes: readonly TrainedScene[]): string {
  const header = [
    'scene',
    'Unity’s benchmark',
    'bar',
    'seeds at the bar',
    'played, worst to best',
    'decisions to the bar',
    'seconds to the bar',
  ];
  const done = scenes.filter(({ records }) => records.length > 0);
  if (done.length === 0) return 'No runs are finished yet.';
  const rows = done.map(({ rung, records }) => {
    const digits = digitsOf(rung);
    const played = records.map(({ sampled, deterministic }) => Math.max(sampled.mean, deterministic.mean));
    const reached = records.flatMap(({ atBar }) => atBar ?? []);
    return [
      `[${rung.name}](../demo-scenes/${rung.name}/README.md)`,
      String(rung.benchmark),
      String(rung.bar),
      `${played.filter((mean) => mean >= rung.bar).length} of ${records.length}`,
      formatRange(played, digits),
      formatRange(
        reached.map(({ decisions }) => decisions),
        0,
      ),
      formatRange(
        reached.map(({ seconds }) => seconds),
        0,
      ),
    ];
  });
  return formatTable(header, rows);
}

/** `9`, `3 … 8`, `–` */
function formatRange(values: readonly number[], digits: number): string {
  if (values.length === 0) return formatNumber(null, digits);
  const ends = [Math.min(...values), Math.max(...values)].map((value) => formatNumber(value, digits));
  return [...new Set(ends)].join(' … ');
}

function digitsOf({ bar }: Rung): number {
  return bar < 1 ? 3 : bar < 10 ? 2 : bar < 1000 ? 1 : 0;
}

/** What the runs were made on. A load above 0 before a run is other work that it shared the machine with. */
function describeMachines(records: readonly SceneRecord[]): string {
  const machines = records.map(({ machine, workers }) => {
    const { cpu, cores, node } = machine;
    return `${cpu}, ${cores} cores, Node ${node}, ${workers} rollout workers`;
  });
  const loads = records.map(({ machine }) => formatNumber(Number(machine.load), 1)).join(', ');
  return `${[...new Set(machines)].join('; ')}; the machine’s load before each run: ${loads}`;
}
