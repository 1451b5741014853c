import * as v from 'valibot';
import { AgentsError } from '../core/errors.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { EnvironmentDescription } from './worker-protocol.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const finite = v.pipe(v.number(), v.finite());

/** What an environment's worlds are made by, besides its code. */
export const WORLD_FACTS = v.object({
  /** s of one physics step */
  timeStep: finite,
  /** physics steps per decision */
  decisionPeriod: count,
  /** physics steps of one frame, where it has frames */
  frames: v.optional(count),
  /** decisions after which an episode is truncated */
  maxDecisions: count,
  /** m between areas; null where each has a scene of its own */
  spacing: v.nullable(finite),
  /** of each policy, how many of an area's agents it may drive */
  agentsPerArea: v.array(count),
  /** the environment's own, by name */
  parameters: v.record(v.string(), finite),
});

/** What a checkpoint keeps of them. */
export interface WorldFacts extends v.InferOutput<typeof WORLD_FACTS> {}

export function worldFactsOf(description: EnvironmentDescription): WorldFacts {
  const { timeStep, decisionPeriod, frames, maxDecisions, spacing, parameters, policies } = description;
  const agentsPerArea = policies.map((policy) => policy.agentsPerArea);
  return {
    timeStep,
    decisionPeriod,
    ...(frames && { frames }),
    maxDecisions,
    spacing,
    agentsPerArea,
    parameters: { ...parameters },
  };
}

/** Throws if an environment is not as it was: what was done in its old worlds would come out differently in the new ones. */
export function requireSameWorld(
  { environment, world, settings, policies }: Checkpoint,
  description: EnvironmentDescription,
): void {
  const names = policies.map(({ spec }) => spec.name);
  const overridden = Object.keys(settings.parameters);
  const before = listFacts(world, names, overridden);
  const now = listFacts(worldFactsOf(description), names, overridden);
  const changes = [...new Set([...before.keys(), ...now.keys()])]
    .filter((name) => before.get(name) !== now.get(name))
    .map((name) => `${name} was ${before.get(name) ?? 'absent'} and is ${now.get(name) ?? 'absent'}`);
  if (changes.length === 0) return;
  throw new AgentsError(
    `Environment "${environment}" has changed since the checkpoint was written: ${changes.join(', ')}. Change it back, or start another run.`,
  );
}

/** Every fact by what people call it; parameters that the run sets itself are none. */
function listFacts(
  { agentsPerArea, parameters, ...facts }: WorldFacts,
  policies: readonly string[],
  overridden: readonly string[],
): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(facts).map(([name, value]) => [name, String(value ?? 'none')] as const),
    ...agentsPerArea.map((agents, p) => [`the number of agents of "${policies[p]}" in an area`, `${agents}`] as const),
    ...Object.entries(parameters)
      .filter(([name]) => !overridden.includes(name))
      .map(([name, value]) => [`parameter "${name}"`, `${value}`] as const),
  ]);
}
