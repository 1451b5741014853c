import { describe, expect, it } from 'vitest';
import { Duel } from '../../../demo-scenes/duel/duel.ts';
import { duel } from '../../../demo-scenes/duel/environment.ts';
import { FightWatch } from '../../../demo-scenes/duel/game/fight-watch.ts';
import { HeadlessWorld } from '../../../workers/headless-world.ts';

/** Plays decisions with the same action of the first bot, one physics step a decision, and returns what was noticed. */
async function watch(decisions: number, action: (i: number) => readonly number[]): Promise<string[]> {
  const everyStep = { ...duel, decisionPeriod: 1, maxDecisions: 2000 };
  const world = await HeadlessWorld.create(everyStep, { seeds: [1], parameters: { scatter: 0, sparring: 0 } });
  const fight = Duel.of(world.clock.areas[0].root);
  const noticed: string[] = [];
  const watcher = new FightWatch(fight, {
    onHit: (strength) => noticed.push(`hit ${strength > 0.5 ? 'hard' : 'soft'}`),
    onDash: (bot) => noticed.push(`dash of ${bot}`),
    onDrop: () => noticed.push('drop'),
  });
  try {
    for (let i = 0; i < decisions && !fight.verdict; i++) {
      world.clock.observe();
      world.rows.action.fill(0);
      world.rows.action.set(action(i));
      world.step();
      watcher.step();
    }
    return noticed;
  } finally {
    world.dispose();
  }
}

describe('FightWatch', () => {
  it('notices a dash, and the one hard hit that it ends in', async () => {
    expect(await watch(60, (i) => [0, 0, i === 0 ? 1 : 0])).toEqual(['dash of 0', 'hit hard']);
  });

  it('notices both drops and nothing else while both bots stand still', async () => {
    expect(await watch(5.9 * 60, () => [0, 0, 0])).toEqual([]);
    expect(await watch(6.1 * 60, () => [0, 0, 0])).toEqual(['drop']);
  });
});
