import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../plugin/policy/policy-file.ts';
import { readCheckpoint } from '../../plugin/train/checkpoint.ts';
import { createFolder as folder, onceTraining, policyPathOf, runCommand as run, WORKER } from './command.ts';

/** Half a second after the workers are open, when a run of several seconds has most of its time before it. */
const laterOn = (signal: NodeJS.Signals) => onceTraining((child) => void setTimeout(() => child.kill(signal), 500));

const train = (...args: string[]) => ['train', 'rail', '--worker', WORKER, '--json', ...args];

describe('babylon-agents train', () => {
  it('leaves a policy and a checkpoint, and ends stdout with one line of JSON', async () => {
    const at = folder();
    const { code, json, out, err } = await run(
      train('--run', join(at, 'run'), '--max-decisions', '1024', '--seed', '3'),
    );
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(json).toMatchObject({
      environment: 'rail',
      seed: 3,
      backend: 'wasm',
      workers: 2,
      areas: 8,
      decisions: 1024,
      physicsSteps: 1024,
      updates: 4,
      solved: false,
    });
    expect(Object.keys(json)).toEqual(
      expect.arrayContaining([
        'seconds',
        'decisionsPerSecond',
        'episodes',
        'meanReturn',
        'solvedAtSeconds',
        'solvedAtDecisions',
        'checkpointPath',
      ]),
    );
    expect(readFileSync(policyPathOf(json)).length).toBeGreaterThan(100);
    expect(readFileSync(json.checkpointPath as string).length).toBeGreaterThan(100);
    expect(err).toContain('Training rail: 8 agents in 2 workers, seed 3.');
    expect(err).toContain('Learner: wasm');
  });

  it('saves on Ctrl-C, exits with 130, and resumes to the same policy as a run without a break', async () => {
    const at = folder();
    const budget = ['--max-decisions', '409600'];
    const interrupted = await run(train('--run', join(at, 'a'), ...budget), { watch: laterOn('SIGINT') });
    expect(interrupted.code).toBe(130);
    expect(interrupted.json).toMatchObject({ reason: 'interrupted' });
    expect(interrupted.json.decisions as number).toBeGreaterThan(0);
    expect(interrupted.json.decisions as number).toBeLessThan(409600);
    const resumed = await run(train('--run', join(at, 'a'), '--resume'));
    const whole = await run(train('--run', join(at, 'b'), ...budget));
    expect(resumed.json).toMatchObject({ reason: 'budget', decisions: 409600, meanReturn: whole.json.meanReturn });
    expect(Buffer.compare(readFileSync(policyPathOf(resumed.json)), readFileSync(policyPathOf(whole.json)))).toBe(0);
  });

  it('leaves whole files behind when it is killed', async () => {
    const at = join(folder(), 'run');
    await run(train('--run', at, '--max-decisions', '512'));
    const killed = await run(train('--run', at, '--resume', '--max-decisions', '10000000'), {
      watch: laterOn('SIGKILL'),
    });
    expect(killed.signal).toBe('SIGKILL');
    const { code, json } = await run(train('--run', at, '--resume', '--max-decisions', '1024'));
    expect([code, json.reason]).toEqual([0, 'budget']);
  });
});

describe('babylon-agents train --set and --from', () => {
  it('trains with the settings, over those of a config', async () => {
    const at = folder();
    const config = join(at, 'config.json');
    writeFileSync(config, '{"hidden": [4], "policies": {"low": {"epochs": 1}}}');
    const set = ['hidden=8,8', 'policies.low.critic=separate', 'policies.low.hidden='].flatMap((text) => [
      '--set',
      text,
    ]);
    const relay = ['train', 'relay', '--worker', WORKER, '--run', join(at, 'run'), '--max-decisions', '256', '--json'];
    expect((await run([...relay, '--config', config, ...set])).code).toBe(0);
    const hidden = (name: string) =>
      parsePolicy(readFileSync(join(at, 'run', `${name}.safetensors`))).spec.network.hidden;
    expect([hidden('low'), hidden('high')]).toEqual([[], [8, 8]]);
    const file = readCheckpoint(readFileSync(join(at, 'run', 'checkpoint.safetensors')), 'It');
    expect(file.settings.policies.low).toEqual({ epochs: 1, critic: 'separate', hidden: [] });
  });

  it('begins with the weights of policy files, and says so', async () => {
    const at = folder();
    const relay = ['train', 'relay', '--worker', WORKER, '--max-decisions', '256', '--json', '--run'];
    await run([...relay, join(at, 'a')]);
    const file = (name: string) => join(at, 'a', `${name}.safetensors`);
    const { code, err } = await run([
      ...relay,
      join(at, 'b'),
      '--from',
      file('keeper'),
      '--from',
      `high=${file('low')}`,
    ]);
    expect(code).toBe(0);
    const begun = [
      ...err.matchAll(/^Policy "(\w+)" begins with trained weights\. Its critic and optimizer start fresh\.$/gm),
    ];
    expect(begun.map(([, name]) => name)).toEqual(['keeper', 'high']);
    const twice = await run([...relay, join(at, 'c'), '--from', file('low'), '--from', `low=${file('high')}`]);
    expect([twice.code, twice.err]).toEqual([2, expect.stringContaining('Name one file for each policy.')]);
  });
});

describe('babylon-agents evaluate and list', () => {
  it('plays a policy in the environment that it was trained in, the same from the same seed', async () => {
    const at = folder();
    const { json: trained } = await run(train('--run', at, '--max-decisions', '512'));
    const evaluate = [
      'evaluate',
      policyPathOf(trained),
      '--worker',
      WORKER,
      '--episodes',
      '10',
      '--seed',
      '9',
      '--deterministic',
      '--json',
    ];
    const { code, json } = await run(evaluate);
    expect(code).toBe(0);
    expect(json).toMatchObject({ environment: 'rail', policyPaths: [policyPathOf(trained)], episodes: 10, seed: 9 });
    expect(json.minReturn as number).toBeLessThanOrEqual(json.meanReturn as number);
    expect(json.maxReturn as number).toBeGreaterThanOrEqual(json.meanReturn as number);
    expect(json.meanLength as number).toBeLessThanOrEqual(16);
    const drawn = await run(evaluate.filter((flag) => flag !== '--deterministic'));
    const { meanReturn, stdReturn } = drawn.json;
    expect(json.compared).toMatchObject({ deterministic: false, episodes: 10, meanReturn, stdReturn });
    expect(drawn.json.compared).toMatchObject({ deterministic: true, meanReturn: json.meanReturn });
    expect((await run(evaluate)).json).toEqual(json);
    const slow = await run([...evaluate, '--parameter', 'speed=0.1']);
    expect(slow.json.meanReturn).not.toBe(json.meanReturn);
  });

  it('takes the other policies of an environment from the folder of the one that is named', async () => {
    const at = folder();
    const relay = ['train', 'relay', '--worker', WORKER, '--run', at, '--max-decisions', '512', '--json'];
    expect((await run(relay)).code).toBe(0);
    const rail = join(at, 'rail'); // of another environment, and therefore left out
    await run(train('--run', rail, '--max-decisions', '256'));
    copyFileSync(join(rail, 'policy.safetensors'), join(at, 'another.safetensors'));
    const file = (name: string) => join(at, `${name}.safetensors`);
    const evaluate = (...files: string[]) =>
      run(['evaluate', ...files, '--worker', WORKER, '--episodes', '6', '--json']);
    const { code, json } = await evaluate(file('low'));
    expect(code).toBe(0);
    expect(json).toMatchObject({ policyPaths: [file('low'), file('high'), file('keeper')] });
    expect((await evaluate(file('low'), file('high'), file('keeper'))).json).toEqual(json);
    const statistics = {
      meanReturn: expect.any(Number),
      stdReturn: expect.any(Number),
      meanLength: expect.any(Number),
    };
    for (const { policies } of [json, json.compared as typeof json])
      expect(policies).toMatchObject({ low: statistics, keeper: { ...statistics, meanLength: 5 } }); // a keeper is out halfway
    const { out } = await run(['evaluate', file('low'), '--worker', WORKER, '--episodes', '6']);
    const each =
      /^ {2}(\w+), \d+ episodes?: mean return -?\d.* ± \d.*, mean length \d.* decisions\. With the most likely /gm;
    expect([...out.matchAll(each)].map(([, name]) => name)).toEqual(Object.keys(json.policies as object));
    copyFileSync(file('high'), file('older'));
    expect(await evaluate(file('low'))).toMatchObject({
      code: 2,
      err: expect.stringContaining(
        `Policy "high" is in "${file('high')}" and "${file('older')}". Name one file for each`,
      ),
    });
  });

  it('lists what there is', async () => {
    const { json } = await run(['list', '--json']);
    expect(json.environments).toContainEqual(
      expect.objectContaining({
        name: 'balance-ball',
        observationSize: 8,
        actions: [{ name: 'tilt', continuous: 2, branches: [] }],
        decisionPeriod: 5,
      }),
    );
  });
});

describe('babylon-agents, used wrongly', () => {
  it.each([
    [['train', 'chess'], '[agents] No environment "chess". There are: balance-ball'],
    [['train', '--speed', '3'], "[agents] unknown option '--speed'"],
    [['train', '--backend', 'cuda'], "argument 'cuda' is invalid. Allowed choices are auto, webgpu, wasm, cpu."],
    [['train', '--areas', 'many'], "argument 'many' is invalid. It must be a number."],
    [['train', '--parameter', 'speed'], 'It must be a name and a number, such as gravity=-3.7.'],
    [['train', '--set', 'learningRat=1'], 'Unknown setting "learningRat". Did you mean "learningRate"?'],
    [['train', '--set', 'learningRate=fast'], 'Setting "learningRate" is "fast". It must be a finite number above 0.'],
    [['train', '--set', 'policies.low.epoch=3'], 'Unknown setting "policies.low.epoch". Did you mean "epochs"?'],
    [['train', '--set', 'hidden'], 'Write it as learningRate=1e-3 or hidden=128,128.'],
    [['train', '--set', 'resume=true', '--worker', WORKER], '--set has "resume", which is not a setting.'],
    [['train', '--resume', '--from', 'x'], '[agents] --resume and --from cannot be combined.'],
    [['train', '--from', 'nowhere.safetensors'], '[agents] Policy file "nowhere.safetensors" cannot be read'],
    [['fly'], "unknown command 'fly'"],
    [['train', '--seed', '9007199254740993'], 'It must be at most 9007199254740991.'],
    [['train', '--seed', '1.5'], 'It must be an integer.'],
    [['train', '--max-seconds', '-1'], 'It must be above 0.'],
    [['train', '--until', 'NaN'], 'It must be a number.'],
    [['train', '--parameter', '__proto__=1'], 'It must be a name and a number'],
    [['evaluate', 'x', '--episodes', '0'], 'It must be above 0.'],
    [['import', 'x', '--name', ''], 'It must be 1 to 100 characters'],
    [['import', 'x', '--name', 'a\nb'], 'It must be 1 to 100 characters'],
    [['train', '--config', '/dev/zero'], '[agents] Config "/dev/zero" cannot be read: it is larger than 10 MB.'],
    [['train', '--config', 'plugin'], '[agents] Config "plugin" cannot be read: EISDIR'],
    [['train', '--config', 'nowhere.json'], '[agents] Config "nowhere.json" cannot be read'],
    [['evaluate', 'nowhere.safetensors'], '[agents] Policy file "nowhere.safetensors" cannot be read'],
  ])('%j exits with 2 and says what is wrong', async (args, message) => {
    const { code, err, out } = await run(args);
    expect(err).toContain(message);
    expect([code, out]).toEqual([2, '']);
  });

  it('refuses to write over a run', async () => {
    const at = folder();
    await run(train('--run', at, '--max-decisions', '256'));
    const before = readFileSync(join(at, 'checkpoint.safetensors'));
    const { code, err } = await run(train('--run', at, '--max-decisions', '256'));
    expect(code).toBe(2);
    expect(err).toContain(
      `[agents] Run folder "${at}" already holds a run. Add --resume to resume it, or choose another folder.`,
    );
    expect(Buffer.compare(readFileSync(join(at, 'checkpoint.safetensors')), before)).toBe(0);
  });

  it.each([
    [
      ['train', 'rail', '--worker', WORKER, '--run', '/dev/null/run'],
      '[agents] Run folder "/dev/null/run" cannot be written to',
    ],
    [
      ['train', 'rail', '--worker', WORKER, '--run', join(folder(), 'x'), '--resume'],
      'does not exist. Leave out resume to start a run there.',
    ],
    [['train', 'rail', '--worker', 'nowhere.ts'], '[agents] Worker file "nowhere.ts" does not exist.'],
    [['train', 'rail', '--worker', 'test'], '[agents] Worker file "test" is a folder.'],
    [['evaluate', 'package.json'], '[agents] Policy file "package.json" is not a safetensors file'],
  ])('%j exits with 1 and says what to do', async (args, message) => {
    const { code, err } = await run(args);
    expect(err).toContain(message);
    expect(code).toBe(1);
  });

  it('fails at once without a GPU adapter when WebGPU was asked for, and says what to install', async () => {
    process.env.VK_DRIVER_FILES = '/nowhere.json';
    const { code, err } = await run(train('--run', folder(), '--backend', 'webgpu'));
    delete process.env.VK_DRIVER_FILES;
    expect(code).toBe(1);
    expect(err).toContain(
      '[agents] Backend "webgpu" found no GPU adapter. Run "npm install webgpu" and install a Vulkan driver',
    );
  });

  it('names a setting of the config that does not exist, and one whose value is wrong', async () => {
    const config = join(folder(), 'config.json');
    writeFileSync(config, '{"learningRat": 1}');
    expect((await run(train('--run', folder(), '--config', config))).err).toContain(
      '[agents] Unknown setting "learningRat".',
    );
    for (const [text, complaint] of [
      ['{"hold": 1}', 'has "hold", which is not a setting. Leave it out.'],
      ['{"resume": true}', 'has "resume", which is not a setting. Leave it out, and pass --resume.'],
      ['{"until": "95"}', '[agents] Option "until" is "95". It must be a number, or Infinity for no goal.'],
      ['{"maxSeconds": "x"}', '[agents] Option "maxSeconds" is "x". It must be a number above 0.'],
      ['{"maxSecond": 9}', '[agents] Unknown setting "maxSecond". Did you mean "maxSeconds"? There are: '],
    ]) {
      writeFileSync(config, text);
      expect((await run(train('--run', folder(), '--config', config))).err).toContain(complaint);
    }
    writeFileSync(config, '{"learningRate": "fast"}');
    expect((await run(train('--run', folder(), '--config', config))).err).toContain(
      '[agents] Setting "learningRate" is "fast".',
    );
  });

  it('refuses a policy that was cut off or that fits other agents', async () => {
    const at = folder();
    const { json } = await run(train('--run', at, '--max-decisions', '256'));
    const policy = policyPathOf(json);
    const cut = join(at, 'cut.safetensors');
    copyFileSync(policy, cut);
    writeFileSync(cut, readFileSync(policy).subarray(0, 500));
    expect(await run(['evaluate', cut, '--worker', WORKER])).toMatchObject({
      code: 1,
      err: expect.stringContaining('is cut off'),
    });
    const other = await run(['evaluate', policy, '--worker', WORKER, '--environment', 'crowd']);
    expect(other.code).toBe(1);
    expect(other.err).toMatch(/sensor +place 1 +place 2 +resized/);
  });
});
