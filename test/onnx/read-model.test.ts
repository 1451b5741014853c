import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { Budget } from '../../plugin/onnx/budget.ts';
import { importOnnx } from '../../plugin/onnx/import-onnx.ts';
import { ELEMENT } from '../../plugin/onnx/model.ts';
import { readModel } from '../../plugin/onnx/read-model.ts';
import { decodeTensor } from '../../plugin/onnx/tensor.ts';
import { Unsupported } from '../../plugin/onnx/unsupported.ts';
import { writeModel } from '../../plugin/onnx/write-model.ts';
import { CONTINUOUS, createActorFile } from './actors.ts';

/** A model with one constant, written field by field with the numbers of onnx.proto. */
function readTensor(dims: readonly number[], type: number, write: (writer: BinaryWriter) => void) {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int64(8);
  writer.tag(7, WireType.LengthDelimited).fork();
  writer.tag(5, WireType.LengthDelimited).fork();
  for (const size of dims) writer.tag(1, WireType.Varint).int64(size);
  writer.tag(2, WireType.Varint).int32(type);
  write(writer);
  const file = writer.join().join().finish();
  const { graph } = readModel(file, 'The file');
  return () => decodeTensor(graph.initializers[0], new Budget(file.length));
}

const LIST = WireType.LengthDelimited;

describe('decodeTensor', () => {
  it.each([
    [
      'raw_data',
      ELEMENT.float,
      (w: BinaryWriter) => w.tag(9, LIST).bytes(new Uint8Array(Float32Array.of(1, -2, 3).buffer)),
    ],
    ['float_data', ELEMENT.float, (w: BinaryWriter) => w.tag(4, LIST).fork().float(1).float(-2).float(3).join()],
    [
      'float_data that is not packed',
      ELEMENT.float,
      (w: BinaryWriter) => {
        for (const value of [1, -2, 3]) w.tag(4, WireType.Bit32).float(value);
      },
    ],
    ['double_data', ELEMENT.double, (w: BinaryWriter) => w.tag(10, LIST).fork().double(1).double(-2).double(3).join()],
    ['int64_data', ELEMENT.int64, (w: BinaryWriter) => w.tag(7, LIST).fork().int64(1).int64(-2).int64(3).join()],
    ['int32_data', ELEMENT.int32, (w: BinaryWriter) => w.tag(5, LIST).fork().int32(1).int32(-2).int32(3).join()],
    [
      'int64 as raw_data',
      ELEMENT.int64,
      (w: BinaryWriter) => w.tag(9, LIST).bytes(new Uint8Array(BigInt64Array.of(1n, -2n, 3n).buffer)),
    ],
    [
      'float16 as raw_data',
      ELEMENT.float16,
      (w: BinaryWriter) => w.tag(9, LIST).bytes(new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x4200).buffer)),
    ],
    [
      'float16 as int32_data',
      ELEMENT.float16,
      (w: BinaryWriter) => w.tag(5, LIST).fork().int32(0x3c00).int32(0xc000).int32(0x4200).join(),
    ],
  ])('reads %s', (_, type, write) => {
    const { dims, data } = readTensor([3, 1], type, (writer) => void write(writer))();
    expect([dims, [...data]]).toEqual([
      [3, 1],
      [1, -2, 3],
    ]);
  });

  it('rejects data that is incomplete, of another type, or in another file', () => {
    const four = (writer: BinaryWriter) => void writer.tag(9, LIST).bytes(new Uint8Array(16));
    expect(readTensor([5], ELEMENT.float, four)).toThrow('has 16 bytes for "" [5]');
    expect(readTensor([3], ELEMENT.float, four)).toThrow('has 16 bytes for "" [3]');
    expect(readTensor([-4], ELEMENT.float, four)).toThrow('of shape [-4]');
    expect(readTensor([8], 2, four)).toThrow('stores "" as element type 2');
    expect(readTensor([2], ELEMENT.int64, (w) => void w.tag(7, LIST).fork().int64(1).join())).toThrow('has 1 bytes');
  });

  it('names the other file with the numbers, and says how to merge both', () => {
    const location = (writer: BinaryWriter, key: string, value: string) =>
      writer.tag(13, LIST).fork().tag(1, LIST).string(key).tag(2, LIST).string(value).join();
    const elsewhere = (writer: BinaryWriter) => void writer.tag(14, WireType.Varint).int32(1);
    const decode = readTensor([4], ELEMENT.float, (writer) => {
      location(writer, 'location', 'ball.onnx.data');
      location(writer, 'offset', '768');
      elsewhere(writer);
    });
    expect(decode).toThrow('keeps its weights (such as "") in another file, "ball.onnx.data"');
    expect(decode).toThrow(Unsupported);
    expect(readTensor([4], ELEMENT.float, elsewhere)).toThrow('in another file');
  });
});

describe('readModel', () => {
  it('reads back what writeModel wrote', () => {
    const file = createActorFile(CONTINUOUS, { metadata: new Map([['who', 'a test']]) });
    const model = readModel(file, 'The file');
    expect(model).toMatchObject({ irVersion: 4, opset: 9, producer: 'a test', metadata: new Map([['who', 'a test']]) });
    expect(Buffer.compare(writeModel(model), file)).toBe(0);
  });

  const BALL = Uint8Array.from(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'onnx', 'ball-opset9.onnx')));

  it.each([
    ['a second operator set from elsewhere', [0x42, 0x05, 0x0a, 0x01, 0x78, 0x10, 0x01], 9],
    ['ONNX’s own operators under their long name', [0x42, 0x0b, 0x0a, 0x07, ...Buffer.from('ai.onnx'), 0x10, 0x0b], 11],
    ['unknown fields', [0x92, 0x3f, 0x01, 0x78, 0x98, 0x3f, 0x05], 9],
  ])('reads a model with %s', (_, bytes, opset) => {
    const file = Uint8Array.from([...BALL, ...bytes]);
    expect(readModel(file, 'The file')).toEqual({ ...readModel(BALL, 'The ball'), opset });
  });

  it('reads a model whose other operator set comes first', () => {
    const file = Uint8Array.from([0x42, 0x05, 0x0a, 0x01, 0x78, 0x10, 0x01, ...BALL]);
    expect(readModel(file, 'The file').opset).toBe(9);
    expect(importOnnx(file).weights).toEqual(importOnnx(BALL).weights);
  });
});
