import type { Scene } from '@babylonjs/core/scene.js';
import { MOST_AREAS } from '../core/limits.ts';
import {
  anInteger,
  integerBetween,
  integerFrom,
  listOf,
  type OptionRules,
  optional,
  requireOptions,
} from '../core/options.ts';
import type { EnvironmentParameters } from '../core/parameters.ts';
import { runtimeOf } from './agent-runtime.ts';
import { type AreasOptions, buildAreas } from './areas.ts';
import { assignControllers, type CheckedController, type Controllers } from './controllers.ts';
import { chooseActions, DecisionClock, type PolicyRows } from './decision-clock.ts';
import { claimAgents, releaseAgents } from './drivers.ts';
import { type Environment, requireEnvironment } from './environment.ts';
import { type Clock, requireClock } from './require-clock.ts';
import { requireScene } from './require-scene.ts';
import { ScenePace } from './scene-pace.ts';
import { PacedPlayback, type ScenePlayback } from './scene-playback.ts';

/** Options of {@link play}. */
export interface PlayOptions<Parameters extends EnvironmentParameters = EnvironmentParameters>
  extends AreasOptions<Parameters> {}

/** An environment playing in a rendered scene; dispose() removes its areas from the scene. */
export interface Playback extends ScenePlayback<Playback> {
  /** runs the episodes */
  readonly clock: DecisionClock;
  control(controllers: Controllers): void;
}

/**
 * Builds `environment` into a rendered scene and lets `controllers` decide: one for all agents, or one for each policy
 * name, as in `{ striker, goalie }`. It uses the same decision clock and fixed physics steps as training, whatever the
 * display's frame rate. A frame catches up at most 0.1 s; longer delays, as in a hidden tab or on a slow machine, are
 * dropped.
 */
export async function play<Parameters extends EnvironmentParameters>(
  environment: Environment<Parameters>,
  scene: Scene,
  controllers: Controllers,
  options: PlayOptions<NoInfer<Parameters>> = {},
): Promise<Playback> {
  requireScene(scene, 'play(environment, scene, controllers, options)');
  requireEnvironment(environment);
  const who = `play("${environment.name}")`;
  const checked: PlayOptions = requireOptions(who, options as PlayOptions, RULES);
  const pace = ScenePace.hold(scene, environment.timeStep, environment.frames ?? 0, who);
  try {
    const areas = await buildAreas(environment, scene, checked);
    try {
      const clock = new DecisionClock(areas, environment);
      const assigned = assign(clock, environment, controllers, who);
      for (const area of areas) claimAgents(area.agents, who);
      return new EnvironmentPlayback(pace, clock, assigned, who);
    } catch (error) {
      for (const area of areas) area.dispose();
      throw error;
    }
  } catch (error) {
    pace.release();
    throw error;
  }
}

const RULES: OptionRules<PlayOptions> = {
  count: optional(integerBetween(1, MOST_AREAS)),
  first: optional(integerFrom(0)),
  seeds: optional(listOf('a list of integers', anInteger)),
  parameters: () => undefined, // buildAreas() checks them
};

class EnvironmentPlayback extends PacedPlayback<Playback> implements Playback {
  readonly clock: DecisionClock;
  readonly #who: string;
  /** one per policy */
  #controllers: readonly CheckedController[];

  constructor(pace: ScenePace, clock: DecisionClock, controllers: readonly CheckedController[], who: string) {
    super(pace, {
      decisionPeriod: clock.decisionPeriod,
      decide: () => decide(clock, this.#controllers),
      apply: () => clock.apply(),
      afterStep: () => clock.afterStep(),
      close: () => close(clock),
    });
    this.clock = clock;
    this.#who = who;
    this.#controllers = controllers;
  }

  get policyRows(): readonly PolicyRows[] {
    return this.clock.policyRows;
  }

  control(controllers: Controllers): void {
    this.#controllers = assign(this.clock, this.times, controllers, this.#who);
  }

  protected takeOff(): void {
    for (const area of this.clock.areas) {
      releaseAgents(area.agents);
      area.dispose();
    }
  }
}

/** Begins new episodes in areas whose last one ended, and lets each policy's controller choose actions. */
function decide(clock: DecisionClock, controllers: readonly CheckedController[]): void {
  clock.restart();
  clock.observe();
  for (let p = 0; p < clock.policyRows.length; p++) chooseActions(clock.policyRows[p], controllers[p]);
}

function close(clock: DecisionClock): void {
  clock.close();
  for (const { agents } of clock.areas) for (const agent of agents) runtimeOf(agent).takeReward();
}

/** The controller of each policy; throws if one does not match its agents' layout or the decision clock. */
function assign(
  { policyRows }: DecisionClock,
  times: Clock,
  controllers: Controllers,
  who: string,
): readonly CheckedController[] {
  const policies = policyRows.map(({ policy }) => policy);
  const assigned = assignControllers(controllers, policies, who);
  assigned.forEach((controller, p) => {
    controller.requireLayout?.(policyRows[p].layout, policyRows[p].agents[0].label);
    requireClock(controller, times, who);
  });
  return assigned;
}
