import { clockTimers, holdTimers, nativeClock, type Timers } from './hold-timers.ts';

interface Timer {
  /** what whoever set it has of it */
  readonly handle: unknown;
  readonly call: () => void;
  /** ms of the world's time */
  due: number;
  /** ms; undefined: it is called once */
  readonly every: number | undefined;
}

/** A timer that was set while scenes are made, when only the wall clock runs. */
interface EarlyTimer {
  readonly call: () => void;
  readonly delay: number;
  readonly repeats: boolean;
}

/** Reads of the clock during a build before it starts to creep. */
const STILL_READS = 1000;
/** ms that it creeps with each, so that code that waits for a time in a loop gets there */
const CREEP = 1e-3;
/** of what is due: sums of frames are rounded */
const ROUNDING = 1e-6;

/**
 * The timers and clocks of a world with frames: `setTimeout`, `setInterval`, `Date` and `performance.now()` count the frames
 * of its scenes. While scenes are made, timers run by the wall clock, because loading takes real time, and clocks stand
 * still; timers that are still pending then start when the world does.
 */
export class WorldTime implements Timers {
  readonly #release: () => void;
  readonly #early = new Map<unknown, EarlyTimer>();
  #timers: Timer[] = [];
  /** ms since the world began */
  #now = 0;
  #frames = 0;
  #reads = 0;
  #building = true;

  /** Begins with the build of its world. */
  constructor() {
    this.#release = holdTimers(this);
    clockTimers(this);
  }

  /** It is needed as long as its world. */
  readonly done = false;

  /** The scenes are made. */
  built(): void {
    this.#building = false;
    clockTimers(undefined);
    for (const [handle, { call, delay, repeats }] of this.#early) {
      nativeClock.clearTimeout(handle as number);
      this.#add(call, delay, repeats, handle);
    }
    this.#early.clear();
  }

  /** Advances by a frame of this many ms, and calls the timers that are due. */
  advance(ms: number): void {
    const now = ++this.#frames * ms;
    while (this.#timers.length > 0) {
      const next = this.#timers.reduce((first, timer) => (timer.due < first.due ? timer : first));
      if (next.due > now + ROUNDING) break;
      this.#now = Math.max(this.#now, next.due);
      if (next.every === undefined) this.remove(next.handle);
      else next.due += next.every;
      next.call();
    }
    this.#now = now;
  }

  /** Runs what belongs to the world: what it sets and reads is in the world's time. */
  within<T>(run: () => T): T {
    const before = clockTimers(this);
    try {
      return run();
    } finally {
      clockTimers(before);
    }
  }

  read(): number {
    if (this.#building && ++this.#reads > STILL_READS) this.#now += CREEP;
    return this.#now;
  }

  set(call: () => void, delay: number, repeats: boolean): unknown {
    if (!this.#building) return this.#add(call, delay, repeats);
    const early = () => {
      if (!repeats) this.#early.delete(handle);
      call();
    };
    const handle = (repeats ? nativeClock.setInterval : nativeClock.setTimeout)(early, delay);
    this.#early.set(handle, { call, delay, repeats });
    return handle;
  }

  #add(call: () => void, delay: number, repeats: boolean, handle: unknown = ++lastHandle): unknown {
    const wait = Math.max(1, Number(delay) || 0); // as browsers and Node do
    this.#timers.push({ handle, call, due: this.#now + wait, every: repeats ? wait : undefined });
    return handle;
  }

  remove(handle: unknown): boolean {
    this.#early.delete(handle); // the wall clock's is cleared as well
    const before = this.#timers.length;
    this.#timers = this.#timers.filter((timer) => timer.handle !== handle);
    return this.#timers.length < before;
  }

  dispose(): void {
    if (this.#building) this.built();
    this.#timers = [];
    this.#release();
  }
}

/** Far from the numbers of a thread's own timers. */
let lastHandle = 2 ** 40;
