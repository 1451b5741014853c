import type { CurrentLesson } from '../../plugin/index.ts';
import type { RunState } from '../run/live-run.ts';

/** What the last 100 episodes of a policy earned, on average. */
export interface PolicyReturn {
  readonly policy: string;
  readonly meanReturn: number | null;
}

/** A run at a glance. */
export interface RunSummary {
  readonly decisions: number;
  readonly budget: number;
  /** of each policy; most scenes have one */
  readonly returns: readonly PolicyReturn[];
  /** mean return that ends the run */
  readonly goal: number | undefined;
  /** the current lesson of every parameter with a curriculum */
  readonly lessons: readonly CurrentLesson[];
}

/** Whether there is a run to resume. More is known about a run from a checkpoint file once it is resumed. */
export function hasRun({ started, savedUpdates }: RunState): boolean {
  return started !== undefined || savedUpdates !== undefined;
}

/** Decisions against the budget, and return against the goal; nothing before a run has started. */
export function summarize({ started, update, returns }: RunState): RunSummary | undefined {
  if (!started) return undefined;
  const { goal } = started;
  return {
    decisions: update?.decisions ?? started.decisions,
    budget: started.settings.maxDecisions,
    returns: started.policies.map(({ name }) => ({
      policy: name,
      meanReturn: returns[name] ?? null,
    })),
    goal: goal !== null && Number.isFinite(goal) ? goal : undefined,
    lessons: update?.lessons ?? started.lessons,
  };
}

/** The run's phase as a sentence. */
export function describePhase(state: RunState): string {
  const agents = state.started?.agents;
  switch (state.phase) {
    case 'idle':
      return 'Press Train, and agents learn from scratch in this browser.';
    case 'opening':
      return 'Starting workers…';
    case 'training':
      return agents === undefined ? 'Training.' : `${agents} agents are training.`;
    case 'paused':
      return state.workersOpen ? 'Training is paused.' : 'A saved run can be resumed.';
    case 'stopping':
      return 'Stopping after the current update…';
    case 'finished':
      return state.finishReason === 'solved' ? 'The goal was reached.' : 'Training ended.';
    case 'failed':
      return 'Training failed.';
  }
}
