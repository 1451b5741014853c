import type { Observer } from '@babylonjs/core/Misc/observable.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Agent } from '../scene/agent.ts';
import { type ListedAgent, listAgents } from './agent-list.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';

/** least ms between two snapshots of the scene */
const PERIOD_MS = 100;

/** The agents of a scene at one moment; a new object for every snapshot. */
export interface AgentsView {
  readonly agents: readonly ListedAgent[];
  readonly selected: ListedAgent | undefined;
  /** of the selected agent */
  readonly snapshot: Snapshot | undefined;
}

const NOTHING: AgentsView = { agents: [], selected: undefined, snapshot: undefined };

/**
 * Looks at the agents of a scene up to ten times a second, while it has listeners and the scene renders. Agents may come
 * and go; when the selected one goes, the one that has taken its place is selected.
 */
export class AgentsWatch {
  #view = NOTHING;
  #scene: Scene | null = null;
  #selected: Agent | undefined;
  #rendered: Observer<Scene> | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;

  /** @param now ms on a clock that does not go back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The latest view. */
  get view(): AgentsView {
    return this.#view;
  }

  /** Switches to another scene, or to none. */
  watch(scene: Scene | null): void {
    if (scene === this.#scene) return;
    this.#stop();
    this.#scene = scene;
    this.#view = NOTHING;
    if (this.#listeners.size > 0) this.#start();
    this.#tell();
  }

  /** Calls `listener` after every snapshot; returns a function that stops it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  /** Takes snapshots of this agent from now on. */
  select(agent: Agent): void {
    if (agent === this.#selected) return;
    this.#selected = agent;
    if (this.#listeners.size === 0) return; // the next listener makes it look
    this.#look();
    this.#tell();
  }

  dispose(): void {
    this.#stop();
    this.#listeners.clear();
    this.#scene = null;
    this.#view = NOTHING;
    this.#selected = undefined;
  }

  #start(): void {
    this.#look();
    this.#rendered = this.#scene?.onAfterRenderObservable.add(() => {
      if (this.#now() - this.#lookedAt < PERIOD_MS) return;
      this.#look();
      this.#tell();
    });
  }

  #stop(): void {
    this.#rendered?.remove(true); // deferred: at once, Babylon may skip the next observer, and it miscounts those that are left
    this.#rendered = undefined;
  }

  #look(): void {
    this.#lookedAt = this.#now();
    const agents = this.#scene ? listAgents(this.#scene) : [];
    const selected = this.#find(agents);
    this.#selected = selected?.agent ?? this.#selected;
    this.#view = { agents, selected, snapshot: selected && takeSnapshot(selected.agent) };
  }

  /** The selected agent among `agents`, else the one in its place, else the first. */
  #find(agents: readonly ListedAgent[]): ListedAgent | undefined {
    const before = this.#view.selected;
    return (
      agents.find(({ agent }) => agent === this.#selected) ??
      agents.find(({ agent, title }) => agent.policy === before?.agent.policy && title === before.title) ??
      agents[0]
    );
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
