import type { Observer } from '@babylonjs/core/Misc/observable.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import { drawOnly } from './drawn-frames.ts';
import { requirePhysics, setTimeStep } from './physics.ts';
import { SceneFrames } from './scene-frames.ts';
import { standIn } from './stand-in.ts';
import { requireOwnStep, SteppedScene } from './stepped-scene.ts';

/** s, most real time that one frame catches up; longer delays, as in a hidden tab, are dropped */
const LONGEST_FRAME = 0.1;

/** The paces in use, one per scene. */
const held = new WeakMap<Scene, ScenePace>();

/** Something that runs in the steps of a pace. */
export interface Paced {
  /** called before the scene's onBeforePhysicsObservable, so it sees the result of the previous step, as in training */
  beforeStep(): void;
  /** called after the scene's onAfterPhysicsObservable, so that what a game does there belongs to this step */
  afterStep(): void;
  /** Called when the scene is disposed. */
  dispose(): void;
}

/**
 * Steps a scene in place of Babylon, in fixed steps, as many per frame as the elapsed time requires. If the scene has
 * physics, a step is one Havok step, and Babylon's physics observables are notified around it as usual. It replaces the
 * scene's function that steps physics, which Babylon calls once per frame, or once per step in lockstep, after animations
 * and only while `physicsEnabled` is true, so a game can still pause that way. With `frames`, the game's frames happen in
 * these steps too, and Babylon's rendering only draws.
 */
export class ScenePace {
  /** simulated seconds per real second; 0.1 is slow motion, with the same steps but fewer per second */
  speed = 1;
  /** while true, time stands still, as while the scene's physics is disabled */
  paused = false;
  /** s of one step */
  readonly timeStep: number;
  /** steps per frame; 0: the scene has the display's frames */
  readonly frames: number;
  readonly #scene: Scene;
  readonly #gone: Observer<Scene>;
  readonly #giveBack: () => void;
  readonly #frames: SceneFrames | undefined;
  #physics: HeldPhysics | undefined;
  #holders = 0;
  readonly #all = new Set<Paced>();
  /** `#all` as a list, until one is added or removed; replaced, never changed, since that may happen mid-step */
  #paced: readonly Paced[] | undefined;
  /** steps due; between frames, a fraction of one */
  #due = 0;

  /** The pace of a scene, shared by all its playbacks; each calls release() at the end. */
  static hold(scene: Scene, timeStep: number, frames: number, who: string): ScenePace {
    if (scene.isDisposed) throw new AgentsError(`${who} was given a disposed scene. Create a new one.`);
    const pace = held.get(scene) ?? new ScenePace(scene, timeStep, frames, who);
    if (pace.timeStep !== timeStep)
      throw new AgentsError(
        `${who} takes steps of ${timeStep} s, but its scene is stepped by ${pace.timeStep} s already. Give both one \`timeStep\`, which policies are trained with, or each a scene of its own.`,
      );
    if (pace.frames !== frames)
      throw new AgentsError(
        `${who} has \`frames: ${frames}\`, but its scene is played with \`frames: ${pace.frames}\` already. Give both the same, or each a scene of its own.`,
      );
    held.set(scene, pace);
    pace.#holders++;
    return pace;
  }

  private constructor(scene: Scene, timeStep: number, frames: number, who: string) {
    this.timeStep = timeStep;
    this.frames = frames;
    this.#scene = scene;
    if (engineOf(scene)) requireOwnStep(requirePhysics(scene, who), timeStep, who);
    this.#takePhysics(who);
    this.#frames = frames > 0 ? new SceneFrames(scene, frames, timeStep) : undefined;
    this.#giveBack = this.#frames
      ? drawOnly(scene, this)
      : standIn(scene, '_advancePhysicsEngineStep', () => (ms) => this.advance(ms / 1000)); // also without physics
    this.#gone = scene.onDisposeObservable.add(() => {
      for (const paced of [...this.#all]) paced.dispose();
    });
  }

  /** The fraction of the time from the last step to the next, 0 to 1. */
  get progress(): number {
    return Math.min(this.#due, 1);
  }

  /** Calls `paced` at every step, starting with the next. */
  add(paced: Paced): void {
    this.#all.add(paced);
    this.#paced = undefined;
  }

  /** Stops calling it; it may still be called for the current step. */
  remove(paced: Paced): void {
    this.#all.delete(paced);
    this.#paced = undefined;
  }

  /** Advances by real seconds. */
  advance(seconds: number): void {
    if (this.stands) return;
    this.#due += (Math.min(seconds, LONGEST_FRAME) * this.speed) / this.timeStep;
    while (this.#due >= 1 && !this.stands) {
      this.#due--;
      this.step();
    }
  }

  /** Takes one step immediately, even if paused. */
  step(): void {
    this.#frames?.enter();
    try {
      this.#step();
    } finally {
      this.#frames?.leave();
    }
  }

  #step(): void {
    this.#paced ??= [...this.#all];
    const paced = this.#paced;
    this.#keepPhysics();
    for (let i = 0; i < paced.length; i++) paced[i].beforeStep();
    if (this.#holders === 0) return; // one of them disposed it
    this.#frames?.before();
    if (this.#holders === 0) return;
    this.#keepPhysics();
    this.#physics?.stepped.step(this.timeStep);
    this.#frames?.after();
    for (let i = 0; i < paced.length; i++) paced[i].afterStep();
  }

  /** Gives the scene's physics back to Babylon when the last holder leaves. */
  release(): void {
    if (--this.#holders > 0) return;
    this.#gone.remove(true); // deferred: at once, Babylon would skip the next observer of the scene's end
    this.#giveBack();
    this.#leavePhysics();
    held.delete(this.#scene);
  }

  /** While true, no time passes. */
  get stands(): boolean {
    return this.paused || !this.#scene.physicsEnabled || this.#holders === 0;
  }

  /** Follows the game's changes to its physics: it may enable or disable it, or set another time step. */
  #keepPhysics(): void {
    const physics = this.#physics;
    if (engineOf(this.#scene) !== physics?.engine) return this.#takePhysics('A playback');
    if (!physics) return;
    const timeStep = physics.engine.getTimeStep();
    if (timeStep === this.timeStep) return;
    physics.timeStep = timeStep; // to restore when no playback is left
    setTimeStep(physics.engine, this.timeStep);
  }

  #takePhysics(who: string): void {
    this.#leavePhysics();
    if (!engineOf(this.#scene)) return;
    const engine = requirePhysics(this.#scene, who);
    this.#physics = { engine, stepped: new SteppedScene(this.#scene, engine), timeStep: engine.getTimeStep() };
    setTimeStep(engine, this.timeStep);
  }

  #leavePhysics(): void {
    const physics = this.#physics;
    this.#physics = undefined;
    if (physics && physics.engine === engineOf(this.#scene) && physics.engine.getTimeStep() === this.timeStep)
      setTimeStep(physics.engine, physics.timeStep);
  }
}

interface HeldPhysics {
  readonly engine: PhysicsEngine;
  readonly stepped: SteppedScene;
  /** s, the time step to restore for Babylon */
  timeStep: number;
}

/** The physics of a scene; if Babylon's physics is not loaded, not even the getter exists. */
function engineOf(scene: Scene): unknown {
  return scene.getPhysicsEngine?.() ?? undefined;
}
