import { afterEach, describe, expect, it, vi } from 'vitest';
import { AgentsError } from '../../plugin/core/errors.ts';
import { Random } from '../../plugin/core/random.ts';
import type { Policy } from '../../plugin/policy/policy.ts';
import { loadPolicy, parsePolicy, readTrainingRecord, writePolicy } from '../../plugin/policy/policy-file.ts';
import { readTensors, type Tensor, writeTensors } from '../../plugin/policy/safetensors.ts';
import { createObservations, createPolicy, createSpec, MIXED } from './fixtures.ts';

const RECORD = { environment: 'crawler', seed: 7, decisions: 500_000, meanReturn: 12.5 };

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('writePolicy', () => {
  it('leaves the critic out', () => {
    const policy = createPolicy(createSpec(MIXED, { critic: 'separate' }));
    expect([...readTensors(writePolicy(policy), 'It').tensors.keys()].sort()).toEqual([
      ...['continuous.bias', 'continuous.logDeviation', 'continuous.weight', 'discrete.bias', 'discrete.weight'],
      ...['normalizer.deviation', 'normalizer.mean'],
      ...['trunk.0.bias', 'trunk.0.weight', 'trunk.1.bias', 'trunk.1.weight'],
    ]);
  });

  it('writes the same bytes for the same policy', () => {
    const policy = createPolicy(createSpec(MIXED));
    expect(writePolicy(policy, RECORD)).toEqual(writePolicy(policy, RECORD));
  });
});

describe('parsePolicy', () => {
  it.each([
    ['shared', [5, 4]],
    ['separate', [3]],
    ['none', []],
  ] as const)('returns a policy that acts bit for bit the same: %s critic, hidden %j', (critic, hidden) => {
    const policy = createPolicy(createSpec(MIXED, { critic, hidden, activation: 'swish' }));
    const read = parsePolicy(writePolicy(policy));
    expect(read.spec).toEqual({ ...policy.spec, network: { ...policy.spec.network, critic: 'none' } });
    expect(act(read, undefined)).toEqual(act(policy, undefined));
    expect(act(read, new Random(3))).toEqual(act(policy, new Random(3)));
  });

  it('keeps an activation per layer, and the absence of bounds', () => {
    const spec = createSpec(MIXED, { critic: 'none', activation: ['relu', 'tanh'] });
    const policy = createPolicy({ ...spec, bounds: 'none' });
    const read = parsePolicy(writePolicy(policy));
    expect(read.spec).toEqual(policy.spec);
    expect(act(read, undefined)).toEqual(act(policy, undefined));
  });

  it('can be written again', () => {
    const file = writePolicy(createPolicy(createSpec(MIXED)));
    expect(writePolicy(parsePolicy(file))).toEqual(file);
  });

  it('rejects a file of a newer version, whatever else that version changed', () => {
    const newer = edit(writePolicy(createPolicy(createSpec(MIXED))), { version: 2, bounds: 'tanh' });
    expect(() => parsePolicy(newer, 'Policy "a"')).toThrow(
      new AgentsError(
        'Policy "a" has format version 2, but this version of babylon-agents reads up to 1. Update babylon-agents.',
      ),
    );
  });

  it('reports a checkpoint', () => {
    const checkpoint = writeTensors({ metadata: { 'babylon-agents-checkpoint': '{}' }, tensors: new Map() });
    expect(() => parsePolicy(checkpoint, 'Policy "a"')).toThrow(
      new AgentsError('Policy "a" is a checkpoint. Use the policy file beside it.'),
    );
  });

  it('reports a safetensors file of another kind', () => {
    const other = writeTensors({ metadata: { format: 'pt' }, tensors: new Map() });
    expect(() => parsePolicy(other, 'Policy "a"')).toThrow(
      new AgentsError(
        'Policy "a" is a safetensors file, but not a babylon-agents policy. Export one with `babylon-agents train`.',
      ),
    );
  });

  it('names the wrong entry of the description, and its value', () => {
    const file = edit(writePolicy(createPolicy(createSpec(MIXED))), { timeStep: 'fast' });
    expect(() => parsePolicy(file, 'Policy "a"')).toThrow(
      new AgentsError(
        'Policy "a" has an invalid policy description: "timeStep" is "fast" and must be a number from 0.0001 to 10. Export it again.',
      ),
    );
  });

  const sensor = { name: 'place', size: 2 };
  const actuator = { name: 'legs', continuous: 1, branches: [2] };
  const network = { hidden: [5, 4], activation: 'tanh' };
  it.each([
    [{ sensors: [] }, 'it has no sensors'],
    [{ actuators: [] }, 'it has no actuators'],
    [{ sensors: [sensor, sensor] }, 'two of its sensors share a name'],
    [{ actuators: [{ ...actuator, continuous: 0, branches: [] }] }, 'one of its actuators takes no action'],
    [{ sensors: [{ name: 'place', size: 0 }] }, '"layout.sensors.0.size" is 0 and must be an integer ≥ 1'],
    [{ sensors: [{ size: 1 }] }, '"layout.sensors.0.name" is undefined and must be a string'],
    [
      { actuators: [{ ...actuator, branches: [0] }] },
      '"layout.actuators.0.branches.0" is 0 and must be an integer ≥ 1',
    ],
    [{ network: { ...network, hidden: [-1] } }, '"network.hidden.0" is -1 and must be an integer ≥ 1'],
    [{ network: null }, '"network.hidden" is undefined and must be a list'],
    [
      { network: { ...network, activation: 'gelu' } },
      '"network.activation" is "gelu" and must be "tanh" or "relu" or "swish" or "elu"',
    ],
    [
      { network: { ...network, activation: ['tanh', 'gelu'] } },
      '"network.activation" is ["tanh","gelu"] and must be "tanh" or "relu" or "swish" or "elu"',
    ],
    [{ decisionPeriod: 0 }, '"decisionPeriod" is 0 and must be an integer ≥ 1'],
    [{ timeStep: 0 }, '"timeStep" is 0 and must be a number from 0.0001 to 10'],
    [{ observationClip: -1 }, '"observationClip" is -1 and must be a number from 0.000001 to 1000000'],
    // 2·2 + 3·1e9 + (1e9 + 1)·3 weights
    [
      { sensors: [sensor], actuators: [actuator], network: { ...network, hidden: [1e9] } },
      'it has 6000000007 weights, which is too many',
    ],
    [
      { sensors: [sensor], actuators: [{ ...actuator, continuous: 1e15 }], network: { ...network, hidden: [] } },
      'it has 3000000000000010 weights, which is too many',
    ],
  ])('rejects a description that no agent can have: %j', (changes, fault) => {
    const file = edit(writePolicy(createPolicy(createSpec(MIXED))), changes);
    expect(() => parsePolicy(file, 'Policy "a"')).toThrow(
      new AgentsError(`Policy "a" has an invalid policy description: ${fault}. Export it again.`),
    );
  });

  it('rejects a description that is not JSON', () => {
    const file = writeTensors({ metadata: { 'babylon-agents': '{' }, tensors: new Map() });
    expect(() => parsePolicy(file)).toThrow(/^\[agents\] The policy file has an invalid policy description/);
  });

  const zeros = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) });
  it.each([
    ['transposed', zeros(5, 3), 'has Float32Array [5,3]'],
    ['of another type', { shape: [3, 5], data: new Int32Array(15) }, 'has Int32Array [3,5]'],
    ['missing', undefined, 'does not have it'],
  ])('rejects weights that do not fit the description: %s', (_, tensor, found) => {
    const file = replace(writePolicy(createPolicy(createSpec(MIXED))), 'trunk.0.weight', tensor);
    expect(() => parsePolicy(file, 'Policy "a"')).toThrow(
      new AgentsError(`Policy "a" should have "trunk.0.weight" as Float32Array [3,5] but ${found}. Export it again.`),
    );
  });

  it.each([0, -1])('rejects a deviation of %d', (deviation) => {
    const tensor = { shape: [3], data: Float32Array.of(1, deviation, 1) };
    const file = replace(writePolicy(createPolicy(createSpec(MIXED))), 'normalizer.deviation', tensor);
    expect(() => parsePolicy(file)).toThrow(
      new AgentsError('The policy file has numbers ≤ 0 in "normalizer.deviation". Train it again.'),
    );
  });

  it('rejects weights so large that an action may not be finite', () => {
    const weights = { shape: [3, 5], data: new Float32Array(15).fill(3e38) };
    const file = replace(writePolicy(createPolicy(createSpec(MIXED))), 'trunk.0.weight', weights);
    expect(() => parsePolicy(file)).toThrow(
      new AgentsError('The policy file has weights in "trunk.0.weight" that are too large. Train it again.'),
    );
  });

  it.each([Number.NaN, Infinity])('rejects weights that are %d', (weight) => {
    const bias = { shape: [4], data: Float32Array.of(0, 0, weight, 0) };
    const file = replace(writePolicy(createPolicy(createSpec(MIXED))), 'trunk.1.bias', bias);
    expect(() => parsePolicy(file)).toThrow(
      new AgentsError('The policy file has non-finite numbers in "trunk.1.bias". Train it again.'),
    );
  });
});

describe('readTrainingRecord', () => {
  it('rejects an invalid record', () => {
    const file = edit(writePolicy(createPolicy(createSpec(MIXED)), RECORD), { trained: { ...RECORD, seed: 'many' } });
    expect(() => readTrainingRecord(file, 'Policy "a"')).toThrow(
      new AgentsError(
        'Policy "a" has an invalid policy description: "trained.seed" is "many" and must be an integer ≥ -9007199254740991. Export it again.',
      ),
    );
  });

  it('returns the training results', () => {
    expect(readTrainingRecord(writePolicy(createPolicy(createSpec(MIXED)), RECORD))).toEqual(RECORD);
  });

  it('keeps a null return if no episode had ended', () => {
    const record = { ...RECORD, meanReturn: null };
    expect(readTrainingRecord(writePolicy(createPolicy(createSpec(MIXED)), record))).toEqual(record);
  });

  it('keeps the progress through lessons', () => {
    const lessons = [{ parameter: 'wall', lesson: 'low', number: 1, count: 3 }];
    const policy = createPolicy(createSpec(MIXED));
    expect(readTrainingRecord(writePolicy(policy, { ...RECORD, lessons }))).toEqual({ ...RECORD, lessons });
    const file = edit(writePolicy(policy, RECORD), { trained: { ...RECORD, lessons: [{ ...lessons[0], number: 0 }] } });
    expect(() => readTrainingRecord(file, 'Policy "a"')).toThrow(
      'Policy "a" has an invalid policy description: "trained.lessons.0.number" is 0 and must be an integer ≥ 1.',
    );
  });

  it('returns nothing if the file has none', () => {
    expect(readTrainingRecord(writePolicy(createPolicy(createSpec(MIXED))))).toBeUndefined();
  });

  it('rejects a file that is not a policy', () => {
    expect(() => readTrainingRecord(new Uint8Array(100), 'Policy "a"')).toThrow(
      /^\[agents\] Policy "a" is not a safetensors file/,
    );
  });
});

describe('loadPolicy', () => {
  const policy = createPolicy(createSpec(MIXED));
  const file = writePolicy(policy);
  const address = `data:application/octet-stream;base64,${Buffer.from(file).toString('base64')}`;

  it.each([
    ['bytes', file],
    ['a Buffer, as Node reads files', Buffer.from(file)],
    ['a buffer', file.slice().buffer],
    ['an address', address],
    ['a URL', new URL(address)],
  ])('accepts %s', async (_, source) => {
    expect(act(await loadPolicy(source), undefined)).toEqual(act(policy, undefined));
  });

  it('names the address and the status of a missing file', async () => {
    vi.stubGlobal('fetch', async () => new Response('', { status: 404, statusText: 'Not Found' }));
    await expect(loadPolicy('roller.safetensors')).rejects.toEqual(
      new AgentsError('Policy "roller.safetensors" cannot be fetched: 404 Not Found. Check the address.'),
    );
  });

  it('names an unreachable address', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
    await expect(loadPolicy(new URL('https://example.com/a'))).rejects.toEqual(
      new AgentsError('Policy "https://example.com/a" cannot be fetched: fetch failed. Check the address.'),
    );
  });

  it('names the address of an interrupted download', async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) });
    vi.stubGlobal('fetch', async () => new Response(body));
    await expect(loadPolicy(new URL('https://example.com/a'))).rejects.toEqual(
      new AgentsError('Policy "https://example.com/a" cannot be fetched: terminated. Check the address.'),
    );
  });

  it('says how to load a file in Node, whose fetch() cannot read files', async () => {
    await expect(loadPolicy('policies/roller.safetensors')).rejects.toThrow(
      /^\[agents\] Policy "policies\/roller.safetensors" cannot be fetched: .+\. In Node, fetch\(\) cannot read files: pass the result of readFile\(\)\.$/,
    );
  });

  it('names the address of a page served instead of the file', async () => {
    vi.stubGlobal('fetch', async () => new Response('<!doctype html><html></html>'));
    await expect(loadPolicy('roller.safetensors')).rejects.toEqual(
      new AgentsError(
        'Policy "roller.safetensors" is an HTML page; the server probably returned its 404 page. Check the address.',
      ),
    );
  });
});

/** Six actions of a policy. */
function act(policy: Policy, random: Random | undefined): Float32Array {
  const action = new Float32Array(6 * policy.sizes.action);
  policy.sampleWith(random).act(createObservations(policy, 6), action);
  return action;
}

/** The policy file with changed entries in its description. */
function edit(file: Uint8Array, changes: object): Uint8Array {
  const { metadata, tensors } = readTensors(file, 'It');
  const description = { ...JSON.parse(metadata['babylon-agents']), ...changes };
  return writeTensors({ metadata: { 'babylon-agents': JSON.stringify(description) }, tensors });
}

/** The policy file with tensor `name` replaced or removed. */
function replace(file: Uint8Array, name: string, tensor: Tensor | undefined): Uint8Array {
  const { metadata, tensors } = readTensors(file, 'It');
  const others = new Map([...tensors].filter(([other]) => other !== name));
  return writeTensors({ metadata, tensors: tensor ? others.set(name, tensor) : others });
}
