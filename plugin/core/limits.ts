// What an environment or a setting says, and what policy files and checkpoints are read with.

/** s that a physics step may take. */
export const LEAST_TIME_STEP = 1e-4;
export const MOST_TIME_STEP = 10;

/** Where normalized observations may be clipped. */
export const LEAST_CLIP = 1e-6;
export const MOST_CLIP = 1e6;

/** Weights of the largest policy that is trained: 1 GiB of them. */
export const MOST_WEIGHTS = 2 ** 28;

/** Copies of an environment in all workers together; each is nodes and bodies, some kilobytes at least. */
export const MOST_AREAS = 65_536;

/** Bytes of one rollout, of all workers together: the next is collected and copies are made while the learner works on it. */
export const MOST_ROLLOUT = 2 ** 32;
