import { AgentsError } from '../core/errors.ts';
import { MOST_ROLLOUT } from '../core/limits.ts';
import { estimateRolloutBytes } from '../core/rollout.ts';
import type { PolicySpec } from '../policy/policy.ts';
import type { TrainingSettings } from './settings.ts';
import type { EnvironmentDescription } from './worker-protocol.ts';

/** Throws if a run's rollouts cannot fit into memory, before an area is built or a column allocated for them. */
export function requireRoom(
  { policies, agentsPerArea }: Pick<EnvironmentDescription, 'policies' | 'agentsPerArea'>,
  { horizon, areas }: Pick<TrainingSettings, 'horizon' | 'areas'>,
  specs: readonly Pick<PolicySpec, 'layout'>[],
): void {
  const agents = areas * (policies.length === 1 ? agentsPerArea : 1); // of several policies each has one at least
  const bytes = specs.reduce((sum, { layout }) => sum + estimateRolloutBytes({ horizon, agents, layout }), 0);
  if (bytes <= MOST_ROLLOUT) return;
  const [needed, most] = [bytes, MOST_ROLLOUT].map((count) => (count / 2 ** 30).toPrecision(3));
  throw new AgentsError(
    `A rollout of ${horizon} decisions in ${areas} areas takes at least ${needed} GiB; the limit is ${most}. Lower \`horizon\` or \`areas\`.`,
  );
}
