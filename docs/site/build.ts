import { join } from 'node:path';
import { finishSite } from './finish.ts';
import { readReference } from './reference.ts';

/** `npm run build:docs`: the documentation as a static site, beside the gallery. */
const folder = process.argv[2] ?? join(import.meta.dirname, '..', '..', 'dist', 'docs');
const { complaints, write } = await readReference();
if (complaints.length > 0) throw new Error(`The documentation has mistakes:\n${complaints.join('\n')}`);
await write(folder);
finishSite(folder);
