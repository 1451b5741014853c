import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Duel } from '../../../demo-scenes/duel/duel.ts';
import { duel } from '../../../demo-scenes/duel/environment.ts';
import type { Wish } from '../../../demo-scenes/duel/game/input/source.ts';
import { Person } from '../../../demo-scenes/duel/game/person.ts';
import { HeadlessWorld } from '../../../workers/headless-world.ts';

describe('Person', () => {
  let world: HeadlessWorld;
  let fight: Duel;
  let held: Wish;
  let person: Person;

  beforeEach(async () => {
    world = await HeadlessWorld.create(duel, { seeds: [1], parameters: { scatter: 0, sparring: 0 } });
    fight = Duel.of(world.clock.areas[0].root);
    held = { x: 0, z: 0 };
    const device = {
      add(wish: Wish) {
        wish.x += held.x;
        wish.z += held.z;
      },
    };
    person = new Person(fight, [device, device]);
  });

  afterEach(() => world.dispose());

  /** Lets the person decide for the first bot, and nobody for the second; what the person chose. */
  function decide(): number[] {
    const { observation, action, mask } = world.rows;
    world.clock.observe();
    action.fill(0);
    person.act(observation.subarray(0, 13), action.subarray(0, 3), mask.subarray(0, 2));
    world.step();
    return [...action.subarray(0, 3)];
  }

  it('pushes where the picture says, wherever the opponent stands', () => {
    fight.bots[1].place(-3, -3); // to the left of the person's bot, at z = −3
    held = { x: 0, z: 0.5 };
    const [right, forward] = decide();
    expect([right, forward]).toEqual([1, expect.closeTo(0, 5)]); // two devices, and into the picture is to its right
    for (let i = 0; i < 5; i++) decide();
    expect(fight.bots[0].position.z).toBeGreaterThan(-2.9);
    expect(fight.bots[0].position.x).toBeCloseTo(0, 2);
  });

  it('pushes no harder with two devices or along a diagonal', () => {
    held = { x: 1, z: 1 };
    const [right, forward] = decide();
    expect(Math.hypot(right, forward)).toBeCloseTo(1, 5);
  });

  it('dashes once for each wish, and keeps one for 3 decisions while the dash recharges', () => {
    const action = new Float32Array(3);
    const choose = (allowed: 0 | 1) => {
      person.act(new Float32Array(13), action, Uint8Array.of(1, allowed));
      return action[2];
    };
    person.wantDash();
    expect([choose(1), choose(1)]).toEqual([1, 0]);
    person.wantDash();
    expect([choose(0), choose(0), choose(1), choose(1)]).toEqual([0, 0, 1, 0]);
    person.wantDash();
    expect([choose(0), choose(0), choose(0), choose(1)]).toEqual([0, 0, 0, 0]);
  });
});
