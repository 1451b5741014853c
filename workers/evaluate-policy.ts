import { Random } from '../plugin/core/random.ts';
import { parsePolicy } from '../plugin/policy/policy-file.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import type { EpisodeSummary, EvaluationRequest } from '../plugin/train/worker-protocol.ts';
import { HeadlessWorld } from './headless-world.ts';

/**
 * Plays whole episodes with a policy. Every agent plays equally many, the first ones of its area one more where they do
 * not divide: taking whichever episodes end first would favour short ones.
 */
export async function evaluatePolicy(
  environment: Environment,
  { policy: file, episodes, areas, seed, deterministic, parameters }: EvaluationRequest,
  havokWasm?: ArrayBuffer | string,
): Promise<readonly EpisodeSummary[]> {
  const policy = parsePolicy(file).sampleWith(deterministic ? undefined : new Random(seed, SAMPLING));
  const world = await HeadlessWorld.create(
    environment,
    { count: Math.min(areas, episodes), seeds: [seed, EVALUATION], parameters },
    havokWasm,
  );
  try {
    const { group, clock } = world;
    policy.requireLayout(group.layout);
    const { agents, observation, action, mask } = group;
    const quota = agents.map((_, n) => Math.floor(episodes / agents.length) + (n < episodes % agents.length ? 1 : 0));
    const played: EpisodeSummary[] = [];
    while (played.length < episodes) {
      clock.observe();
      const deciding = agents.map((agent) => agent.active);
      policy.act(observation, action, mask);
      world.step();
      for (let n = 0; n < agents.length; n++) {
        agents[n].takeReward();
        if (!deciding[n] || agents[n].active || quota[n] === 0) continue;
        quota[n]--;
        played.push(world.summarise(agents[n], n));
      }
      clock.restart();
    }
    return played;
  } finally {
    world.dispose();
  }
}

/** Seeds apart from training's. */
const EVALUATION = 0xe7a1;
const SAMPLING = 0x5a3b;
