import { createReadStream } from 'node:fs';
import { messageOf } from '../core/errors.ts';
import { UsageError } from './usage-error.ts';

/** No policy is larger; a device such as /dev/zero has no end. */
const MOST_BYTES = 1e9;

/** The bytes of a file named on the command line; `who` starts the error if it cannot be read. */
export async function readInput(path: string, who: string): Promise<Uint8Array> {
  return readBytes(path, MOST_BYTES).catch((error) => {
    throw new UsageError(`${who} cannot be read: ${messageOf(error)}. Check the path that follows the command.`, {
      cause: error,
    });
  });
}

/** A file as text: UTF-8, or the UTF-16 that Windows PowerShell writes. */
export async function readText(path: string, most: number): Promise<string> {
  const bytes = await readBytes(path, most);
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes); // without its byte order mark
  } catch (error) {
    throw new Error('it is not encoded in UTF-8', { cause: error });
  }
}

async function readBytes(path: string, most: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > most) throw new Error(`it is larger than ${most / 1e6} MB`);
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks, length));
}
