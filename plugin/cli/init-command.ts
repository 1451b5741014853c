import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AgentsError, messageOf } from '../core/errors.ts';
import { UsageError } from './usage-error.ts';

interface InitFlags {
  readonly js?: boolean;
  readonly json?: boolean;
}

/** The initial files of a project. They are both TypeScript and JavaScript: no line of them has a type. */
const TEMPLATE = fileURLToPath(new URL('../../template/', import.meta.url));

/** Project names of files whose own names would change how this package is built or packed. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: '.gitignore', 'tsconfig.project.json': 'tsconfig.json' };

/** `babylon-agents init [folder]` */
export async function initCommand(given: string | undefined, { js = false, json }: InitFlags): Promise<void> {
  const folder = given ?? '.';
  const files = await projectFiles(basename(resolve(folder)), js);
  await requireFree(folder, [...files.keys()]);
  try {
    for (const [name, content] of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content, { flag: 'wx' });
    }
  } catch (error) {
    throw new AgentsError(`The project cannot be written: ${messageOf(error)}. Choose another folder.`, {
      cause: error,
    });
  }
  process.stdout.write(json ? `${JSON.stringify({ folder, files: [...files.keys()] })}\n` : describeNext(folder));
}

/** The content of every file, by its path in the project. */
async function projectFiles(folderName: string, js: boolean): Promise<ReadonlyMap<string, string>> {
  const files = new Map([['package.json', manifestOf(folderName, js)]]);
  const entries = await readdir(TEMPLATE, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((found) => found.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(TEMPLATE.length).replaceAll('\\', '/');
    if (js && name.startsWith('tsconfig')) continue;
    const content = await readFile(path, 'utf8');
    files.set(inLanguage(RENAMED[name] ?? name, js), inLanguage(content, js));
  }
  return files;
}

/** A file, or its name, in the language of the project. */
function inLanguage(text: string, js: boolean): string {
  return js ? text.replaceAll(/\.ts\b/g, '.js') : text;
}

/** The project's package.json: this version of the package, and of the others the versions it was tested with. */
function manifestOf(folderName: string, js: boolean): string {
  const { version, devDependencies } = createRequire(import.meta.url)('babylon-agents/package.json');
  const tested = (...names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, devDependencies[name]]));
  const manifest = {
    name:
      folderName
        .toLowerCase()
        .replaceAll(/[^a-z0-9-]+/g, '-')
        .replaceAll(/^-+|-+$/g, '') || 'roller',
    private: true,
    type: 'module',
    scripts: {
      train: 'babylon-agents train',
      start: 'vite',
      test: 'vitest run',
      build: js ? 'vite build' : 'tsc && vite build',
    },
    dependencies: { ...tested('@babylonjs/core', '@babylonjs/havok'), 'babylon-agents': `^${version}` },
    devDependencies: tested(...(js ? [] : ['typescript']), 'vite', 'vitest'),
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** Throws if a file of the project would replace one in the folder. */
async function requireFree(folder: string, names: readonly string[]): Promise<void> {
  const there = await stat(folder).catch(() => undefined);
  if (there && !there.isDirectory()) throw new UsageError(`"${folder}" is a file. Name a folder for the project.`);
  const found = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => undefined)));
  const taken = names.filter((_, i) => found[i] !== undefined);
  if (taken.length > 0)
    throw new UsageError(
      `Folder "${folder}" already has ${taken.join(', ')}. Name a new folder: npx babylon-agents init my-game`,
    );
}

function describeNext(folder: string): string {
  const enter =
    resolve(folder) === process.cwd() ? '' : `cd ${/^[\w@%+=:,./\\-]+$/.test(folder) ? folder : `"${folder}"`} && `;
  return `A ball that learns to roll into a ring is in "${folder}". Next:

  ${enter}npm install
  npm run train    learns it, in some seconds
  npm start        opens a page that plays it
`;
}
