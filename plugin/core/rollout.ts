import { AgentsError } from './errors.ts';
import { type AgentLayout, locateSensor, measureLayout } from './layout.ts';

/** T, N and what an agent reads and writes: the shape letters of every column below. */
export interface RolloutShape {
  /** T, decisions */
  readonly horizon: number;
  /** N, areas × agents per area */
  readonly agents: number;
  readonly layout: AgentLayout;
}

/**
 * T decisions of N agents, one column per field, time-major: entry [t, n] of a scalar column stands at `t * N + n`.
 * Where `active` is 0 the agent had ended before its area did, and every other entry of [t, n] is 0.
 */
export interface Rollout {
  readonly shape: RolloutShape;
  /** [T, N, O] as the sensors wrote it, before normalisation */
  readonly observation: Float32Array;
  /** [T, N, C] as drawn from the policy, before clipping to [−1, 1] */
  readonly continuousAction: Float32Array;
  /** [T, N, D] the choice of each branch */
  readonly discreteAction: Int32Array;
  /** [T, N, M] 1 = allowed */
  readonly mask: Uint8Array;
  /** [T, N] log π(a|s) of the policy that acted */
  readonly logProb: Float32Array;
  /** [T, N] V(s), in units of reward */
  readonly value: Float32Array;
  /** [T, N] summed over the decision's physics steps */
  readonly reward: Float32Array;
  /** [T, N] 1 = the task ended here: no future value */
  readonly terminated: Uint8Array;
  /** [T, N] 1 = the clock ended it here: the future still counts */
  readonly truncated: Uint8Array;
  /** [T, N] 1 = the agent decided here */
  readonly active: Uint8Array;
  /** [T, N] V of the observation that a truncated episode stopped at, else 0 */
  readonly finalValue: Float32Array;
  /** [N] V of the observation after the last decision */
  readonly lastValue: Float32Array;
  /** [T, N] Â, filled by estimateAdvantage() */
  readonly advantage: Float32Array;
}

/** Allocates every column, zeroed; `shared` puts them into SharedArrayBuffers, so that other threads see them without a copy. */
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

/** The buffers to hand over when a rollout crosses to another thread: none where memory is shared. */
export function rolloutTransferables(rollout: Rollout): ArrayBuffer[] {
  return Object.values(rollout)
    .filter((column) => ArrayBuffer.isView(column))
    .map((column) => column.buffer)
    .filter((buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer);
}

/** A float column, its floats per agent, and the sentence for a float of it that is not finite. */
interface FiniteColumn {
  readonly values: Float32Array;
  readonly width: number;
  readonly complain: (value: number, index: number, agent: string, decision: string) => string;
}

/**
 * Throws when a column holds NaN or infinity, and names agent, sensor, index and decision of the earliest one. To be
 * called before advantages are estimated, which carry such a number back to the rollout's start.
 *
 * @param nameAgent what to call agent n, such as `agent "platform" of area 3`
 * @param where     what is being decided, such as `"crawler"`
 */
export function requireFiniteRollout(rollout: Rollout, nameAgent: (agent: number) => string, where: string): void {
  const { agents, layout } = rollout.shape;
  const columns = finiteColumns(rollout);
  let first: { column: FiniteColumn; at: number; decision: number } | undefined;
  for (const column of columns) {
    const at = firstNotFinite(column.values);
    if (at < 0) continue;
    const decision = Math.floor(at / (agents * column.width));
    if (!first || decision < first.decision) first = { column, at, decision };
  }
  if (!first) return;
  const { column, at, decision } = first;
  const agent = nameAgent(Math.floor(at / column.width) % agents);
  throw new AgentsError(
    column.complain(column.values[at], at % column.width, agent, `decision ${decision} of this rollout of ${where}`),
  );

  function finiteColumns({
    observation,
    continuousAction,
    logProb,
    value,
    reward,
    finalValue,
  }: Rollout): FiniteColumn[] {
    const sizes = measureLayout(layout);
    return [
      {
        values: observation,
        width: sizes.observation,
        complain: (value, index, agent, decision) => {
          const sensor = locateSensor(layout, index);
          return `Sensor "${sensor.name}" of ${agent} wrote ${value} at index ${sensor.index}, ${decision}. Its node has no motion to measure, or the body exploded.`;
        },
      },
      {
        values: continuousAction,
        width: sizes.continuous,
        complain: (value, index, agent, decision) =>
          `The policy chose ${value} as continuous action ${index} of ${agent}, ${decision}. Its weights are no longer finite: lower the learning rate.`,
      },
      {
        values: reward,
        width: 1,
        complain: (value, _, agent, decision) =>
          `The reward of ${agent} is ${value}, ${decision}. Look for a division by zero before addReward() or setReward().`,
      },
      ...[logProb, value, finalValue].map((values) => ({
        values,
        width: 1,
        complain: (value: number, _: number, agent: string, decision: string) =>
          `The policy valued ${agent} at ${value}, ${decision}. Its weights are no longer finite: lower the learning rate.`,
      })),
    ];
  }
}

function firstNotFinite(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0; // NaN as soon as one entry is NaN or infinite
  return sum === 0 ? -1 : values.findIndex((value) => !Number.isFinite(value));
}
