import type { Behavior } from '@babylonjs/core/Behaviors/behavior.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { blame, type CallbackError, CallbackMisuse } from '../core/callback-error.ts';
import { didYouMean } from '../core/did-you-mean.ts';
import { AgentsError } from '../core/errors.ts';
import type { EnvironmentParameters, ParameterValues } from '../core/parameters.ts';
import { Random } from '../core/random.ts';
import { drawValue } from '../core/sampler.ts';
import { refusePromise } from '../core/synchronous.ts';
import { type Agent, countAttached } from './agent.ts';
import { type AgentRuntime, runtimeOf } from './agent-runtime.ts';
import { areaAtHand, enterArea, forgetNeighbor, type NeighborArea, neighborAround } from './area-at-hand.ts';
import { requireLogic } from './area-logic.ts';
import { isDriven } from './drivers.ts';
import type { AreaContext, AreaLogic, Environment } from './environment.ts';
import { refuseInstancedBodies } from './instanced-bodies.ts';
import { agentsOn, type HungPart, nodesOf, partsOn } from './scene-nodes.ts';
import { refuseStrays } from './stray-nodes.ts';

/** Consecutive episodes that reset() may end immediately. */
const MOST_STILLBORN = 10;

const STILL_LOADING =
  ' The scene was still loading: wait for its files when you create it, such as with `await ImportMeshAsync(…)`.';

/** One built copy of an environment. */
export class Area implements AreaContext<EnvironmentParameters> {
  readonly index: number;
  readonly root: TransformNode;
  readonly scene: Scene;
  readonly parameters: Record<string, number> = {};
  /** decisions of the running episode */
  decisions = 0;
  readonly #environment: Environment;
  /** what build() attached to nodes of the area's own scene; removed on dispose() */
  #hung: readonly HungPart[] = [];
  #agents: readonly Agent[] = [];
  #logic!: AreaLogic;
  #ended = false;
  /** episodes begun so far */
  #episodes = 0;
  /** consecutive episodes that reset() ended immediately, up to the latest */
  #stillborn = 0;
  /** parts that were in the area's own scene before build(); they belong to someone else */
  #others: ReadonlySet<unknown> = new Set();
  /** the values and samplers of the next episode's parameters */
  #values: ParameterValues;
  readonly #random: Random;
  /** the state of `#random` before the first episode */
  readonly #firstRandom = new Random();
  /** this area, if it shares its world with others */
  readonly #neighbor: NeighborArea | undefined;

  constructor(environment: Environment, index: number, root: TransformNode, values: ParameterValues, random: Random) {
    this.index = index;
    this.root = root;
    this.scene = root.getScene();
    this.#environment = environment;
    this.#values = values;
    this.#random = random;
    this.#neighbor = neighborAround(root);
    this.#drawParameters(); // build() reads them too
    this.#firstRandom.copyFrom(random);
  }

  /** Builds the nodes and finds their agents. */
  async build(): Promise<void> {
    if (this.#environment.createScene) await this.#buildInOwnScene();
    else await this.#buildBelowRoot();
    if (this.scene.isDisposed)
      throw new AgentsError(
        `${this.#who} lost its scene: it was disposed while build() was running. Start again with a new one.`,
      );
    requireLogic(this.#who, this.#logic);
    if (this.#agents.length === 0) {
      const where = this.#environment.createScene ? 'a node of area.scene in build()' : 'a node under area.root';
      throw new AgentsError(`${this.#who} built an area without an agent. Add an Agent behavior to ${where}.`);
    }
  }

  get agents(): readonly Agent[] {
    return this.#agents;
  }

  /** Whether its episode is over; the next one begins at the next decision. */
  get over(): boolean {
    if (this.#ended) return true;
    const agents = this.#agents;
    for (let i = 0; i < agents.length; i++) if (agents[i].active) return false;
    return true;
  }

  /** Whether it has a scene of its own. */
  get ownScene(): boolean {
    return this.#environment.createScene !== undefined;
  }

  find(name: string): TransformNode {
    const nodes = this.ownScene ? nodesOf(this.scene) : this.root.getChildTransformNodes(false);
    const found = nodes.find((node) => node.name === name);
    if (found) return found;
    const names = [...new Set(nodes.map((node) => node.name))].join(', ') || 'none';
    const still = this.scene.isLoading ? STILL_LOADING : '';
    throw new AgentsError(`${this.#who} has no node "${name}". Its nodes are: ${names}.${still}`);
  }

  end(): void {
    this.#ended = true;
  }

  /** Changes the values or samplers of some parameters, starting with the next episode. */
  setParameters(values: ParameterValues): void {
    this.#values = { ...this.#values, ...requireKnown(this.#environment, values) };
  }

  /** Makes the next episode draw the same random numbers as the first. */
  repeatChance(): void {
    this.#random.copyFrom(this.#firstRandom);
  }

  /** Begins an episode. */
  begin(): void {
    this.#callAgents(reportEnd);
    this.decisions = 0;
    this.#ended = false;
    this.#episodes++;
    const before = enterArea(this.#neighbor);
    try {
      this.#callAgents(beginEpisode);
      this.#drawParameters();
      this.#reset();
      this.#callAgents(reportBegin);
    } finally {
      enterArea(before);
    }
  }

  afterStep(): void {
    const attached = countAttached();
    const { scene } = this;
    const roots = scene.rootNodes.length;
    const before = enterArea(this.#neighbor);
    try {
      const returned: unknown = this.#logic.afterStep?.();
      if (returned !== undefined) refusePromise(returned);
      if (countAttached() !== attached) this.#refuseNewAgents();
      if (scene.rootNodes.length > roots && !this.ownScene) refuseStrays(scene, roots);
    } catch (error) {
      throw this.blame(error, 'afterStep()');
    } finally {
      enterArea(before);
    }
  }

  /** Releases what its ended agents hold, such as keys, while others are still running. */
  releaseEnded(): void {
    const agents = this.#agents;
    if (agents.length === 1) return;
    try {
      for (let i = 0; i < agents.length; i++) {
        if (agents[i].active) continue;
        runtimeOf(agents[i]).release();
        runtimeOf(agents[i]).reportEnd();
      }
    } catch (error) {
      throw this.blame(error);
    }
  }

  /** Throws if other code, such as an observer, has made agents that nothing drives. */
  requireNoNewAgents(): void {
    try {
      this.#refuseNewAgents();
    } catch (error) {
      throw this.blame(error);
    }
  }

  /** Adds the area's context to an error thrown by its callbacks or by its agents' parts. */
  blame(error: unknown, what?: string): CallbackError {
    return blame(error, { what, environment: this.#environment.name, where: this.#moment });
  }

  /** Removes its nodes and agents from the scene; from a scene of its own, only what build() added. */
  dispose(): void {
    for (const agent of this.#agents) runtimeOf(agent).truncate(); // nothing drives it anymore, even mid-step
    for (const { node, behavior } of this.#hung)
      if (!node.isDisposed()) node.removeBehavior(behavior as Behavior<Node>);
    this.root.dispose(false, !this.#environment.createScene);
    forgetNeighbor(this.root);
  }

  #reset(): void {
    const attached = countAttached();
    const rootNodes = this.scene.rootNodes.length;
    try {
      const returned: unknown = this.#logic.reset(this.#random);
      if (returned !== undefined) refusePromise(returned);
      if (countAttached() !== attached) this.#refuseNewAgents();
      if (!this.ownScene) refuseStrays(this.scene, rootNodes);
      this.#requireToBegin();
    } catch (error) {
      throw this.blame(error, 'reset()');
    }
  }

  get #who(): string {
    return `Environment "${this.#environment.name}"`;
  }

  /** For messages: the area and its current decision and episode. */
  get #moment(): string {
    const area = `area ${this.index}`;
    return this.#episodes === 0 ? area : `${area}, decision ${this.decisions + 1} of episode ${this.#episodes}`;
  }

  /** Throws if it has agents that build() did not make: training needs a fixed number. */
  #refuseNewAgents(): void {
    const agent = agentsOn(this.nodes).find((candidate) => this.#isNew(candidate));
    if (!agent) return;
    throw new CallbackMisuse(
      `made ${agent.label}`,
      'Nothing drives it: all agents must be made in build(). Make as many there as an episode may need, and call terminate() on those it does not.',
    );
  }

  #isNew(agent: Agent): boolean {
    return !this.#agents.includes(agent) && !this.#others.has(agent) && !isDriven(agent);
  }

  /** Its nodes: its root and all below, or all nodes of a scene of its own. */
  get nodes(): readonly TransformNode[] {
    return this.#environment.createScene
      ? nodesOf(this.scene)
      : [this.root, ...this.root.getChildTransformNodes(false)];
  }

  /** Throws if reset() keeps ending the episode it should begin; once or twice may be chance. */
  #requireToBegin(): void {
    this.#stillborn = this.over ? this.#stillborn + 1 : 0;
    if (this.#stillborn < MOST_STILLBORN) return;
    throw new CallbackMisuse(
      `ended its own episode ${MOST_STILLBORN} times in a row`,
      'No agent decides in such an episode. Call terminate() and area.end() in afterStep(), and leave an agent running in reset().',
    );
  }

  #callAgents(call: (agent: AgentRuntime) => void): void {
    try {
      for (const agent of this.#agents) call(runtimeOf(agent));
    } catch (error) {
      throw this.blame(error);
    }
  }

  /** Calls the environment's build() and adds context to its errors. */
  async #callBuild(): Promise<AreaLogic> {
    try {
      const logic = await this.#environment.build(this);
      refusePromise(logic);
      return logic;
    } catch (error) {
      throw this.blame(error, 'build()');
    }
  }

  #drawParameters(): void {
    for (const name of Object.keys(this.#values)) {
      const drawn = this.#draw(name);
      if (!Number.isFinite(drawn))
        throw new AgentsError(
          `${this.#who} drew ${drawn} for its parameter "${name}", from ${JSON.stringify(this.#values[name])}. Give it a finite number, or a sampler of finite numbers.`,
        );
      this.parameters[name] = drawn;
    }
  }

  #draw(name: string): number {
    try {
      return drawValue(this.#values[name], this.#random);
    } catch (error) {
      throw this.blame(error, `the sampler of parameter "${name}"`);
    }
  }

  async #buildBelowRoot(): Promise<void> {
    const roots = new Set(this.scene.rootNodes);
    if (this.#neighbor) enterArea(this.#neighbor);
    try {
      this.#logic = await this.#callBuild();
    } finally {
      if (areaAtHand() === this.#neighbor) enterArea(undefined); // another area may have been entered while it waited
    }
    const stray = this.scene.rootNodes.find((node) => !roots.has(node));
    if (stray)
      throw new AgentsError(
        `${this.#who} made node "${stray.name}" outside its area. Set its parent to area.root or to a node below.`,
      );
    refuseInstancedBodies(this.root, this.#who);
    this.#agents = agentsOn(this.nodes);
    for (const agent of this.#agents) runtimeOf(agent).home = this.#neighbor;
  }

  /** The scene belongs to the game: agents may be on any node, and those that existed before build() are not this area's. */
  async #buildInOwnScene(): Promise<void> {
    const before = new Set<unknown>(partsOn(nodesOf(this.scene)).map(({ behavior }) => behavior));
    this.#others = before;
    try {
      this.#logic = await this.#callBuild();
      this.#agents = agentsOn(nodesOf(this.scene)).filter((agent) => !before.has(agent));
    } finally {
      this.#hung = partsOn(nodesOf(this.scene)).filter(({ behavior }) => !before.has(behavior));
    }
  }
}

const beginEpisode = (agent: AgentRuntime) => agent.begin();
const reportBegin = (agent: AgentRuntime) => agent.reportBegin();
const reportEnd = (agent: AgentRuntime) => agent.reportEnd();

/** Throws if the environment has no parameter of such a name. */
export function requireKnown(environment: Environment, parameters: ParameterValues): ParameterValues {
  const unknown = Object.keys(parameters).find((key) => !Object.hasOwn(environment.parameters, key));
  if (unknown === undefined) return parameters;
  const known = Object.keys(environment.parameters);
  throw new AgentsError(
    `Environment "${environment.name}" has no parameter "${unknown}".${didYouMean(unknown, known)} It has: ${known.join(', ') || 'none'}.`,
  );
}
