import { AgentsError } from '../../plugin/core/errors.ts';
import { Random } from '../../plugin/core/random.ts';
import type { Policy } from '../../plugin/policy/policy.ts';
import type { Mutation } from './mutations.ts';

/** Bytes that a reader may allocate per byte of the file, and in addition, for messages and their stacks. */
const PER_BYTE = 10;
const BESIDES = 100_000;
const ATTEMPTS = 10;

/** The result of reading many bad files. */
export interface Outcome {
  /** files that a reader neither rejected nor understood */
  readonly failures: readonly string[];
  readonly refused: number;
  readonly understood: number;
}

/**
 * Reads `count` mutations of a valid file, the same ones every time. A reader may throw an AgentsError or return something
 * valid; `use` throws otherwise. Anything else is a failure, and so is more memory than ten times the file.
 */
export function readMutations<T>(
  file: Uint8Array,
  count: number,
  mutate: (file: Uint8Array, random: Random) => Mutation,
  read: (file: Uint8Array) => T,
  use: (result: T, random: Random) => void,
): Outcome {
  const failures: string[] = [];
  let refused = 0;
  for (let i = 0; i < count; i++) {
    const random = new Random(1, i);
    const { label, bytes } = mutate(file, random);
    const fail = (what: string) => failures.push(`mutation ${i}, ${label}: ${what}`);
    const { result, allocated } = attempt(() => read(bytes), PER_BYTE * bytes.length + BESIDES);
    if (result.kind === 'refused') refused++;
    if (result.kind === 'refused' && !(result.error instanceof AgentsError)) fail(String(result.error));
    if (allocated > PER_BYTE * bytes.length + BESIDES) fail(`${allocated} bytes allocated for ${bytes.length}`);
    try {
      if (result.kind === 'understood') use(result.value, random);
    } catch (error) {
      fail(`it was read, but ${error}`);
    }
  }
  return { failures, refused, understood: count - refused };
}

type Result<T> =
  | { readonly kind: 'understood'; readonly value: T }
  | { readonly kind: 'refused'; readonly error: unknown };

/**
 * What a reader does, and how many bytes it allocates; the least of several attempts, because code that V8 has not compiled
 * allocates an object for every number beyond 31 bits, and a collection may run at any time.
 */
function attempt<T>(read: () => T, most: number): { readonly result: Result<T>; readonly allocated: number } {
  let allocated = Infinity;
  for (let i = 0; ; i++) {
    const before = countAllocated();
    const result = settle(read);
    allocated = Math.min(allocated, countAllocated() - before);
    if (i === ATTEMPTS || allocated <= most) return { result, allocated };
  }
}

function settle<T>(read: () => T): Result<T> {
  try {
    return { kind: 'understood', value: read() };
  } catch (error) {
    return { kind: 'refused', error };
  }
}

/** Throws if a policy does not act properly on random observations. */
export function requireAction(policy: Policy, random: Random): void {
  const rows = 3;
  const action = new Float32Array(rows * policy.sizes.action);
  const observation = Float32Array.from({ length: rows * policy.sizes.observation }, () => 10 * random.normal());
  for (const chance of [undefined, random]) {
    policy.act(observation, action, undefined, chance);
    if (!action.every(Number.isFinite)) throw new Error(`it acts [${action}]`);
  }
}

/** Bytes used by JavaScript, garbage included. */
function countAllocated(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
