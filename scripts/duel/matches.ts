import { Duel } from '../../demo-scenes/duel/duel.ts';
import { duel } from '../../demo-scenes/duel/environment.ts';
import type { Controller } from '../../plugin/index.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

/** Rounds that one player won, lost and drew against another. */
export interface Tally {
  won: number;
  lost: number;
  drawn: number;
  /** s, of all rounds together */
  seconds: number;
}

export interface MatchesOptions {
  readonly rounds?: number;
  readonly seed?: number;
}

/** Plays two controllers against each other headless, from random starts, each on the first bot's side in half of the rounds. */
export async function playRounds(
  one: Controller,
  other: Controller,
  { rounds = 400, seed = 1 }: MatchesOptions = {},
): Promise<Tally> {
  const areas = Math.min(rounds, 64);
  const world = await HeadlessWorld.create(duel, { count: areas, seeds: [seed, 0xd0e1], parameters: { sparring: 0 } });
  const tally: Tally = { won: 0, lost: 0, drawn: 0, seconds: 0 };
  const quota = world.clock.areas.map((_, i) => Math.floor(rounds / areas) + (i < rounds % areas ? 1 : 0));
  const controls = new Sides(world, one, other);
  try {
    while (quota.some((left) => left > 0)) {
      world.clock.observe();
      controls.act();
      world.step();
      world.clock.areas.forEach((area, i) => {
        if (!area.over) return;
        if (quota[i]-- > 0) count(tally, Duel.of(area.root), i % 2 === 0);
      });
      for (const agent of world.rows.agents) runtimeOf(agent).takeReward();
      world.clock.restart();
    }
    return tally;
  } finally {
    world.dispose();
  }
}

function count(tally: Tally, { verdict, seconds }: Duel, oneIsFirst: boolean): void {
  tally.seconds += seconds;
  if (verdict === 'draw') tally.drawn++;
  else if ((verdict === 'won') === oneIsFirst) tally.won++;
  else tally.lost++;
}

/** Lets one controller drive the first bot of every other area and the second bot of the rest, and another all others. */
class Sides {
  readonly #world: HeadlessWorld;
  readonly #one: Controller;
  readonly #other: Controller;
  readonly #otherAction: Float32Array;

  constructor(world: HeadlessWorld, one: Controller, other: Controller) {
    this.#world = world;
    this.#one = one;
    this.#other = other;
    this.#otherAction = world.rows.action.slice();
  }

  act(): void {
    const { observation, action, mask, sizes, agents } = this.#world.rows;
    this.#other.act(observation, this.#otherAction, mask);
    this.#one.act(observation, action, mask);
    for (let n = 0; n < agents.length; n++) {
      const oneDrives = (n + Math.floor(n / 2)) % 2 === 0;
      if (oneDrives) continue;
      const at = n * sizes.action;
      action.set(this.#otherAction.subarray(at, at + sizes.action), at);
    }
  }
}
