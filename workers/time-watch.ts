import type { Notices } from '../plugin/core/notices.ts';
import { callerOf } from '../plugin/core/source-place.ts';
import { clockTimers, holdTimers, nativeClock, type Timers } from './hold-timers.ts';

/** Calls and parts of decisions to inspect before the watch gives up. */
const MOST_CALLS = 1000;
const MOST_PARTS = 1800;
/** s of a usual frame */
const FRAME = 1 / 60;
/** What stands between a call and the user's code. */
const OURS = /[\\/](hold-timers|time-watch)\.[jt]s/;

/** Watches for timers and clocks of a scene that has no frames: they count by the wall clock, and training is faster. */
export class TimeWatch implements Timers {
  readonly #environment: string;
  readonly #frames: number;
  readonly #notices: Notices;
  readonly #release: () => void;
  readonly #began = nativeClock.now();
  /** where each timer was set that has not been called yet, while scenes are made */
  readonly #early = new Map<unknown, string>();
  #building = true;
  #calls = 0;
  #parts = 0;
  #told = false;

  constructor(environment: string, timeStep: number, notices: Notices) {
    this.#environment = environment;
    this.#frames = Math.max(1, Math.round(FRAME / timeStep));
    this.#notices = notices;
    this.#release = holdTimers(this);
    clockTimers(this);
  }

  get done(): boolean {
    if (!this.#told && this.#calls < MOST_CALLS && this.#parts < MOST_PARTS) return false;
    this.dispose();
    return true;
  }

  built(): void {
    this.#building = false;
    clockTimers(undefined);
    const [pending] = this.#early.values();
    if (pending !== undefined) this.#tell(pending);
    this.#early.clear();
  }

  within<T>(run: () => T): T {
    this.#parts++;
    const before = clockTimers(this);
    try {
      return run();
    } finally {
      clockTimers(before);
    }
  }

  read(): number {
    if (!this.#building) this.#look('Date.now() or performance.now()');
    return nativeClock.now() - this.#began;
  }

  set(call: () => void, delay: number, repeats: boolean): unknown {
    const what = repeats ? 'setInterval()' : 'setTimeout()';
    const place = this.#building ? this.#placeOf(what) : this.#look(what);
    const early = () => {
      if (!repeats) this.#early.delete(handle);
      call();
    };
    const handle = (repeats ? nativeClock.setInterval : nativeClock.setTimeout)(early, delay);
    if (place !== undefined && this.#building) this.#early.set(handle, place);
    return handle;
  }

  remove(handle: unknown): boolean {
    this.#early.delete(handle);
    return false; // the wall clock's
  }

  dispose(): void {
    if (this.#building) clockTimers(undefined);
    this.#building = false;
    this.#release();
  }

  #look(what: string): undefined {
    if (this.#told || this.#calls++ >= MOST_CALLS) return;
    const place = this.#placeOf(what);
    if (place !== undefined) this.#tell(place);
  }

  #placeOf(what: string): string | undefined {
    const place = callerOf(new Error(), OURS);
    return place && `${what} at ${place}`;
  }

  #tell(place: string): void {
    this.#told = true;
    this.#notices.add(
      `Environment "${this.#environment}" has no frames in training, and its scene uses ${place}, which counts by the wall clock, and training is faster. Set \`frames: ${this.#frames}\`: timers and clocks then count frames. Set \`frames: 0\` if the task does not need them.`,
    );
  }
}
