import { AgentsError, messageOf } from '../core/errors.ts';
import type { RunStore } from './run-store.ts';
import type { UnwrittenFile } from './training-event.ts';

/** How long to wait for each of a store's answers. */
export interface StorePatience {
  /** s to read or to write a file */
  readonly patience: number;
  /** s that are left once the signal says stop */
  readonly lastPatience: number;
  readonly signal: AbortSignal | undefined;
}

const PATIENCE: StorePatience = { patience: 120, lastPatience: 5, signal: undefined };

/** A store that somebody else wrote: it may throw whatever it likes, or never answer. */
export class GuardedStore {
  readonly #store: RunStore;
  readonly #patience: StorePatience;
  /** what it was given up on and still is at */
  #stuck: string | undefined;

  constructor(store: RunStore, patience: Partial<StorePatience> = {}) {
    this.#store = store;
    this.#patience = { ...PATIENCE, ...patience };
  }

  /** For people: where a file is; the name alone if the store cannot tell. */
  locate(name: string): string {
    try {
      return String(this.#store.locate(name));
    } catch {
      return name;
    }
  }

  /** The bytes of a file, or nothing if there is none. */
  async read(name: string): Promise<Uint8Array | undefined> {
    const file: unknown = await this.#answerTo(name, () => this.#store.read(name)).catch((error: unknown) => {
      throw new AgentsError(`${describeFailure(this.locate(name), 'read', error)} Check the store.`, { cause: error });
    });
    if (file === undefined || file === null) return undefined;
    if (file instanceof Uint8Array) return file;
    throw new AgentsError(
      `The store's read("${name}") gave ${typeof file === 'object' ? file.constructor?.name : typeof file}. It must give a Uint8Array, or undefined if there is no such file.`,
    );
  }

  /** Writes a file; what comes back says why that failed. */
  async write(name: string, bytes: Uint8Array): Promise<UnwrittenFile | undefined> {
    try {
      await this.#answerTo(name, () => this.#store.write(name, bytes));
      return undefined;
    } catch (error) {
      return this.unwritten(name, error);
    }
  }

  /** A file that could not be written for a reason. */
  unwritten(name: string, error: unknown): UnwrittenFile {
    const file = this.locate(name);
    return { file, reason: describeFailure(file, 'written', error) };
  }

  /** Waits for an answer, but not forever; as long as the store is at something it was given up on, it is asked nothing else. */
  async #answerTo<T>(name: string, ask: () => Promise<T>): Promise<T> {
    if (this.#stuck !== undefined) throw new AgentsError(`The store is still busy with "${this.#stuck}".`);
    const answer = (async () => ask())();
    const limit = startLimit(this.#patience);
    limit.reached.catch(() => {
      this.#stuck = name;
      const settled = () => {
        this.#stuck = undefined;
      };
      answer.then(settled, settled);
    });
    try {
      return await Promise.race([answer, limit.reached]);
    } finally {
      limit.clear();
    }
  }
}

/** Rejects when patience is at its end, unless it is cleared before: it leaves no timer, and nothing on the signal. */
function startLimit({ patience, lastPatience, signal }: StorePatience) {
  const timers: ReturnType<typeof setTimeout>[] = [];
  let fail = (_: AgentsError) => {};
  const reached = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const allow = (seconds: number, since: string) => {
    const late = () => fail(new AgentsError(`The store did not answer within ${seconds} s${since}.`));
    timers.push(setTimeout(late, seconds * 1000));
  };
  const hurry = () => allow(lastPatience, ' once the run was told to stop');
  allow(patience, '');
  if (signal?.aborted) hurry();
  else signal?.addEventListener('abort', hurry);
  const clear = () => {
    signal?.removeEventListener('abort', hurry);
    for (const timer of timers) clearTimeout(timer);
  };
  return { reached, clear };
}

/** `"runs/a/policy.safetensors" cannot be written: no space left.` Errors that name the file say so themselves. */
function describeFailure(file: string, what: 'read' | 'written', error: unknown): string {
  const message = messageOf(error)
    .replace(/^\[agents\] /, '')
    .replace(/[^.]$/, '$&.');
  return message.includes(`"${file}"`) ? message : `"${file}" cannot be ${what}: ${message}`;
}
