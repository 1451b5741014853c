import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import { Random } from '../plugin/core/random.ts';
import { runtimeOf } from '../plugin/scene/agent-runtime.ts';
import { BodySync } from '../plugin/scene/body-sync.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import { stepPhysics } from '../plugin/scene/physics.ts';
import { HeadlessWorld } from '../workers/headless-world.ts';
import { keepAwake } from './keep-awake.ts';

/** How a physics step is made: with Babylon's own step and sync, as training does, or as Havok's step and nothing else. */
export const WAYS = ['babylon', 'ours', 'havok'] as const;
export type Way = (typeof WAYS)[number];

/** Some worlds of equally many areas, whose agents act at random and restart when they fail. */
export class PhysicsCrowd {
  readonly areas: number;
  readonly #worlds: readonly CrowdWorld[];
  readonly #environment: Environment;
  readonly #random = new Random(1);

  static async create(environment: Environment, worlds: number, areasPerWorld: number): Promise<PhysicsCrowd> {
    const created: CrowdWorld[] = [];
    for (let i = 0; i < worlds; i++) created.push(await CrowdWorld.create(environment, areasPerWorld, i));
    return new PhysicsCrowd(environment, created, worlds * areasPerWorld);
  }

  private constructor(environment: Environment, worlds: readonly CrowdWorld[], areas: number) {
    this.#environment = environment;
    this.#worlds = worlds;
    this.areas = areas;
  }

  /** Lives through some decisions of all worlds, step by step; returns the ms that the physics steps took, and nothing else. */
  live(decisions: number, way: Way): number {
    const { timeStep, decisionPeriod } = this.#environment;
    let ms = 0;
    for (let t = 0; t < decisions; t++) {
      for (const world of this.#worlds) world.decide(this.#random);
      for (let i = 0; i < decisionPeriod; i++) {
        for (const { clock } of this.#worlds) clock.apply();
        const began = performance.now();
        for (const world of this.#worlds) world.step(way, timeStep);
        ms += performance.now() - began;
        for (const world of this.#worlds) world.afterStep(way);
      }
      for (const { clock } of this.#worlds) clock.close();
    }
    return ms;
  }

  /** What all agents observe now, world after world. */
  observations(): number[] {
    return this.#worlds.flatMap((world) => world.observe());
  }

  dispose(): void {
    for (const world of this.#worlds) world.dispose();
  }
}

/** One Havok world. */
class CrowdWorld {
  readonly #world: HeadlessWorld;
  readonly #engine: PhysicsEngine;
  readonly #plugin: HavokPlugin;
  readonly #sync: BodySync;

  static async create(environment: Environment, count: number, index: number): Promise<CrowdWorld> {
    const world = new CrowdWorld(await HeadlessWorld.create(environment, { count, first: index * count, seeds: [1] }));
    const { _hknp: havok, world: havokWorld } = world.#plugin;
    havok.HP_World_SetIdealStepTime(havokWorld, environment.timeStep); // which the other ways do again in each step
    return world;
  }

  private constructor(world: HeadlessWorld) {
    this.#world = world;
    this.#engine = world.clock.areas[0].scene.getPhysicsEngine() as PhysicsEngine;
    this.#plugin = this.#engine.getPhysicsPlugin() as HavokPlugin;
    this.#sync = new BodySync(this.#engine);
    keepAwake(this.#engine.getBodies() as PhysicsBody[]);
  }

  get clock(): HeadlessWorld['clock'] {
    return this.#world.clock;
  }

  /** Begins episodes that are over, and chooses any actions. */
  decide(random: Random): void {
    const { agents, action } = this.#world.rows;
    for (const agent of agents) runtimeOf(agent).takeReward();
    this.clock.restart();
    for (let i = 0; i < action.length; i++) action[i] = random.between(-1, 1);
  }

  observe(): number[] {
    this.clock.observe();
    return [...this.#world.rows.observation];
  }

  step(way: Way, timeStep: number): void {
    if (way === 'babylon') this.#plugin.executeStep(timeStep, this.#engine.getBodies() as PhysicsBody[]);
    else if (way === 'havok') this.#plugin._hknp.HP_World_Step(this.#plugin.world, timeStep);
    else {
      stepPhysics(this.#engine, timeStep);
      this.#sync.sync();
    }
  }

  afterStep(way: Way): void {
    if (way === 'havok') this.#sync.sync();
    this.clock.afterStep();
  }

  dispose(): void {
    this.#world.dispose();
  }
}
