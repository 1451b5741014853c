import type { RunStore } from '../../plugin/training.ts';

/** Where the page keeps the files of a run: they can be forgotten, and one tab at a time may write them. */
export interface RunFiles extends RunStore {
  /** Deletes files; those that are not there are no error. */
  remove(names: readonly string[]): Promise<void>;
  /** Takes the run for this tab alone, or says that another has it. Claiming twice is fine. */
  claim(): Promise<boolean>;
  /** Whether another tab has it. */
  claimedElsewhere(): Promise<boolean>;
  /** Gives it back. */
  release(): void;
}
