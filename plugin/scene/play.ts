import type { Observer } from '@babylonjs/core/Misc/observable.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import { type AreasOptions, buildAreas } from './areas.ts';
import { BodySync } from './body-sync.ts';
import { type Controller, DecisionClock } from './decision-clock.ts';
import type { Environment } from './environment.ts';
import { requirePhysics } from './physics.ts';

/** The layout check that a policy brings along; controllers without one take any agents. */
interface CheckedController extends Controller {
  requireLayout?(layout: DecisionClock['groups'][number]['layout']): void;
}

export type PlayOptions = AreasOptions;

/** An environment at play in a rendered scene. */
export interface Playback {
  readonly clock: DecisionClock;
  /** while true, agents decide nothing and actuators rest; the scene's physics goes on */
  paused: boolean;
  /** Replaces the controller at the next decision. */
  control(controller: Controller): void;
  /** Stops deciding and removes the areas from the scene. */
  dispose(): void;
}

/**
 * Builds `environment` into a rendered scene and lets `controller` decide. The same decision clock runs as in training,
 * in the same fixed physics steps, whatever the display's rate: it hangs on the scene's physics observables.
 */
export async function play(
  environment: Environment,
  scene: Scene,
  controller: Controller,
  options: PlayOptions = {},
): Promise<Playback> {
  const engine = requirePhysics(scene, `play("${environment.name}")`);
  const areas = await buildAreas(environment, scene, options);
  const removeAreas = () => {
    for (const area of areas) area.root.dispose(false, true);
  };
  const clock = new DecisionClock(areas, environment);
  try {
    requireFit(clock, controller);
  } catch (error) {
    removeAreas();
    throw error;
  }
  engine.setSubTimeStep(environment.timeStep * 1000); // Babylon takes milliseconds here
  const bodies = new BodySync(engine);
  let deciding = controller;
  let step = 0;

  const before: Observer<Scene> = scene.onBeforePhysicsObservable.add(() => {
    if (playback.paused) return;
    if (step === 0) decide(clock, deciding);
    clock.apply();
  });
  const after: Observer<Scene> = scene.onAfterPhysicsObservable.add(() => {
    if (playback.paused) return;
    bodies.sync(); // over Babylon's own, so that agents see what they saw in training to the last bit
    clock.afterStep();
    step++;
    if (step < clock.decisionPeriod) return;
    step = 0;
    clock.close();
    for (const { agents } of clock.groups) for (const agent of agents) agent.takeReward();
  });

  const playback: Playback = {
    clock,
    paused: false,
    control(next) {
      requireFit(clock, next);
      deciding = next;
    },
    dispose() {
      before.remove();
      after.remove();
      removeAreas();
    },
  };
  return playback;
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
