import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = join(import.meta.dirname, '..', '..');

/** The project that the guides "Train" and "Ship" build up, file by file. */
const GUIDES = join(ROOT, 'docs', 'snippets', 'roller-game');

/** The packages of Babylon that a guide installs beside this one. */
const BABYLON = ['@babylonjs/core', '@babylonjs/havok', '@babylonjs/loaders'];

/** What `npm pack` made. */
export interface Packed {
  readonly tarball: string;
  /** bytes of the tarball, and of its files */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly string[];
}

/** A folder outside the repository, removed at the end. */
export function temporaryFolder(): { readonly path: string; dispose(): void } {
  const path = mkdtempSync(join(tmpdir(), 'babylon-agents-package-'));
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs a command to its end as a stranger's terminal would, and gives what it printed; throws with all of it when it fails. */
export async function run(cwd: string, command: string, ...args: readonly string[]): Promise<string> {
  const { NODE_ENV: _, NODE_OPTIONS: __, ...env } = process.env; // the test runner's
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd, env, maxBuffer: 1 << 26 });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** `npm pack` of the repository, which compiles it first. */
export async function pack(into: string): Promise<Packed> {
  const printed = await run(ROOT, 'npm', 'pack', '--json', '--pack-destination', into);
  const answer = JSON.parse(printed.slice(printed.search(/^[[{]/m))); // scripts may print before it
  const [{ filename, size, unpackedSize, files }] = Object.values(answer) as {
    readonly filename: string;
    readonly size: number;
    readonly unpackedSize: number;
    readonly files: readonly { readonly path: string }[];
  }[];
  return { tarball: join(into, filename), size, unpackedSize, files: files.map(({ path }) => path).sort() };
}

/** The versions of packages that the repository has locked. */
export function asLocked(...names: readonly string[]): Readonly<Record<string, string>> {
  const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  return Object.fromEntries(names.map((name) => [name, lock.packages[`node_modules/${name}`].version]));
}

/**
 * The guides' project in `folder`, with the tarball and the packages that the guides name, from the registry: as the
 * repository has locked them, or of other `versions`.
 */
export async function installProject(
  folder: string,
  tarball: string,
  versions: Readonly<Record<string, string>> = {},
): Promise<void> {
  cpSync(GUIDES, folder, { recursive: true });
  renameSync(join(folder, 'tsconfig.guide.json'), join(folder, 'tsconfig.json')); // here it would hide the repository's own
  const others = Object.keys(versions).length > 0; // loaders go with one core alone
  const babylon = { ...asLocked(...(others ? BABYLON.slice(0, 2) : BABYLON)), ...versions };
  const manifest = {
    private: true,
    type: 'module',
    dependencies: { 'babylon-agents': `file:${tarball}`, ...babylon },
    devDependencies: asLocked('vite', 'es-module-shims'),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  await run(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund');
}
