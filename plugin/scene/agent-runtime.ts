import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Observable } from '@babylonjs/core/Misc/observable.js';
import { blame, type CallbackError } from '../core/callback-error.ts';
import { AgentsError } from '../core/errors.ts';
import { type AgentLayout, type LayoutSizes, measureLayout } from '../core/layout.ts';
import { refusePromise } from '../core/synchronous.ts';
import type { Actuator } from './actuator.ts';
import type { Agent } from './agent.ts';
import { allowsAny, memoriesOf } from './agent-parts.ts';
import { Anchors } from './anchors.ts';
import { enterArea, type NeighborArea } from './area-at-hand.ts';
import { EpisodeTally } from './episode-tally.ts';
import {
  isProofDue,
  proveMask,
  proveObservation,
  requireUntouched,
  resizedActuator,
  resizedSensor,
} from './part-proof.ts';
import { isSensor, type Sensor } from './sensor.ts';

/** The methods of an agent that clocks, crowds and recorders call; not part of the public Agent. */
export class AgentRuntime extends EpisodeTally {
  /** the agent's area, if that has neighbors */
  home: NeighborArea | undefined;
  /** whether the episode has been observed, which fixes its policy */
  observed = false;
  sensors: readonly Sensor[] = [];
  actuators: readonly Actuator[] = [];
  layout: AgentLayout = { sensors: [], actuators: [] };
  /** [A] the actions the actuators got last */
  lastAction = new Float32Array(0);
  /** where the agent and its parts were attached */
  anchors: Anchors | undefined;
  /** made when the game first asks for them */
  beginObservable: Observable<Agent> | undefined;
  endObservable: Observable<Agent> | undefined;
  readonly #agent: Agent;
  /** sensors with a memory, and where their floats begin in an observation */
  #memories: readonly { readonly sensor: Sensor; readonly at: number }[] = [];
  #sizes: LayoutSizes = measureLayout(this.layout);
  /** whether the start of this episode was reported, and its end was not */
  #announced = false;
  /** calls of sense(), writeMask() and apply() since the agent was attached: some of them are checked */
  #sensings = 0;
  #maskings = 0;
  #applications = 0;

  constructor(agent: Agent) {
    super();
    this.#agent = agent;
  }

  /** Takes the parts that the agent found. */
  equip(node: TransformNode, sensors: readonly Sensor[], actuators: readonly Actuator[], layout: AgentLayout): void {
    this.sensors = sensors;
    this.#memories = memoriesOf(sensors);
    this.actuators = actuators;
    this.layout = layout;
    this.#sizes = measureLayout(layout);
    this.lastAction = new Float32Array(this.#sizes.action);
    this.anchors = new Anchors(node, [...sensors, ...actuators]);
    this.#sensings = this.#maskings = this.#applications = 0;
  }

  /** Begins an episode. reportBegin() follows once the area has been reset. */
  begin(): void {
    this.reportEnd();
    this.startEpisode();
    this.observed = false;
    this.#announced = false;
    this.release();
    for (const { sensor } of this.#memories) this.#forget(sensor);
    for (const actuator of this.actuators) this.#forget(actuator);
  }

  /** Notifies observers that an episode has begun; not if reset() ended it at once. */
  reportBegin(): void {
    if (this.outcome !== 'running') return;
    this.#announced = true;
    if (this.beginObservable?.hasObservers()) this.#notify(this.beginObservable, 'onEpisodeBeginObservable');
  }

  /** Notifies observers that the episode has ended, once, between two decisions. */
  reportEnd(): void {
    if (!this.#announced || this.outcome === 'running') return;
    this.#announced = false;
    if (this.endObservable?.hasObservers()) this.#notify(this.endObservable, 'onEpisodeEndObservable');
  }

  /** Releases what its actuators hold; it does not act again until the next episode. */
  release(): void {
    for (const actuator of this.actuators) {
      if (!actuator.release) continue;
      try {
        const returned: unknown = actuator.release();
        if (returned !== undefined) refusePromise(returned);
      } catch (error) {
        throw this.#blame(error, 'release', actuator);
      }
    }
  }

  /** Writes the observation that a decision is taken from to `out[offset … offset + O)`. */
  observe(out: Float32Array, offset: number): void {
    this.observed = true;
    this.sense(out, offset);
  }

  /** Writes the current readings of its sensors to `out[offset … offset + O)`, for displays. */
  sense(out: Float32Array, offset: number): void {
    const proving = isProofDue(++this.#sensings);
    const before = enterArea(this.home);
    const sensors = this.sensors;
    const layout = this.layout.sensors;
    let at = offset;
    let i = 0;
    if (this.#agent.attachedNode === null) this.#complainOfNode();
    try {
      for (; i < sensors.length && this.#agent.attachedNode !== null; i++) {
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

  /** Ends the decision that was taken from `observation[offset … offset + O)`; called once per decision. */
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

  /** Writes 1 for every allowed choice to `out[offset … offset + M)`, else 0. */
  writeMask(out: Uint8Array, offset: number): void {
    if (this.#sizes.mask === 0) return;
    out.fill(1, offset, offset + this.#sizes.mask);
    const proving = isProofDue(++this.#maskings);
    const before = enterArea(this.home);
    const actuators = this.actuators;
    let at = offset;
    let i = 0;
    try {
      for (; i < actuators.length; i++) {
        const actuator = actuators[i];
        const { branches } = this.layout.actuators[i];
        if (proving) proveMask(actuator, branches, out, at);
        else {
          const returned: unknown = actuator.mask?.(out, at);
          if (returned !== undefined) refusePromise(returned);
        }
        for (let b = 0; b < branches.length; b++) {
          if (actuator.mask && !allowsAny(out, at, branches[b]))
            throw new AgentsError(
              `Actuator "${actuator.name}" of ${this.#agent.label} forbids every choice of a branch of ${branches[b]}. Leave one allowed.`,
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

  /** Passes `action[offset … offset + A)` to the actuators. */
  apply(action: Float32Array, offset: number): void {
    for (let i = 0; i < this.lastAction.length; i++) this.lastAction[i] = action[offset + i];
    const proving = isProofDue(++this.#applications);
    const before = enterArea(this.home);
    const actuators = this.actuators;
    const layout = this.layout.actuators;
    let at = offset;
    let i = 0;
    if (this.#agent.attachedNode === null) this.#complainOfNode();
    try {
      for (; i < actuators.length && this.#agent.attachedNode !== null; i++) {
        if (actuators[i].attachedNode === null) this.#complainOfPart(actuators[i]);
        const { continuous, branches } = layout[i];
        if (actuators[i].continuous !== continuous || actuators[i].branches.length !== branches.length)
          throw resizedActuator(actuators[i], layout[i]);
        const returned: unknown = actuators[i].apply(action, at);
        if (returned !== undefined) refusePromise(returned);
        if (proving) requireUntouched(action, offset, this.lastAction);
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

  /** Throws if it has lost its node; not if it was never attached. */
  #complainOfNode(): void {
    if (this.anchors)
      throw blame(this.anchors.ofAgent(this.#agent.label), { what: this.#agent.label, owner: this.#agent });
  }

  /** Throws if a part has lost its node; parts that do not track theirs are not checked. */
  #complainOfPart(part: Sensor | Actuator): void {
    const loss = this.anchors?.ofPart(part, this.#agent.label);
    if (loss) throw loss;
  }

  #blame(thrown: unknown, method: string, part: Sensor | Actuator): CallbackError {
    if (this.#agent.attachedNode === null) this.#complainOfNode();
    const error = this.anchors?.ofPart(part, this.#agent.label) ?? thrown; // a lost node or body is the real cause
    const kind = isSensor(part) ? 'sensor' : 'actuator';
    return blame(error, { what: `${method}() of ${kind} "${part.name}" of ${this.#agent.label}`, owner: this.#agent });
  }

  /** Adds the agent's name to what an observer throws; the area adds its own context. */
  #notify(observable: Observable<Agent>, name: string): void {
    const before = enterArea(this.home);
    try {
      observable.notifyObservers(this.#agent);
    } catch (error) {
      throw blame(error, { what: `an observer of ${name} of ${this.#agent.label}`, owner: this.#agent });
    } finally {
      enterArea(before);
    }
  }
}

/** The runtime of an agent; internal, and absent from all public types. */
export function runtimeOf(agent: Agent): AgentRuntime {
  // biome-ignore lint/complexity/useLiteralKeys: reads past `private`, which #private would not allow
  return agent['runtime'];
}
