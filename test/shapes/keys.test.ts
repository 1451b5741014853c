import { afterEach, describe, expect, it } from 'vitest';
import { HeadlessWorld } from '../../workers/headless-world.ts';
import { stars } from './keys/environment.ts';
import type { Game } from './keys/game.ts';

const worlds: HeadlessWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
});

async function open(count = 1): Promise<HeadlessWorld> {
  const world = await HeadlessWorld.create(stars, { count, seeds: [1] });
  worlds.push(world);
  return world;
}

/** Takes decisions by `choose`, from what each agent sees to the choices of its three branches; gives what was seen. */
function live(world: HeadlessWorld, decisions: number, choose: (seen: Float32Array, n: number) => number[]): number[] {
  const { observation, action, sizes } = world.rows;
  const seen: number[] = [];
  for (let i = 0; i < decisions; i++) {
    world.clock.observe();
    seen.push(...observation);
    for (let n = 0; n < world.rows.agents.length; n++) {
      const own = observation.subarray(n * sizes.observation, (n + 1) * sizes.observation);
      action.set(choose(own, n), n * sizes.action);
    }
    world.step();
    world.restart();
  }
  return seen;
}

/** Drives toward the star, whose way is the first three floats, and turns where it lies to the side. */
const drive = ([x, , z]: Float32Array) => {
  const angle = Math.atan2(x, z);
  const turn = Math.abs(angle) < 0.2 ? 0 : angle < 0 ? 1 : 2;
  return [1, turn, Math.abs(angle) > 1 ? 1 : 0];
};

describe('a game that is played by its keyboard', () => {
  it('is driven by KeyActuator to one star after another, its code unchanged', async () => {
    const world = await open();
    live(world, 149, drive);
    expect(world.rows.agents[0].episodeReturn).toBeGreaterThanOrEqual(3);
  });

  it('hears nothing of the keys of another area', async () => {
    const world = await open(2);
    const [driven, idle] = world.clock.areas.map(({ scene }) => scene.metadata as Game);
    live(world, 140, (seen, n) => (n === 0 ? drive(seen) : [0, 0, 0]));
    expect(driven.score).toBeGreaterThanOrEqual(3);
    expect(idle.score).toBe(0);
  });

  it('plays two episodes of one seed alike, to the last bit, whatever was pressed in between', async () => {
    const world = await open();
    live(world, 150, drive);
    const first = live(world, 150, ([x, , z]) => [2, x < 0 ? 1 : 2, z > 0 ? 1 : 0]);
    const other = await open();
    live(other, 150, () => [1, 1, 1]);
    expect(live(other, 150, ([x, , z]) => [2, x < 0 ? 1 : 2, z > 0 ? 1 : 0])).toEqual(first);
  });
});
