import type { Observer } from '@babylonjs/core/Misc/observable.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { AgentsError } from '../core/errors.ts';
import { drawOnly } from './drawn-frames.ts';
import { requirePhysics, setTimeStep } from './physics.ts';
import { SceneFrames } from './scene-frames.ts';
import { standIn } from './stand-in.ts';
import { requireOwnStep, SteppedScene } from './stepped-scene.ts';

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
  /** Stops, since the scene is gone. */
  dispose(): void;
}

/**
 * Steps a scene in Babylon's place: always in the same fixed steps, as many a frame as the time that passed calls for.
 * Where the scene has physics, a step is one of Havok's, and Babylon's own observables of physics are notified around it,
 * as ever. It stands in for the scene's function that steps physics, which Babylon calls once a frame, or once a step in
 * lockstep, after animations and as long as the scene's `physicsEnabled` is true: by that a game may pause, as ever.
 * With `frames`, the game has its frames in these steps too, and what Babylon draws is no frame of it.
 */
export class ScenePace {
  /** seconds of the world for each of the wall clock: 0.1 is slow motion, with the same steps, fewer a second */
  speed = 1;
  /** while true, time stands still, as it does while the scene's physics is not enabled */
  paused = false;
  /** s of one step */
  readonly timeStep: number;
  /** steps of one frame; 0: none, and Babylon's own are the display's */
  readonly frames: number;
  readonly #scene: Scene;
  readonly #gone: Observer<Scene>;
  readonly #giveBack: () => void;
  readonly #frames: SceneFrames | undefined;
  #physics: HeldPhysics | undefined;
  #holders = 0;
  readonly #all = new Set<Paced>();
  /** the same as a list, until one comes or goes; replaced, never changed, since that may be in the middle of a step */
  #paced: readonly Paced[] | undefined;
  /** steps that are due, a fraction of one between two frames */
  #due = 0;

  /** The pace of a scene, shared by all that play in it; each calls release() in the end. */
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

  /** Where between the last step and the next the world's time stands, from 0 to 1. */
  get progress(): number {
    return Math.min(this.#due, 1);
  }

  /** Tells `paced` of every step from the next one on. */
  add(paced: Paced): void {
    this.#all.add(paced);
    this.#paced = undefined;
  }

  /** Tells it of no other; of the step at hand it may still hear. */
  remove(paced: Paced): void {
    this.#all.delete(paced);
    this.#paced = undefined;
  }

  /** Lets so many seconds of the wall clock pass. */
  advance(seconds: number): void {
    if (this.stands) return;
    this.#due += (Math.min(seconds, LONGEST_FRAME) * this.speed) / this.timeStep;
    while (this.#due >= 1 && !this.stands) {
      this.#due--;
      this.step();
    }
  }

  /** Takes one step at once, paused or not. */
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
    if (this.#holders === 0) return; // disposed by what one of them did
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

  /** Follows what a game does to its physics: it may turn it on or off later, or set another time step. */
  #keepPhysics(): void {
    const physics = this.#physics;
    if (engineOf(this.#scene) !== physics?.engine) return this.#takePhysics('A playback');
    if (!physics) return;
    const timeStep = physics.engine.getTimeStep();
    if (timeStep === this.timeStep) return;
    physics.timeStep = timeStep; // for when nothing plays any more
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
  /** s, what Babylon is to step it by afterward */
  timeStep: number;
}

/** The physics of a scene; where none of Babylon's physics is loaded, there is not even the function to ask. */
function engineOf(scene: Scene): unknown {
  return scene.getPhysicsEngine?.() ?? undefined;
}
