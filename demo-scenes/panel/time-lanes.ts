import type { UpdateTimes } from '../../plugin/training.ts';

/** What time was spent on. */
export type TimeKind = 'physics' | 'policy' | 'other' | 'learner' | 'idle';

/** A share of a lane. */
export interface TimePart {
  readonly kind: TimeKind;
  readonly label: string;
  /** 0 … 1 */
  readonly share: number;
}

/** One kind of thread, and how it spent an update's time. */
export interface Lane {
  readonly name: string;
  readonly parts: readonly TimePart[];
}

/** Splits an update's time for the workers (their mean) and for the learner. The shares of a lane sum to 1. */
export function lanesOf({ totalMs, physicsMs, policyMs, learnerMs, workersIdleMs }: UpdateTimes): readonly Lane[] {
  const idle = share(workersIdleMs, totalMs);
  const busy = 1 - idle;
  // A rollout that began before this update may have taken longer than the update.
  const scale = busy / Math.max((physicsMs + policyMs) / totalMs, busy);
  const physics = (scale * physicsMs) / totalMs;
  const policy = (scale * policyMs) / totalMs;
  const learner = share(learnerMs, totalMs);
  return [
    {
      name: 'Workers',
      parts: [
        { kind: 'physics', label: 'physics', share: physics },
        { kind: 'policy', label: 'policy', share: policy },
        { kind: 'other', label: 'rest of the rollout', share: Math.max(0, busy - physics - policy) },
        { kind: 'idle', label: 'idle', share: idle },
      ],
    },
    {
      name: 'Learner',
      parts: [
        { kind: 'learner', label: 'learning', share: learner },
        { kind: 'idle', label: 'idle', share: 1 - learner },
      ],
    },
  ];
}

/** A running mean over about ten updates, so that shares are readable. */
export function averageTimes(before: UpdateTimes | undefined, now: UpdateTimes): UpdateTimes {
  if (!before) return now;
  const mix = (name: keyof UpdateTimes) => before[name] + 0.1 * (now[name] - before[name]);
  return {
    totalMs: mix('totalMs'),
    rolloutMs: mix('rolloutMs'),
    physicsMs: mix('physicsMs'),
    policyMs: mix('policyMs'),
    learnerMs: mix('learnerMs'),
    workersIdleMs: mix('workersIdleMs'),
    learnerIdleMs: mix('learnerIdleMs'),
  };
}

function share(part: number, whole: number): number {
  return Math.min(Math.max(part / whole, 0), 1);
}
