import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { prepareNodeWorkers } from '../../plugin/cli/node-workers.ts';
import { Policy, type PolicySpec, writePolicy } from '../../plugin/index.ts';
import { train, type UpdateEvent } from '../../plugin/training.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'demo-scenes/duel/policies' },
    /** the decisions of the run at which each strength is taken; `name:decisions`, in order */
    take: { type: 'string', default: 'easy:600000,medium:2000000,hard:8000000' },
  },
});

/** A moment of the run whose policy is kept. */
interface Moment {
  readonly name: string;
  readonly decisions: number;
}

/** Trains duel once and keeps the policies of some moments as opponents: `npx tsx scripts/duel/train-strengths.ts` */
async function trainStrengths(seed: number, folder: string, moments: readonly Moment[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const createWorker = await prepareNodeWorkers('demo-scenes/worker.ts');
  const left = [...moments];
  let spec: PolicySpec | undefined;
  for await (const event of train('duel', {
    createWorker,
    seed,
    maxDecisions: moments[moments.length - 1].decisions,
  })) {
    if (event.kind === 'started') [spec] = event.policies;
    if (event.kind !== 'update' || !spec) continue;
    while (left.length > 0 && event.decisions >= left[0].decisions)
      writeStrength(`${folder}/${left.shift()!.name}.safetensors`, spec, seed, event);
  }
}

function writeStrength(file: string, spec: PolicySpec, seed: number, update: UpdateEvent): void {
  const { decisions, meanReturn, seconds, episodeLength } = update;
  const policy = new Policy(spec, update.weights);
  writeFileSync(file, writePolicy(policy, { environment: 'duel', seed, decisions, meanReturn }));
  process.stdout.write(
    `${file}: ${decisions} decisions, ${seconds.toFixed(0)} s, rounds of ${episodeLength?.toFixed(0)} decisions\n`,
  );
}

/** Reads `easy:300000,hard:8000000`. */
function parseMoments(text: string): Moment[] {
  return text.split(',').map((entry) => {
    const [name, decisions] = entry.split(':');
    return { name, decisions: Number(decisions) };
  });
}

await trainStrengths(Number(values.seed), values.out, parseMoments(values.take));
