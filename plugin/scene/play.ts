import type { Scene } from '@babylonjs/core/scene.js';
import { type AreasOptions, buildAreas } from './areas.ts';
import type { CheckedController } from './controllers.ts';
import { type AgentGroup, type Controller, chooseActions, DecisionClock } from './decision-clock.ts';
import { claimAgents, releaseAgents } from './drivers.ts';
import type { Environment } from './environment.ts';
import { ScenePace } from './scene-pace.ts';
import { PacedPlayback, type ScenePlayback } from './scene-playback.ts';

export type PlayOptions = AreasOptions;

/** An environment at play in a rendered scene; dispose() takes its areas out of the scene. */
export interface Playback extends ScenePlayback<Playback> {
  readonly clock: DecisionClock;
}

/**
 * Builds `environment` into a rendered scene and lets `controller` decide. The same decision clock runs as in training,
 * in the same fixed physics steps, whatever the display's rate. A frame makes up for at most 0.1 s: what a hidden tab or
 * a slow machine takes beyond that is dropped.
 */
export async function play(
  environment: Environment,
  scene: Scene,
  controller: CheckedController,
  options: PlayOptions = {},
): Promise<Playback> {
  const who = `play("${environment.name}")`;
  const pace = ScenePace.hold(scene, environment.timeStep, who);
  try {
    const areas = await buildAreas(environment, scene, options);
    try {
      const clock = new DecisionClock(areas, environment);
      requireFit(clock, controller);
      for (const area of areas) claimAgents(area.agents, who);
      return new EnvironmentPlayback(pace, clock, controller);
    } catch (error) {
      for (const area of areas) area.dispose();
      throw error;
    }
  } catch (error) {
    pace.release();
    throw error;
  }
}

class EnvironmentPlayback extends PacedPlayback<Playback> implements Playback {
  readonly clock: DecisionClock;
  #controller: Controller;

  constructor(pace: ScenePace, clock: DecisionClock, controller: CheckedController) {
    super(pace, {
      decisionPeriod: clock.decisionPeriod,
      decide: () => decide(clock, this.#controller),
      apply: () => clock.apply(),
      afterStep: () => clock.afterStep(),
      close: () => close(clock),
    });
    this.clock = clock;
    this.#controller = controller;
  }

  get groups(): readonly AgentGroup[] {
    return this.clock.groups;
  }

  control(controller: CheckedController): void {
    requireFit(this.clock, controller);
    this.#controller = controller;
  }

  protected takeOff(): void {
    for (const area of this.clock.areas) {
      releaseAgents(area.agents);
      area.dispose();
    }
  }
}

/** Begins new episodes where the last ended, and lets the controller choose for every agent. */
function decide(clock: DecisionClock, controller: Controller): void {
  clock.restart();
  clock.observe();
  for (const group of clock.groups) chooseActions(group, controller);
}

function close(clock: DecisionClock): void {
  clock.close();
  for (const { agents } of clock.groups) for (const agent of agents) agent.takeReward();
}

function requireFit(clock: DecisionClock, controller: CheckedController): void {
  for (const { layout, agents } of clock.groups) controller.requireLayout?.(layout, agents[0].label);
}
