import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import { describeLayout, sameLayout } from '../core/layout.ts';
import type { EnvironmentParameters, ParameterValues } from '../core/parameters.ts';
import { Random } from '../core/random.ts';
import type { Agent } from './agent.ts';
import { Area, requireKnown } from './area.ts';
import { forgetNeighbor } from './area-at-hand.ts';
import { AreaIsolation } from './area-isolation.ts';
import { createAreaRoots } from './area-roots.ts';
import type { Environment } from './environment.ts';
import { requirePhysics, setTimeStep } from './physics.ts';
import { requireOwnStep } from './stepped-scene.ts';

/** Which copies of an environment to build. */
export interface AreasOptions<Parameters extends EnvironmentParameters = EnvironmentParameters> {
  /** how many copies */
  readonly count?: number;
  /** the index of the first copy among all areas of the run; it seeds the areas */
  readonly first?: number;
  /** seeds of the random streams for `reset`, combined with the area's index */
  readonly seeds?: readonly number[];
  /** overrides of the environment's parameters: numbers, or samplers that draw a value at the start of every episode */
  readonly parameters?: ParameterValues<Parameters>;
}

/**
 * Builds `count` copies of an environment into one world, in a square grid around the origin. With createScene, builds one
 * copy into `scene`.
 */
export async function buildAreas(
  environment: Environment,
  scene: Scene,
  options: AreasOptions = {},
): Promise<readonly Area[]> {
  const { count = 1, first = 0, seeds = [0], parameters = {} } = options;
  const who = `Environment "${environment.name}"`;
  if (environment.createScene && count !== 1)
    throw new AgentsError(
      `${who} was asked for ${count} areas in one scene. It has createScene, so its one area is the scene itself: leave \`count\` out.`,
    );
  const engine = physicsOf(scene, environment);
  if (environment.createScene) requireOwnStep(engine, environment.timeStep, who);
  if (engine) setTimeStep(engine, environment.timeStep);
  const values = { ...environment.parameters, ...requireKnown(environment, parameters) };
  const roots = createAreaRoots(environment, scene, count, first);
  if (engine && count > 1) AreaIsolation.add(engine, roots);
  const areas: Area[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const area = new Area(environment, first + i, roots[i].root, values, new Random(...seeds, first + i));
      areas.push(area);
      await area.build();
    }
    const built = physicsOf(scene, environment); // build() may have enabled physics or changed its time step
    if (built) setTimeStep(built, environment.timeStep);
    requireLayoutsAgree(areas);
    return areas;
  } catch (error) {
    for (const area of areas) area.dispose();
    for (const { root } of roots.slice(areas.length)) {
      root.dispose();
      forgetNeighbor(root);
    }
    throw error;
  }
}

/** The physics engine of an environment's scene: required in a shared world, optional in a scene of its own. */
export function physicsOf(scene: Scene, { createScene, name }: Environment): PhysicsEngine | undefined {
  return createScene && !scene.getPhysicsEngine() ? undefined : requirePhysics(scene, `Environment "${name}"`);
}

/** Agents that share a policy must have the same layout in every area. */
export function requireLayoutsAgree(areas: readonly Area[]): void {
  const first = new Map<string, Agent>();
  for (const agent of areas.flatMap((area) => area.agents)) {
    for (const policy of agent.policies) requireAgrees(policy, agent, first);
  }
}

function requireAgrees(policy: string, agent: Agent, first: Map<string, Agent>): void {
  const model = first.get(policy);
  if (!model) first.set(policy, agent);
  else if (!sameLayout(model.layout, agent.layout)) {
    throw new AgentsError(
      `Agents of policy "${policy}" differ: ${model.label} ${describeLayout(model.layout)}, but ${agent.label} ${describeLayout(agent.layout)}. Make them equal, or give one of them another \`policy\` name.`,
    );
  }
}
