import { type TrainingEvent, type TrainingOptions, train } from '../../plugin/training.ts';

/** One call to train(), and its controls. All of them take effect after the current update. */
export class Session {
  readonly events: AsyncGenerator<TrainingEvent, void, void>;
  readonly #abort = new AbortController();
  /** the first update is saved, so that a reload soon after finds the run */
  #wanted: 'pause' | 'checkpoint' | undefined = 'checkpoint';
  #letGo: (() => void) | undefined;

  constructor(environment: string, options: TrainingOptions) {
    this.events = train(environment, { ...options, signal: this.#abort.signal, hold: () => this.#hold() });
  }

  /** Whether it is paused, or will be as soon as its checkpoint is written. */
  get held(): boolean {
    return this.#letGo !== undefined;
  }

  pause(): void {
    this.#wanted = 'pause';
  }

  resume(): void {
    if (this.#wanted === 'pause') this.#wanted = undefined;
    this.#letGo?.();
    this.#letGo = undefined;
  }

  /** Requests a checkpoint. */
  save(): void {
    this.#wanted ??= 'checkpoint';
  }

  /** Ends it with a checkpoint. */
  stop(): void {
    this.#abort.abort();
    this.resume();
  }

  /** Ends it without another event. */
  leave(): void {
    this.stop();
    this.events.return().catch(() => {}); // the consumer of the events sees the error
  }

  #hold(): Promise<void> | undefined {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (wanted === undefined) return undefined;
    if (wanted === 'checkpoint') return Promise.resolve();
    return new Promise((resolve) => {
      this.#letGo = resolve;
    });
  }
}
