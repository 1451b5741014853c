import type { CurrentLesson } from '../../plugin/index.ts';
import type { RunState } from '../run/live-run.ts';

/** What the last 100 episodes of a policy earned, on average. */
export interface PolicyReturn {
  readonly policy: string;
  readonly meanReturn: number | null;
}

/** What the page says of a run in one glance. */
export interface RunSummary {
  readonly decisions: number;
  readonly budget: number;
  /** of each policy: of most scenes the one */
  readonly returns: readonly PolicyReturn[];
  /** mean return that ends the run */
  readonly goal: number | undefined;
  /** of every parameter with a curriculum, the lesson that it is at */
  readonly lessons: readonly CurrentLesson[];
}

/** Whether there is a run to resume. A run that came as a checkpoint file tells more once it resumes. */
export function hasRun({ started, savedUpdates }: RunState): boolean {
  return started !== undefined || savedUpdates !== undefined;
}

/** Decisions against the budget, and return against the goal; nothing before a run has begun. */
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
      return 'Press Train, and agents learn in this browser, from nothing.';
    case 'opening':
      return 'Workers are starting…';
    case 'training':
      return agents === undefined ? 'Training.' : `${agents} agents are training.`;
    case 'paused':
      return state.workersOpen ? 'Training is paused.' : 'A run is kept here and can be resumed.';
    case 'stopping':
      return 'Ends after the update at hand…';
    case 'finished':
      return state.finishReason === 'solved' ? 'The goal is reached.' : 'Training has ended.';
    case 'failed':
      return 'Training has failed.';
  }
}
