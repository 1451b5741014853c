import { readFile } from 'node:fs/promises';
import { messageOf } from '../core/errors.ts';
import { UsageError } from './usage-error.ts';

/** The bytes of a file that the command line names; `who` starts the error where it cannot be read. */
export async function readInput(path: string, who: string): Promise<Uint8Array> {
  return readFile(path).catch((error) => {
    throw new UsageError(`${who} cannot be read: ${messageOf(error)}. Check the path that follows the command.`, {
      cause: error,
    });
  });
}
