import { AgentsError } from './errors.ts';
import { locateSensor, measureLayout } from './layout.ts';
import type { Rollout } from './rollout.ts';

/** A float column to check, and the message for a non-finite entry. */
interface FiniteColumn {
  readonly values: Float32Array;
  /** floats per agent */
  readonly width: number;
  /** the decision of its first row */
  readonly begins: number;
  readonly complain: (value: number, index: number, agent: string, decision: string, n: number) => string;
}

/** What is known about the parts behind the columns; agents are counted as in the rollout. */
export interface RolloutWitness {
  /** what to call agent n, such as `agent "platform" of area 3` */
  nameAgent(agent: number): string;
  /** what to check when a sensor of agent n writes a non-finite number, if the sensor says so */
  remedyOf?(agent: number, sensor: string): string | undefined;
  /** where the user's source first gave agent n a non-finite reward, if known */
  rewardPlaceOf?(agent: number): string | undefined;
}

/** The remedy for sensors without one of their own: they are the user's. */
export const OWN_SENSOR =
  'Check its observe() for division by zero, the square root of a negative number, or undefined.';

/**
 * Throws if a column holds NaN or infinity, and names agent, sensor, index and decision of the earliest one. Call it
 * before estimating advantages, which would carry such a number back to the start of the rollout.
 *
 * @param where what is being decided, such as `"crawler"`
 */
export function requireFiniteRollout(rollout: Rollout, witness: RolloutWitness, where: string): void {
  const { agents } = rollout.shape;
  let first: { column: FiniteColumn; at: number; decision: number } | undefined;
  for (const column of finiteColumns(rollout, witness)) {
    const at = firstNotFinite(column.values);
    if (at < 0) continue;
    const decision = column.begins + Math.floor(at / (agents * column.width));
    if (!first || decision < first.decision) first = { column, at, decision };
  }
  if (!first) return;
  const { column, at, decision } = first;
  const agent = Math.floor(at / column.width) % agents;
  const when = `decision ${decision} of this rollout of ${where}`;
  throw new AgentsError(column.complain(column.values[at], at % column.width, witness.nameAgent(agent), when, agent));
}

/** The columns, causes before effects: if several fail at the same decision, the first is to blame. */
function finiteColumns(rollout: Rollout, witness: RolloutWitness): FiniteColumn[] {
  const { layout, horizon } = rollout.shape;
  const { observation, continuous } = measureLayout(layout);
  const column = (
    values: Float32Array,
    complain: FiniteColumn['complain'],
    { width = 1, begins = 0 } = {},
  ): FiniteColumn => ({ values, width, begins, complain });

  const sensor: FiniteColumn['complain'] = (value, index, agent, decision, n) => {
    const { name, index: entry } = locateSensor(layout, index);
    return `Sensor "${name}" of ${agent} wrote ${value} at index ${entry}, ${decision}. ${witness.remedyOf?.(n, name) ?? OWN_SENSOR}`;
  };
  const action: FiniteColumn['complain'] = (value, index, agent, decision) =>
    `The policy chose ${value} as continuous action ${index} of ${agent}, ${decision}. Its weights are no longer finite. Lower the learning rate.`;
  const reward: FiniteColumn['complain'] = (value, _, agent, decision, n) => {
    const place = witness.rewardPlaceOf?.(n);
    const see = place === undefined ? '' : ` See ${place}.`;
    return `The reward of ${agent} is ${value}, ${decision}. Check for division by zero before addReward() or setReward().${see}`;
  };
  const judgment: FiniteColumn['complain'] = (value, _, agent, decision) =>
    `The policy valued ${agent} at ${value}, ${decision}. Its weights are no longer finite. Lower the learning rate.`;
  const outlook: FiniteColumn['complain'] = (value, _, agent, decision) =>
    `The policy valued ${agent} at ${value} after ${decision}. A sensor wrote a non-finite number there, or the learning rate is too high.`;

  return [
    column(rollout.observation, sensor, { width: observation }),
    column(rollout.continuousAction, action, { width: continuous }),
    column(rollout.reward, reward),
    column(rollout.logProb, judgment),
    column(rollout.value, judgment),
    column(rollout.finalValue, outlook),
    column(rollout.lastValue, outlook, { begins: horizon - 1 }),
  ];
}

function firstNotFinite(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0; // NaN as soon as one entry is NaN or infinite
  return sum === 0 ? -1 : values.findIndex((value) => !Number.isFinite(value));
}
