import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, runCommand as run } from './command.ts';

const VAIN = join(ROOT, 'test/fixtures/vain/worker.ts');

describe('babylon-agents check', () => {
  it('prints a line for each fact, and that nothing is odd', async () => {
    const { code, out, err } = await run(['check', 'sound', '--worker', VAIN]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(
      /^sound\n {2}scene {4}areas in a shared world; steps of 0\.1 s, a decision every 1, episodes of up to 16\n {2}agents {3}1 an area: observes 1 floats \(place 1\) and acts with push 1 continuous\n {2}rewards {2}.* a decision; 256 episodes returned .* to .*\n {2}speed {4}[\d,]+ decisions\/s in one worker of 8 areas, \d+ % of it physics\n {2}memory {3}about \d+\.\d MB an area\n {2}Nothing odd was found\.\n$/,
    );
  });

  it('prints what is odd, and exits with 1', async () => {
    const { code, out } = await run(['check', 'unrewarded', '--worker', VAIN]);
    expect(code).toBe(1);
    expect(out).toMatch(/\n {2}One thing is odd:\n {2}- No agent has been rewarded in 4,096 decisions: .*\n$/);
  });

  it('ends with a line of JSON', async () => {
    const { code, json } = await run(['check', 'unrewarded', '--worker', VAIN, '--json']);
    expect(code).toBe(1);
    expect(json).toMatchObject({
      environments: [
        {
          environment: 'unrewarded',
          policies: [{ name: 'agent', reward: { least: 0, most: 0 } }],
          cost: { areas: 8 },
          oddities: [expect.stringContaining('No agent has been rewarded')],
        },
      ],
    });
  });

  it('refuses a name that there is not', async () => {
    const { code, err } = await run(['check', 'sond', '--worker', VAIN]);
    expect([code, err]).toEqual([2, expect.stringContaining('No environment "sond". Did you mean "sound"?')]);
  });
});
