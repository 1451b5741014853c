import type { FinishReason, StartedEvent, UpdateEvent } from '../../plugin/training.ts';

/**
 * Where a run stands. After stop() it is `paused` like one that was reloaded: it can be resumed, but its workers are gone
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

/** All that a panel shows of a run, besides its curves: plain data, a new object at every change. */
export interface RunState {
  readonly phase: RunPhase;
  /** whether it will pause after the update at hand */
  readonly pausing: boolean;
  /** whether its workers are there, so that stop() has something to end */
  readonly workersOpen: boolean;
  /** what the run was opened with, now or before the page was reloaded */
  readonly started: StartedEvent | undefined;
  /** the newest update, of several policies that of any */
  readonly update: RunUpdate | undefined;
  /** the mean return of each policy that has learned, at its newest update */
  readonly returns: Readonly<Record<string, number | null>>;
  /** s until the budget is used up, at the speed of the last updates */
  readonly secondsLeft: number | undefined;
  /** why it ended, when it has */
  readonly finishReason: FinishReason | undefined;
  /** newest last, at most 20 */
  readonly notes: readonly RunNote[];
  /** updates that the stored checkpoint holds */
  readonly savedUpdates: number | undefined;
  /** whether rollouts travel through shared memory */
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
  sharedMemory: globalThis.crossOriginIsolated ?? true, // Node has no such word, and always shares
};

/** The notes with one more; one that repeats the newest takes its place. */
export function addNote(notes: readonly RunNote[], note: RunNote): readonly RunNote[] {
  const others = notes.at(-1)?.text === note.text ? notes.slice(0, -1) : notes;
  return [...others, note].slice(-MOST_NOTES);
}
