import { AgentsError, messageOf } from '../core/errors.ts';
import { showOption } from './show-option.ts';
import type { TrainingOptions } from './training-options.ts';

/** Asks a run's hold(); what it throws, and what is no promise, is a rejected promise. */
export function askToHold({ hold }: Pick<TrainingOptions, 'hold'>): Promise<void> | undefined {
  if (!hold) return undefined;
  try {
    const held: unknown = hold();
    if (!held) return undefined;
    if (typeof (held as Promise<void>).then !== 'function')
      throw new AgentsError(`hold() returned ${showOption(held)}. Return a promise, or undefined.`);
    return Promise.resolve(held as Promise<void>).catch(fail);
  } catch (error) {
    return fail(error);
  }
}

async function fail(error: unknown): Promise<never> {
  if (AgentsError.is(error)) throw error;
  throw new AgentsError(`hold() failed after an update: ${messageOf(error)}`, { cause: error });
}

/** Resolves with a promise, or once the signal says stop; leaves nothing on the signal, which outlives many a wait. */
export async function orAborted(held: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return;
  let stop = () => {};
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
  });
  signal?.addEventListener('abort', stop);
  try {
    await Promise.race([held, aborted]);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
