import { describe, expect, it } from 'vitest';
import type { Random } from '../../plugin/core/random.ts';
import { parsePolicy, readTrainingRecord, writePolicy } from '../../plugin/policy/policy-file.ts';
import { createPolicy, createSpec, MIXED } from '../policy/fixtures.ts';
import { mutateBytes, mutateTensorFile, sealTensorFile } from './mutations.ts';
import { readMutations, requireAction } from './read-mutations.ts';

const RECORD = { environment: 'crawler', seed: 7, decisions: 500_000, meanReturn: 12.5 };
/** 42 kB. */
const FILE = writePolicy(createPolicy(createSpec(MIXED, { hidden: [96, 96] })), RECORD);

describe('a policy file', () => {
  it('that was damaged in one of 1300 ways is rejected, or still a policy', () => {
    const { failures, refused } = readMutations(FILE, 1300, mutateBytes, parsePolicy, requireAction);
    expect(failures).toEqual([]);
    expect(refused).toBeGreaterThan(1250);
  });

  it('that was forged in one of 1500 ways, checksum included, is rejected, or still a policy', () => {
    const { failures, refused, understood } = readMutations(FILE, 1500, mutateTensorFile, parsePolicy, requireAction);
    expect(failures).toEqual([]);
    expect(refused).toBeGreaterThan(1000);
    expect(understood).toBeGreaterThan(50); // some with another name or pace: mutations get past the checksum
  });

  it('that was damaged or forged in one of 500 ways has a training record, or is rejected', () => {
    const mutate = (file: Uint8Array, random: Random) =>
      random.uniform() < 0.2 ? mutateBytes(file, random) : mutateTensorFile(file, random);
    const { failures, understood } = readMutations(FILE, 500, mutate, readTrainingRecord, (record) => {
      const { seed = 0, decisions = 0, meanReturn = null } = record ?? {};
      if (![seed, decisions, meanReturn ?? 0].every(Number.isFinite))
        throw new Error(`its record is ${JSON.stringify(record)}`);
    });
    expect(failures).toEqual([]);
    expect(understood).toBeGreaterThan(50);
  });
});

describe('a file made to exhaust memory', () => {
  const sound = readTensorHeader(FILE);
  const size = 100_000;
  const entry = { dtype: 'F32', shape: [0], data_offsets: [0, 0] };
  const many = (entries: number) => Object.fromEntries(Array.from({ length: entries }, (_, i) => [`t${i}`, entry]));
  const describeBy = (changes: object) => ({
    ...sound.header,
    __metadata__: { 'babylon-agents': JSON.stringify({ ...sound.description, ...changes }) },
  });
  it.each([
    ['of 2000 empty tensors', sealTensorFile({ ...sound.header, ...many(2000) }, sound.body)],
    ['of 100 kB of brackets', sealTensorFile({ ...sound.header, extra: Array(33_000).fill([]) }, sound.body)],
    ['of a list of 50000 zeros', sealTensorFile({ ...sound.header, extra: Array(size / 2).fill(0) }, sound.body)],
    [
      'of 50000 hidden layers',
      sealTensorFile(describeBy({ network: { hidden: Array(size / 2).fill(1), activation: 'tanh' } }), sound.body),
    ],
    [
      'of 5000 sensors',
      sealTensorFile(
        describeBy({ sensors: Array.from({ length: 5000 }, (_, i) => ({ name: `${i}`, size: 1 })) }),
        sound.body,
      ),
    ],
    [
      'of 50000 branches',
      sealTensorFile(
        describeBy({ actuators: [{ name: 'a', continuous: 0, branches: Array(size / 2).fill(1) }] }),
        sound.body,
      ),
    ],
  ])('%s takes no more than ten times its size', (label, bytes) => {
    const { failures } = readMutations(FILE, 1, () => ({ label, bytes }), parsePolicy, requireAction);
    expect(failures).toEqual([]);
  });
});

/** The content of a valid file. */
function readTensorHeader(file: Uint8Array) {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  return { header, description: JSON.parse(header.__metadata__['babylon-agents']), body: file.subarray(8 + length) };
}
