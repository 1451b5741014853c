import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../../plugin/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';
import { ragdoll } from './ragdoll/environment.ts';
import type { Creature } from './ragdoll/game.ts';

const worlds: HeadlessWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
});

async function open(): Promise<HeadlessWorld> {
  const world = await HeadlessWorld.create(ragdoll, { count: 1, seeds: [1] });
  worlds.push(world);
  return world;
}

/** Lives an episode with actions drawn from a seed, and begins the next; gives what was seen before each decision. */
function live(world: HeadlessWorld, seed: number): number[][] {
  const { observation, action, agents } = world.rows;
  const random = new Random(seed);
  const seen: number[][] = [];
  while (agents[0].active) {
    world.clock.observe();
    seen.push([...observation]);
    for (let a = 0; a < action.length; a++) action[a] = random.between(-1, 1);
    world.step();
  }
  world.restart();
  return seen;
}

describe('a creature of nine bodies and eight motors', () => {
  it('lives two episodes of one seed alike, to the last bit, whatever came before them', async () => {
    const world = await open();
    const [first, other, ...again] = [7, 1, 7, 2, 7, 3, 4, 7].map((seed) => live(world, seed));
    expect(other).not.toEqual(first);
    for (const i of [0, 2, 5]) expect(again[i]).toEqual(first);
  });

  it('stands on its motors again after the game has let go of them', async () => {
    const world = await open();
    const whole = live(world, 7);
    (world.clock.areas[0].scene.metadata as Creature).faint();
    expect(live(world, 7)).not.toEqual(whole);
    expect(live(world, 7)).toEqual(whole);
  });
});
