import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderClaim } from '../../plugin/cli/folder-claim.ts';
import { FolderStore, newestRunFolder } from '../../plugin/cli/folder-store.ts';
import { processTag } from '../../plugin/cli/process-tag.ts';
import { createFolder, ROOT } from './command.ts';

const HOLDER = 'test/fixtures/folder-holder.ts';
const DEAD_PID = spawnSync(process.execPath, ['-e', '']).pid;
const [, START, MACHINE] = processTag().split('-');
const CLAIM_ID = '0'.repeat(32);

/** A process that opens the folder, as soon as it is told to, and tells how that went: `open` or the error. */
function startHolder(folder: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', HOLDER, folder], { cwd: ROOT });
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  child.stdout.on('data', (data) => {
    for (const line of String(data).trimEnd().split('\n')) {
      const next = waiting.shift();
      if (next) next(line);
      else lines.push(line);
    }
  });
  const line = () =>
    new Promise<string>((resolve) => {
      const told = lines.shift();
      if (told === undefined) waiting.push(resolve);
      else resolve(told);
    });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return { child, line, ended };
}

async function holderOf(folder: string) {
  const holder = startHolder(folder);
  await holder.line(); // it is ready
  holder.child.stdin.write('go\n');
  return { ...holder, said: await holder.line() };
}

const claims = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('.claim-'));

/** A claim as another process would have left it. */
function leaveClaim(folder: string, tag: string, ageMs = 0): string {
  const path = join(folder, `.claim-${tag}.${CLAIM_ID}`);
  writeFileSync(path, JSON.stringify({ pid: 4711, host: 'atlas', since: '2026-01-02T03:04:05.000Z' }));
  const at = new Date(Date.now() - ageMs);
  utimesSync(path, at, at);
  return path;
}

describe('a run folder', () => {
  it('belongs to one process, which the error names, until that process is killed', async () => {
    const folder = createFolder();
    const { child, said, ended } = await holderOf(folder);
    expect(said).toBe('open');
    await expect(FolderStore.open(folder)).rejects.toThrow(
      new RegExp(
        `^\\[agents\\] Folder "${folder}" is in use by process ${child.pid} on ".+", since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\. Wait for it to end, stop it, or choose another folder\\.$`,
      ),
    );
    child.kill('SIGKILL');
    await ended;
    const store = await FolderStore.open(folder);
    expect(claims(folder)).toHaveLength(1);
    store.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stays with a process that is suspended', async () => {
    const folder = createFolder();
    const { child, ended } = await holderOf(folder);
    child.kill('SIGSTOP');
    await expect(FolderStore.open(folder)).rejects.toThrow(`is in use by process ${child.pid}`);
    child.kill('SIGKILL');
    await ended;
  });

  it('goes to exactly one of five that find a dead claim at the same moment', async () => {
    const folder = createFolder();
    leaveClaim(folder, `${DEAD_PID}-${START}-${MACHINE}`);
    const holders = Array.from({ length: 5 }, () => startHolder(folder));
    await Promise.all(holders.map(({ line }) => line()));
    for (const { child } of holders) child.stdin.write('go\n');
    const said = await Promise.all(holders.map(({ line }) => line()));
    expect(said.filter((line) => line === 'open')).toHaveLength(1);
    expect(said.filter((line) => line.includes('is in use by process'))).toHaveLength(4);
    for (const { child } of holders) child.kill('SIGKILL');
    await Promise.all(holders.map(({ ended }) => ended));
  });

  it('goes to exactly one of twenty in one process', async () => {
    const folder = createFolder();
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => FolderStore.open(folder)));
    const open = all.filter((result) => result.status === 'fulfilled');
    expect(open).toHaveLength(1);
    open[0].value.release();
  });

  it.each([
    ['whose process has ended', `${DEAD_PID}-${START}-${MACHINE}`, 0],
    ['whose number another process has now', `${process.pid}-1-${MACHINE}`, 0],
    ['of another machine that has been silent for 100 s', `${process.pid}-${START}-aaaaaaaa`, 100_000],
  ])('is free again from a claim %s', async (_, tag, ageMs) => {
    const folder = createFolder();
    const left = leaveClaim(folder, tag, ageMs);
    const store = await FolderStore.open(folder);
    expect(existsSync(left)).toBe(false);
    store.release();
  });

  it('is refused while another machine gives signs of life, with its name', async () => {
    const folder = createFolder();
    const left = leaveClaim(folder, `${DEAD_PID}-${START}-aaaaaaaa`, 20_000);
    await expect(FolderStore.open(folder)).rejects.toThrow('in use by process 4711 on "atlas", since 2026-01-02 ');
    expect(existsSync(left)).toBe(true);
  });

  it('is not written to by a process that has lost it to another', async () => {
    const folder = createFolder();
    const store = await FolderStore.open(folder);
    const [mine] = claims(folder);
    await store.write('a.safetensors', new Uint8Array(1));
    rmSync(join(folder, mine)); // as a machine does that took this one for dead
    const taken = await FolderClaim.take(folder);
    await expect(store.write('a.safetensors', new Uint8Array(2))).rejects.toThrow('cannot be written: Folder ');
    taken.release();
    await store.write('a.safetensors', new Uint8Array(3)); // it takes the folder again
    expect(claims(folder)).toHaveLength(1);
    store.release();
  });

  it('is rid of what killed processes were writing when it is opened, and of nothing else', async () => {
    const folder = createFolder();
    const dead = [`checkpoint.safetensors.${DEAD_PID}-${START}-${MACHINE}.tmp`, `policy.safetensors.${DEAD_PID}.tmp`];
    const others = [
      `walker.onnx.${processTag()}.tmp`,
      'notes.2024.tmp',
      'policy.safetensors.old.tmp',
      'policy.safetensors',
    ];
    for (const name of [...dead, ...others]) writeFileSync(join(folder, name), 'bytes');
    const store = await FolderStore.open(folder);
    store.release();
    expect(readdirSync(folder).sort()).toEqual([...others].sort());
  });

  it('is removed again, with the folders above that were made for it, if nothing is kept in it', async () => {
    const project = createFolder();
    const deep = join(project, 'a', 'b', 'c');
    (await FolderStore.open(deep)).release();
    expect(readdirSync(project)).toEqual([]);
    const store = await FolderStore.open(deep);
    await store.write('policy.safetensors', new Uint8Array(1));
    store.release();
    expect(readdirSync(deep)).toEqual(['policy.safetensors']);
    const own = join(project, 'own');
    mkdirSync(own);
    (await FolderStore.open(own)).release();
    expect(existsSync(own)).toBe(true);
  });

  it('is refused where it is a file', async () => {
    const file = join(createFolder(), 'policy.safetensors');
    writeFileSync(file, 'bytes');
    await expect(FolderStore.open(file)).rejects.toThrow(
      `[agents] Run folder "${file}" cannot be written to: it is a file. Choose another with --run.`,
    );
  });
});

describe('the default run folder', () => {
  it('is numbered after the newest, and resumed is the newest that has a checkpoint', async () => {
    const runs = join(createFolder(), 'runs');
    for (const name of ['roller-1', 'roller-9', 'roller-10', 'rollers-11', 'roller-x'])
      mkdirSync(join(runs, name), { recursive: true });
    for (const name of ['roller-1', 'roller-9']) writeFileSync(join(runs, name, 'checkpoint.safetensors'), '');
    expect(await newestRunFolder('roller', runs)).toBe(join(runs, 'roller-9')); // 10 failed before its first update
    const store = await FolderStore.create('roller', runs);
    expect(store.folder).toBe(join(runs, 'roller-11'));
    store.release();
    await expect(newestRunFolder('rollers', runs)).rejects.toThrow('There is no run of "rollers"');
  });

  it('is another one for each of ten that ask at the same time', async () => {
    const runs = join(createFolder(), 'runs');
    const stores = await Promise.all(Array.from({ length: 10 }, () => FolderStore.create('roller', runs)));
    const folders = new Set(stores.map(({ folder }) => folder));
    expect(folders).toEqual(new Set(Array.from({ length: 10 }, (_, i) => join(runs, `roller-${i + 1}`))));
    for (const store of stores) store.release();
  });

  it('lies in the folder of runs, whatever an environment is called', async () => {
    const runs = join(createFolder(), 'runs');
    const refused = [
      ['../evil', 'a name of lowercase letters, digits and hyphens, such as "balance-ball"'],
      ['con', 'another name: Windows reserves this one'],
      ['a'.repeat(101), '100 characters or fewer'],
    ];
    for (const [name, must] of refused)
      await expect(FolderStore.create(name, runs)).rejects.toThrow(
        `[agents] Environment "${name}" cannot name a folder. Its name must be ${must}. Rename it, or choose a folder with --run.`,
      );
    expect(existsSync(runs)).toBe(false);
  });
});
