import type { MirrorImage } from '../../plugin/training.ts';

/**
 * A crawler with left and right exchanged: its front legs, its back legs, and all that points or turns to a side. The rhythm
 * is half a turn on, so that the two legs that the reflex lifts first are then the other two.
 */
export const leftForRight: MirrorImage = {
  sensors: {
    walk: { flip: [1] },
    body: { flip: [1, 2, 4, 8, 9] }, // y and z of rotation and angular velocity, x of velocity
    feet: { order: [1, 0, 3, 2] },
    joints: {
      order: [6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 18, 19, 20, 21, 22, 23, 12, 13, 14, 15, 16, 17],
      flip: [1, 3, 7, 9, 13, 15, 19, 21], // how far, and how fast, hips swing
    },
    rhythm: { flip: [0, 1] },
  },
  actuators: { 'joint-motors': { order: [3, 4, 5, 0, 1, 2, 9, 10, 11, 6, 7, 8], flip: [1, 4, 7, 10] } },
};
