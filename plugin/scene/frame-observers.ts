import type { Observable } from '@babylonjs/core/Misc/observable.js';
import type { Scene } from '@babylonjs/core/scene.js';

/** Masks of observers: who serves the picture alone, and everybody else. */
export const DRAWING = 1 << 30;
export const GAME = ~DRAWING;

/** What Babylon's own observers of frames name that change no world: they keep the picture, or wait for a pointer. */
const DRAWN =
  /ExpandRGBDTexture|checkPointerEveryFrame|_checkReadinessObserver|_started && !|_started&&!|Monitoring|fetchNewFrame|isDeviceAvailable|_computeShadowCastersBoundingInfo|_runGpuSort|_apportionBudget|_resultReady|_updateCameraClipPlanes|dragging|_moving|rollCorrect|[sS]napshotRendering|_updateMeshMatricesForRenderPassId|_updateLayer|setFloat\("time"/;

/** The observables of a frame, in the order in which they are notified. */
export function frameObservables(scene: Scene): readonly Observable<Scene>[] {
  return [
    scene.onBeforeAnimationsObservable,
    scene.onAfterAnimationsObservable,
    scene.onBeforeRenderObservable,
    scene.onAfterRenderObservable,
  ];
}

/** Gives observers without a mask the mask of their kind. */
export function markObservers({ observers }: Observable<Scene>): void {
  for (let i = 0; i < observers.length; i++) {
    if (observers[i].mask === -1) observers[i].mask = servesDrawing(observers[i].callback) ? DRAWING : GAME;
  }
}

/** Takes those masks off again. */
export function unmarkObservers({ observers }: Observable<Scene>): void {
  for (const observer of observers) if (observer.mask === DRAWING || observer.mask === GAME) observer.mask = -1;
}

/** Whether an observer of frames is one of Babylon's that change no world: bundlers keep the names of members. */
export function servesDrawing(callback: (...event: never[]) => void): boolean {
  return DRAWN.test(Function.prototype.toString.call(callback));
}
