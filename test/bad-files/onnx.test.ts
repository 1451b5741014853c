import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AgentsError } from '../../plugin/core/errors.ts';
import { Random } from '../../plugin/core/random.ts';
import { exportOnnx } from '../../plugin/onnx/export-onnx.ts';
import { importOnnx } from '../../plugin/onnx/import-onnx.ts';
import { createActorFile, createPlainFile, OBSERVED } from '../onnx/actors.ts';
import { createPlayer, LAYOUTS } from '../onnx/fixtures.ts';
import { forgeModel } from './forge-model.ts';
import { encodeVarint, type Mutation, mutateBytes } from './mutations.ts';
import { requireAction } from './read-mutations.ts';

/** Bytes that reading may allocate per byte of a file, and in addition (garbage included): parts, messages, the proof. */
const PER_BYTE = 10;
const BESIDES = 4_000_000;
/** A collection may run at any time, and code that V8 has not compiled allocates more. */
const ATTEMPTS = 10;

const fixture = (name: string) =>
  Uint8Array.from(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'onnx', name))); // a Buffer's slice() would not copy
/** A policy of another trainer: computed shapes, several activations, a leaky relu, a tanh of half the numbers. */
const OTHER = createPlainFile((actor) => {
  const ones = actor.node('ConstantOfShape', [actor.node('Shape', ['obs'])], { value: { tensor: actor.ones() } });
  const x = actor.node('Add', ['obs', ones]);
  const hidden = actor.node('LeakyRelu', [actor.gemm(x, 4, 16)], { alpha: { float: 0.1 } });
  const next = actor.swish(actor.node('MatMul', [hidden, actor.node('Transpose', [actor.weights([8, 16])])]));
  const half = [actor.gemm(next, 8, 4), actor.index([0]), actor.index([2]), actor.index([1])];
  actor.node('Tanh', [actor.node('Slice', half)], {}, 'actions');
});
const FILES: readonly Uint8Array[] = [
  OTHER,
  exportOnnx(createPlayer(LAYOUTS.mixed, { hidden: [96, 96], activation: 'swish' })),
  exportOnnx(createPlayer(LAYOUTS.continuous, { hidden: [8] }), { opset: 15, observations: 'joined' }),
  fixture('collector-opset9.onnx'),
  fixture('jumper-dynamo18.onnx'),
];

describe('an ONNX file', () => {
  it('is a policy if it is valid', () => {
    expect(FILES.map((file) => importOnnx(file).sizes.action)).toEqual([
      2,
      5,
      4,
      expect.any(Number),
      expect.any(Number),
    ]);
  });

  it('that was damaged in one of 2000 ways is rejected, or still a policy', () => {
    const { failures, refused } = importMutations(2000, mutateBytes);
    expect(failures).toEqual([]);
    expect(refused).toBeGreaterThan(800);
    expect(refused).toBeLessThan(1990); // flipped weights are still weights
  });

  it('that was forged in one of 1400 ways is rejected, or still a policy', () => {
    const { failures, refused } = importMutations(1400, forgeModel);
    expect(failures).toEqual([]);
    expect(refused).toBeGreaterThan(700);
    expect(refused).toBeLessThan(1390);
  });
});

describe('a file made to exhaust memory', () => {
  const long = (unit: readonly number[], bytes = 1_000_000) =>
    new Uint8Array(bytes - (bytes % unit.length)).map((_, i) => unit[i % unit.length]);
  const field = (number: number, content: Uint8Array) =>
    Uint8Array.from([8 * number + 2, ...encodeVarint(BigInt(content.length)), ...content]);
  const model = (graph: Uint8Array) => Uint8Array.from([8, 4, ...field(7, graph)]);
  const tensor = (content: Uint8Array) => model(field(5, content));
  it.each([
    ['of empty nodes', model(long([0x0a, 0]))],
    ['of nodes', model(long([0x0a, 6, 0x12, 1, 0x61, 0x22, 1, 0x62]))],
    ['of empty constants', model(long([0x2a, 0]))],
    ['of empty inputs', model(long([0x5a, 0]))],
    ['of one node with many inputs', model(field(1, long([0x0a, 0])))],
    ['of dimensions', tensor(field(1, long([1])))],
    ['of pieces', tensor(long([0x4a, 0]))],
    ['of metadata', Uint8Array.from([8, 4, ...long([0x72, 0])])],
    ['of one long name', model(field(2, long([0x61])))],
    ['of groups', long([0x1b])],
    ['of bits', long([0xff])],
    ['of zeros', long([0])],
    ['of a constant that claims to be huge', hugeConstant()],
  ])('%s takes no more than ten times its size', (label, bytes) => {
    const failures: string[] = [];
    importOne({ label, bytes }, new Random(1), (what) => failures.push(what));
    expect(failures).toEqual([]);
  });
});

/** Claims 2^30 numbers and contains four. */
function hugeConstant(): Uint8Array {
  return createActorFile(
    (actor) => {
      const dims = [2 ** 15, 2 ** 15];
      actor.value([4], [1, 2, 3, 4]);
      actor.initializers[0] = { ...actor.initializers[0], dims };
      actor.action(actor.node('MatMul', ['obs_0', actor.initializers[0].name]), 'deterministic_continuous_actions', 2);
    },
    { inputs: OBSERVED },
  );
}

/** Imports `count` mutations of the valid files, the same ones every time. */
function importMutations(count: number, mutate: (file: Uint8Array, random: Random) => Mutation) {
  const failures: string[] = [];
  let refused = 0;
  for (let i = 0; i < count; i++) {
    const random = new Random(2, i);
    const mutation = mutate(FILES[i % FILES.length], random);
    const fail = (what: string) => failures.push(`mutation ${i}, ${mutation.label}: ${what}`);
    if (importOne(mutation, random, fail) === 'refused') refused++;
  }
  return { failures, refused };
}

/** Imports one file, which may be rejected with an AgentsError or become a policy that acts; anything else is a failure. */
function importOne({ bytes }: Mutation, random: Random, fail: (what: string) => void): 'refused' | 'understood' {
  let allocated = Infinity;
  let outcome: 'refused' | 'understood' = 'refused';
  for (let attempt = 0; attempt < ATTEMPTS && allocated > PER_BYTE * bytes.length + BESIDES; attempt++) {
    const before = countAllocated();
    try {
      const policy = importOnnx(bytes);
      allocated = Math.min(allocated, countAllocated() - before);
      outcome = 'understood';
      requireAction(policy, random);
    } catch (error) {
      allocated = Math.min(allocated, countAllocated() - before);
      if (!(error instanceof AgentsError)) fail(error instanceof Error ? (error.stack ?? '') : String(error));
    }
  }
  if (allocated > PER_BYTE * bytes.length + BESIDES) fail(`${allocated} bytes allocated for ${bytes.length}`);
  return outcome;
}

/** Bytes used by JavaScript, garbage included. */
function countAllocated(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
