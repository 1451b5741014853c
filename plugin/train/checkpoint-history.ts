import { type LayoutSizes, measureLayout } from '../core/layout.ts';
import type { Lessons } from '../core/parameters.ts';
import type { PolicySpec } from '../policy/policy.ts';
import type { TensorData } from '../policy/safetensors.ts';
import { type CheckpointNumbers, refuseCheckpoint } from './checkpoint-numbers.ts';
import type { ActionLog } from './worker-protocol.ts';
import type { PoolHistory } from './world-log.ts';

/** What it takes to read a history: how much of it there must be. */
export interface HistoryShape {
  readonly generation: number;
  readonly workers: number;
  readonly rollouts: number;
  readonly specs: readonly PolicySpec[];
  /** parameters with lessons */
  readonly taught: readonly string[];
}

/** The actions of every rollout of every worker, and the lessons of every rollout: of the parameters that are taught, in this order. */
export function historyTensors(
  { actions, lessons, fingerprints }: PoolHistory,
  taught: readonly string[],
): [name: string, data: TensorData][] {
  const flat = lessons.flatMap((of) => taught.map((name) => of[name]));
  const logs = actions.flatMap((rollouts, worker) =>
    rollouts.flatMap((policies, rollout) =>
      policies.flatMap(({ continuousAction, discreteAction }, policy): [string, TensorData][] => {
        const name = nameOf(worker, rollout, policy);
        return [
          [`${name}.continuous`, continuousAction],
          [`${name}.discrete`, discreteAction],
        ];
      }),
    ),
  );
  const traces = fingerprints.map((log, worker): [string, TensorData] => [
    `history.${worker}.fingerprints`,
    Int32Array.from(log),
  ]);
  return [['history.lessons', Int32Array.from(flat)], ...traces, ...logs];
}

export function readHistory(
  { generation, workers, rollouts, specs, taught }: HistoryShape,
  numbers: CheckpointNumbers,
): PoolHistory {
  const sizes = specs.map(({ layout }) => measureLayout(layout));
  const actions: ActionLog[][][] = [];
  for (let worker = 0; worker < workers; worker++) {
    const logs: ActionLog[][] = [];
    for (let rollout = 0; rollout < rollouts; rollout++)
      logs.push(sizes.map((of, policy) => readActions(nameOf(worker, rollout, policy), of, numbers)));
    actions.push(logs);
  }
  const fingerprints = actions.map((_, worker) => [
    ...numbers.take(`history.${worker}.fingerprints`, Int32Array, rollouts),
  ]);
  return { generation, actions, lessons: readLessons(taught, rollouts, numbers), fingerprints };
}

function nameOf(worker: number, rollout: number, policy: number): string {
  return `history.${worker}.${rollout}.${policy}`;
}

/** The lessons of every rollout. */
function readLessons(taught: readonly string[], rollouts: number, numbers: CheckpointNumbers): Lessons[] {
  const flat = numbers.take('history.lessons', Int32Array, rollouts * taught.length);
  return Array.from({ length: rollouts }, (_, rollout) =>
    Object.fromEntries(taught.map((name, at) => [name, flat[rollout * taught.length + at]])),
  );
}

/** The actions of one policy in one rollout; both kinds must have equally many rows. */
function readActions(name: string, { continuous, branches }: LayoutSizes, numbers: CheckpointNumbers): ActionLog {
  const continuousAction = numbers.take(`${name}.continuous`, Float32Array);
  const discreteAction = numbers.take(`${name}.discrete`, Int32Array);
  const rows = continuous > 0 ? continuousAction.length / continuous : discreteAction.length / branches.length;
  if (continuousAction.length !== rows * continuous || discreteAction.length !== rows * branches.length)
    throw refuseCheckpoint(
      numbers.who,
      `holds ${continuousAction.length} and ${discreteAction.length} numbers in "${name}"`,
    );
  for (let at = 0; at < discreteAction.length; at++)
    if (!(discreteAction[at] >= 0 && discreteAction[at] < branches[at % branches.length]))
      throw refuseCheckpoint(numbers.who, `holds choice ${discreteAction[at]} in "${name}", which is out of range`);
  return { continuousAction, discreteAction };
}
