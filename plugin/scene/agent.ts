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
  /** sensors to attach to the agent's own node; they come before those already attached there or below */
  readonly sensors?: readonly Sensor[];
  /** actuators to attach to the agent's own node, in the same order */
  readonly actuators?: readonly Actuator[];
  /** the policy that drives it; agents with the same policy name share weights. If it lists several, each episode uses one: the first, unless `reset` sets another */
  readonly policy?: string | readonly string[];
  /** the behavior's name */
  readonly name?: string;
}

/**
 * A node that observes, acts and is rewarded. It uses the sensors and actuators on its own node and on all nodes below,
 * in hierarchy order; their names and sizes make up its layout. Parts below another agent's node belong to that agent.
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

  /** Collects its parts. If it has no sensor or no actuator, or two share a name, it removes the parts it added and throws. */
  attach(node: TransformNode): void {
    if (this.attachedNode === node) return;
    const other = behaviorsOf(node).find((behavior) => isAgent(behavior) && behavior !== this);
    if (other)
      throw new AgentsError(
        `Node "${node.name}" already has agent "${other.name}". Attach agent "${this.name}" to another node.`,
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

  /** Finds its parts and their layout. */
  #collect(node: TransformNode): void {
    const parts = collectParts(node);
    const sensors = parts.filter(isSensor);
    const actuators = parts.filter(isActuator);
    const who = `Agent "${this.name}" on node "${node.name}"`;
    if (sensors.length === 0)
      throw new AgentsError(
        `${who} has no sensor. Give it one, or attach one to a node below before attaching the agent.`,
      );
    if (actuators.length === 0)
      throw new AgentsError(
        `${who} has no actuator. Give it one, or attach one to a node below before attaching the agent.`,
      );
    requireSoundParts(who, sensors, actuators);
    const layout = layoutOf(sensors, actuators);
    const { anchors } = this.runtime;
    if (anchors && !sameLayout(layout, this.layout))
      throw new AgentsError(
        `${who} has different parts than on node "${anchors.nodeName}": now it ${describeLayout(layout)}, before it ${describeLayout(this.layout)}. Give it the same parts, or make another agent.`,
      );
    this.runtime.equip(node, sensors, actuators, layout);
    attachedSoFar++;
  }

  /** Removes the parts it added from the node. */
  detach(): void {
    const node = this.attachedNode;
    this.attachedNode = null;
    if (!node || node.isDisposed()) return; // a disposed node detaches all its behaviors itself
    const behaviors = node.behaviors as unknown as Behavior<TransformNode>[];
    const at = behaviors.indexOf(this);
    for (const part of this.#given) if (part.attachedNode === node) node.removeBehavior(part);
    if (at < 0) return;
    // Older Babylon then removes whatever is at the index this agent had before detach() was called.
    behaviors.splice(behaviors.indexOf(this), 1);
    if (behaviors.length > at) behaviors.splice(at, 0, this);
  }

  /** The names and sizes of its sensors and actuators; available once it is attached. */
  get layout(): AgentLayout {
    return this.runtime.layout;
  }

  /** Its sensors, in layout order. */
  get sensors(): readonly Sensor[] {
    return this.runtime.sensors;
  }

  /** Its actuators, in layout order. */
  get actuators(): readonly Actuator[] {
    return this.runtime.actuators;
  }

  /** For messages and displays: `agent "walker" on node "body"`. */
  get label(): string {
    return `agent "${this.name}" on node "${this.attachedNode?.name ?? this.runtime.anchors?.nodeName ?? 'none'}"`;
  }

  /** The policy that drives it in this episode. */
  get policy(): string {
    return this.#policy;
  }

  /** Set it in `reset` to switch to another of its policies; each policy learns from the episodes it drives. */
  set policy(policy: string) {
    if (policy === this.#policy) return;
    if (!this.policies.includes(policy))
      throw new AgentsError(
        `${this.label} got policy "${policy}", but lists only ${this.policies.map((name) => `"${name}"`).join(', ')}. List all its policies in \`new Agent({ policy: [...] })\`.`,
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

  /** Whether its episode is still running. Once it has ended, adding a reward throws. */
  get active(): boolean {
    return this.runtime.outcome === 'running';
  }

  /** The undiscounted sum of rewards in this episode so far, including those since the last decision. */
  get episodeReturn(): number {
    return this.runtime.episodeReturn;
  }

  /** The reward of the current decision so far. */
  get reward(): number {
    return this.runtime.reward;
  }

  /** The reward of the previous decision; 0 before the first of an episode. */
  get lastReward(): number {
    return this.runtime.lastReward;
  }

  /** Completed decisions in this episode, including the one that ended it. */
  get decisions(): number {
    return this.runtime.decisions;
  }

  /** The number of its current episode, 1 for the first; 0 before that. */
  get episode(): number {
    return this.runtime.episode;
  }

  /** Its previous episode, for displays: the next one begins within a frame. */
  get lastEpisode(): PastEpisode | undefined {
    return this.runtime.lastEpisode;
  }

  /** [A] the actions its actuators got last, for displays: one array, overwritten before every physics step. */
  get lastAction(): Readonly<Float32Array> {
    return this.runtime.lastAction;
  }

  /** Adds to the reward of the current decision. */
  addReward(reward: number): void {
    this.#checkReward(reward);
    this.runtime.reward += reward;
  }

  /** Replaces the reward of the current decision, as ML-Agents' SetReward does. */
  setReward(reward: number): void {
    this.#checkReward(reward);
    this.runtime.reward = reward;
  }

  /**
   * Ends its episode for a reason in the task, such as success or failure: the future is worth 0. The agent neither senses
   * nor acts until the next episode begins. A second call does nothing.
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

  /** Writes its sensors' current readings to `out[offset … offset + O)`, for displays; no decision is taken. */
  sense(out: Float32Array, offset: number): void {
    this.runtime.sense(out, offset);
  }

  /** Throws if its episode has ended or the reward is not a number. The rollout check reports a non-finite one. */
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

/** How many agents have been attached in this thread; callers of a user's function use it to detect agents it made. */
export function countAttached(): number {
  return attachedSoFar;
}

let attachedSoFar = 0;

/** Sensors and actuators on `node` and all nodes below, depth first, except other agents' nodes. Attaches any that are not attached yet. */
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

/** The behaviors on a node, typed for transform nodes. */
export function behaviorsOf(node: TransformNode): readonly Behavior<TransformNode>[] {
  return node.behaviors as unknown as readonly Behavior<TransformNode>[];
}

/** Whether a behavior is an agent. */
export function isAgent(behavior: Behavior<TransformNode>): behavior is Agent {
  return behavior instanceof Agent;
}
