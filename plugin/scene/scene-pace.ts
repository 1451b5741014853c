import type { Observer } from '@babylonjs/core/Misc/observable.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import { requirePhysics, setTimeStep } from './physics.ts';
import { SteppedScene } from './stepped-scene.ts';

/** s of the wall clock that one frame makes up for; what a hidden tab or a slow frame took beyond it is dropped */
const LONGEST_FRAME = 0.1;

/** The paces that are held, one for each scene. */
const held = new WeakMap<Scene, ScenePace>();

/** What lives by the steps of a pace. */
export interface Paced {
  /** ahead of the scene's own onBeforePhysicsObservable: what it sees is what the step before left, as in training */
  beforeStep(): void;
  /** behind the scene's own onAfterPhysicsObservable, so that what a game does there belongs to this step */
  afterStep(): void;
}

/**
 * Steps a scene in Babylon's place: always in the same fixed steps, as many a frame as the time that passed calls for.
 * Where the scene has physics, a step is one of Havok's, and Babylon's own observables of physics are notified around it,
 * as ever. While somebody holds a scene's pace, its `physicsEnabled` is false.
 */
export class ScenePace {
  /** seconds of the world for each of the wall clock: 0.1 is slow motion, with the same steps, fewer a second */
  speed = 1;
  /** while true, time stands still */
  paused = false;
  /** s of one step */
  readonly timeStep: number;
  readonly #scene: Scene;
  readonly #observer: Observer<Scene>;
  readonly #physicsEnabled: boolean;
  #physics: HeldPhysics | undefined;
  #holders = 0;
  /** replaced, never changed: one may come or go in the middle of a step */
  #paced: readonly Paced[] = [];
  /** steps that are due, a fraction of one between two frames */
  #due = 0;

  /** The pace of a scene, shared by all that play in it; each calls release() in the end. */
  static hold(scene: Scene, timeStep: number, who: string): ScenePace {
    const pace = held.get(scene) ?? new ScenePace(scene, timeStep, who);
    if (pace.timeStep !== timeStep)
      throw new AgentsError(
        `${who} takes steps of ${timeStep} s, but its scene is stepped by ${pace.timeStep} s already. Give both one \`timeStep\`, which policies are trained with, or each a scene of its own.`,
      );
    held.set(scene, pace);
    pace.#holders++;
    return pace;
  }

  private constructor(scene: Scene, timeStep: number, who: string) {
    this.timeStep = timeStep;
    this.#scene = scene;
    this.#takePhysics(who);
    this.#physicsEnabled = scene.physicsEnabled;
    scene.physicsEnabled = false;
    this.#observer = scene.onAfterAnimationsObservable.add(() => this.advance(frameTime(scene)));
  }

  /** Where between the last step and the next the world's time stands, from 0 to 1. */
  get progress(): number {
    return Math.min(this.#due, 1);
  }

  /** Tells `paced` of every step from the next one on. */
  add(paced: Paced): void {
    this.#paced = [...this.#paced, paced];
  }

  /** Tells it of no other; of the step at hand it may still hear. */
  remove(paced: Paced): void {
    this.#paced = this.#paced.filter((other) => other !== paced);
  }

  /** Lets so many seconds of the wall clock pass. */
  advance(seconds: number): void {
    if (this.paused) return;
    this.#due += (Math.min(seconds, LONGEST_FRAME) * this.speed) / this.timeStep;
    while (this.#due >= 1 && !this.paused && this.#holders > 0) {
      this.#due--;
      this.step();
    }
  }

  /** Takes one step at once, paused or not. */
  step(): void {
    const paced = this.#paced;
    for (let i = 0; i < paced.length; i++) paced[i].beforeStep();
    if (engineOf(this.#scene) !== this.#physics?.engine) this.#takePhysics('A playback');
    this.#physics?.stepped.step(this.timeStep);
    for (let i = 0; i < paced.length; i++) paced[i].afterStep();
  }

  /** Gives the scene's physics back to Babylon when the last holder leaves. */
  release(): void {
    if (--this.#holders > 0) return;
    this.#observer.remove();
    this.#leavePhysics();
    this.#scene.physicsEnabled = this.#physicsEnabled;
    held.delete(this.#scene);
  }

  /** Takes up the physics that the scene has now, if it has any: a game may turn it on later. */
  #takePhysics(who: string): void {
    this.#leavePhysics();
    if (!engineOf(this.#scene)) return;
    const engine = requirePhysics(this.#scene, who);
    this.#physics = { engine, stepped: new SteppedScene(this.#scene, engine), timeStep: engine.getTimeStep() };
    setTimeStep(engine, this.timeStep);
  }

  #leavePhysics(): void {
    if (this.#physics && this.#physics.engine === engineOf(this.#scene))
      setTimeStep(this.#physics.engine, this.#physics.timeStep);
    this.#physics = undefined;
  }
}

interface HeldPhysics {
  readonly engine: PhysicsEngine;
  readonly stepped: SteppedScene;
  /** s, what Babylon stepped it by */
  readonly timeStep: number;
}

/** The physics of a scene; where none of Babylon's physics is loaded, there is not even the function to ask. */
function engineOf(scene: Scene): unknown {
  return scene.getPhysicsEngine?.() ?? undefined;
}

/** s that the frame at hand stands for, as Babylon has clamped it. */
function frameTime(scene: Scene): number {
  const engine = scene.getEngine();
  return engine.isDeterministicLockStep() ? engine.getTimeStep() / 1000 : scene.getAnimationRatio() / 60;
}
