import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model.ts';

/** The AttributeProto.type of each kind of attribute. */
const ATTRIBUTE = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7 } as const;

/** Encodes a model as an .onnx file, with the field numbers of onnx.proto. */
export function writeModel({ irVersion, opset, producer, graph, metadata }: OnnxModel): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int64(irVersion);
  writeText(writer, 2, producer);
  writePart(writer, 7, () => writeGraph(writer, graph));
  writePart(writer, 8, () => writer.tag(2, WireType.Varint).int64(opset));
  for (const [key, value] of metadata) {
    writePart(writer, 14, () => {
      writeText(writer, 1, key);
      writeText(writer, 2, value);
    });
  }
  return writer.finish();
}

function writeGraph(writer: BinaryWriter, { name, nodes, initializers, inputs, outputs }: OnnxGraph): void {
  for (const node of nodes) writePart(writer, 1, () => writeNode(writer, node));
  writeText(writer, 2, name);
  for (const tensor of initializers) writePart(writer, 5, () => writeTensor(writer, tensor));
  for (const input of inputs) writePart(writer, 11, () => writeValue(writer, input));
  for (const output of outputs) writePart(writer, 12, () => writeValue(writer, output));
}

function writeNode(writer: BinaryWriter, { op, domain, name, inputs, outputs, attributes }: OnnxNode): void {
  for (const input of inputs) writeText(writer, 1, input);
  for (const output of outputs) writeText(writer, 2, output);
  writeText(writer, 3, name);
  writeText(writer, 4, op);
  for (const attribute of attributes.values()) writePart(writer, 5, () => writeAttribute(writer, attribute));
  if (domain) writeText(writer, 7, domain);
}

function writeAttribute(writer: BinaryWriter, { name, float, int, text, tensor, floats, ints }: OnnxAttribute): void {
  writeText(writer, 1, name);
  const typed = (type: number) => writer.tag(20, WireType.Varint).int32(type);
  if (float !== undefined) typed(ATTRIBUTE.float).tag(2, WireType.Bit32).float(float);
  else if (int !== undefined) typed(ATTRIBUTE.int).tag(3, WireType.Varint).int64(int);
  else if (text !== undefined) writeText(typed(ATTRIBUTE.string), 4, text);
  else if (tensor) writePart(typed(ATTRIBUTE.tensor), 5, () => writeTensor(writer, tensor));
  else typed(floats ? ATTRIBUTE.floats : ATTRIBUTE.ints);
  for (const value of floats ?? []) writer.tag(7, WireType.Bit32).float(value);
  for (const value of ints ?? []) writer.tag(8, WireType.Varint).int64(value);
}

function writeTensor(writer: BinaryWriter, { name, dims, type, pieces }: OnnxTensor): void {
  for (const size of dims) writer.tag(1, WireType.Varint).int64(size);
  writer.tag(2, WireType.Varint).int32(type);
  writeText(writer, 8, name);
  writePart(writer, 9, () => {
    for (const piece of pieces) writer.raw(piece);
  });
}

function writeValue(writer: BinaryWriter, { name, type, dims }: OnnxValue): void {
  const writeDimension = (size: OnnxValue['dims'][number]) => {
    if (typeof size === 'number') writer.tag(1, WireType.Varint).int64(size);
    else if (size !== undefined) writeText(writer, 2, size);
  };
  const writeShape = () => {
    for (const size of dims) writePart(writer, 1, () => writeDimension(size));
  };
  const writeTensorType = () => {
    writer.tag(1, WireType.Varint).int32(type);
    writePart(writer, 2, writeShape);
  };
  writeText(writer, 1, name);
  writePart(writer, 2, () => writePart(writer, 1, writeTensorType));
}

function writeText(writer: BinaryWriter, field: number, text: string): void {
  writer.tag(field, WireType.LengthDelimited).string(text);
}

/** A field whose length is known only after `write` has run. */
function writePart(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}
