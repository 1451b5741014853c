import type { Budget } from './budget.ts';
import { isConstant, type Rows } from './rows.ts';
import { rangeOf, settle } from './settle.ts';
import type { FunctionValue } from './trace.ts';
import { Unsupported } from './unsupported.ts';

/** How to bound continuous actions that a graph leaves unbounded. */
export type ActionBounds = (typeof BOUNDS)[number];
export const BOUNDS = ['clip', 'tanh', 'none'] as const;

/** Actions before their bounds, and the policy's bounds. */
export interface BoundedActions {
  readonly rows: Rows;
  readonly bounds: 'clip' | 'none';
  /** turns the graph's numbers into the policy's actions */
  readonly finish: (x: number) => number;
}

const SLACK = 1e-6;

/**
 * Removes the bounds from a graph's actions. A clip to [−1, 1] becomes the policy's own; tanh and other clips become
 * layers; without any, `wanted` decides.
 */
export function readBounds(
  value: Rows | FunctionValue,
  wanted: ActionBounds | undefined,
  output: string,
  budget: Budget,
): BoundedActions {
  const bounds = value.kind === 'rows' ? value : settle(value, budget);
  const keep = (x: number) => x;
  const inOne = isHeldInOne(bounds);
  if (inOne && wanted === 'tanh') throw squashedTwice(output, -1, 1);
  if (inOne) return { rows: { ...bounds, low: undefined, high: undefined }, bounds: 'clip', finish: keep };
  const rows = settle(bounds, budget);
  const ranges = rows.source.map((_, i) => rangeOf(rows, i));
  if (wanted === 'clip') return { rows, bounds: 'clip', finish: (x) => Math.min(Math.max(x, -1), 1) };
  const held = isHeld(bounds) ? bounds.source.map((_, i) => rangeOf(bounds, i)) : ranges;
  const finite = held.every(([low, high]) => Number.isFinite(high - low));
  if (finite && wanted === 'tanh')
    throw squashedTwice(output, Math.min(...held.map(([low]) => low)), Math.max(...held.map(([, high]) => high)));
  if (ranges.every(([low, high]) => Number.isFinite(high - low))) {
    const small = ranges.every(([low, high]) => low >= -1 - SLACK && high <= 1 + SLACK);
    return { rows, bounds: small ? 'clip' : 'none', finish: keep };
  }
  if (isHeld(bounds) || wanted === 'none') return { rows, bounds: 'none', finish: keep };
  if (wanted === undefined) throw unbounded(output, rows.source.length);
  const squashed = settle(
    { kind: 'function', of: rows, apply: Math.tanh, points: [], cost: 1, names: ['Tanh'] },
    budget,
  );
  return { rows: squashed, bounds: 'clip', finish: Math.tanh };
}

/** Whether every column is clipped to [−1, 1], as with clamp(x, −3, 3) / 3. */
function isHeldInOne(rows: Rows): boolean {
  const { low, high } = rows;
  if (!low || !high) return false;
  return rows.source.every(
    (_, i) => isConstant(rows, i) || (Math.abs(low[i] + 1) < SLACK && Math.abs(high[i] - 1) < SLACK),
  );
}

/** Whether every column has its own limits. */
function isHeld({ low, high }: Rows): boolean {
  return low?.every(Number.isFinite) === true && high?.every(Number.isFinite) === true;
}

function squashedTwice(name: string, low: number, high: number): Unsupported {
  const limit = (x: number) => String(Number(x.toPrecision(6))).replace('-', '−');
  return new Unsupported(
    `already bounds its actions ("${name}") to [${limit(low)}, ${limit(high)}], but was imported with bounds "tanh", which is for unbounded numbers`,
    'Omit bounds, or use "clip" or "none"',
  );
}

function unbounded(name: string, size: number): Unsupported {
  const several = size > 1 ? `, or several branches whose sizes add up to ${size}` : '';
  return new Unsupported(
    `outputs ${size} numbers ("${name}"), but does not say what they are`,
    [
      'If they are continuous actions, set bounds (--bounds): clip clips them to [−1, 1], as',
      'Stable-Baselines3, CleanRL and Godot RL Agents do; tanh squashes them; none leaves them as they are, as rsl_rl and',
      `Isaac Lab do. If they are scores of choices, set branches (--branches): ${size} for one choice${several}`,
    ].join(' '),
  );
}
