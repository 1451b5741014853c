import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import { BodySync } from './body-sync.ts';
import { stepPhysics } from './physics-step.ts';

/**
 * A scene whose physics is stepped in Babylon's place, the same way in training and at play: what hangs on Babylon's
 * observables of physics hears of every step.
 */
export class SteppedScene {
  readonly #scene: Scene;
  readonly #physics: PhysicsEngine | undefined;
  readonly #sync: BodySync | undefined;

  /** Without physics there is nothing to step: only the decision clock goes on. */
  constructor(scene: Scene, physics: PhysicsEngine | undefined) {
    requireWholeSteps(physics);
    this.#scene = scene;
    this.#physics = physics;
    this.#sync = physics && new BodySync(physics);
  }

  /** Takes one step [s]; returns the ms that Havok took for it. */
  step(timeStep: number): number {
    if (!this.#physics) return 0;
    const { onBeforePhysicsObservable: before, onAfterPhysicsObservable: after } = this.#scene;
    if (before.hasObservers()) {
      before.notifyObservers(this.#scene);
      if (this.#scene.getPhysicsEngine() !== this.#physics) return 0; // turned off by one of them
    }
    const ms = stepPhysics(this.#physics, timeStep, this.#sync);
    this.#scene.incrementRenderId(); // as a frame does: else `absolutePosition` stays what it was
    if (after.hasObservers()) after.notifyObservers(this.#scene);
    return ms;
  }
}

/** Targets of animated bodies are set once a step, and Havok would reach them in a part of it. */
function requireWholeSteps(physics: PhysicsEngine | undefined): void {
  const subStep = physics?.getSubTimeStep() ?? 0; // ms
  if (subStep > 0)
    throw new AgentsError(
      `The physics of the scene has a sub time step of ${subStep} ms, and agents need steps that are not divided. Call \`physicsEngine.setSubTimeStep(0)\`; for finer steps, lower \`timeStep\` (to ${subStep / 1000} s) and raise \`decisionPeriod\`.`,
    );
}

/** s, Babylon's own of a scene that sets none */
const DEFAULT_STEP = 1 / 60;
/** as part of a time step: `0.0166667` is 1/60 s */
const ROUNDING = 1e-5;

/** Throws if a game has set the time step [s] of its physics, and it is to be stepped by another. */
export function requireOwnStep(physics: PhysicsEngine | undefined, timeStep: number, who: string): void {
  const own = physics?.getTimeStep() ?? timeStep;
  if ([timeStep, DEFAULT_STEP].some((step) => Math.abs(own - step) <= ROUNDING * step)) return;
  throw new AgentsError(
    `${who} takes steps of ${timeStep} s, but the scene has set those of its physics to ${own} s. Give the environment \`timeStep: ${own}\`, and ${(timeStep / own).toFixed(1)} times its \`decisionPeriod\`; or remove \`setTimeStep(${own})\` from the scene.`,
  );
}
