import { describe, expect, it } from 'vitest';
import { prepareNodeWorkers } from '../../plugin/cli/node-workers.ts';
import { checkEnvironment } from '../../plugin/train/check.ts';

const workerOf = (path: string) => prepareNodeWorkers(new URL(path, import.meta.url).pathname);
const [vain, fixtures] = await Promise.all(['../fixtures/vain/worker.ts', '../fixtures/worker.ts'].map(workerOf));

describe('checkEnvironment()', () => {
  it('tells what agents observe and do, what they were rewarded, and what it costs', async () => {
    const { description, policies, cost, oddities } = await checkEnvironment('sound', vain);
    expect(oddities).toEqual([]);
    expect(description).toMatchObject({ timeStep: 0.1, decisionPeriod: 1, maxDecisions: 16 });
    expect(policies).toMatchObject([
      {
        ...{ name: 'agent', agents: ['agent "agent" on node "bead-agent"'], constant: [] },
        layout: { sensors: [{ name: 'place', size: 1 }], actuators: [{ name: 'push', continuous: 1, branches: [] }] },
      },
    ]);
    const [{ reward, return: returns, episodes }] = policies;
    expect(reward?.most).toBeLessThanOrEqual(1); // 1 − |x|
    expect(returns?.most).toBeLessThanOrEqual(16);
    expect(returns?.least).toBeLessThan(returns?.most as number);
    expect(cost).toMatchObject({ areas: 8, decisions: 64 * 8 * 8 });
    expect(episodes).toBe(4 * 8 * 8);
    expect(cost?.decisionsPerSecond).toBeGreaterThan(0);
  });

  it.each([
    ['unrewarded', /^No agent has been rewarded in 4,096 decisions: every reward was 0/],
    ['always-rewarded', /^All 256 episodes so far returned exactly 8:/],
    ['blind', /^Agents see nothing: every float they observed stayed the same in 4,096 decisions\./],
  ])('says what a run would come to know much later: %s', async (name, words) => {
    expect((await checkEnvironment(name, vain)).oddities).toEqual([expect.stringMatching(words)]);
  });

  it('says that a mask leaves no choice, and that its actuator changes nothing', async () => {
    expect((await checkEnvironment('choiceless', vain)).oddities).toEqual([
      expect.stringMatching(/^Actuator "pick" changes nothing/),
      expect.stringMatching(/^The mask of actuator "pick" left one choice of 3 in branch 0/),
    ]);
  });

  it.each([
    ['throwing', /^afterStep\(\) of environment "throwing" failed in area 0, decision 3 of episode 1: rail is broken/],
    ['nan-sensor', /^Sensor "place" .* wrote NaN at index 0/],
    ['deadly', /^Worker stopped: its thread ended with code 7/],
  ])('takes an error for an oddity: %s', async (name, words) => {
    const { oddities, cost } = await checkEnvironment(name, fixtures);
    expect(oddities.at(-1)).toMatch(words);
    expect(cost).toBeNull();
  });
});
