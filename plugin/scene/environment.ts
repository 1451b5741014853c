import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import { LEAST_TIME_STEP, MOST_TIME_STEP } from '../core/limits.ts';
import { environmentName } from '../core/names.ts';
import {
  aBoolean,
  aboveZero,
  aFunction,
  describeValue,
  integerFrom,
  numberBetween,
  type OptionRules,
  optional,
  requireOptions,
} from '../core/options.ts';
import type { EnvironmentParameters, NoParameters } from '../core/parameters.ts';
import type { Random } from '../core/random.ts';
import type { NotAPromise } from '../core/synchronous.ts';

/**
 * One copy of an environment under construction: what `build` gets.
 *
 * A `build` function outside of defineEnvironment() states the parameters it reads: `AreaContext<typeof parameters>`.
 */
export interface AreaContext<Parameters extends EnvironmentParameters = NoParameters> {
  /**
   * Every node that `build` makes stands under this one, in its coordinates. In a scene of its own it is a node at the
   * origin: what stands under it goes when play ends, and all other nodes stay.
   */
  readonly root: TransformNode;
  /** the scene to build in */
  readonly scene: Scene;
  /**
   * The numbers of the running episode, in one object that stays the same. Where somebody gave samplers or lessons, they are
   * drawn before every reset(), so what depends on them is set there, not in `build` alone.
   */
  readonly parameters: Readonly<Parameters>;
  /** The area's first node of a name: below `root`, or anywhere in a scene of its own. Throws with the names that there are. */
  find(name: string): TransformNode;
  /** Ends the episode at the next decision: agents that still run are truncated. */
  end(): void;
}

/** What an area does by itself; made by `build`. */
export interface AreaLogic {
  /** Puts the area at the start of an episode, drawing all chance from `random`. Not async: what must be loaded, build() loads. */
  reset(random: Random): NotAPromise;
  /** After every physics step while an agent of the area runs: the place for rewards and for `agent.terminate()`. */
  afterStep?(): NotAPromise;
}

/** A task, as a person writes it. */
export interface EnvironmentSpec<Parameters extends EnvironmentParameters = EnvironmentParameters> {
  /** what training, files and errors call it */
  readonly name: string;
  /** s of one physics step; 1/60 by default */
  readonly timeStep?: number;
  /** physics steps that an action is held; 5 by default */
  readonly decisionPeriod?: number;
  /**
   * Physics steps of one frame, from 1 on: training and play then give the scene frames of this fixed time, with its
   * animations and all that hangs on `onBeforeRenderObservable`, `scene.deltaTime` and the like. Without it, or with 0,
   * training has no frames, and those at play are the display's.
   */
  readonly frames?: number;
  /** decisions after which an episode is truncated; 1000 by default */
  readonly maxDecisions?: number;
  /** m between the middles of neighboring areas, which do not notice each other even if they overlap; 20 by default */
  readonly spacing?: number;
  /** s after which createScene and build, which load files, are given up in training; 60 by default */
  readonly loadTimeout?: number;
  /** what it can be told, and what it takes where nobody tells it otherwise */
  readonly parameters?: Parameters;
  /**
   * Makes a scene as the game makes it, camera, lights, physics and all. With it every area in training has a scene and a
   * world of its own, and play() takes the scene that the game has made. `engine` has no canvas in training:
   * `engine.getRenderingCanvas()` is null.
   */
  createScene?(engine: AbstractEngine): Scene | Promise<Scene>;
  /**
   * Whether createScene was written for a page: in training `window`, `document` and what else such games touch are stand-ins
   * then, and `new Engine(canvas)` is the engine of training.
   */
  readonly browser?: boolean;
  /** Builds one copy under `area.root`, or hangs agents on what the area's own scene has; may be async to load assets. */
  readonly build: (area: AreaContext<Parameters>) => AreaLogic | Promise<AreaLogic>;
}

/** A task, complete and checked. */
export interface Environment<Parameters extends EnvironmentParameters = EnvironmentParameters>
  extends Required<Omit<EnvironmentSpec<Parameters>, 'frames' | 'createScene' | 'build'>> {
  /** physics steps of one frame; none if omitted */
  readonly frames?: number;
  /** Makes a scene of the area's own. */
  createScene?(engine: AbstractEngine): Scene | Promise<Scene>;
  /** Builds one copy. */
  build(area: AreaContext<Parameters>): AreaLogic | Promise<AreaLogic>;
}

/** Parameters that `build` reads must be declared. */
type Declared<Parameters> = [keyof Parameters] extends [never]
  ? { readonly parameters?: Readonly<Record<string, never>> }
  : string extends keyof Parameters
    ? unknown
    : { readonly parameters: Parameters };

/**
 * Checks a task and fills in what it leaves out: steps of 1/60 s, a decision every 5, 1000 decisions, areas 20 m apart,
 * a minute to load. TypeScript infers the names of its `parameters`.
 */
export function defineEnvironment<Parameters extends EnvironmentParameters = NoParameters>(
  spec: EnvironmentSpec<Parameters> & Declared<Parameters>,
): Environment<Parameters> {
  requireOptions(nameOf(spec), spec as EnvironmentSpec, RULES);
  const { name, timeStep = 1 / 60, decisionPeriod = 5, maxDecisions = 1000, spacing = 20 } = spec;
  const { loadTimeout = 60, browser = false, frames, parameters = {} as Parameters } = spec;
  requireNumbers(name, parameters);
  if (browser && !spec.createScene)
    throw new AgentsError(
      `Environment "${name}" has \`browser\`, which is for createScene, and no createScene. Leave it out.`,
    );
  return {
    name,
    timeStep,
    decisionPeriod,
    maxDecisions,
    spacing,
    loadTimeout,
    browser,
    parameters,
    ...(frames !== undefined && { frames }),
    ...(spec.createScene && {
      createScene: (engine) => (spec as Required<EnvironmentSpec<Parameters>>).createScene(engine),
    }),
    build: (area) => spec.build(area),
  };
}

/** Throws if this is no environment: one that was not defined, or was changed to what cannot be. */
export function requireEnvironment(environment: Environment): void {
  if (typeof (environment as Environment | undefined)?.maxDecisions !== 'number')
    throw new AgentsError(
      `${describeValue(environment)} is no environment. Pass what defineEnvironment({ name, build }) returns.`,
    );
  requireOptions(nameOf(environment), environment, RULES);
  requireNumbers(environment.name, environment.parameters);
}

function requireNumbers(name: string, parameters: EnvironmentParameters): void {
  for (const [key, value] of Object.entries(parameters)) {
    if (!Number.isFinite(value))
      throw new AgentsError(`Environment "${name}" has parameter "${key}" = ${value}. Parameters are finite numbers.`);
  }
}

function nameOf(spec: { readonly name: unknown } | undefined): string {
  return typeof spec?.name === 'string' ? `Environment "${spec.name}"` : 'defineEnvironment()';
}

const RULES: OptionRules<EnvironmentSpec> = {
  name: environmentName,
  timeStep: optional(numberBetween(LEAST_TIME_STEP, MOST_TIME_STEP, ' of seconds')),
  decisionPeriod: optional(integerFrom(1)),
  frames: optional(integerFrom(0)),
  maxDecisions: optional(integerFrom(1)),
  spacing: optional(aboveZero),
  loadTimeout: optional(aboveZero),
  parameters: optional((value) => (typeof value === 'object' && value !== null ? undefined : NUMBERS)),
  createScene: optional(aFunction),
  browser: optional(aBoolean),
  build: aFunction,
};
const NUMBERS = 'an object of numbers, such as { speed: 2 }';
