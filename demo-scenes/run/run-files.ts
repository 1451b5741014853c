import type { RunStore } from '../../plugin/training.ts';

/** Stores the files of a run: they can be deleted, and only one tab at a time may write them. */
export interface RunFiles extends RunStore {
  /** Deletes files; missing ones are not an error. */
  remove(names: readonly string[]): Promise<void>;
  /** Claims the run for this tab, or returns false if another tab has it. Claiming twice is fine. */
  claim(): Promise<boolean>;
  /** Whether another tab has it. */
  claimedElsewhere(): Promise<boolean>;
  /** Releases it. */
  release(): void;
}
