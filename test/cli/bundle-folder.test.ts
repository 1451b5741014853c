import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBundleFolder } from '../../plugin/cli/bundle-folder.ts';
import { processTag } from '../../plugin/cli/process-tag.ts';
import { COMMAND, createFolder, onceTraining, ROOT, runCommand } from './command.ts';

const DEAD_PID = spawnSync(process.execPath, ['-e', '']).pid;
const [, START, MACHINE] = processTag().split('-');
const PREFIX = 'babylon-agents-worker-';

/** A worker file in a folder with no `node_modules` in it or above, and another folder for temporary files. */
function createBareProject() {
  const project = createFolder();
  const temporary = createFolder();
  const worker = join(project, 'worker.mjs');
  const from = (path: string) => JSON.stringify(join(ROOT, path));
  writeFileSync(
    worker,
    `import { rail } from ${from('test/fixtures/environments.ts')};
import { exposeEnvironments } from ${from('workers/index.ts')};
exposeEnvironments({ rail: { environment: async () => rail, training: async () => ({ backend: 'wasm', workers: 1 }) } });`,
  );
  const bundles = () => readdirSync(temporary).filter((name) => name.startsWith(PREFIX));
  return { project, temporary, worker, bundles, env: { ...process.env, TMPDIR: temporary } };
}

/** A bundle as another process would have left it. */
function leaveBundle(cache: string, tag: string, ageDays: number): string {
  const folder = join(cache, `${PREFIX}${tag}.aBcDeF`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'worker.mjs'), '');
  const at = new Date(Date.now() - ageDays * 24 * 3600 * 1000);
  utimesSync(folder, at, at);
  return folder;
}

describe('the bundle of a worker file', () => {
  it('goes to the folder for temporary files where no node_modules is above it, and away when the process ends', async () => {
    const { worker, env, bundles } = createBareProject();
    const { code, json } = await runCommand(['list', '--worker', worker, '--json'], { env });
    expect(code).toBe(0);
    expect(json.environments).toContainEqual(expect.objectContaining({ name: 'rail' }));
    expect(bundles()).toEqual([]);
    expect(existsSync('/node_modules')).toBe(false);
  });

  it('that a killed process left goes away at the next start, and that of a living one stays, however old both are', async () => {
    const { project, temporary, worker, env, bundles } = createBareProject();
    const run = join(project, 'run');
    const train = ['train', 'rail', '--worker', worker, '--run', run, '--max-decisions', '100000000'];
    const kill = onceTraining((child) => child.kill('SIGKILL'));
    await runCommand(train, { env, watch: kill });
    expect(bundles()).toHaveLength(1);
    const alive = [
      leaveBundle(temporary, processTag(), 30),
      leaveBundle(temporary, `${DEAD_PID}-${START}-aaaaaaaa`, 0.5), // of another machine, which touches it
    ];
    leaveBundle(temporary, `${DEAD_PID}-${START}-${MACHINE}`, 0);
    leaveBundle(temporary, `${process.pid}-1-${MACHINE}`, 0); // this process has the number of a dead one
    leaveBundle(temporary, `${process.pid}-${START}-aaaaaaaa`, 2);
    await runCommand(['list', '--worker', worker], { env });
    expect(
      bundles()
        .map((name) => join(temporary, name))
        .sort(),
    ).toEqual([...alive].sort());
  });

  it('is cleaned up by a process that is interrupted while it starts', async () => {
    const { worker, env, bundles } = createBareProject();
    const child = spawn(process.execPath, [...COMMAND, 'list', '--worker', worker], { env });
    const ended = new Promise((resolve) => child.on('close', resolve));
    while (bundles().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGTERM');
    expect(await ended).toBe(143);
    expect(bundles()).toEqual([]);
  });

  it('is refused with the places where it could not be written', () => {
    const { worker, project, temporary } = createBareProject();
    const file = join(project, 'file');
    writeFileSync(file, '');
    const before = process.env.TMPDIR;
    process.env.TMPDIR = file;
    const make = () => makeBundleFolder(worker);
    expect(make).toThrow(`[agents] The bundle of worker file "${worker}" cannot be written: EEXIST`);
    expect(make).toThrow('Make that folder writable, or set TMPDIR to a writable one.');
    mkdirSync(join(project, 'node_modules'));
    writeFileSync(join(project, 'node_modules', '.cache'), '');
    expect(make).toThrow(`mkdir '${join(project, 'node_modules', '.cache')}`);
    process.env.TMPDIR = temporary; // where the project's own cache cannot be written, this is used
    const folder = makeBundleFolder(worker);
    expect(dirname(folder)).toBe(process.env.TMPDIR);
    expect(realpathSync(join(folder, 'node_modules'))).toBe(realpathSync(join(project, 'node_modules'))); // its packages are found
    process.env.TMPDIR = before;
    if (before === undefined) delete process.env.TMPDIR;
  });
});
