import { type AgentLayout, measureLayout } from './layout.ts';

/** T, N and the agent's layout: the shape letters of every column below. */
export interface RolloutShape {
  /** T, decisions */
  readonly horizon: number;
  /** N, areas × agents per area */
  readonly agents: number;
  readonly layout: AgentLayout;
}

/**
 * T decisions of N agents, one column per field, time-major: entry [t, n] of a scalar column is at `t * N + n`.
 * Where `active` is 0, the agent had ended before its area did, and the other entries of [t, n] are finite but meaningless.
 */
export interface Rollout {
  readonly shape: RolloutShape;
  /** [T, N, O] as the sensors wrote it, before normalization */
  readonly observation: Float32Array;
  /** [T, N, C] as drawn from the policy, before clipping to [−1, 1] */
  readonly continuousAction: Float32Array;
  /** [T, N, D] the choice in each branch */
  readonly discreteAction: Int32Array;
  /** [T, N, M] 1 = allowed */
  readonly mask: Uint8Array;
  /** [T, N] log π(a|s) of the policy that acted */
  readonly logProb: Float32Array;
  /** [T, N, C] μ of the policy that acted, as its heads output it */
  readonly mean: Float32Array;
  /** [C] its log σ */
  readonly logDeviation: Float32Array;
  /** [T, N, M] its log-probability of each choice, −∞ where masked */
  readonly logProbs: Float32Array;
  /** [T, N] V(s), in units of reward */
  readonly value: Float32Array;
  /** [T, N] summed over the physics steps of the decision */
  readonly reward: Float32Array;
  /** [T, N] 1 = the task ended here: no future value */
  readonly terminated: Uint8Array;
  /** [T, N] 1 = the clock ended it here: the future still counts */
  readonly truncated: Uint8Array;
  /** [T, N] 1 = the agent decided here */
  readonly active: Uint8Array;
  /** [T, N] V of the observation where a truncated episode stopped, else 0 */
  readonly finalValue: Float32Array;
  /** [N] V of the observation after the last decision */
  readonly lastValue: Float32Array;
  /** [T, N] Â, filled by estimateAdvantage() */
  readonly advantage: Float32Array;
}

/** Allocates every column, zeroed. `shared` uses SharedArrayBuffers, which other threads see without a copy. */
export function createRollout(shape: RolloutShape, shared: boolean): Rollout {
  const { observation, continuous, branches, mask } = measureLayout(shape.layout);
  const rows = shape.horizon * shape.agents;
  const bytes = (count: number) => (shared ? new SharedArrayBuffer(count) : new ArrayBuffer(count)) as ArrayBuffer;
  const floats = (count: number) => new Float32Array(bytes(count * 4));
  const flags = (count: number) => new Uint8Array(bytes(count));
  return {
    shape,
    observation: floats(rows * observation),
    continuousAction: floats(rows * continuous),
    discreteAction: new Int32Array(bytes(rows * branches.length * 4)),
    mask: flags(rows * mask),
    logProb: floats(rows),
    mean: floats(rows * continuous),
    logDeviation: floats(continuous),
    logProbs: floats(rows * mask),
    value: floats(rows),
    reward: floats(rows),
    terminated: flags(rows),
    truncated: flags(rows),
    active: flags(rows),
    finalValue: floats(rows),
    lastValue: floats(shape.agents),
    advantage: floats(rows),
  };
}

/** Bytes of a rollout's columns, computed without allocating; columns that do not grow with T are left out. */
export function estimateRolloutBytes({ horizon, agents, layout }: RolloutShape): number {
  const { observation, continuous, branches, mask } = measureLayout(layout);
  const floats = observation + 2 * continuous + branches.length + mask + FLOATS_OF_ALL;
  return horizon * agents * (4 * floats + mask + FLAGS_OF_ALL);
}

/** Columns [T, N] of every rollout: logProb, value, reward, finalValue, advantage; terminated, truncated, active. */
const FLOATS_OF_ALL = 5;
const FLAGS_OF_ALL = 3;

/** The buffers to transfer when a rollout crosses to another thread: none if memory is shared. */
export function rolloutTransferables(rollout: Rollout): ArrayBuffer[] {
  return Object.values(rollout)
    .filter((column) => ArrayBuffer.isView(column))
    .map((column) => column.buffer)
    .filter((buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer);
}
