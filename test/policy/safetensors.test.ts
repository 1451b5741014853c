import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AgentsError } from '../../plugin/core/errors.ts';
import { Random } from '../../plugin/core/random.ts';
import { readTensors, type TensorFile, writeTensors } from '../../plugin/policy/safetensors.ts';

/** One tensor of every kind, narrow ones first, with the numbers that are hardest to keep. */
const FILE: TensorFile = {
  metadata: { title: 'numbers — «ß»', empty: '' },
  tensors: new Map([
    ['bytes', { shape: [3], data: Uint8Array.of(0, 1, 255) }],
    ['counts', { shape: [2, 2], data: Int32Array.of(0, -1, 2147483647, -2147483648) }],
    ['floats', { shape: [2, 3], data: Float32Array.of(0, -0, 1e-45, 3.4028234663852886e38, Number.NaN, -Infinity) }],
    ['doubles', { shape: [3], data: Float64Array.of(Math.PI, 5e-324, -1.7976931348623157e308) }],
    ['nothing', { shape: [0], data: new Float32Array(0) }],
    ['scalar', { shape: [], data: Float32Array.of(7) }],
  ]),
};

/** A file small enough to damage at every byte. */
const SMALL: TensorFile = {
  metadata: { note: 'a' },
  tensors: new Map([
    ['w', { shape: [2], data: Float32Array.of(1, 2) }],
    ['b', { shape: [1], data: Uint8Array.of(32) }],
  ]),
};

describe('writeTensors', () => {
  it('follows the public format: length, JSON, tensors', () => {
    const file = writeTensors(FILE);
    const { metadata, entries, body } = parse(file);
    expect(Object.keys(entries).sort()).toEqual([...FILE.tensors.keys()].sort());
    expect(metadata).toMatchObject(FILE.metadata);
    for (const [name, { shape, data }] of FILE.tensors) {
      const { dtype, shape: dimensions, data_offsets: offsets } = entries[name];
      expect(dtype).toBe({ bytes: 'U8', counts: 'I32', doubles: 'F64' }[name] ?? 'F32');
      expect(dimensions).toEqual(shape);
      expect([...body.subarray(offsets[0], offsets[1])]).toEqual([...bytesOf(data)]);
    }
    const doubles = new DataView(body.buffer, body.byteOffset + entries.doubles.data_offsets[0]);
    expect(doubles.getFloat64(0, true)).toBe(Math.PI);
  });

  it('fills the file without gaps, each tensor aligned to the width of its numbers', () => {
    const file = writeTensors(FILE);
    const { entries, body } = parse(file);
    const spans = [...FILE.tensors].map(([name, { data }]) => {
      const [from, to] = entries[name].data_offsets;
      expect((body.byteOffset + from) % data.BYTES_PER_ELEMENT).toBe(0);
      return [from, to];
    });
    spans.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    expect(spans.map(([from]) => from)).toEqual([0, ...spans.slice(0, -1).map(([, to]) => to)]);
    expect(spans.at(-1)?.[1]).toBe(body.length);
  });

  it('writes only the visible part of a view into a larger buffer', () => {
    const data = Float32Array.of(0, 1, 2, 3).subarray(1, 3);
    const file = writeTensors({ metadata: {}, tensors: new Map([['x', { shape: [2], data }]]) });
    expect([...(readTensors(file, 'It').tensors.get('x')?.data ?? [])]).toEqual([1, 2]);
  });

  it('stores a CRC-32 of the tensors and of the header without it', () => {
    const { metadata, entries, body } = parse(writeTensors(SMALL));
    const { crc32: checksum, ...others } = metadata;
    const without = JSON.stringify({ __metadata__: others, ...entries });
    expect(checksum).toBe(crc32(body, crc32(without)).toString(16));
  });
});

describe('readTensors', () => {
  it('reads every kind back bit for bit', () => {
    const { metadata, tensors } = readTensors(writeTensors(FILE), 'It');
    expect(metadata).toEqual(FILE.metadata);
    expect(tensors.size).toBe(FILE.tensors.size);
    for (const [name, { shape, data }] of FILE.tensors) {
      const read = tensors.get(name);
      expect(read?.shape).toEqual(shape);
      expect(read?.data.constructor).toBe(data.constructor);
      expect(read && [...bytesOf(read.data)]).toEqual([...bytesOf(data)]);
    }
  });

  it('reads a file without tensors', () => {
    const { metadata, tensors } = readTensors(writeTensors({ metadata: { a: 'b' }, tensors: new Map() }), 'It');
    expect(metadata).toEqual({ a: 'b' });
    expect(tensors.size).toBe(0);
  });

  it.each([
    ['a view into a larger buffer, at an odd address', (file: Uint8Array) => embed(file)],
    ['a Buffer, as Node reads files', (file: Uint8Array) => Buffer.from(file)],
  ])('reads %s', (_, wrap) => {
    const { tensors } = readTensors(wrap(writeTensors(FILE)), 'It');
    for (const [name, { data }] of FILE.tensors) {
      const read = tensors.get(name)?.data;
      expect(read && [...bytesOf(read)]).toEqual([...bytesOf(data)]);
    }
  });

  it('returns numbers in their own memory, and new ones every time', () => {
    const file = writeTensors(SMALL);
    const tensor = readTensors(file, 'It').tensors.get('w');
    const data = tensor?.data;
    expect(tensor?.data).not.toBe(data);
    file.fill(0);
    expect([...(data ?? [])]).toEqual([1, 2]);
  });

  it('rejects a file cut off anywhere', () => {
    const file = writeTensors(SMALL);
    for (let length = 0; length < file.length; length++) expectRefusal(file.subarray(0, length), `${length} bytes`);
  });

  it('says that and where a file is cut off', () => {
    const file = writeTensors(SMALL);
    const header = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(() => readTensors(file.subarray(0, 40), 'It')).toThrow(
      new AgentsError(`It is cut off: its header has ${header} bytes and the file 40. Fetch or export it again.`),
    );
    expect(() => readTensors(file.subarray(0, file.length - 1), 'It')).toThrow(
      new AgentsError('It is cut off: tensor "b" ends at byte 9 of 8. Fetch or export it again.'),
    );
  });

  it('rejects a file with one bit flipped, or one byte inverted, anywhere', () => {
    const file = writeTensors(SMALL);
    for (let at = 0; at < file.length; at++) {
      for (const flip of [1, 2, 4, 8, 16, 32, 64, 128, 255]) {
        const damaged = file.slice();
        damaged[at] ^= flip;
        expectRefusal(damaged, `byte ${at} with ${flip} flipped`);
      }
    }
  });

  it('reports a damaged number', () => {
    const file = writeTensors(SMALL);
    file[file.length - 1] = 33;
    expect(() => readTensors(file, 'It')).toThrow(
      new AgentsError('It is damaged: its checksum does not match its content. Fetch or export it again.'),
    );
  });

  it('rejects bytes after the last tensor', () => {
    const file = writeTensors(SMALL);
    const longer = new Uint8Array(file.length + 1);
    longer.set(file);
    expectRefusal(longer, 'an extra byte');
  });

  const text = (json: string) => new TextEncoder().encode(json);
  it.each([
    ['an empty file', new Uint8Array(0)],
    ['a picture', Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82)],
    ['JSON', text('{"format":"policy","version":1}')],
    ['a page', text('<!doctype html><html><body>Not found</body></html>')],
    ['zeros', new Uint8Array(64)],
    [
      'noise',
      Uint8Array.from(
        { length: 500 },
        (
          (random) => () =>
            random.integer(256)
        )(new Random(1)),
      ),
    ],
  ])('does not mistake %s for safetensors', (_, file) => {
    expect(() => readTensors(file, 'File "a"')).toThrow(
      new AgentsError('File "a" is not a safetensors file. Fetch or export it again.'),
    );
  });

  const tensor = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
  it.each([
    ['of another program', { w: tensor }, 'has no checksum: it is damaged, or another program wrote it'],
    [
      'with numbers that policies do not use',
      { w: { ...tensor, dtype: 'BF16' } },
      'holds tensor "w" of type BF16, which policies and checkpoints do not use',
    ],
    [
      'whose tensor is longer than its shape',
      { w: { ...tensor, shape: [2] } },
      'is damaged: tensor "w" has the wrong size',
    ],
    [
      'whose tensor ends before it begins',
      { w: { ...tensor, data_offsets: [4, 0] } },
      'is damaged: tensor "w" has the wrong size',
    ],
    ['whose tensor ends nowhere', { w: { ...tensor, data_offsets: [0] } }, 'is damaged: tensor "w" has the wrong size'],
    ['whose tensors share bytes', { w: tensor, v: tensor }, 'is damaged: its tensors overlap or leave gaps'],
    [
      'with bytes outside of any tensor',
      { w: { ...tensor, dtype: 'U8', data_offsets: [0, 1] }, v: { ...tensor, dtype: 'U8', data_offsets: [3, 4] } },
      'is damaged: its tensors overlap or leave gaps',
    ],
    [
      'whose shape overflows',
      { w: { ...tensor, shape: [2 ** 53 - 1, 2 ** 53 - 1, 2 ** 53 - 1] } },
      'is damaged: tensor "w" has the wrong size',
    ],
    [
      'whose type is the name of an object property',
      { w: { ...tensor, dtype: 'constructor' } },
      'holds tensor "w" of type constructor, which policies and checkpoints do not use',
    ],
    ['with an entry deep inside', { w: { ...tensor, extra: [[1]] } }, 'is damaged: its header cannot be read'],
    [
      'with lists of tiny entries',
      { w: { ...tensor, shape: Array(1000).fill(1) } },
      'is damaged: its header cannot be read',
    ],
    ['with an invalid shape', { w: { ...tensor, shape: [-1] } }, 'is damaged: its header cannot be read'],
    ['with an entry that is not a tensor', { w: null }, 'is damaged: its header cannot be read'],
    ['with unreadable metadata', { __metadata__: null, w: tensor }, 'is damaged: its header cannot be read'],
    ['with metadata that is not text', { __metadata__: { a: 1 }, w: tensor }, 'is damaged: its header cannot be read'],
  ])('rejects a safetensors file %s', (_, header, why) => {
    expect(() => readTensors(assemble(header, Uint8Array.of(0, 0, 0, 0)), 'It')).toThrow(
      new AgentsError(`It ${why}. Fetch or export it again.`),
    );
  });
});

interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Takes a file apart by the format's public description: 8 bytes of little-endian length, JSON, numbers. */
function parse(file: Uint8Array) {
  let length = 0;
  for (let i = 7; i >= 0; i--) length = length * 256 + file[i];
  const { __metadata__, ...entries } = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  return {
    metadata: __metadata__ as Readonly<Record<string, string>>,
    entries: entries as Readonly<Record<string, TensorEntry>>,
    body: file.subarray(8 + length),
  };
}

function assemble(header: object, body: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + body.length);
  file[0] = json.length % 256;
  file[1] = Math.floor(json.length / 256);
  file.set(json, 8);
  file.set(body, 8 + json.length);
  return file;
}

function embed(file: Uint8Array): Uint8Array {
  const larger = new Uint8Array(file.length + 8).fill(99);
  larger.set(file, 3);
  return larger.subarray(3, 3 + file.length);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Expects an AgentsError and nothing else; `what` says which of many files was read. */
function expectRefusal(file: Uint8Array, what: string): void {
  let outcome: unknown = 'read without complaint';
  try {
    readTensors(file, 'It');
  } catch (error) {
    outcome = error;
  }
  expect(outcome, what).toBeInstanceOf(AgentsError);
}
