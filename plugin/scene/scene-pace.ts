import type { Observer } from '@babylonjs/core/Misc/observable.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import { BodySync } from './body-sync.ts';
import { requirePhysics, stepPhysics } from './physics.ts';

/** s of the wall clock that one frame makes up for; what a hidden tab or a slow frame took beyond it is dropped */
const LONGEST_FRAME = 0.1;

/** The paces that are held, one for each scene. */
const held = new WeakMap<Scene, ScenePace>();

/**
 * Steps the physics of a scene in Babylon's place: always in the same fixed steps, as many a frame as the time that
 * passed calls for. Babylon's own observables of physics are notified around every step, as ever. While somebody holds
 * a scene's pace, its `physicsEnabled` is false.
 */
export class ScenePace {
  /** seconds of the world for each of the wall clock: 0.1 is slow motion, with the same steps, fewer a second */
  speed = 1;
  /** while true, time stands still */
  paused = false;
  /** s of one step */
  readonly timeStep: number;
  readonly #scene: Scene;
  readonly #physics: PhysicsEngine;
  readonly #bodies: BodySync;
  readonly #observer: Observer<Scene>;
  readonly #physicsEnabled: boolean;
  #holders = 0;
  /** steps that are due, a fraction of one between two frames */
  #due = 0;

  /** The pace of a scene, shared by all that play in it; each calls release() in the end. */
  static hold(scene: Scene, timeStep: number, who: string): ScenePace {
    const pace = held.get(scene) ?? new ScenePace(scene, timeStep, who);
    if (pace.timeStep !== timeStep)
      throw new AgentsError(
        `${who} takes steps of ${timeStep} s, but its scene is stepped by ${pace.timeStep} s already. Give both environments one \`timeStep\`, or each a scene of its own.`,
      );
    held.set(scene, pace);
    pace.#holders++;
    return pace;
  }

  private constructor(scene: Scene, timeStep: number, who: string) {
    this.timeStep = timeStep;
    this.#scene = scene;
    this.#physics = requirePhysics(scene, who);
    this.#bodies = new BodySync(this.#physics);
    this.#physicsEnabled = scene.physicsEnabled;
    scene.physicsEnabled = false;
    this.#observer = scene.onAfterAnimationsObservable.add(() => this.advance(frameTime(scene)));
  }

  /** Where between the last step and the next the world's time stands, from 0 to 1. */
  get progress(): number {
    return Math.min(this.#due, 1);
  }

  /** Lets so many seconds of the wall clock pass. */
  advance(seconds: number): void {
    if (this.paused) return;
    this.#due += (Math.min(seconds, LONGEST_FRAME) * this.speed) / this.timeStep;
    while (this.#due >= 1 && !this.paused) {
      this.#due--;
      this.step();
    }
  }

  /** Takes one step at once, paused or not. */
  step(): void {
    this.#scene.onBeforePhysicsObservable.notifyObservers(this.#scene);
    stepPhysics(this.#physics, this.timeStep);
    this.#bodies.sync();
    this.#scene.onAfterPhysicsObservable.notifyObservers(this.#scene);
  }

  /** Gives the scene's physics back to Babylon when the last holder leaves. */
  release(): void {
    if (--this.#holders > 0) return;
    this.#observer.remove();
    this.#scene.physicsEnabled = this.#physicsEnabled;
    held.delete(this.#scene);
  }
}

/** s that the frame at hand stands for, as Babylon has clamped it. */
function frameTime(scene: Scene): number {
  const engine = scene.getEngine();
  return engine.isDeterministicLockStep() ? engine.getTimeStep() / 1000 : scene.getAnimationRatio() / 60;
}
