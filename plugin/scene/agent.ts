import type { Behavior } from '@babylonjs/core/Behaviors/behavior.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { blame, type CallbackError } from '../core/callback-error.ts';
import { AgentsError } from '../core/errors.ts';
import { type AgentLayout, describeLayout, type LayoutSizes, measureLayout, sameLayout } from '../core/layout.ts';
import { placeOf } from '../core/source-place.ts';
import { refusePromise } from '../core/synchronous.ts';
import { type Actuator, isActuator } from './actuator.ts';
import { requireAgentOptions } from './agent-options.ts';
import { allowsAny, layoutOf, memoriesOf, requireSoundParts } from './agent-parts.ts';
import { Anchors } from './anchors.ts';
import { enterArea, type NeighborArea } from './area-at-hand.ts';
import {
  isProofDue,
  proveMask,
  proveObservation,
  requireUntouched,
  resizedActuator,
  resizedSensor,
} from './part-proof.ts';
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

/** `running`, or how its episode ended: `terminated` has no future value, `truncated` was stopped by the clock. */
export type Outcome = 'running' | 'terminated' | 'truncated';

/** An episode of one agent that is over. */
export interface PastEpisode {
  /** how it ended */
  readonly outcome: Outcome;
  /** undiscounted sum of its rewards */
  readonly return: number;
  /** number of decisions */
  readonly decisions: number;
}

/**
 * A node that observes, acts and is rewarded. It takes the sensors and actuators of its own node and of all nodes below,
 * in hierarchy order; their names and sizes make its layout. Below another agent's node, parts belong to that one.
 */
export class Agent implements Behavior<TransformNode> {
  readonly name: string;
  /** the names of all policies that may drive it */
  readonly policies: readonly string[];
  attachedNode: TransformNode | null = null;
  /** Runtime: the area that it lives in, where that has neighbors. */
  home: NeighborArea | undefined;
  readonly #given: readonly (Sensor | Actuator)[];
  #sensors: readonly Sensor[] = [];
  #actuators: readonly Actuator[] = [];
  /** those of its sensors that have one, and where their floats begin in an observation */
  #memories: readonly { readonly sensor: Sensor; readonly at: number }[] = [];
  #layout: AgentLayout = { sensors: [], actuators: [] };
  #sizes: LayoutSizes = measureLayout(this.#layout);
  #policy: string;
  /** whether its episode has begun to be observed, so that its policy stays */
  #observed = false;
  #outcome: Outcome = 'running';
  #reward = 0;
  #episodeReturn = 0;
  #lastReward = 0;
  #decisions = 0;
  /** whether the decision that ended its episode is counted */
  #counted = false;
  #episodes = 0;
  #lastEpisode: PastEpisode | undefined;
  #lastAction = new Float32Array(0);
  /** calls of sense(), writeMask() and apply() since it was attached: some of them are checked */
  #sensings = 0;
  #maskings = 0;
  #applications = 0;
  /** made where it first got a reward that was not finite */
  #badReward: Error | undefined;
  /** where it and its parts hung when it was attached */
  #anchors: Anchors | undefined;

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
    if (this.#anchors && !sameLayout(layout, this.#layout))
      throw new AgentsError(
        `${who} has other parts than it had on node "${this.#anchors.nodeName}": it ${describeLayout(layout)}, and before ${describeLayout(this.#layout)}. Give it the same, or make another agent.`,
      );
    this.#sensors = sensors;
    this.#memories = memoriesOf(sensors);
    this.#actuators = actuators;
    this.#layout = layout;
    this.#sizes = measureLayout(this.#layout);
    this.#lastAction = new Float32Array(this.#sizes.action);
    this.#anchors = new Anchors(node, parts);
    this.#sensings = this.#maskings = this.#applications = 0;
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
    return this.#layout;
  }

  /** The parts that it senses with, in the order of the layout. */
  get sensors(): readonly Sensor[] {
    return this.#sensors;
  }

  /** The parts that it acts with, in the order of the layout. */
  get actuators(): readonly Actuator[] {
    return this.#actuators;
  }

  /** For a person: `agent "walker" on node "body"`. */
  get label(): string {
    return `agent "${this.name}" on node "${this.attachedNode?.name ?? this.#anchors?.nodeName ?? 'none'}"`;
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
    if (this.#observed)
      throw new AgentsError(
        `${this.label} got policy "${policy}" in the middle of an episode of "${this.#policy}". Set it in reset(random).`,
      );
    this.#policy = policy;
  }

  /** whether its episode is running, or how it ended */
  get outcome(): Outcome {
    return this.#outcome;
  }

  /** Whether its episode goes on. Rewards are refused once it does not. */
  get active(): boolean {
    return this.#outcome === 'running';
  }

  /** The rewards of this episode so far, undiscounted, those since the last decision included. */
  get episodeReturn(): number {
    return this.#episodeReturn + this.#reward;
  }

  /** What the running decision has earned so far. */
  get reward(): number {
    return this.#reward;
  }

  /** What the decision before the running one earned; 0 before the first of an episode. */
  get lastReward(): number {
    return this.#lastReward;
  }

  /** Decisions of this episode that are over, the one that ended it included. */
  get decisions(): number {
    return this.#decisions;
  }

  /** The number of its episode, 1 for the first; 0 before that. */
  get episode(): number {
    return this.#episodes;
  }

  /** Its episode before this one, for displays: a scene begins the next within one frame. */
  get lastEpisode(): PastEpisode | undefined {
    return this.#lastEpisode;
  }

  /** [A] what its actuators were handed last, for displays: one array, overwritten before every physics step. */
  get lastAction(): Readonly<Float32Array> {
    return this.#lastAction;
  }

  /** Runtime: where in the user's source it first got a reward that was not finite, for the error that says so. */
  get badRewardPlace(): string | undefined {
    return placeOf(this.#badReward);
  }

  /** Adds to the reward of the running decision. */
  addReward(reward: number): void {
    this.#requireActive(reward);
    if (!Number.isFinite(reward)) this.#note(reward);
    this.#reward += reward;
  }

  /** Replaces all that the running decision has earned so far, as ML-Agents' SetReward does. */
  setReward(reward: number): void {
    this.#requireActive(reward);
    if (!Number.isFinite(reward)) this.#note(reward);
    this.#reward = reward;
  }

  /**
   * Ends its episode for a reason of the task: what would have come after is worth 0. It neither senses nor acts until the
   * next begins. A second call does nothing.
   */
  terminate(): void {
    if (this.#outcome === 'running') this.#outcome = 'terminated';
  }

  /** Runtime: a new episode begins. With playPolicy(), which ends and begins none, a game calls it to bring an agent back into play. */
  begin(): void {
    const { outcome, episodeReturn, decisions } = this;
    if (decisions > 0) this.#lastEpisode = { outcome, return: episodeReturn, decisions };
    this.#outcome = 'running';
    this.#reward = 0;
    this.#episodeReturn = 0;
    this.#lastReward = 0;
    this.#decisions = 0;
    this.#counted = false;
    this.#observed = false;
    this.#episodes++;
    this.release();
    for (const { sensor } of this.#memories) this.#forget(sensor);
    for (const actuator of this.#actuators) this.#forget(actuator);
  }

  /** Runtime: it acts no more, until the next episode at least. */
  release(): void {
    for (const actuator of this.#actuators) {
      if (!actuator.release) continue;
      try {
        const returned: unknown = actuator.release();
        if (returned !== undefined) refusePromise(returned);
      } catch (error) {
        throw this.#blame(error, 'release', actuator);
      }
    }
  }

  /** Runtime: the clock or the area ends its episode, if it still runs. */
  truncate(): void {
    if (this.#outcome === 'running') this.#outcome = 'truncated';
  }

  /** Runtime: the reward of the decision that ends here. */
  takeReward(): number {
    const reward = this.#reward;
    this.#episodeReturn += reward;
    this.#reward = 0;
    if (!this.#counted) {
      this.#decisions++;
      this.#lastReward = reward;
      this.#counted = this.#outcome !== 'running';
    }
    return reward;
  }

  /** Runtime: writes the observation that a decision is taken from to `out[offset … offset + O)`. */
  observe(out: Float32Array, offset: number): void {
    this.#observed = true;
    this.sense(out, offset);
  }

  /** Displays: writes what it senses now to `out[offset … offset + O)`, and no decision comes of it. */
  sense(out: Float32Array, offset: number): void {
    const proving = isProofDue(++this.#sensings);
    const before = enterArea(this.home);
    const sensors = this.#sensors;
    const layout = this.#layout.sensors;
    let at = offset;
    let i = 0;
    if (this.attachedNode === null) this.#complainOfNode();
    try {
      for (; i < sensors.length && this.attachedNode !== null; i++) {
        const { size } = layout[i];
        if (sensors[i].attachedNode === null) this.#complainOfPart(sensors[i]);
        if (sensors[i].size !== size) throw resizedSensor(sensors[i], size);
        if (proving) proveObservation(sensors[i], size, out, at);
        else {
          const returned: unknown = sensors[i].observe(out, at);
          if (returned !== undefined) refusePromise(returned);
        }
        at += size;
      }
    } catch (error) {
      throw this.#blame(error, 'observe', sensors[i]);
    } finally {
      enterArea(before);
    }
  }

  /** Runtime: a decision is over that was taken from `observation[offset … offset + O)`; once for each. */
  remember(observation: Float32Array, offset: number): void {
    const memories = this.#memories;
    const before = enterArea(this.home);
    let i = 0;
    try {
      for (; i < memories.length; i++) {
        const returned: unknown = memories[i].sensor.remember?.(observation, offset + memories[i].at);
        if (returned !== undefined) refusePromise(returned);
      }
    } catch (error) {
      throw this.#blame(error, 'remember', memories[i].sensor);
    } finally {
      enterArea(before);
    }
  }

  /** Runtime: writes 1 for every allowed choice to `out[offset … offset + M)`, else 0. */
  writeMask(out: Uint8Array, offset: number): void {
    if (this.#sizes.mask === 0) return;
    out.fill(1, offset, offset + this.#sizes.mask);
    const proving = isProofDue(++this.#maskings);
    const before = enterArea(this.home);
    const actuators = this.#actuators;
    let at = offset;
    let i = 0;
    try {
      for (; i < actuators.length; i++) {
        const actuator = actuators[i];
        const { branches } = this.#layout.actuators[i];
        if (proving) proveMask(actuator, branches, out, at);
        else {
          const returned: unknown = actuator.mask?.(out, at);
          if (returned !== undefined) refusePromise(returned);
        }
        for (let b = 0; b < branches.length; b++) {
          if (actuator.mask && !allowsAny(out, at, branches[b]))
            throw new AgentsError(
              `Actuator "${actuator.name}" of ${this.label} forbids every choice of a branch of ${branches[b]}. Leave one allowed.`,
            );
          at += branches[b];
        }
      }
    } catch (error) {
      throw this.#blame(error, 'mask', actuators[i]);
    } finally {
      enterArea(before);
    }
  }

  /** Runtime: hands `action[offset … offset + A)` to the actuators. */
  apply(action: Float32Array, offset: number): void {
    for (let i = 0; i < this.#lastAction.length; i++) this.#lastAction[i] = action[offset + i];
    const proving = isProofDue(++this.#applications);
    const before = enterArea(this.home);
    const actuators = this.#actuators;
    const layout = this.#layout.actuators;
    let at = offset;
    let i = 0;
    if (this.attachedNode === null) this.#complainOfNode();
    try {
      for (; i < actuators.length && this.attachedNode !== null; i++) {
        if (actuators[i].attachedNode === null) this.#complainOfPart(actuators[i]);
        const { continuous, branches } = layout[i];
        if (actuators[i].continuous !== continuous || actuators[i].branches.length !== branches.length)
          throw resizedActuator(actuators[i], layout[i]);
        const returned: unknown = actuators[i].apply(action, at);
        if (returned !== undefined) refusePromise(returned);
        if (proving) requireUntouched(action, offset, this.#lastAction);
        at += continuous + branches.length;
      }
    } catch (error) {
      throw this.#blame(error, 'apply', actuators[i]);
    } finally {
      enterArea(before);
    }
  }

  #forget(part: Sensor | Actuator): void {
    try {
      const returned: unknown = part.forget?.();
      if (returned !== undefined) refusePromise(returned);
    } catch (error) {
      throw this.#blame(error, 'forget', part);
    }
  }

  /** Throws, since it is on no node; not if it never was. */
  #complainOfNode(): void {
    if (this.#anchors) throw blame(this.#anchors.ofAgent(this.label), { what: this.label, owner: this });
  }

  /** Throws when a part has lost its node; one that keeps no account of its node has lost none. */
  #complainOfPart(part: Sensor | Actuator): void {
    const loss = this.#anchors?.ofPart(part, this.label);
    if (loss) throw loss;
  }

  #blame(thrown: unknown, method: string, part: Sensor | Actuator): CallbackError {
    if (this.attachedNode === null) this.#complainOfNode();
    const error = this.#anchors?.ofPart(part, this.label) ?? thrown; // what it has lost is why it fails
    const kind = isSensor(part) ? 'sensor' : 'actuator';
    return blame(error, { what: `${method}() of ${kind} "${part.name}" of ${this.label}`, owner: this });
  }

  /** Keeps where a reward that is not finite was given: a rollout's check finds it, long after. */
  #note(reward: number): void {
    if (typeof reward !== 'number')
      throw new AgentsError(`${this.label} got a reward of ${JSON.stringify(reward)}. Give it a number.`);
    this.#badReward ??= new Error();
  }

  #requireActive(reward: number): void {
    if (this.#outcome === 'running') return;
    throw new AgentsError(
      `${this.label} got a reward of ${reward} after its episode had ${this.#outcome}. Reward it before terminate(), and check agent.active in areas of several agents.`,
    );
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
