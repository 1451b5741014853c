import { setImmediate } from 'node:timers/promises';
import { Random } from '../../plugin/core/random.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import type { PolicyRows } from '../../plugin/scene/decision-clock.ts';
import type { Environment } from '../../plugin/scene/environment.ts';
import type { PastEpisode } from '../../plugin/scene/episode-tally.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

/** Seeds apart from training's. */
const RANDOM_POLICY = 0x4a4d;

/**
 * Plays one episode in each of so many areas, with every action drawn uniformly from those that there are. Taking the
 * first episodes to end instead would favor short ones.
 *
 * @returns the episodes; undefined when it was interrupted
 */
export async function playAtRandom(
  environment: Environment,
  areas: number,
  signal: AbortSignal,
): Promise<readonly PastEpisode[] | undefined> {
  const world = await HeadlessWorld.create(environment, { count: areas, seeds: [RANDOM_POLICY] });
  const random = new Random(RANDOM_POLICY);
  try {
    const { clock, rows } = world;
    while (!clock.areas.every((area) => area.over)) {
      if (signal.aborted) return undefined;
      clock.observe();
      chooseAny(rows, random);
      world.step();
      for (const agent of rows.agents) runtimeOf(agent).takeReward();
      await setImmediate(); // for Ctrl-C
    }
    return rows.agents.map(({ outcome, episodeReturn, decisions }) => ({ outcome, return: episodeReturn, decisions }));
  } finally {
    world.dispose();
  }
}

/** Every continuous action uniform in [−1, 1], every choice as likely as any other that is allowed. */
function chooseAny({ agents, sizes, action, mask }: PolicyRows, random: Random): void {
  const { continuousAt, branchAt, branches } = sizes;
  for (let n = 0; n < agents.length; n++) {
    const row = n * sizes.action;
    for (const at of continuousAt) action[row + at] = random.between(-1, 1);
    let choice = n * sizes.mask;
    for (let d = 0; d < branches.length; d++) {
      action[row + branchAt[d]] = chooseAllowed(mask, choice, branches[d], random);
      choice += branches[d];
    }
  }
}

function chooseAllowed(mask: Uint8Array, first: number, choices: number, random: Random): number {
  const allowed = [...Array(choices).keys()].filter((choice) => mask[first + choice] === 1);
  return allowed[random.integer(allowed.length)];
}
