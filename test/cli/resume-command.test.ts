import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolder, runCommand, WORKER } from './command.ts';

/** The arguments of the command that the terminal shows for resuming. */
function resumeCommand(out: string): string[] {
  const shown = /^Resume: +npm run train -- (.+)$/m.exec(out)?.[1] ?? '';
  return ['train', ...[...shown.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain)];
}

const decisionsIn = (out: string) => Number(/after ([\d,]+) decisions/.exec(out)?.[1].replaceAll(',', ''));

describe('the command for resuming that a finished run shows', () => {
  it.each([
    ['its budget', 'rail', ['--max-decisions', '512'], 'Budget used up: rail after 512', 1024],
    ['its goal', 'rail-goal', [], 'Solved: rail-goal after', 25_600],
    ['a goal beside its budget', 'rail', ['--max-decisions', '512', '--until', '1000'], 'Budget used up', 1024],
  ])('goes further than %s', async (_, environment, args, reason, decisions) => {
    const folder = join(createFolder(), 'a run'); // with a blank in its name
    const begin = ['train', environment, '--worker', WORKER, '--run', folder, ...args];
    const first = await runCommand(begin);
    expect(first.out).toContain(reason);
    const command = resumeCommand(first.out);
    expect(command).toEqual(expect.arrayContaining(['--resume', '--run', folder, '--worker', WORKER]));
    const again = await runCommand(['train', environment, '--resume', '--run', folder, '--worker', WORKER]);
    expect(again.out).toContain('so nothing was trained.');
    expect(resumeCommand(again.out)).toEqual(command);
    const resumed = await runCommand(command);
    expect(resumed.err).toContain('resumed after update');
    expect(decisionsIn(resumed.out)).toBe(decisions);
    if (args.includes('--until')) expect(resumed.err).toContain('Goal: a mean return of 1000.');
  });

  it('goes further than the time that was given', async () => {
    const folder = join(createFolder(), 'run');
    const begin = ['train', 'rail', '--worker', WORKER, '--run', folder, '--max-decisions', '5120'];
    const first = await runCommand([...begin, '--max-seconds', '0.001']);
    expect(first.out).toContain('Time is up: rail after');
    const resumed = await runCommand(resumeCommand(first.out));
    expect(resumed.out).toContain('Budget used up: rail after 5,120 decisions');
  });
});

describe('a start that fails', () => {
  it('leaves no folder behind', async () => {
    const project = createFolder();
    const config = join(project, 'config.json');
    writeFileSync(config, '{"learningRate": "fast"}');
    const train = ['train', 'rail', '--worker', WORKER];
    expect((await runCommand([...train, '--config', config], { cwd: project })).code).toBe(1);
    expect((await runCommand([...train, '--resume'], { cwd: project })).code).toBe(1);
    const other = join('other', 'run');
    expect((await runCommand([...train, '--resume', '--run', other], { cwd: project })).code).toBe(1);
    expect(readdirSync(project)).toEqual(['config.json']);
  });

  it('leaves a folder as it is that has policies of other runs in it', async () => {
    const folder = createFolder();
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'walker.safetensors'), '');
    const { code, err } = await runCommand(['train', 'rail', '--worker', WORKER, '--run', folder]);
    expect(err).toContain(
      `[agents] Run folder "${folder}" holds walker.safetensors, and training would write its own files there. Choose another folder with --run.`,
    );
    expect(code).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(['sub', 'walker.safetensors']);
    expect(existsSync(folder)).toBe(true);
  });
});

describe('a misspelled word on the command line', () => {
  it.each([
    [['train', 'rial', '--worker', WORKER], 'No environment "rial". Did you mean "rail"? There are: rail,'],
    [['tran'], '(Did you mean train?)'],
    [['train', '--sede', '3'], '(Did you mean --seed?)'],
  ])('%j is answered with the one that was meant', async (args, message) => {
    const { code, err } = await runCommand(args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});
