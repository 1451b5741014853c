import { PassThrough } from 'node:stream';

/** A stream that is no terminal, and what was written to it. */
export function createTextStream(): { readonly stream: NodeJS.WriteStream; readonly lines: () => readonly string[] } {
  const pipe = new PassThrough();
  const stream = pipe as unknown as NodeJS.WriteStream;
  let text = '';
  pipe.on('data', (chunk) => {
    text += chunk;
  });
  return { stream, lines: () => text.trimEnd().split('\n') };
}
