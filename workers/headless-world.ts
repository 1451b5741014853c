import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Logger } from '@babylonjs/core/Misc/logger.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../plugin/core/errors.ts';
import type { Agent } from '../plugin/scene/agent.ts';
import { type AreasOptions, buildAreas } from '../plugin/scene/areas.ts';
import { BodySync } from '../plugin/scene/body-sync.ts';
import { type AgentGroup, DecisionClock } from '../plugin/scene/decision-clock.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import { enablePhysics } from '../plugin/scene/havok.ts';
import { requirePhysics, stepPhysics } from '../plugin/scene/physics.ts';
import type { EpisodeSummary } from '../plugin/train/worker-protocol.ts';

/** An environment's areas in a Havok world without a renderer, stepped as fast as the thread can. */
export class HeadlessWorld {
  readonly environment: Environment;
  readonly clock: DecisionClock;
  /** ms spent inside Havok's own step so far: without reading bodies, sensing, acting and rewarding */
  physicsMs = 0;
  readonly #scene: Scene;
  readonly #physics: PhysicsEngine;
  readonly #sync: BodySync;
  readonly #areaOf: readonly number[];

  /** Builds the areas; `wasm` is Havok's WebAssembly file where it must be handed in. */
  static async create(
    environment: Environment,
    options: AreasOptions,
    wasm?: ArrayBuffer | string,
  ): Promise<HeadlessWorld> {
    Logger.LogLevels = Logger.WarningLogLevel | Logger.ErrorLogLevel;
    const scene = new Scene(new NullEngine());
    try {
      await enablePhysics(scene, wasm === undefined ? {} : { wasm });
      const areas = await buildAreas(environment, scene, options);
      return new HeadlessWorld(environment, scene, new DecisionClock(areas, environment));
    } catch (error) {
      disposeScene(scene);
      throw error;
    }
  }

  private constructor(environment: Environment, scene: Scene, clock: DecisionClock) {
    this.environment = environment;
    this.clock = clock;
    this.#scene = scene;
    this.#physics = requirePhysics(scene, `Environment "${environment.name}"`);
    this.#sync = new BodySync(this.#physics);
    this.#areaOf = clock.areas.flatMap((area) => area.agents.map(() => area.index));
  }

  /** The agents, which must all share one policy. */
  get group(): AgentGroup {
    const { groups } = this.clock;
    if (groups.length === 1) return groups[0];
    const names = groups.map((group) => `"${group.policy}"`).join(', ');
    throw new AgentsError(
      `Environment "${this.environment.name}" has agents of several policies: ${names}. Training takes one policy at a time: give all agents the same \`policy\` name.`,
    );
  }

  /** Holds the chosen actions for one decision; agents' outcomes and rewards are to be read after it. */
  step(): void {
    const { clock, environment } = this;
    for (let i = 0; i < environment.decisionPeriod; i++) {
      clock.apply();
      this.physicsMs += stepPhysics(this.#physics, environment.timeStep);
      this.#sync.sync();
      clock.afterStep();
    }
    clock.close();
  }

  /** The episode that agent n of the group has just ended. */
  summarise(agent: Agent, n: number): EpisodeSummary {
    const area = this.#areaOf[n];
    return {
      area,
      agent: agent.attachedNode?.name ?? agent.name,
      return: agent.episodeReturn,
      length: this.clock.areas[area - this.clock.areas[0].index].decisions,
      outcome: agent.outcome as EpisodeSummary['outcome'],
    };
  }

  /** What to call agent n of the group in an error. */
  nameAgent(n: number): string {
    return `${this.group.agents[n].label} in area ${this.#areaOf[n]}`;
  }

  dispose(): void {
    disposeScene(this.#scene);
  }
}

function disposeScene(scene: Scene): void {
  const engine = scene.getEngine();
  scene.dispose();
  engine.dispose();
}
