import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { afterEach, describe, expect, it } from 'vitest';
import { play } from '../../plugin/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';
import { holdNodePlatform } from '../../workers/node-platform.ts';
import { holdQuietLog } from '../../workers/quiet-log.ts';
import { character } from './character/environment.ts';
import { doors } from './doors/environment.ts';

const opened: { dispose(): void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.dispose();
});

/** Choices of one agent, from what it sees. */
type Choose = (seen: Float32Array) => readonly number[];

/** Walks on, up the stairs; what stops it, the lift that is up and the upper floor, will let it pass. */
const climb: Choose = () => [1, 0, 0];

/** Rolls the ball to the plates, through their doors and home; z is off by less than a hand before it goes through a door. */
function openDoors(): Choose {
  let next = 0;
  return (seen) => {
    const [x, , z] = seen.subarray(3 * next);
    const [vx, , vz] = seen.subarray(15);
    const there = Math.abs(x) < 0.07 && Math.abs(z) < 0.07;
    if (there && next < 4) next++;
    const to = (way: number, speed: number) =>
      10 * way - speed * 0.5 > 0.2 ? 1 : 10 * way - speed * 0.5 < -0.2 ? 2 : 0;
    const aside = next % 2 === 1 && Math.abs(z) > 0.03 && x > 0.07; // in front of a door, not in its way yet
    return [aside ? 0 : to(x, vx), to(z, vz)];
  };
}

const CASES = [
  { environment: character, choose: () => climb, decisions: 240 },
  { environment: doors, choose: openDoors, decisions: 149 },
];

describe.each(CASES)('the game "$environment.name"', ({ environment, choose, decisions }) => {
  async function train(): Promise<{ seen: number[]; returns: number[] }> {
    const world = await HeadlessWorld.create(environment, { seeds: [1] });
    opened.push(world);
    const { observation, action, agents } = world.rows;
    const [seen, returns]: [number[], number[]] = [[], []];
    const decide = choose();
    for (let i = 0; i < decisions; i++) {
      world.restart();
      world.clock.observe();
      seen.push(...observation);
      action.set(decide(observation));
      world.step();
      returns.push(agents[0].episodeReturn);
    }
    return { seen, returns };
  }

  it('is won in training by what wins it in a page', async () => {
    const { returns } = await train();
    expect(Math.max(...returns)).toBeGreaterThan(environment === doors ? 3 : 1.2);
  });

  it.each([30, 60, 144])('is played as it was trained, bit for bit, at %d frames per second', async (rate) => {
    const { seen } = await train();
    opened.push({ dispose: holdNodePlatform() }, { dispose: holdQuietLog() });
    const engine = new NullEngine();
    opened.unshift(engine);
    engine.getDeltaTime = () => 1000 / rate;
    const scene = await environment.createScene!(engine);
    const played: number[] = [];
    const decide = choose();
    const act = (observation: Float32Array, action: { set(of: readonly number[]): void }) => {
      played.push(...observation);
      action.set(decide(observation));
    };
    await play(environment, scene, { act }, { seeds: [1] });
    while (played.length < seen.length) scene.render();
    expect(played.slice(0, seen.length)).toEqual(seen);
  });
});
