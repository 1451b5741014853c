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
  /** whom the policy drives, all in one batch; others may join by add() */
  readonly agents: readonly Agent[];
  /** draws actions by chance, the same from the same seed; without it the policy's likeliest actions are taken, or what its own sampleWith() says */
  readonly seed?: number;
  /** physics steps of one frame of the scene, as in the environment that the policy was trained in; 0: the display's own frames. What the policy says, if left out. */
  readonly frames?: number;
}

/** Agents of an existing scene at play by one policy; dispose() leaves them and their nodes as they are. */
export interface PolicyPlayback extends ScenePlayback<PolicyPlayback> {
  /** whom it drives, in the order of their rows */
  readonly agents: readonly Agent[];
  /** Drives these agents too, from the next decision on. */
  add(...agents: readonly Agent[]): void;
  /** Leaves an agent alone at once; one that it does not drive is passed over. An agent whose node is disposed leaves by itself. */
  remove(agent: Agent): void;
}

/**
 * Lets a policy drive agents of a scene that somebody has already, without an environment. They decide together, in the
 * fixed physics steps and as often as the policy was trained to, whatever the display's rate: `paused` and `speed` are the
 * scene's, and so is the time step that all that play in it must share. The scene may have no physics.
 *
 * A game calls an agent's terminate() when it is out of play, which leaves it alone, actuators and all, and
 * beginEpisode() when it is back. Nobody needs to reward it; what addReward() adds is there for displays, as in training.
 */
export function playPolicy(policy: Policy, scene: Scene, options: PlayPolicyOptions): PolicyPlayback {
  requireScene(scene, 'playPolicy(policy, scene, options)');
  if (!(policy instanceof Policy))
    throw new AgentsError(
      `playPolicy() got ${describeValue(policy)} where the policy belongs. Pass what \`await loadPolicy(address)\` returns.`,
    );
  const who = nameOf(policy);
  const { agents, seed, frames = policy.spec.frames ?? 0 } = requireOptions(who, options, RULES);
  if (agents.length === 0)
    throw new AgentsError(
      `${who} was given no agents. Pass those that it drives, such as { agents: [agent] }; others may join by add().`,
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
  agents: listOf('a list of agents', () => undefined), // which have complaints of their own
  seed: optional((value) => anInteger(value) && 'an integer; leave it out to draw nothing'),
  frames: optional(integerFrom(0)),
};

class CrowdPlayback extends PacedPlayback<PolicyPlayback> implements PolicyPlayback {
  readonly #scene: Scene;
  readonly #crowd: Crowd;
  readonly policyRows: readonly PolicyRows[];
  readonly #random: Random | undefined;
  /** the last one that was given: what new agents must fit */
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
    for (const agent of agents) this.#dropStray(agent); // which may be back elsewhere
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
      throw new AgentsError(`${nameOf(this.#policy)} was to be controlled by something without act(). Pass a policy.`);
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

/** The controller; a policy draws from `random`, where there is one, whoever else plays it. */
function withChance(controller: Controller, random: Random | undefined): Controller {
  if (!(random && controller instanceof Policy)) return controller;
  return { act: (observation, action, mask) => controller.act(observation, action, mask, random) };
}

/** Throws when a policy was made by hand and cannot act: its file would have been refused. */
function requirePlayable({ spec, weightLayout, weights }: Policy): void {
  const fault = findSpecFault(spec, Infinity) ?? findWeightFault(weightLayout, spec.observationClip, weights);
  if (fault)
    throw new AgentsError(
      `Policy "${spec.name}" cannot be played: ${fault}. Load one with loadPolicy(), or give it weights with update().`,
    );
}

/** Throws when one of the agents cannot be driven here by this policy. */
function requireAgents(agents: readonly Agent[], scene: Scene, policy: Policy): void {
  const who = nameOf(policy);
  for (const agent of agents) {
    if (!(agent && isAgent(agent)))
      throw new AgentsError(`${who} was given ${agent} among its agents. Pass Agents, which hang on nodes.`);
    const node = agent.attachedNode;
    if (!node)
      throw new AgentsError(
        `${who} was given agent "${agent.name}", which is on no node. Call \`node.addBehavior(agent, true)\` first.`,
      );
    if (node.getScene() !== scene)
      throw new AgentsError(
        `${who} was given ${agent.label}, which is in another scene. Call playPolicy() for that scene too.`,
      );
    policy.requireLayout(agent.layout, agent.label);
  }
}

/** How a policy of another clock is played after all. */
const SWAP = 'Dispose that playback, and call playPolicy() with this policy.';
