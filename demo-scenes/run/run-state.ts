import type { FinishReason, StartedEvent, UpdateEvent } from '../../plugin/training.ts';

/**
 * The state of a run. After stop() it is `paused`, like one after a reload: it can be resumed, but its workers are gone
 * (`workersOpen`). `finished` is a run that reached its goal or used up its budget.
 */
export type RunPhase = 'idle' | 'opening' | 'training' | 'paused' | 'stopping' | 'finished' | 'failed';

/** Something that happened, in a sentence for people. */
export interface RunNote {
  readonly kind: 'info' | 'warning' | 'problem';
  readonly text: string;
}

/** An update without its weights: numbers that can be kept and shown. */
export type RunUpdate = Omit<UpdateEvent, 'weights'>;

/** Everything a panel shows about a run, except its curves: plain data, a new object at every change. */
export interface RunState {
  readonly phase: RunPhase;
  /** whether it will pause after the current update */
  readonly pausing: boolean;
  /** whether it has workers, so that stop() has something to end */
  readonly workersOpen: boolean;
  /** what the run was opened with, now or before a reload */
  readonly started: StartedEvent | undefined;
  /** the latest update, of any policy */
  readonly update: RunUpdate | undefined;
  /** the mean return of each policy that has learned, at its latest update */
  readonly returns: Readonly<Record<string, number | null>>;
  /** s until the budget is used up, at the speed of the last updates */
  readonly secondsLeft: number | undefined;
  /** why it ended, if it has */
  readonly finishReason: FinishReason | undefined;
  /** the latest last, at most 20 */
  readonly notes: readonly RunNote[];
  /** updates in the stored checkpoint */
  readonly savedUpdates: number | undefined;
  /** whether rollouts are passed through shared memory */
  readonly sharedMemory: boolean;
}

const MOST_NOTES = 20;

export const NOTHING_YET: RunState = {
  phase: 'idle',
  pausing: false,
  workersOpen: false,
  started: undefined,
  update: undefined,
  returns: {},
  secondsLeft: undefined,
  finishReason: undefined,
  notes: [],
  savedUpdates: undefined,
  sharedMemory: globalThis.crossOriginIsolated ?? true, // Node does not define it, and always shares
};

/** The notes with one more; one that repeats the latest replaces it. */
export function addNote(notes: readonly RunNote[], note: RunNote): readonly RunNote[] {
  const others = notes.at(-1)?.text === note.text ? notes.slice(0, -1) : notes;
  return [...others, note].slice(-MOST_NOTES);
}
