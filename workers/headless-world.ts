import type { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { blame, CallbackError } from '../plugin/core/callback-error.ts';
import { AgentsError } from '../plugin/core/errors.ts';
import { Notices } from '../plugin/core/notices.ts';
import { Random } from '../plugin/core/random.ts';
import { type Agent, countAttached } from '../plugin/scene/agent.ts';
import type { Area } from '../plugin/scene/area.ts';
import { AreaIsolation } from '../plugin/scene/area-isolation.ts';
import { type AreasOptions, physicsOf } from '../plugin/scene/areas.ts';
import { DecisionClock, type PolicyRows } from '../plugin/scene/decision-clock.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import { SceneFrames } from '../plugin/scene/scene-frames.ts';
import { SteppedScene } from '../plugin/scene/stepped-scene.ts';
import type { EpisodeSummary, EpisodeTerms } from '../plugin/train/worker-protocol.ts';
import { buildOwnScenes, buildSharedWorld } from './build-worlds.ts';
import { describeEmptyNodes } from './empty-nodes.ts';
import { holdFreshBounds } from './fresh-bounds.ts';
import { HeadlessEngine } from './headless-engine.ts';
import { takeLosses } from './losses.ts';
import { holdNodePlatform } from './node-platform.ts';
import { holdQuietLog } from './quiet-log.ts';
import { watchRandom } from './random-watch.ts';
import { keepPlatformForLoaders } from './scene-loaders.ts';
import { TimeWatch } from './time-watch.ts';
import { WorldTime } from './world-time.ts';
import { WorldWatch } from './world-watch.ts';

export interface WorldOptions extends AreasOptions {
  /** lessons that were completed before its first episodes */
  readonly stage?: number;
  /** whether each area's first episode is truncated after a drawn number of decisions, so that areas are out of step */
  readonly stagger?: boolean;
}

interface WorldParts extends Required<Pick<WorldOptions, 'stage' | 'stagger'>> {
  readonly notices: Notices;
  readonly time: WorldTime | TimeWatch | undefined;
}

/** An environment's areas without a renderer, in one Havok world or in scenes of their own, stepped as fast as the thread can. */
export class HeadlessWorld {
  readonly environment: Environment;
  readonly clock: DecisionClock;
  /** notices for the user; the trainer passes each on as a warning, once per run */
  readonly notices: Notices;
  /** ms spent inside Havok's own step so far: without reading bodies, sensing, acting and rewarding */
  physicsMs = 0;
  readonly #engine: NullEngine;
  /** one, with all areas; or one for each area */
  readonly #scenes: readonly SteppedScene[];
  /** of those, in an environment that has frames */
  readonly #frames: readonly SceneFrames[] | undefined;
  /** where among the clock's areas each agent's area stands */
  readonly #rowOf: ReadonlyMap<Agent, number>;
  /** lessons that were completed before the next episodes, and before each area's present one */
  #stage: number;
  readonly #stageOf: number[];
  readonly #stagger: boolean;
  readonly #watch: WorldWatch;
  #time: WorldTime | TimeWatch | undefined;
  #steps = 0;
  /** agents attached in this thread when it last looked for new ones */
  #attached = -1;

  /** Builds the areas; `wasm` is Havok's WebAssembly file where it must be handed in. */
  static async create(
    environment: Environment,
    { stage = 0, stagger = false, ...options }: WorldOptions,
    wasm?: ArrayBuffer | string,
  ): Promise<HeadlessWorld> {
    const notices = new Notices();
    const time = beginTime(environment, notices);
    const held = [holdQuietLog(), holdNodePlatform(), watchRandom(notices), () => time?.dispose()];
    const engine = environment.browser ? HeadlessEngine.take() : new HeadlessEngine();
    engine.onDisposeObservable.add(() => {
      for (const release of held) release();
    });
    try {
      await keepPlatformForLoaders();
      const areas = environment.createScene
        ? await buildOwnScenes(environment, engine, options, notices)
        : await buildSharedWorld(environment, engine, options, wasm);
      time?.built();
      held.push(holdFreshBounds());
      const firstLimits = stagger ? drawFirstLimits(areas, environment, options.seeds ?? []) : undefined;
      const clock = new DecisionClock(areas, environment, { firstLimits });
      const world = new HeadlessWorld(engine, environment, clock, { stage, stagger, notices, time });
      for (const notice of [...takeLosses(), ...describeEmptyNodes(areas[0], environment.name)]) notices.add(notice);
      return world;
    } catch (error) {
      takeLosses(); // which are of what never was
      disposeWreck(engine);
      throw error;
    }
  }

  private constructor(
    engine: NullEngine,
    environment: Environment,
    clock: DecisionClock,
    { stage, stagger, notices, time }: WorldParts,
  ) {
    this.environment = environment;
    this.notices = notices;
    this.clock = clock;
    this.#engine = engine;
    const scenes = [...new Set(clock.areas.map((area) => area.scene))];
    this.#scenes = scenes.map((scene) => new SteppedScene(scene, physicsOf(scene, environment)));
    this.#frames = beginFrames(scenes, environment);
    this.#rowOf = new Map(clock.areas.flatMap((area, row) => area.agents.map((agent) => [agent, row] as const)));
    this.#stage = stage;
    this.#stageOf = clock.areas.map(() => stage);
    this.#stagger = stagger;
    this.#time = time;
    const physics = physicsOf(scenes[0], environment);
    if (physics) notices.addFrom(() => AreaIsolation.takeWarnings(physics, environment.name));
    this.#watch = new WorldWatch(clock.areas, environment, notices);
  }

  /** The agents that a policy may drive. */
  rowsOf(policy: string): PolicyRows {
    const rows = this.clock.policyRows.find((candidate) => candidate.policy === policy);
    if (rows) return rows;
    throw new AgentsError(
      `Environment "${this.environment.name}" has no agent of policy "${policy}". Its agents name ${this.#policies}.`,
    );
  }

  /** The agents, where one policy drives them all. */
  get rows(): PolicyRows {
    const { policyRows } = this.clock;
    if (policyRows.length === 1) return policyRows[0];
    throw new AgentsError(
      `Environment "${this.environment.name}" has agents of several policies: ${this.#policies}. Name one with rowsOf(policy).`,
    );
  }

  /** Sets the terms of all episodes that begin from now on. */
  setTerms({ parameters, stage }: EpisodeTerms): void {
    for (const area of this.clock.areas) area.setParameters(parameters);
    this.#stage = stage;
  }

  /** Begins new episodes in the areas that are over. */
  restart(): void {
    const { areas } = this.clock;
    if (countAttached() !== this.#attached) this.#refuseNewAgents();
    for (let i = 0; i < areas.length; i++) if (areas[i].over) this.#stageOf[i] = this.#stage;
    this.#watch.restarting();
    if (this.#time) this.#time.within(this.#restart);
    else this.#restart();
    this.#watch.restarted();
  }

  readonly #restart = (): void => this.clock.restart();

  /** Reads the sensors of all running agents. */
  observe(): void {
    if (this.#time) this.#time.within(this.#observe);
    else this.#observe();
  }

  readonly #observe = (): void => this.clock.observe();

  #refuseNewAgents(): void {
    for (const area of this.clock.areas) area.requireNoNewAgents();
    this.#attached = countAttached();
  }

  /** Holds the chosen actions for one decision; agents' outcomes and rewards are to be read after it. */
  step(): void {
    if (this.#time) this.#time.within(this.#live);
    else this.#live();
    if (this.#time?.done) this.#time = undefined;
    this.#watch.decided();
  }

  readonly #live = (): void => {
    const { clock, environment } = this;
    for (let i = 0; i < environment.decisionPeriod; i++) {
      clock.apply();
      this.#stepPhysics();
      clock.afterStep();
    }
    clock.close();
  };

  #stepPhysics(): void {
    const { timeStep, frames, createScene, name } = this.environment;
    let i = 0;
    try {
      if (frames && this.#steps++ % frames === 0) (this.#time as WorldTime).advance(1000 * frames * timeStep);
      for (; i < this.#scenes.length; i++) {
        this.#frames?.[i].before();
        this.physicsMs += this.#scenes[i].step(timeStep);
        this.#frames?.[i].after();
      }
    } catch (error) {
      const what = this.#frames ? 'a physics step, a frame or a timer' : 'a physics step';
      const owner = error instanceof CallbackError ? error.tellCircumstances().owner : undefined;
      const area = this.clock.areas.find(({ root }) => root === owner); // whose code observes
      if (area) throw area.blame(error);
      if (createScene || this.clock.areas.length === 1) throw this.clock.areas[i].blame(error, what);
      const where = `one of ${this.clock.areas.length} areas, after ${this.clock.decisions} decisions of their world`;
      throw blame(error, { what, environment: name, where });
    }
  }

  /** Whether an agent's running episode is as long as the task makes it: no first one of a staggered world. */
  isWhole(agent: Agent): boolean {
    return !this.#stagger || agent.episode > 1;
  }

  /** The episode that an agent has just ended. */
  summarize(agent: Agent): EpisodeSummary {
    const row = this.#rowOf.get(agent) as number;
    const area = this.clock.areas[row];
    return {
      area: area.index,
      agent: agent.attachedNode?.name ?? agent.name,
      policy: agent.policy,
      return: agent.episodeReturn,
      length: area.decisions,
      outcome: agent.outcome as EpisodeSummary['outcome'],
      stage: this.#stageOf[row],
    };
  }

  /** What to call an agent in an error. */
  nameAgent(agent: Agent): string {
    return `${agent.label} in area ${this.clock.areas[this.#rowOf.get(agent) as number].index}`;
  }

  dispose(): void {
    this.#engine.dispose(); // and its scenes
  }

  /** For people. */
  get #policies(): string {
    return this.clock.policyRows.map((rows) => `"${rows.policy}"`).join(', ');
  }
}

/** The timers and clocks of a world: those of its frames; what warns of them where it has none; undefined: it needs none. */
function beginTime({ name, frames, timeStep }: Environment, notices: Notices): WorldTime | TimeWatch | undefined {
  if (frames === 0) return undefined;
  return frames === undefined ? new TimeWatch(name, timeStep, notices) : new WorldTime();
}

/** The frames of scenes that share an engine, where their environment has any: from now on its time is theirs. */
function beginFrames(
  scenes: readonly Scene[],
  { frames = 0, timeStep }: Environment,
): readonly SceneFrames[] | undefined {
  if (frames === 0) return undefined;
  const all = scenes.map((scene) => new SceneFrames(scene, frames, timeStep));
  for (const each of all) each.enter();
  return all;
}

/** What has failed half-way may fail again as it is disposed; the first failure is the one to hear of. */
function disposeWreck(engine: NullEngine): void {
  try {
    engine.dispose();
  } catch {
    engine.onDisposeObservable.notifyObservers(engine);
  }
}

/** Decisions after which each area's first episode is truncated, 1 … maxDecisions; every area has a stream of its own. */
function drawFirstLimits(
  areas: readonly Area[],
  { maxDecisions }: Environment,
  seeds: readonly number[],
): readonly number[] {
  return areas.map(({ index }) => 1 + new Random(...seeds, index, STAGGER).integer(maxDecisions));
}

/** Keeps the stream of first limits apart from that which an area's episodes draw from. */
const STAGGER = 0x57a6;
