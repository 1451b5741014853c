import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Controller, parsePolicy, Random } from '../../plugin/index.ts';
import { playRounds } from './matches.ts';
import { scripted } from './scripted.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: 'demo-scenes/duel/policies' },
    names: { type: 'string', default: 'easy,medium,hard' },
    rounds: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    /** the likeliest actions instead of drawn ones */
    deterministic: { type: 'boolean', default: false },
  },
});

/** Plays every strength against every other and against the scripted bot: `npx tsx scripts/duel/tournament.ts` */
async function playTournament(): Promise<void> {
  const names =
    values.names === 'all' ? readdirSync(values.folder).map((file) => file.split('.')[0]) : values.names.split(',');
  const players = new Map<string, () => Controller>([['scripted', () => scripted]]);
  for (const name of names) players.set(name, () => load(name));
  const order = [...players.keys()];
  for (let i = 1; i < order.length; i++) {
    for (let j = 0; j < i; j++) {
      const rounds = Number(values.rounds);
      const tally = await playRounds(players.get(order[i])!(), players.get(order[j])!(), {
        rounds,
        seed: Number(values.seed),
      });
      const rate = (100 * (tally.won + tally.drawn / 2)) / rounds;
      process.stdout.write(
        `${order[i]} beats ${order[j]} ${rate.toFixed(1)} % (${tally.won} won, ${tally.lost} lost, ${tally.drawn} drawn; ${(tally.seconds / rounds).toFixed(1)} s a round)\n`,
      );
    }
  }
}

function load(name: string): Controller {
  const policy = parsePolicy(readFileSync(`${values.folder}/${name}.safetensors`));
  return values.deterministic ? policy : policy.sampleWith(new Random(Number(values.seed), name.length));
}

await playTournament();
