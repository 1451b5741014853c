// Limits that apply to environments and settings, and to policy files and checkpoints on reading.

/** The shortest physics step, in seconds. */
export const LEAST_TIME_STEP = 1e-4;
export const MOST_TIME_STEP = 10;

/** The range of `observationClip`. */
export const LEAST_OBSERVATION_CLIP = 1e-6;
export const MOST_OBSERVATION_CLIP = 1e6;

/** Weights of the largest policy that can be trained: 1 GiB. */
export const MOST_WEIGHTS = 2 ** 28;

/** Copies of an environment across all workers; each one costs at least some kilobytes of nodes and bodies. */
export const MOST_AREAS = 65_536;

/** Bytes of one rollout across all workers; while the learner works on it, copies exist and the next one is being collected. */
export const MOST_ROLLOUT = 2 ** 32;
