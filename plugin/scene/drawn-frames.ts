import type { AbstractActionManager } from '@babylonjs/core/Actions/abstractActionManager.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { DRAWING, frameObservables, markObservers, unmarkObservers } from './frame-observers.ts';
import { EVERY_FRAME, type FrameInternals } from './scene-frames.ts';
import { standIn } from './stand-in.ts';

/** Advances a scene's simulated time while the scene is drawn. */
interface WorldTime {
  /** while true, time stands still */
  readonly stands: boolean;
  advance(seconds: number): void;
}

/**
 * Makes Babylon's rendering of a scene only draw: animations, cameras and the game's observers run in the frames of `time`
 * instead. Returns a function that undoes it.
 */
export function drawOnly(scene: Scene, time: WorldTime): () => void {
  const managers = new Map<AbstractActionManager, () => void>();
  const observables = frameObservables(scene);
  const undo = [
    standIn(scene, 'render', (render) => (updateCameras = true, ignoreAnimations = false) => {
      const { actionManager } = scene;
      if (actionManager && !managers.has(actionManager)) managers.set(actionManager, muteFrames(actionManager));
      render(updateCameras && time.stands, ignoreAnimations);
    }),
    standIn(scene, 'animate', () => () => {
      const ms = scene.useConstantAnimationDeltaTime ? 16 : Math.max(1, scene.getEngine().getDeltaTime());
      if (scene.physicsEnabled) time.advance(ms / 1000);
    }),
    standIn(scene as unknown as FrameInternals, '_checkIntersections', () => () => {}),
    ...observables.map((observable) =>
      standIn(observable, 'notifyObservers', (notify) => (event) => {
        markObservers(observable);
        return notify(event, DRAWING);
      }),
    ),
  ];
  return () => {
    for (const back of [...undo, ...managers.values()]) back();
    for (const observable of observables) unmarkObservers(observable);
    scene.resetLastAnimationTimeFrame(); // the elapsed time does not count for animations
  };
}

function muteFrames(manager: AbstractActionManager): () => void {
  return standIn(manager, 'processTrigger', (process) => (trigger, event) => {
    if (trigger !== EVERY_FRAME) process(trigger, event);
  });
}
