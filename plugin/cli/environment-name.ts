import { didYouMean } from '../core/did-you-mean.ts';
import { type CreateWorker, WorkerHandle } from '../train/worker-handle.ts';
import { UsageError } from './usage-error.ts';

/** The named environment, or the first one. If it does not exist, the error lists all. */
export async function requireEnvironmentName(name: string | undefined, createWorker: CreateWorker): Promise<string> {
  const worker = new WorkerHandle('Worker', createWorker);
  try {
    const names = await worker.call((services) => services.rollout.names());
    if (name === undefined && names.length > 0) return names[0];
    if (name !== undefined && names.includes(name)) return name;
    const guess = name === undefined ? '' : didYouMean(name, names);
    throw new UsageError(`No environment "${name ?? ''}".${guess} There are: ${names.join(', ') || 'none'}.`);
  } finally {
    worker.dispose();
  }
}
