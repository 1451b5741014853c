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
 * One copy of an environment under construction: the argument of `build`.
 *
 * A `build` function written outside defineEnvironment() declares the parameters it reads: `AreaContext<typeof parameters>`.
 */
export interface AreaContext<Parameters extends EnvironmentParameters = NoParameters> {
  /**
   * The parent of every node that `build` makes; positions are relative to it. If the environment has createScene, it is a
   * node at the origin: nodes under it are removed when play ends, all others stay.
   */
  readonly root: TransformNode;
  /** the scene to build in */
  readonly scene: Scene;
  /**
   * The parameter values of the current episode, always in the same object. Samplers and lessons draw new values before
   * every reset(), so set what depends on them there, not only in `build`.
   */
  readonly parameters: Readonly<Parameters>;
  /** The area's first node with this name: below `root`, or anywhere in the scene with createScene. If there is none, throws and lists the existing names. */
  find(name: string): TransformNode;
  /** Ends the episode at the next decision; agents still running are truncated. */
  end(): void;
}

/** The callbacks of an area; `build` returns them. */
export interface AreaLogic {
  /** Sets the area up for a new episode, with all randomness from `random`. Not async: load files in build(). */
  reset(random: Random): NotAPromise;
  /** Called after every physics step while an agent of the area is running: the place for rewards and `agent.terminate()`. */
  afterStep?(): NotAPromise;
}

/** A task as you define it: the argument of {@link defineEnvironment}. */
export interface EnvironmentSpec<Parameters extends EnvironmentParameters = EnvironmentParameters> {
  /** its name in training, files and errors */
  readonly name: string;
  /** s per physics step; 1/60 by default */
  readonly timeStep?: number;
  /** physics steps that each action is held for; 5 by default */
  readonly decisionPeriod?: number;
  /**
   * Physics steps per frame, ≥ 1: training and play then run the scene's frames at this fixed length, including
   * animations and all code that uses `onBeforeRenderObservable`, `scene.deltaTime` and the like. If omitted or 0,
   * training has no frames, and play uses the display's.
   */
  readonly frames?: number;
  /** decisions after which an episode is truncated; 1000 by default */
  readonly maxDecisions?: number;
  /** m between the centers of neighboring areas, which do not affect each other even if they overlap; 20 by default */
  readonly spacing?: number;
  /** s that createScene and build, which may load files, can take in training before they count as failed; 60 by default */
  readonly loadTimeout?: number;
  /** its parameters and their default values */
  readonly parameters?: Parameters;
  /**
   * Makes a scene as the game does, including camera, lights and physics. In training, every area then has its own scene
   * and physics world; play() uses the scene that the game made. `engine` has no canvas in training:
   * `engine.getRenderingCanvas()` is null.
   */
  createScene?(engine: AbstractEngine): Scene | Promise<Scene>;
  /**
   * Whether createScene needs a page: in training, `window`, `document` and other browser objects are then stand-ins,
   * and `new Engine(canvas)` returns the training engine.
   */
  readonly browser?: boolean;
  /** Builds one copy under `area.root`; with createScene, attaches agents to nodes of the scene. May be async to load assets. */
  readonly build: (area: AreaContext<Parameters>) => AreaLogic | Promise<AreaLogic>;
}

/** A validated task with all defaults filled in. */
export interface Environment<Parameters extends EnvironmentParameters = EnvironmentParameters>
  extends Required<Omit<EnvironmentSpec<Parameters>, 'frames' | 'createScene' | 'build'>> {
  /** physics steps per frame; if omitted, training has no frames */
  readonly frames?: number;
  /** Makes the area's own scene. */
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
 * Validates a task and fills in defaults: steps of 1/60 s, a decision every 5 steps, at most 1000 decisions, areas 20 m
 * apart, 60 s to load. TypeScript infers the names of its `parameters`.
 */
export function defineEnvironment<Parameters extends EnvironmentParameters = NoParameters>(
  spec: EnvironmentSpec<Parameters> & Declared<Parameters>,
): Environment<Parameters> {
  requireOptions(nameOf(spec), spec as EnvironmentSpec, RULES);
  const { name, timeStep = 1 / 60, decisionPeriod = 5, maxDecisions = 1000, spacing = 20 } = spec;
  const { loadTimeout = 60, browser = false, frames, parameters = {} as Parameters } = spec;
  requireNumbers(name, parameters);
  if (browser && !spec.createScene)
    throw new AgentsError(`Environment "${name}" has \`browser\` but no createScene. Leave \`browser\` out.`);
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

/** Throws if this did not come from defineEnvironment(), or was changed to something invalid since. */
export function requireEnvironment(environment: Environment): void {
  if (typeof (environment as Environment | undefined)?.maxDecisions !== 'number')
    throw new AgentsError(
      `${describeValue(environment)} is not an environment. Pass the result of defineEnvironment({ name, build }).`,
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
