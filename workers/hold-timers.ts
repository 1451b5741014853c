import { replaceGlobal } from './replace-global.ts';

/** What gives time in place of the wall clock. */
export interface Timers {
  /** ms since its time began */
  read(): number;
  /** Sets a timer [ms]; returns its handle. */
  set(call: () => void, delay: number, repeats: boolean): unknown;
  /** Removes a timer; returns whether it had it. */
  remove(handle: unknown): boolean;
}

const { setTimeout, setInterval, clearTimeout, Date: WallDate } = globalThis;

/** The thread's own, bound: browsers refuse to run them as methods of another object. */
export const nativeClock = {
  setTimeout: setTimeout.bind(globalThis),
  setInterval: setInterval.bind(globalThis),
  clearTimeout: clearTimeout.bind(globalThis),
  now: performance.now.bind(performance),
} as const;

/** What runs now belongs to these; undefined: to the thread. */
let current: Timers | undefined;
const holders = new Set<Timers>();
let undo: readonly (() => void)[] = [];
/** ms of the wall clock at which all worlds of this thread begin, so that equal worlds read the same */
let began: { readonly date: number; readonly performance: number } | undefined;
/** what has a timer called as whoever sets it now would be */
let keepCaller: (call: () => void) => () => void = (call) => call;

/** Has what runs from now on set and read `timers`; returns those that it has until now. */
export function clockTimers(timers: Timers | undefined): Timers | undefined {
  const before = current;
  current = timers;
  return before;
}

/** Has timers of worlds called in a surrounding, such as a page, that is the same as when they are set. */
export function keepCallers(keep: (call: () => void) => () => void): void {
  keepCaller = keep;
}

/** Puts timers and clocks in the place of this thread's, which go on for all else, until what it returns is called. */
export function holdTimers(timers: Timers): () => void {
  began ??= { date: WallDate.now(), performance: nativeClock.now() };
  if (holders.size === 0) undo = install(began);
  holders.add(timers);
  return () => {
    if (!holders.delete(timers)) return;
    if (current === timers) current = undefined;
    if (holders.size === 0) for (const one of undo) one();
  };
}

type Call = (...values: unknown[]) => void;

function install(start: { readonly date: number; readonly performance: number }): (() => void)[] {
  const setter = (native: typeof setTimeout, repeats: boolean) =>
    ((call: Call, delay = 0, ...values: unknown[]) =>
      current && typeof call === 'function'
        ? current.set(
            keepCaller(() => call(...values)),
            delay,
            repeats,
          )
        : native(call, delay, ...values)) as typeof setTimeout;
  const clear = ((handle: unknown) => {
    for (const timers of holders) if (timers.remove(handle)) return;
    clearTimeout(handle as number);
  }) as typeof clearTimeout;
  const now = () => (current ? Math.floor(start.date + current.read()) : WallDate.now());
  const TimedDate = new Proxy(WallDate, {
    construct: (target, values, made) =>
      Reflect.construct(target, current && values.length === 0 ? [now()] : values, made),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  return [
    replaceGlobal('setTimeout', setter(setTimeout, false)),
    replaceGlobal('setInterval', setter(setInterval as typeof setTimeout, true) as typeof setInterval),
    replaceGlobal('clearTimeout', clear),
    replaceGlobal('clearInterval', clear),
    replaceGlobal('Date', TimedDate),
    replacePerformance(() => (current ? start.performance + current.read() : nativeClock.now())),
  ];
}

/** Only now(): its other methods belong to the thread's own. */
function replacePerformance(now: () => number): () => void {
  const before = Object.getOwnPropertyDescriptor(performance, 'now');
  Object.defineProperty(performance, 'now', { value: now, configurable: true, writable: true });
  return () => {
    if (performance.now !== now) return; // somebody else's
    if (before) Object.defineProperty(performance, 'now', before);
    else Reflect.deleteProperty(performance, 'now');
  };
}
