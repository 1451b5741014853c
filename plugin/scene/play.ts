import { Observable } from '@babylonjs/core/Misc/observable.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import { type AreasOptions, buildAreas } from './areas.ts';
import type { CheckedController } from './controllers.ts';
import { type Controller, DecisionClock } from './decision-clock.ts';
import type { Environment } from './environment.ts';
import { requirePhysics } from './physics.ts';
import { ScenePace } from './scene-pace.ts';

export type PlayOptions = AreasOptions;

/** An environment at play in a rendered scene. Time is the scene's: `paused` and `speed` hold for all that plays in it. */
export interface Playback {
  readonly clock: DecisionClock;
  /** while true, nothing moves: no decisions, no physics */
  paused: boolean;
  /** seconds of the world for each of the wall clock, above 0: 0.1 is slow motion, with the same physics steps, fewer a second */
  speed: number;
  /** s between two decisions, in the world's time */
  readonly decisionTime: number;
  /** where between the last physics step and the next the world's time stands, from 0 to 1: for smooth pictures */
  readonly progress: number;
  /** notified at the end of every decision; agents' outcomes and returns are still those of the episode that may have ended */
  readonly onDecisionObservable: Observable<Playback>;
  /** Replaces the controller at the next decision. */
  control(controller: CheckedController): void;
  /** Lives to the end of one decision at once, paused or not. */
  stepDecision(): void;
  /** Lets so many seconds of the wall clock pass; every frame of the scene does it too, with the time that it took. */
  advance(seconds: number): void;
  /** Stops deciding, removes the areas from the scene, and leaves its physics to Babylon again. */
  dispose(): void;
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
  requirePhysics(scene, who);
  const pace = ScenePace.hold(scene, environment.timeStep, who);
  try {
    const areas = await buildAreas(environment, scene, options);
    try {
      return new ScenePlayback(scene, pace, new DecisionClock(areas, environment), controller);
    } catch (error) {
      for (const area of areas) area.dispose();
      throw error;
    }
  } catch (error) {
    pace.release();
    throw error;
  }
}

class ScenePlayback implements Playback {
  readonly clock: DecisionClock;
  readonly decisionTime: number;
  readonly onDecisionObservable = new Observable<Playback>();
  readonly #pace: ScenePace;
  readonly #observers: readonly { remove(): void }[];
  #controller: Controller;
  /** steps that the action at hand has been held */
  #step = 0;

  constructor(scene: Scene, pace: ScenePace, clock: DecisionClock, controller: CheckedController) {
    requireFit(clock, controller);
    this.clock = clock;
    this.decisionTime = pace.timeStep * clock.decisionPeriod;
    this.#pace = pace;
    this.#controller = controller;
    this.#observers = [
      scene.onBeforePhysicsObservable.add(() => this.#beforeStep()),
      scene.onAfterPhysicsObservable.add(() => this.#afterStep()),
    ];
  }

  get paused(): boolean {
    return this.#pace.paused;
  }

  set paused(paused: boolean) {
    this.#pace.paused = paused;
  }

  get speed(): number {
    return this.#pace.speed;
  }

  set speed(speed: number) {
    if (!(Number.isFinite(speed) && speed > 0))
      throw new AgentsError(`A playback got speed ${speed}. It must be a number above 0; set \`paused\` to stop it.`);
    this.#pace.speed = speed;
  }

  get progress(): number {
    return this.#pace.progress;
  }

  control(controller: CheckedController): void {
    requireFit(this.clock, controller);
    this.#controller = controller;
  }

  stepDecision(): void {
    do this.#pace.step();
    while (this.#step > 0);
  }

  advance(seconds: number): void {
    this.#pace.advance(seconds);
  }

  dispose(): void {
    for (const observer of this.#observers) observer.remove();
    this.onDecisionObservable.clear();
    for (const area of this.clock.areas) area.dispose();
    this.#pace.release();
  }

  #beforeStep(): void {
    if (this.#step === 0) decide(this.clock, this.#controller);
    this.clock.apply();
  }

  #afterStep(): void {
    this.clock.afterStep();
    this.#step++;
    if (this.#step < this.clock.decisionPeriod) return;
    this.#step = 0;
    this.clock.close();
    for (const { agents } of this.clock.groups) for (const agent of agents) agent.takeReward();
    this.onDecisionObservable.notifyObservers(this);
  }
}

/** Begins new episodes where the last ended, and lets the controller choose for every agent. */
function decide(clock: DecisionClock, controller: Controller): void {
  clock.restart();
  clock.observe();
  for (const { observation, action, mask } of clock.groups) {
    controller.act(observation, action, mask);
    if (!action.every(Number.isFinite))
      throw new AgentsError(
        `The controller chose an action that is not finite: [${action}]. Look at what it computes from the observation.`,
      );
  }
}

function requireFit(clock: DecisionClock, controller: CheckedController): void {
  for (const { layout } of clock.groups) controller.requireLayout?.(layout);
}
