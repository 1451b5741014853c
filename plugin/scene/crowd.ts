import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { type AgentLayout, type LayoutSizes, measureLayout } from '../core/layout.ts';
import type { Agent } from './agent.ts';
import { runtimeOf } from './agent-runtime.ts';
import { observeRows, type PolicyRows } from './decision-clock.ts';

/**
 * Agents of one layout that come and go. Rows change hands between two decisions alone: whoever joins in the middle of one
 * waits for the next, and whoever leaves is left alone at once. Arrays grow by doubling; nothing is allocated for a
 * decision before which nobody came or went.
 */
export class Crowd implements PolicyRows {
  readonly policy: string;
  readonly layout: AgentLayout;
  readonly sizes: LayoutSizes;
  /** row by row, as of the last decision */
  agents: readonly Agent[] = [];
  observation = new Float32Array(0);
  action = new Float32Array(0);
  mask = new Uint8Array(0);
  /** the members as of the last look, until one comes or goes; replaced, never changed */
  #members: readonly Agent[] | undefined;
  /** the members, and where each stood when it joined */
  readonly #nodes = new Map<Agent, TransformNode>();
  /** [rows] the episode that each row's action was chosen for; −1: it has none */
  #chosenFor = new Int32Array(0);
  #capacity = 0;
  #room = { observation: this.observation, action: this.action, mask: this.mask };

  constructor(policy: string, layout: AgentLayout) {
    this.policy = policy;
    this.layout = layout;
    this.sizes = measureLayout(layout);
  }

  /** Everyone who decides next, in the order in which they joined. */
  get members(): readonly Agent[] {
    this.#members ??= [...this.#nodes.keys()];
    return this.#members;
  }

  join(agents: readonly Agent[]): void {
    this.#members = undefined;
    for (const agent of agents) this.#nodes.set(agent, agent.attachedNode as TransformNode);
  }

  leave(agent: Agent): void {
    if (this.#nodes.delete(agent)) this.#members = undefined;
  }

  /** Drives nobody any more; `members` still says whom it drove. */
  disband(): void {
    this.#members = this.members;
    this.#nodes.clear();
  }

  /** Whether an agent is a member. */
  has(agent: Agent): boolean {
    return this.#nodes.has(agent);
  }

  /** Whether an agent is no longer where it joined: its node was disposed, or it hangs on another. */
  isStray(agent: Agent): boolean {
    return agent.attachedNode === null || agent.attachedNode !== this.#nodes.get(agent);
  }

  /** Whatever policies an agent names: it is here by its layout. */
  drives(n: number): boolean {
    const agent = this.agents[n];
    return agent.active && !this.isStray(agent);
  }

  /** Gives every member a row, and reads what those that run sense. */
  observe(): void {
    if (this.agents !== this.members) this.#seat();
    observeRows(this);
    for (let n = 0; n < this.agents.length; n++)
      this.#chosenFor[n] = this.agents[n].active ? this.agents[n].episode : -1;
  }

  /** Hands the held actions to the members that still live in the episode that these were chosen for. */
  apply(): void {
    const { agents, action, sizes } = this;
    for (let n = 0; n < agents.length; n++) {
      const agent = agents[n];
      const current = agent.active && agent.episode === this.#chosenFor[n];
      if (current && !this.isStray(agent)) runtimeOf(agent).apply(action, n * sizes.action);
    }
  }

  /** Counts the rewards of the decision that is over, and lets the sensors of those who took it remember it. */
  close(): void {
    const { agents, observation, sizes } = this;
    for (let n = 0; n < agents.length; n++) {
      const agent = agents[n];
      if (!this.has(agent)) continue;
      const runtime = runtimeOf(agent);
      runtime.takeReward();
      if (!agent.active) runtime.release();
      if (agent.episode === this.#chosenFor[n]) runtime.remember(observation, n * sizes.observation);
      runtime.reportEnd();
    }
  }

  #seat(): void {
    this.agents = this.members;
    const rows = this.agents.length;
    const { observation, action, mask } = this.sizes;
    if (rows > this.#capacity) {
      this.#capacity = Math.max(rows, 2 * this.#capacity);
      this.#chosenFor = new Int32Array(this.#capacity);
      this.#room = {
        observation: new Float32Array(this.#capacity * observation),
        action: new Float32Array(this.#capacity * action),
        mask: new Uint8Array(this.#capacity * mask).fill(1),
      };
    }
    this.observation = this.#room.observation.subarray(0, rows * observation);
    this.action = this.#room.action.subarray(0, rows * action).fill(0);
    this.mask = this.#room.mask.subarray(0, rows * mask);
  }
}
