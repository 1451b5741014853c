import { AgentsError } from '../plugin/core/errors.ts';
import { Random } from '../plugin/core/random.ts';
import type { Policy } from '../plugin/policy/policy.ts';
import { parsePolicy } from '../plugin/policy/policy-file.ts';
import { runtimeOf } from '../plugin/scene/agent-runtime.ts';
import type { PolicyRows } from '../plugin/scene/decision-clock.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import { requireClock } from '../plugin/scene/require-clock.ts';
import type { EpisodeSummary, EvaluationRequest } from '../plugin/train/worker-protocol.ts';
import { HeadlessWorld } from './headless-world.ts';

/**
 * Plays full episodes with policies. Every agent plays equally many, the first ones of the first areas one more where they
 * do not divide: taking whichever episodes end first would favor short ones.
 */
export async function evaluatePolicies(
  environment: Environment,
  { policyFiles, episodes, areas, seed, deterministic, parameters }: EvaluationRequest,
  havokWasm?: ArrayBuffer | string,
): Promise<readonly EpisodeSummary[]> {
  const policies = policyFiles.map((file) => parsePolicy(file));
  const world = await HeadlessWorld.create(
    environment,
    { count: Math.min(areas, episodes), seeds: [seed, EVALUATION], parameters },
    havokWasm,
  );
  try {
    const { clock } = world;
    const acting = assignPolicies(environment, clock.policyRows, policies);
    if (!deterministic)
      acting.forEach((policy, p) => void policy.sampleWith(new Random(seed, SAMPLING, ...(p > 0 ? [p] : []))));
    const agents = clock.areas.flatMap((area) => area.agents);
    const quota = agents.map((_, n) => Math.floor(episodes / agents.length) + (n < episodes % agents.length ? 1 : 0));
    const played: EpisodeSummary[] = [];
    while (played.length < episodes) {
      world.observe();
      const deciding = agents.map((agent) => agent.active);
      clock.policyRows.forEach(({ observation, action, mask }, p) => {
        acting[p].act(observation, action, mask);
      });
      world.step();
      for (let n = 0; n < agents.length; n++) {
        runtimeOf(agents[n]).takeReward();
        if (!deciding[n] || agents[n].active || quota[n] === 0) continue;
        quota[n]--;
        played.push(world.summarize(agents[n]));
      }
      clock.restart();
    }
    return played;
  } finally {
    world.dispose();
  }
}

/** The policy that fills each policy's rows: by its name, unless there is but one of either. */
function assignPolicies(
  environment: Environment,
  policyRows: readonly PolicyRows[],
  policies: readonly Policy[],
): readonly Policy[] {
  const { name } = environment;
  const alone = policyRows.length === 1 && policies.length === 1;
  const known = policies.map(({ spec }) => `"${spec.name}"`).join(', ');
  const assigned = policyRows.map(({ policy, layout, agents }) => {
    const found = alone ? policies[0] : policies.find(({ spec }) => spec.name === policy);
    if (!found)
      throw new AgentsError(
        `Environment "${name}" has agents of policy "${policy}", but the policy files are for ${known}. Pass one file for each policy.`,
      );
    found.requireLayout(layout, agents[0].label);
    requireClock(found, environment, `environment "${name}"`);
    return found;
  });
  const idle = policies.find((policy) => !assigned.includes(policy));
  if (!idle) return assigned;
  throw new AgentsError(
    `Policy "${idle.spec.name}" drives no agent of environment "${name}", whose policies are ${policyRows.map(({ policy }) => `"${policy}"`).join(', ')}. Leave its file out.`,
  );
}

/** Seeds apart from training's. */
const EVALUATION = 0xe7a1;
const SAMPLING = 0x5a3b;
