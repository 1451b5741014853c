import type { Behavior } from '@babylonjs/core/Behaviors/behavior.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Observable } from '@babylonjs/core/Misc/observable.js';
import { AgentsError } from '../core/errors.ts';
import { type AgentLayout, describeLayout, sameLayout } from '../core/layout.ts';
import { type Actuator, isActuator } from './actuator.ts';
import { requireAgentOptions } from './agent-options.ts';
import { layoutOf, requireSoundParts } from './agent-parts.ts';
import { AgentRuntime } from './agent-runtime.ts';
import type { Outcome, PastEpisode } from './episode-tally.ts';
import { isSensor, type Sensor } from './sensor.ts';

/** Options of an {@link Agent}. */
export interface AgentOptions {
  /** parts to hang on the agent's own node, before those that already hang there or below */
  readonly sensors?: readonly Sensor[];
  /** likewise */
  readonly actuators?: readonly Actuator[];
  /** which policy drives it; agents of one name share its weights. Of several it has one for each episode, the first unless `reset` says otherwise */
  readonly policy?: string | readonly string[];
  /** the behavior's name */
  readonly name?: string;
}

/**
 * A node that observes, acts and is rewarded. It takes the sensors and actuators of its own node and of all nodes below,
 * in hierarchy order; their names and sizes make its layout. Below another agent's node, parts belong to that one.
 *
 * Add it with `node.addBehavior(agent, true)`: without `true`, Babylon waits to attach a behavior until the scene has
 * loaded its files, and the agent has no layout before that.
 */
export class Agent implements Behavior<TransformNode> {
  readonly name: string;
  /** the names of all policies that may drive it */
  readonly policies: readonly string[];
  attachedNode: TransformNode | null = null;
  private readonly runtime = new AgentRuntime(this);
  readonly #given: readonly (Sensor | Actuator)[];
  #policy: string;
  constructor(options: AgentOptions = {}) {
    const { sensors = [], actuators = [], policy = 'agent', name = 'agent' } = requireAgentOptions(options);
    this.name = name;
    this.policies = typeof policy === 'string' ? [policy] : [...policy];
    this.#policy = this.policies[0];
    if (this.#policy === undefined)
      throw new AgentsError(`Agent "${name}" names no policy. Leave \`policy\` out, or name one that drives it.`);
    this.#given = [...sensors, ...actuators];
  }

  init(): void {}

  /** Collects its parts. Throws, and takes off again what it brought, when it has no sensor or no actuator, or when two share a name. */
  attach(node: TransformNode): void {
    if (this.attachedNode === node) return;
    const other = behaviorsOf(node).find((behavior) => isAgent(behavior) && behavior !== this);
    if (other)
      throw new AgentsError(
        `Node "${node.name}" carries agent "${other.name}" already. Hang agent "${this.name}" on a node of its own.`,
      );
    const brought = this.#given.filter((part) => !behaviorsOf(node).includes(part));
    try {
      for (const part of brought) node.addBehavior(part, true);
      this.#collect(node);
    } catch (error) {
      for (const part of brought) if (part.attachedNode === node) node.removeBehavior(part);
      throw error;
    }
    this.attachedNode = node;
  }

  /** Finds its parts, and their layout. */
  #collect(node: TransformNode): void {
    const parts = collectParts(node);
    const sensors = parts.filter(isSensor);
    const actuators = parts.filter(isActuator);
    const who = `Agent "${this.name}" on node "${node.name}"`;
    if (sensors.length === 0)
      throw new AgentsError(
        `${who} has no sensor. Give it one, or hang one on a node below before attaching the agent.`,
      );
    if (actuators.length === 0)
      throw new AgentsError(
        `${who} has no actuator. Give it one, or hang one on a node below before attaching the agent.`,
      );
    requireSoundParts(who, sensors, actuators);
    const layout = layoutOf(sensors, actuators);
    const { anchors } = this.runtime;
    if (anchors && !sameLayout(layout, this.layout))
      throw new AgentsError(
        `${who} has other parts than it had on node "${anchors.nodeName}": it ${describeLayout(layout)}, and before ${describeLayout(this.layout)}. Give it the same, or make another agent.`,
      );
    this.runtime.equip(node, sensors, actuators, layout);
    attachedSoFar++;
  }

  /** Takes the parts it brought along off the node again. */
  detach(): void {
    const node = this.attachedNode;
    this.attachedNode = null;
    if (!node || node.isDisposed()) return; // a node that is disposed detaches all its behaviors itself
    const behaviors = node.behaviors as unknown as Behavior<TransformNode>[];
    const at = behaviors.indexOf(this);
    for (const part of this.#given) if (part.attachedNode === node) node.removeBehavior(part);
    if (at < 0) return;
    // Older Babylon then removes what stands where this agent stood before detach() was called.
    behaviors.splice(behaviors.indexOf(this), 1);
    if (behaviors.length > at) behaviors.splice(at, 0, this);
  }

  /** The names and sizes of its sensors and actuators, known once it is attached. */
  get layout(): AgentLayout {
    return this.runtime.layout;
  }

  /** The parts that it senses with, in the order of the layout. */
  get sensors(): readonly Sensor[] {
    return this.runtime.sensors;
  }

  /** The parts that it acts with, in the order of the layout. */
  get actuators(): readonly Actuator[] {
    return this.runtime.actuators;
  }

  /** For a person: `agent "walker" on node "body"`. */
  get label(): string {
    return `agent "${this.name}" on node "${this.attachedNode?.name ?? this.runtime.anchors?.nodeName ?? 'none'}"`;
  }

  /** Which policy drives it in this episode. */
  get policy(): string {
    return this.#policy;
  }

  /** To be set in `reset`, to another of its policies: they take its episodes in turn, and each learns from its own. */
  set policy(policy: string) {
    if (policy === this.#policy) return;
    if (!this.policies.includes(policy))
      throw new AgentsError(
        `${this.label} got policy "${policy}", and names ${this.policies.map((name) => `"${name}"`).join(', ')}. Name all that it may have in \`new Agent({ policy: [...] })\`.`,
      );
    if (this.runtime.observed)
      throw new AgentsError(
        `${this.label} got policy "${policy}" in the middle of an episode of "${this.#policy}". Set it in reset(random).`,
      );
    this.#policy = policy;
  }

  /** Notified when an episode has begun, after the area's reset() and before the first decision. */
  get onEpisodeBeginObservable(): Observable<Agent> {
    this.runtime.beginObservable ??= new Observable();
    return this.runtime.beginObservable;
  }

  /**
   * Notified when its episode has ended, before the next decision: `outcome`, `episodeReturn` and `decisions` are those of
   * the ended episode. Not notified if the agent is removed or its playback is disposed first.
   */
  get onEpisodeEndObservable(): Observable<Agent> {
    this.runtime.endObservable ??= new Observable();
    return this.runtime.endObservable;
  }

  /** whether its episode is running, or how it ended */
  get outcome(): Outcome {
    return this.runtime.outcome;
  }

  /** Whether its episode goes on. Rewards are refused once it does not. */
  get active(): boolean {
    return this.runtime.outcome === 'running';
  }

  /** The rewards of this episode so far, undiscounted, those since the last decision included. */
  get episodeReturn(): number {
    return this.runtime.episodeReturn;
  }

  /** What the running decision has earned so far. */
  get reward(): number {
    return this.runtime.reward;
  }

  /** What the decision before the running one earned; 0 before the first of an episode. */
  get lastReward(): number {
    return this.runtime.lastReward;
  }

  /** Decisions of this episode that are over, the one that ended it included. */
  get decisions(): number {
    return this.runtime.decisions;
  }

  /** The number of its episode, 1 for the first; 0 before that. */
  get episode(): number {
    return this.runtime.episode;
  }

  /** Its episode before this one, for displays: a scene begins the next within one frame. */
  get lastEpisode(): PastEpisode | undefined {
    return this.runtime.lastEpisode;
  }

  /** [A] what its actuators were handed last, for displays: one array, overwritten before every physics step. */
  get lastAction(): Readonly<Float32Array> {
    return this.runtime.lastAction;
  }

  /** Adds to the reward of the running decision. */
  addReward(reward: number): void {
    this.#checkReward(reward);
    this.runtime.reward += reward;
  }

  /** Replaces all that the running decision has earned so far, as ML-Agents' SetReward does. */
  setReward(reward: number): void {
    this.#checkReward(reward);
    this.runtime.reward = reward;
  }

  /**
   * Ends its episode for a reason of the task: what would have come after is worth 0. It neither senses nor acts until the
   * next begins. A second call does nothing.
   */
  terminate(): void {
    if (this.runtime.outcome === 'running') this.runtime.outcome = 'terminated';
  }

  /**
   * Brings an agent of playPolicy() back into play after terminate(): a new episode begins. play() and training begin
   * episodes themselves.
   */
  beginEpisode(): void {
    this.runtime.begin();
    this.runtime.reportBegin();
  }

  /** Writes the current readings of its sensors to `out[offset … offset + O)`, for displays: no decision follows. */
  sense(out: Float32Array, offset: number): void {
    this.runtime.sense(out, offset);
  }

  /** Throws if its episode has ended or the reward is not a number. A non-finite one is reported by the check of the rollout. */
  #checkReward(reward: number): void {
    if (this.runtime.outcome !== 'running')
      throw new AgentsError(
        `${this.label} got a reward of ${reward} after its episode had ${this.runtime.outcome}. Reward it before terminate(), and check agent.active in areas of several agents.`,
      );
    if (Number.isFinite(reward)) return;
    if (typeof reward !== 'number')
      throw new AgentsError(`${this.label} got a reward of ${JSON.stringify(reward)}. Give it a number.`);
    this.runtime.noteBadReward();
  }
}

/** How many agents have been attached in this thread: whoever calls a user's function sees by it whether that made one. */
export function countAttached(): number {
  return attachedSoFar;
}

let attachedSoFar = 0;

/** Sensors and actuators of `node` and of all nodes below, depth first, other agents' nodes left out. Attaches what is not yet. */
function collectParts(node: TransformNode): (Sensor | Actuator)[] {
  const parts: (Sensor | Actuator)[] = [];
  for (const behavior of behaviorsOf(node)) {
    if (!isSensor(behavior) && !isActuator(behavior)) continue;
    if (behavior.attachedNode === null) behavior.attach(node); // Babylon defers it while the scene loads
    parts.push(behavior);
  }
  for (const child of node.getChildren()) {
    if (child instanceof TransformNode && !behaviorsOf(child).some(isAgent)) parts.push(...collectParts(child));
  }
  return parts;
}

/** The behaviors on a node, typed for what hangs on transform nodes. */
export function behaviorsOf(node: TransformNode): readonly Behavior<TransformNode>[] {
  return node.behaviors as unknown as readonly Behavior<TransformNode>[];
}

/** Whether a behavior is an agent. */
export function isAgent(behavior: Behavior<TransformNode>): behavior is Agent {
  return behavior instanceof Agent;
}
