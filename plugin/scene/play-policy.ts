import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import {
  anInteger,
  describeValue,
  integerFrom,
  listOf,
  type OptionRules,
  optional,
  requireOptions,
} from '../core/options.ts';
import { Random } from '../core/random.ts';
import { findWeightFault } from '../policy/network.ts';
import { Policy } from '../policy/policy.ts';
import { findSpecFault } from '../policy/policy-spec.ts';
import { type Agent, isAgent } from './agent.ts';
import type { CheckedController } from './controllers.ts';
import { Crowd } from './crowd.ts';
import { type Controller, chooseActions, type PolicyRows } from './decision-clock.ts';
import { claimAgents, releaseAgents } from './drivers.ts';
import { requireClock } from './require-clock.ts';
import { requireScene } from './require-scene.ts';
import { ScenePace } from './scene-pace.ts';
import { PacedPlayback, type ScenePlayback } from './scene-playback.ts';

/** Options of {@link playPolicy}. */
export interface PlayPolicyOptions {
  /** the agents that the policy drives, all in one batch; add() adds more */
  readonly agents: readonly Agent[];
  /** samples actions, repeatably for the same seed; if omitted, takes the most likely actions, or samples as set by policy.sampleWith() */
  readonly seed?: number;
  /** physics steps per frame of the scene, as in the environment that the policy was trained in; 0 uses the display's frames. By default the policy's own value. */
  readonly frames?: number;
}

/** Agents of an existing scene driven by one policy; dispose() leaves them and their nodes as they are. */
export interface PolicyPlayback extends ScenePlayback<PolicyPlayback> {
  /** the agents it drives, in row order */
  readonly agents: readonly Agent[];
  /** Also drives these agents, starting with the next decision. */
  add(...agents: readonly Agent[]): void;
  /** Stops driving an agent immediately; ignores agents it does not drive. An agent whose node is disposed is removed automatically. */
  remove(agent: Agent): void;
}

/**
 * Lets a policy drive agents in your existing scene, without an environment. They decide together, with the physics step and
 * decision period that the policy was trained with, whatever the display's frame rate. All playbacks in a scene share its
 * time step, `paused` and `speed`. The scene needs no physics.
 *
 * Call an agent's terminate() to take it out of play, which also stops its actuators, and beginEpisode() to bring it back.
 * Rewards are optional; addReward() only matters for displays here.
 */
export function playPolicy(policy: Policy, scene: Scene, options: PlayPolicyOptions): PolicyPlayback {
  requireScene(scene, 'playPolicy(policy, scene, options)');
  if (!(policy instanceof Policy))
    throw new AgentsError(
      `playPolicy() got ${describeValue(policy)} instead of a policy. Pass the result of \`await loadPolicy(address)\`.`,
    );
  const who = nameOf(policy);
  const { agents, seed, frames = policy.spec.frames ?? 0 } = requireOptions(who, options, RULES);
  if (agents.length === 0)
    throw new AgentsError(
      `${who} was given no agents. Pass those to drive, such as { agents: [agent] }; add() adds more later.`,
    );
  requirePlayable(policy);
  requireAgents(agents, scene, policy);
  const pace = ScenePace.hold(scene, policy.spec.timeStep, frames, who);
  try {
    const playback = new CrowdPlayback(scene, pace, policy, seed === undefined ? undefined : new Random(seed));
    playback.join(agents);
    return playback;
  } catch (error) {
    pace.release();
    throw error;
  }
}

const RULES: OptionRules<PlayPolicyOptions> = {
  agents: listOf('a list of agents', () => undefined), // requireAgents() checks the items
  seed: optional((value) => anInteger(value) && 'an integer; leave it out to draw nothing'),
  frames: optional(integerFrom(0)),
};

class CrowdPlayback extends PacedPlayback<PolicyPlayback> implements PolicyPlayback {
  readonly #scene: Scene;
  readonly #crowd: Crowd;
  readonly policyRows: readonly PolicyRows[];
  readonly #random: Random | undefined;
  /** the latest policy; new agents must match its layout */
  #policy: Policy;
  #controller: Controller;

  constructor(scene: Scene, pace: ScenePace, policy: Policy, random: Random | undefined) {
    const { name, layout, decisionPeriod } = policy.spec;
    const crowd = new Crowd(name, layout);
    super(pace, {
      decisionPeriod,
      decide: () => this.#decide(),
      apply: () => crowd.apply(),
      afterStep: () => {},
      close: () => crowd.close(),
    });
    this.#scene = scene;
    this.#crowd = crowd;
    this.policyRows = [crowd];
    this.#random = random;
    this.#policy = policy;
    this.#controller = withChance(policy, random);
  }

  get agents(): readonly Agent[] {
    return this.#crowd.members;
  }

  add(...agents: readonly Agent[]): void {
    this.join(agents);
  }

  join(agents: readonly Agent[]): void {
    this.requireAlive();
    requireAgents(agents, this.#scene, this.#policy);
    for (const agent of agents) this.#dropStray(agent); // it may be on another node now
    claimAgents(agents, nameOf(this.#policy));
    for (const agent of agents) if (agent.episode === 0 && agent.active) agent.beginEpisode();
    this.#crowd.join(agents);
  }

  remove(agent: Agent): void {
    if (!this.#crowd.has(agent)) return;
    this.#crowd.leave(agent);
    releaseAgents([agent]);
  }

  control(controller: CheckedController): void {
    this.requireAlive();
    if (typeof controller?.act !== 'function')
      throw new AgentsError(`${nameOf(this.#policy)} was given a controller without act(). Pass a policy.`);
    if (controller instanceof Policy) requirePlayable(controller);
    requireClock(controller, this.times, nameOf(this.#policy), SWAP);
    controller.requireLayout?.(this.#policy.spec.layout, this.agents[0]?.label);
    if (controller instanceof Policy) this.#policy = controller;
    this.#controller = withChance(controller, this.#random);
  }

  protected takeOff(): void {
    releaseAgents(this.#crowd.members);
    this.#crowd.disband();
  }

  #decide(): void {
    const { members } = this.#crowd;
    for (let i = 0; i < members.length; i++) this.#dropStray(members[i]);
    this.#crowd.observe();
    if (this.#crowd.agents.length > 0) chooseActions(this.#crowd, this.#controller);
  }

  #dropStray(agent: Agent): void {
    if (this.#crowd.has(agent) && this.#crowd.isStray(agent)) this.remove(agent);
  }
}

function nameOf({ spec }: Policy): string {
  return `playPolicy("${spec.name}")`;
}

/** The controller; if it is a policy and `random` is given, it samples from that, independent of other playbacks. */
function withChance(controller: Controller, random: Random | undefined): Controller {
  if (!(random && controller instanceof Policy)) return controller;
  return { act: (observation, action, mask) => controller.act(observation, action, mask, random) };
}

/** Throws if a policy that was not loaded from a file has an invalid spec or weights. */
function requirePlayable({ spec, weightLayout, weights }: Policy): void {
  const fault = findSpecFault(spec, Infinity) ?? findWeightFault(weightLayout, spec.observationClip, weights);
  if (fault)
    throw new AgentsError(
      `Policy "${spec.name}" cannot be played: ${fault}. Load one with loadPolicy(), or give it weights with update().`,
    );
}

/** Throws if this policy cannot drive one of the agents here. */
function requireAgents(agents: readonly Agent[], scene: Scene, policy: Policy): void {
  const who = nameOf(policy);
  for (const agent of agents) {
    if (!(agent && isAgent(agent)))
      throw new AgentsError(`${who} was given ${agent} among its agents. Pass Agents that are attached to nodes.`);
    const node = agent.attachedNode;
    if (!node)
      throw new AgentsError(
        `${who} was given agent "${agent.name}", which is not attached to a node. Call \`node.addBehavior(agent, true)\` first.`,
      );
    if (node.getScene() !== scene)
      throw new AgentsError(
        `${who} was given ${agent.label}, which is in another scene. Call playPolicy() for that scene too.`,
      );
    policy.requireLayout(agent.layout, agent.label);
  }
}

/** The remedy for a policy with a different clock. */
const SWAP = 'Dispose that playback, and call playPolicy() with this policy.';
