import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicy, Random } from '../../../plugin/index.ts';
import { playRounds } from '../../../scripts/duel/matches.ts';
import { scripted } from '../../../scripts/duel/scripted.ts';

/** A shipped opponent, as the game plays it: drawing its actions. */
function open(strength: string) {
  const file = readFileSync(`demo-scenes/duel/policies/${strength}.safetensors`);
  return parsePolicy(file).sampleWith(new Random(5));
}

describe("the duel's three strengths", () => {
  it.each([
    ['medium', 'easy', 75],
    ['hard', 'medium', 65],
    ['hard', 'easy', 90],
  ])('%s beats %s in at least %i of 100 rounds', async (better, worse, least) => {
    const { won, lost, drawn } = await playRounds(open(better), open(worse), { rounds: 100, seed: 11 });
    expect(won + lost + drawn).toBe(100);
    expect(won).toBeGreaterThanOrEqual(least);
  });

  it('hard beats a bot that just charges in at least 80 of 100 rounds, and easy in fewer than 50', async () => {
    expect((await playRounds(open('hard'), scripted, { rounds: 100, seed: 12 })).won).toBeGreaterThanOrEqual(80);
    expect((await playRounds(open('easy'), scripted, { rounds: 100, seed: 12 })).won).toBeLessThan(50);
  });

  it('plays the same rounds again from the same seed, and a policy about even with itself', async () => {
    const play = () => playRounds(open('medium'), open('medium'), { rounds: 64, seed: 13 });
    const once = await play();
    expect(await play()).toEqual(once);
    expect(once.won).toBeGreaterThan(16);
    expect(once.lost).toBeGreaterThan(16);
  });
});
