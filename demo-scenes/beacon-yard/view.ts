import type { OwnSceneView } from '../view.ts';

/** The yard has its own camera, lights and materials; people steer its craft like a boat. */
export const view: OwnSceneView = {
  keys: {
    smoothing: 0.15,
    bindings: [
      { keys: ['ArrowUp', 'KeyW'], entry: 0, value: 1, does: 'push ahead' },
      { keys: ['ArrowDown', 'KeyS'], entry: 0, value: -1, does: 'push back' },
      { keys: ['ArrowLeft', 'KeyA'], entry: 1, value: -1, does: 'turn left' },
      { keys: ['ArrowRight', 'KeyD'], entry: 1, value: 1, does: 'turn right' },
    ],
  },
};
