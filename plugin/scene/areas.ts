import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import { describeLayout, sameLayout } from '../core/layout.ts';
import { Random } from '../core/random.ts';
import { type Agent, behaviorsOf, isAgent } from './agent.ts';
import type { AreaContext, AreaLogic, Environment, EnvironmentParameters } from './environment.ts';
import { requirePhysics, setTimeStep } from './physics.ts';

export interface AreasOptions {
  /** how many copies */
  readonly count?: number;
  /** the number of the first, of all that this run has in all its worlds; it seeds the areas */
  readonly first?: number;
  /** seeds of the streams that `reset` draws from, together with the area's number */
  readonly seeds?: readonly number[];
  /** overrides of the environment's own */
  readonly parameters?: EnvironmentParameters;
}

/** One built copy of an environment. */
export class Area implements AreaContext {
  readonly index: number;
  readonly root: TransformNode;
  readonly scene: Scene;
  readonly parameters: EnvironmentParameters;
  /** decisions of the running episode */
  decisions = 0;
  #agents: readonly Agent[] = [];
  #logic!: AreaLogic;
  #ended = false;
  readonly #random: Random;

  constructor(index: number, root: TransformNode, parameters: EnvironmentParameters, random: Random) {
    this.index = index;
    this.root = root;
    this.scene = root.getScene();
    this.parameters = parameters;
    this.#random = random;
  }

  /** Makes the nodes, and finds the agents among them. */
  async build(environment: Environment): Promise<void> {
    const roots = new Set(this.scene.rootNodes);
    this.#logic = await environment.build(this);
    const who = `Environment "${environment.name}"`;
    const stray = this.scene.rootNodes.find((node) => !roots.has(node));
    if (stray)
      throw new AgentsError(
        `${who} made node "${stray.name}" outside its area. Set its parent to area.root or to a node below.`,
      );
    if (typeof this.#logic?.reset !== 'function')
      throw new AgentsError(`${who} returned no reset(random) from build(). Return an object with it.`);
    this.#agents = findAgents(this.root);
    if (this.#agents.length === 0)
      throw new AgentsError(`${who} built an area without an agent. Add an Agent behavior to a node under area.root.`);
  }

  get agents(): readonly Agent[] {
    return this.#agents;
  }

  /** Whether its episode is over: at the next decision it begins another. */
  get over(): boolean {
    return this.#ended || !this.#agents.some((agent) => agent.active);
  }

  end(): void {
    this.#ended = true;
  }

  /** Begins an episode. */
  begin(): void {
    this.decisions = 0;
    this.#ended = false;
    for (const agent of this.#agents) agent.begin();
    this.#logic.reset(this.#random);
  }

  afterStep(): void {
    this.#logic.afterStep?.();
  }

  /** Takes its nodes out of the scene, agents and all. */
  dispose(): void {
    this.root.dispose(false, true);
  }
}

/** Builds `count` copies of an environment into one world, in a square grid around the origin. */
export async function buildAreas(
  environment: Environment,
  scene: Scene,
  options: AreasOptions = {},
): Promise<readonly Area[]> {
  const { count = 1, first = 0, seeds = [0], parameters = {} } = options;
  const engine = requirePhysics(scene, `Environment "${environment.name}"`);
  setTimeStep(engine, environment.timeStep);
  const merged = { ...environment.parameters, ...requireKnown(environment, parameters) };
  const columns = Math.ceil(Math.sqrt(count));
  const areas: Area[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const root = new TransformNode(`area-${first + i}`, scene);
      root.position.x = ((i % columns) - (columns - 1) / 2) * environment.spacing;
      root.position.z = (Math.floor(i / columns) - (columns - 1) / 2) * environment.spacing;
      root.computeWorldMatrix(true);
      root.freezeWorldMatrix(); // an area stays where it is, and everything below asks for it all the time
      const area = new Area(first + i, root, merged, new Random(...seeds, first + i));
      areas.push(area);
      await area.build(environment);
    }
    requireLayoutsAgree(areas);
    return areas;
  } catch (error) {
    for (const area of areas) area.dispose();
    throw error;
  }
}

function requireKnown(environment: Environment, parameters: EnvironmentParameters): EnvironmentParameters {
  const unknown = Object.keys(parameters).find((key) => !(key in environment.parameters));
  if (unknown === undefined) return parameters;
  const known = Object.keys(environment.parameters).join(', ') || 'none';
  throw new AgentsError(`Environment "${environment.name}" has no parameter "${unknown}". It has: ${known}.`);
}

function findAgents(root: TransformNode): Agent[] {
  const agents: Agent[] = [];
  for (const node of [root, ...root.getChildTransformNodes(false)]) {
    for (const behavior of behaviorsOf(node)) {
      if (!isAgent(behavior)) continue;
      if (!behavior.attachedNode) behavior.attach(node); // Babylon defers it while the scene loads
      agents.push(behavior);
    }
  }
  return agents;
}

/** Agents that share a policy must have one layout, in every area. */
function requireLayoutsAgree(areas: readonly Area[]): void {
  const first = new Map<string, Agent>();
  for (const agent of areas.flatMap((area) => area.agents)) {
    const model = first.get(agent.policy);
    if (!model) first.set(agent.policy, agent);
    else if (!sameLayout(model.layout, agent.layout)) {
      throw new AgentsError(
        `Agents of policy "${agent.policy}" differ: ${model.label} ${describeLayout(model.layout)}, but ${agent.label} ${describeLayout(agent.layout)}. Make them equal, or give one of them another \`policy\` name.`,
      );
    }
  }
}
