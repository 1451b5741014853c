import { AbstractActionManager } from '@babylonjs/core/Actions/abstractActionManager.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import { Observable } from '@babylonjs/core/Misc/observable.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { GAME, markObservers } from './frame-observers.ts';

/** Babylon's numbers of an action manager's triggers. */
export const EVERY_FRAME = 11;
/** of the animation ratio, which is 1 in frames of 1/60 s */
const PER_MS = 60 / 1000;
const ENTER = 12;
const EXIT = 13;

/** What a scene keeps to itself of a frame. */
export interface FrameInternals {
  _animationRatio: number;
  _frameId: number;
  _currentStepId: number;
  readonly _meshesForIntersections: { reset(): void; push(mesh: AbstractMesh): void };
  _animate(ms: number): void;
  _checkIntersections(): void;
}

/**
 * The frames of a scene in the time of its world: all that Babylon's `scene.render()` does for a game, in its order, less
 * the drawing. A frame is a fixed number of physics steps, the same in training and at play, whatever the display's rate.
 */
export class SceneFrames {
  readonly #scene: Scene;
  readonly #internals: FrameInternals;
  /** of one frame */
  readonly #steps: number;
  readonly #ms: number;
  readonly #getDeltaTime: () => number;
  /** steps that the frame at hand has taken */
  #step = 0;
  #frame = 0;
  /** what the engine and the scene tell outside of the world's time */
  #shownDeltaTime: (() => number) | undefined;
  #shownFrame = 0;

  constructor(scene: Scene, steps: number, timeStep: number) {
    const ms = 1000 * steps * timeStep;
    this.#scene = scene;
    this.#internals = scene as unknown as FrameInternals;
    this.#steps = steps;
    this.#ms = ms;
    this.#getDeltaTime = () => ms;
    scene.deltaTime = ms; // which Babylon leaves undefined until its first frame
    this.#internals._animationRatio = ms * PER_MS;
    scene.resetLastAnimationTimeFrame(); // else animations wait for the scene's textures
  }

  /** Has the engine and the scene tell the world's time and frames, instead of the display's, until leave(). */
  enter(): void {
    if (this.#shownDeltaTime) return;
    const engine = this.#scene.getEngine();
    this.#shownDeltaTime = engine.getDeltaTime;
    this.#shownFrame = this.#internals._frameId;
    engine.getDeltaTime = this.#getDeltaTime;
    this.#internals._frameId = this.#frame;
  }

  leave(): void {
    if (!this.#shownDeltaTime) return;
    this.#scene.getEngine().getDeltaTime = this.#shownDeltaTime;
    this.#internals._frameId = this.#shownFrame;
    this.#shownDeltaTime = undefined;
  }

  /** Ahead of every physics step: begins a frame where one is due. */
  before(): void {
    if (this.#step === 0) this.#begin();
  }

  /** Behind every physics step: ends the frame that it was the last of. */
  after(): void {
    this.#step = (this.#step + 1) % this.#steps;
    if (this.#step === 0 && !this.#scene.isDisposed) this.#end();
  }

  /** A frame as far as its physics. */
  #begin(): void {
    const scene = this.#scene;
    const internals = this.#internals;
    const ms = scene.useConstantAnimationDeltaTime ? 16 : this.#ms;
    internals._frameId = ++this.#frame;
    notify(scene.onBeforeAnimationsObservable, scene);
    const { actionManager } = scene;
    if (actionManager) Object.getPrototypeOf(actionManager).processTrigger.call(actionManager, EVERY_FRAME); // drawing has none
    notify(scene.onBeforeStepObservable, scene);
    internals._animationRatio = ms * PER_MS;
    scene.deltaTime = ms * scene.animationTimeScale;
    internals._animate(scene.deltaTime);
    notify(scene.onAfterAnimationsObservable, scene);
    scene.incrementRenderId(); // else `absolutePosition` of what moved stays what it was
  }

  /** The rest of a frame, less the drawing. */
  #end(): void {
    const scene = this.#scene;
    notify(scene.onAfterStepObservable, scene);
    this.#internals._currentStepId++;
    updateCameras(scene);
    notify(scene.onBeforeRenderObservable, scene);
    checkIntersections(scene);
    notify(scene.onAfterRenderObservable, scene);
    scene.incrementRenderId();
  }
}

/** Tells those that play a part in the game, which drawing leaves out. */
function notify(observable: Observable<Scene>, scene: Scene): void {
  if (!observable.hasObservers()) return;
  markObservers(observable);
  Observable.prototype.notifyObservers.call(observable, scene, GAME);
}

/** Whoever steers by where a camera looks needs it as it is in the world's time. */
function updateCameras({ activeCameras, activeCamera }: Scene): void {
  if (activeCameras?.length) for (const camera of activeCameras) camera.update();
  else activeCamera?.update();
}

/** Triggers of meshes that touch others, which Babylon looks for among those that it is about to draw. */
function checkIntersections(scene: Scene): void {
  if (!AbstractActionManager.HasSpecificTrigger(ENTER) && !AbstractActionManager.HasSpecificTrigger(EXIT)) return;
  scene.incrementRenderId();
  const { _meshesForIntersections: watched } = scene as unknown as FrameInternals;
  watched.reset();
  for (const mesh of scene.meshes) {
    if (!mesh.isEnabled()) continue;
    mesh.computeWorldMatrix(); // and with it the boxes that are compared
    if (mesh.actionManager?.hasSpecificTriggers2(ENTER, EXIT)) watched.push(mesh);
  }
  Object.getPrototypeOf(scene)._checkIntersections.call(scene);
}
