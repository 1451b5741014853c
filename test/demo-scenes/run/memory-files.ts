import type { RunFiles } from '../../../demo-scenes/run/live-run.ts';
import { MemoryStore } from '../../fixtures/memory-store.ts';

/** The store of one browser, as one of its tabs sees it. */
export class MemoryFiles extends MemoryStore implements RunFiles {
  /** the tab that has the run */
  holder: unknown;
  readonly writes: string[] = [];
  /** thrown by every write, when there is one */
  full: Error | undefined;

  override async write(name: string, bytes: Uint8Array): Promise<void> {
    if (this.full) throw this.full;
    this.writes.push(name);
    await super.write(name, bytes);
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) this.files.delete(name);
  }

  async claim(): Promise<boolean> {
    this.holder ??= this;
    return this.holder === this;
  }

  async claimedElsewhere(): Promise<boolean> {
    return this.holder !== undefined && this.holder !== this;
  }

  release(): void {
    if (this.holder === this) this.holder = undefined;
  }
}
