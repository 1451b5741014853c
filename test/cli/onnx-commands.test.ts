import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createValue } from '../../plugin/onnx/graph-builder.ts';
import { importOnnx } from '../../plugin/onnx/import-onnx.ts';
import { readModel } from '../../plugin/onnx/read-model.ts';
import { parsePolicy, readTrainingRecord, writePolicy } from '../../plugin/policy/policy-file.ts';
import { type Body, createPlainFile } from '../onnx/actors.ts';
import { createPlayer, LAYOUTS, largestDifference } from '../onnx/fixtures.ts';
import { createFolder, ROOT, runCommand } from './command.ts';

const UNITY_FILE = join(ROOT, 'test/fixtures/onnx/collector-opset9.onnx');
const TRAINED = { environment: 'rail', seed: 3, decisions: 1000, meanReturn: 7.5 };

const run = (...args: string[]) => runCommand(args);

/** A folder with `walker.safetensors` in it. */
function folderWithPolicy() {
  const folder = createFolder();
  const policy = createPlayer(LAYOUTS.mixed);
  const path = join(folder, 'walker.safetensors');
  writeFileSync(path, writePolicy(policy, TRAINED));
  return { folder, policy, path };
}

describe('babylon-agents export and import', () => {
  it('go to ONNX and back, beside the file, to the same policy and what training reached', async () => {
    const { folder, policy, path } = folderWithPolicy();
    const onnx = join(folder, 'walker.onnx');
    const exported = await run('export', path, '--json');
    expect(exported.code).toBe(0);
    expect(JSON.parse(exported.out)).toEqual({
      policyPath: path,
      format: 'onnx',
      out: onnx,
      bytes: readFileSync(onnx).length,
    });
    const back = join(folder, 'back', 'again.safetensors');
    const imported = await run('import', onnx, '--out', back, '--json');
    expect(imported.code).toBe(0);
    expect(JSON.parse(imported.out)).toMatchObject({
      onnxPath: onnx,
      format: 'safetensors',
      out: back,
      bytes: readFileSync(back).length,
      name: 'walker',
      sensors: LAYOUTS.mixed.sensors,
    });
    const again = parsePolicy(readFileSync(back));
    expect(again.spec).toEqual(policy.spec);
    expect(largestDifference(again.weights, policy.weights)).toBeLessThan(1e-6);
    expect(readTrainingRecord(readFileSync(back))).toEqual(TRAINED);
    expect(readdirSync(folder).sort()).toEqual(['back', 'walker.onnx', 'walker.safetensors']); // nothing half-written
  });

  it('join the observations, or write a policy file, where they are asked to', async () => {
    const { folder, path } = folderWithPolicy();
    const joined = join(folder, 'joined.onnx');
    await run('export', path, '--format', 'onnx', '--observations', 'joined', '--out', joined);
    expect(importOnnx(readFileSync(joined)).spec.layout).toEqual(LAYOUTS.mixed);
    const copy = join(folder, 'copy.safetensors');
    expect((await run('export', path, '--format', 'safetensors', '--out', copy)).out).toContain(
      ' bytes of safetensors.',
    );
    expect(Buffer.compare(readFileSync(copy), readFileSync(path))).toBe(0);
  });

  it('write a sensor as a grid, where it is asked to', async () => {
    const { folder, path } = folderWithPolicy();
    const out = join(folder, 'grid.onnx');
    expect((await run('export', path, '--grid', 'eyes=2,2', '--out', out)).code).toBe(0);
    expect(importOnnx(readFileSync(out)).spec.layout).toEqual(LAYOUTS.mixed);
    expect(readModel(readFileSync(out), 'It').graph.inputs[0].dims).toEqual(['batch', 1, 2, 2]);
    expect((await run('export', path, '--grid', 'eyes=2')).err).toContain(
      'with its rows and columns, such as grid=20,20.',
    );
  });

  it('take a name and a pace for what Unity’s files do not say', async () => {
    const { folder } = folderWithPolicy();
    copyFileSync(UNITY_FILE, join(folder, 'collector.onnx'));
    const pace = ['--name', 'collector', '--time-step', '0.01', '--decision-period', '3'];
    const { code, out } = await run('import', join(folder, 'collector.onnx'), ...pace);
    expect(out).toContain('"collector" observes 7 floats (obs_0 7) and acts with actions 3 continuous + branches 2×4.');
    expect(code).toBe(0);
    const { spec } = parsePolicy(readFileSync(join(folder, 'collector.safetensors')));
    expect(spec).toMatchObject({ name: 'collector', timeStep: 0.01, decisionPeriod: 3 });
  });
});

describe('babylon-agents export and import, where the file exists already', () => {
  it('leave it as it is unless --force is given, and say which', async () => {
    const { folder, path } = folderWithPolicy();
    const before = readFileSync(path);
    const onnx = join(folder, 'walker.onnx');
    await run('export', path);
    const refused = await run('import', onnx);
    expect(refused.err).toBe(
      `[agents] "${path}" exists already. Name another file with --out, or add --force to replace it.\n`,
    );
    expect(refused.code).toBe(2);
    expect(Buffer.compare(readFileSync(path), before)).toBe(0);
    expect((await run('export', path)).err).toContain(`"${onnx}" exists already.`);
    const renamed = await run('import', onnx, '--name', 'runner', '--force');
    expect(renamed.code).toBe(0);
    expect(parsePolicy(readFileSync(path)).spec.name).toBe('runner');
    expect(readdirSync(folder).sort()).toEqual(['walker.onnx', 'walker.safetensors']);
  });

  it('let exactly one of three that write the same file at once do so', async () => {
    const { folder, path } = folderWithPolicy();
    const ended = await Promise.all([1, 2, 3].map(() => run('export', path)));
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 2, 2]);
    expect(importOnnx(readFileSync(join(folder, 'walker.onnx'))).spec.layout).toEqual(LAYOUTS.mixed);
    expect(readdirSync(folder).sort()).toEqual(['walker.onnx', 'walker.safetensors']);
  });

  it('never replace what they read, under whichever name, nor what is no file', async () => {
    const { folder, path } = folderWithPolicy();
    const link = join(folder, 'link.safetensors');
    symlinkSync(path, link);
    const copy = ['export', path, '--format', 'safetensors', '--force', '--out'];
    expect((await run(...copy, link)).err).toContain(`[agents] "${link}" would be written over.`);
    expect((await run(...copy, '/dev/null')).err).toContain('[agents] "/dev/null" is not a regular file.');
    expect(readTrainingRecord(readFileSync(path))).toEqual(TRAINED);
  });
});

describe('babylon-agents import, of another trainer’s file', () => {
  const folder = createFolder();
  const body: Body = (actor) => {
    const hidden = actor.node('Elu', [actor.gemm('obs', 4, 6)]);
    actor.node('Gemm', [hidden, actor.weights([5, 6])], { transB: { int: 1 } }, 'scores');
    actor.node('Gemm', [hidden, actor.weights([2, 6])], { transB: { int: 1 } }, 'turns');
  };
  const path = join(folder, 'robot.onnx');
  const outputs = [createValue('turns', [1, 2]), createValue('scores', [1, 5])];
  writeFileSync(path, createPlainFile(body, { outputs }));

  it('asks for what the graph does not say, and takes it', async () => {
    expect((await run('import', path)).err).toContain(
      'has outputs "turns" [1, 2], "scores" [1, 5], but does not say which one holds the actions.',
    );
    expect((await run('import', path, '--output', 'turns')).err).toContain('set bounds (--bounds): clip');
    const turns = await run('import', path, '--output', 'turns', '--bounds', 'none', '--out', join(folder, 'turns.st'));
    expect(turns.out).toBe(
      `${join(folder, 'turns.st')}: "agent" observes 4 floats (obs 4) and acts with actions 2 continuous, without bounds.\n`,
    );
    const choices = await run('import', path, '--output', 'scores', '--branches', '3,2', '--json');
    expect(JSON.parse(choices.out)).toMatchObject({ actions: [{ continuous: 0, branches: [3, 2] }], bounds: 'clip' });
  });

  it.each([
    [['--bounds', 'round'], 'Allowed choices are clip, tanh, none.'],
    [['--branches', '3,x'], "argument '3,x' is invalid. It must be a number."],
    [['--continuous', '0'], "argument '0' is invalid. It must be above 0."],
    [['--output', 'turns', '--bounds', 'clip', '--name', ''], "argument '' is invalid. It must be 1 to 100 characters"],
  ])('refuses %j', async (flags, message) => {
    expect((await run('import', path, ...flags)).err).toContain(message);
  });
});

describe('babylon-agents export and import, used wrongly', () => {
  const { folder, path } = folderWithPolicy();
  mkdirSync(join(folder, 'full'));

  it.each([
    [['export', 'nowhere.safetensors'], 2, '[agents] Policy file "nowhere.safetensors" cannot be read: ENOENT'],
    [['import', 'nowhere.onnx'], 2, '[agents] ONNX file "nowhere.onnx" cannot be read: ENOENT'],
    [['export', path, '--format', 'pt'], 2, "argument 'pt' is invalid. Allowed choices are onnx, safetensors."],
    [['export', path, '--format', 'safetensors'], 2, 'would be written over. Name another file with --out.'],
    [['export', path, '--out', join(folder, 'full')], 2, 'is a folder. Name a file with --out.'],
    [['export', path, '--out', '/dev/null/a.onnx'], 1, '[agents] "/dev/null/a.onnx" cannot be written: '],
    [['export', UNITY_FILE], 1, 'is not a safetensors file'],
    [['import', path], 1, `[agents] ONNX file "${path}" is a safetensors file, not an ONNX file.`],
    [['import', UNITY_FILE, '--decision-period', 'x'], 2, "argument 'x' is invalid. It must be a number."],
  ])('%j exits with %i', async (args, code, message) => {
    const ended = await run(...args);
    expect(ended.err).toContain(message);
    expect([ended.code, ended.out]).toEqual([code, '']);
  });
});
