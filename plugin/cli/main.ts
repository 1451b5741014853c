#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { AgentsError, messageOf } from '../core/errors.ts';
import type { GridShapes } from '../onnx/description.ts';
import { addSetting } from '../train/parse-setting.ts';
import { explicitSettings } from '../train/run-settings.ts';
import { requireSettings } from '../train/settings.ts';
import { checkCommand } from './check-command.ts';
import { defaultWorker } from './default-worker.ts';
import { evaluateCommand } from './evaluate-command.ts';
import { exportCommand } from './export-command.ts';
import { importCommand } from './import-command.ts';
import { initCommand } from './init-command.ts';
import { endInOrder } from './interruptible.ts';
import { listCommand } from './list-command.ts';
import { trainCommand } from './train-command.ts';
import { UsageError } from './usage-error.ts';

const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
};
const positive = (text: string): number => {
  const value = number(text);
  if (value <= 0) throw new InvalidArgumentError('It must be above 0.');
  return value;
};
const integer = (text: string): number => {
  const value = number(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be an integer.');
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError(`It must be at most ${Number.MAX_SAFE_INTEGER}.`);
  return value;
};
/** Adds a `name=value` to the earlier ones. */
const parameter = (text: string, before: Readonly<Record<string, number>> = {}): Record<string, number> => {
  const at = text.indexOf('=');
  if (at < 1 || text.startsWith('__proto__='))
    throw new InvalidArgumentError('It must be a name and a number, such as gravity=-3.7.');
  return { ...before, [text.slice(0, at)]: number(text.slice(at + 1)) };
};
/** The name of a policy, used by agents and file names. */
const policyName = (text: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/^\s|\s$|[\x00-\x1f\x7f]/.test(text) || text === '' || text.length > 100)
    throw new InvalidArgumentError('It must be 1 to 100 characters, without line breaks or spaces at either end.');
  return text;
};
/** Adds a setting to the earlier ones; throws if its own rule refuses it. */
const setting = (text: string, before: readonly string[] = []): string[] => {
  try {
    requireSettings(explicitSettings(addSetting(text)));
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error).replace('[agents] ', ''));
  }
  return [...before, text];
};
const another = (text: string, before: readonly string[] = []): string[] => [...before, text];
const count = (text: string): number => integer(String(positive(text)));

/** Adds a `sensor=rows,columns` to the earlier ones. */
const grid = (text: string, before: GridShapes = {}): GridShapes => {
  const at = text.lastIndexOf('=');
  const [rows, columns, ...rest] = text.slice(at + 1).split(',');
  if (at < 1 || columns === undefined || rest.length > 0)
    throw new InvalidArgumentError('It must be a sensor with its rows and columns, such as grid=20,20.');
  return { ...before, [text.slice(0, at)]: { rows: count(rows), columns: count(columns) } };
};
const sizes = (text: string): number[] => text.split(',').map(count);

const workerOption = () =>
  new Option('--worker <file>', 'the file that calls exposeEnvironments() (default: src/worker.ts, worker.ts, .js …)');
const parameterOption = (about: string) =>
  new Option('--parameter <name=value>', `${about}; repeatable`).argParser(parameter);
const forceOption = () => new Option('--force', 'replace an existing file');
const verboseOption = () => new Option('--verbose', 'show every line that workers log, not only the first ones');
const jsonOption = () => new Option('--json', 'print the result as one line of JSON on stdout');

const program = new Command('babylon-agents')
  .description('Train agents in Babylon.js scenes, and see how well they do.')
  .addHelpText('after', '\nNew here? Run: npx babylon-agents init my-game')
  .exitOverride()
  .hook('preAction', (_, command) => {
    const takesWorker = command.options.some((option) => option.attributeName() === 'worker');
    if (!takesWorker) return;
    if (command.getOptionValue('worker') === undefined) command.setOptionValue('worker', defaultWorker());
    else command.setOptionValue('workerGiven', true);
  })
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, '[agents] ')) });

program
  .command('init')
  .description('create a small project, ready to train and play')
  .argument('[folder]', 'project folder (default: current folder)')
  .option('--js', 'use JavaScript instead of TypeScript')
  .addOption(jsonOption())
  .action(initCommand);

program
  .command('train')
  .description('train a policy; Ctrl-C saves and stops')
  .argument('[environment]', 'name of the environment (default: the first in `list`)')
  .option('--seed <n>', 'random seed of the run', integer)
  .option('--workers <n>', 'rollout threads', count)
  .option('--areas <n>', 'copies of the environment', count)
  .addOption(
    new Option('--backend <name>', 'compute backend of the learner').choices(['auto', 'webgpu', 'wasm', 'cpu']),
  )
  .option('--no-overlap', 'make workers and learner take turns, as in the PPO paper')
  .option('--max-decisions <n>', 'stop after this many decisions', count)
  .option('--max-seconds <n>', 'stop after this much wall-clock time', positive)
  .option(
    '--until <return>',
    'stop when the mean return of 100 episodes reaches this (default: the scene’s goal, unless a limit is given)',
    number,
  )
  .addOption(parameterOption('set a parameter of the environment; set samplers and lessons with --config'))
  .option('--run <folder>', 'folder for checkpoint and policy (default: runs/<environment>-<n>)')
  .option('--resume', 'resume the run in that folder, or the latest run')
  .option('--config <file>', 'JSON with training settings')
  .addOption(
    new Option(
      '--set <name=value>',
      'any training setting, such as learningRate=1e-3, hidden=128,128 or policies.striker.epochs=3; repeatable',
    ).argParser(setting),
  )
  .addOption(
    new Option(
      '--from <policy file>',
      'start from trained weights; with several policies, name=file for each (repeatable)',
    ).argParser(another),
  )
  .addOption(workerOption())
  .addOption(verboseOption())
  .addOption(jsonOption())
  .action(trainCommand);

program
  .command('check')
  .description('run an environment for a few seconds and report problems before you train it')
  .argument('[environment]', 'name of the environment (default: all in `list`)')
  .addOption(workerOption())
  .addOption(verboseOption())
  .addOption(jsonOption())
  .action(checkCommand);

program
  .command('evaluate')
  .description('play full episodes with a policy, or with several that play together')
  .argument('<policy files...>', 'one for each policy of the environment; or one, with the others in the same folder')
  .option('--environment <name>', 'environment to play (default: the one it was trained in)')
  .option('--episodes <n>', 'number of episodes', count, 100)
  .option('--seed <n>', 'random seed for starts and sampled actions', integer, 0)
  .option('--areas <n>', 'copies of the environment that play at once', count, 64)
  .addOption(parameterOption('set a parameter of the environment (default: its value at the end of training)'))
  .option('--deterministic', 'take the most likely actions instead of sampling (the output compares both)')
  .addOption(workerOption())
  .addOption(verboseOption())
  .addOption(jsonOption())
  .action(evaluateCommand);

program
  .command('export')
  .description('write a policy for another engine')
  .argument('<policy file>')
  .addOption(
    new Option('--format <name>', 'onnx: for Unity and ONNX runtimes').choices(['onnx', 'safetensors']).default('onnx'),
  )
  .option('--out <file>', 'output file (default: beside the policy, with the format’s extension)')
  .addOption(
    new Option('--observations <how>', 'joined: one input, for a Unity agent that uses CollectObservations')
      .choices(['per-sensor', 'joined'])
      .default('per-sensor'),
  )
  .addOption(
    new Option(
      '--grid <sensor=rows,columns>',
      'a sensor that is to be a grid, as Unity’s GridSensorComponent has it; may be given several times',
    ).argParser(grid),
  )
  .addOption(forceOption())
  .addOption(jsonOption())
  .action(exportCommand);

program
  .command('import')
  .description('make a policy file of an .onnx file, by Unity ML-Agents or another trainer')
  .argument('<onnx file>')
  .option('--out <file>', 'where to (default: beside it, ending in .safetensors)')
  .option('--name <name>', 'which agents it drives (default: what the file says, or agent)', policyName)
  .option('--time-step <s>', 'seconds of one physics step (default: what the file says, or 0.02)', positive)
  .option('--decision-period <n>', 'steps that an action is held (default: what the file says, or 5)', count)
  .addOption(
    new Option(
      '--bounds <how>',
      'what continuous actions are where the graph does not say: held in [−1, 1], squashed by tanh, or used as they are',
    ).choices(['clip', 'tanh', 'none']),
  )
  .option('--branches <sizes>', 'that the graph ends in scores of choices, and how many there are, such as 3,2', sizes)
  .option('--continuous <n>', 'how many of its numbers are continuous actions, where deviations follow', count)
  .option('--output <name>', 'the output that holds actions, where there are several')
  .addOption(forceOption())
  .addOption(jsonOption())
  .action(importCommand);

program
  .command('list')
  .description('the environments that there are')
  .addOption(workerOption())
  .addOption(verboseOption())
  .addOption(jsonOption())
  .action(listCommand);

endInOrder();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Reports an error once, and returns its exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // it has spoken already
  process.stderr.write(
    `${AgentsError.is(error) ? messageOf(error) : `[agents] ${(error as Error)?.stack ?? error}`}\n`,
  );
  return error instanceof UsageError ? 2 : 1;
}
