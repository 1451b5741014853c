import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { Budget } from './budget.ts';
import { ELEMENT, type OnnxTensor } from './model.ts';
import { Unsupported } from './unsupported.ts';

/** Numbers with a shape, row-major. Integers and booleans are stored as float64. */
export interface NumberTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** Bytes per number of fixed width. */
const WIDTHS: Readonly<Record<number, number>> = {
  [ELEMENT.float]: 4,
  [ELEMENT.int32]: 4,
  [ELEMENT.int64]: 8,
  [ELEMENT.bool]: 1,
  [ELEMENT.float16]: 2,
  [ELEMENT.double]: 8,
};

/** The product of a shape. */
export function countOf(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** A tensor of zeros, if the budget allows it. */
export function createTensor(dims: readonly number[], budget: Budget): { dims: readonly number[]; data: Float64Array } {
  return { dims, data: budget.numbers(countOf(dims)) };
}

/** A tensor without dimensions. */
export function scalar(value: number): NumberTensor {
  return { dims: [], data: Float64Array.of(value) };
}

/** Reads the numbers of a stored tensor. The size is checked first, so it returns all of them or throws. */
export function decodeTensor(tensor: OnnxTensor, budget: Budget): NumberTensor {
  const { name, dims, type, pieces, encoding, external } = tensor;
  const width = WIDTHS[type];
  if (external !== undefined)
    throw new Unsupported(
      `keeps its weights (such as "${name}") in another file${external && `, "${external}"`}`,
      'Merge them into one file with Python: onnx.save_model(onnx.load("model.onnx"), "one-file.onnx")',
    );
  if (width === undefined)
    throw new Unsupported(`stores "${name}" as element type ${type}`, 'Export it with float32 weights');
  if (!dims.every((size) => Number.isSafeInteger(size) && size >= 0))
    throw new Unsupported(`has "${name}" of shape [${dims}]`, 'It is damaged. Export it again');
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const count = countOf(dims);
  const most = encoding === 'fixed' ? bytes / width : bytes;
  if (count > most || (encoding === 'fixed' && count !== most))
    throw new Unsupported(`has ${bytes} bytes for "${name}" [${dims}]`, 'It is damaged. Export it again');
  if (encoding === 'varint') {
    const data = readVarints(tensor, count, budget);
    return { dims, data: type === ELEMENT.float16 ? data.map(halfOf) : data };
  }
  const whole = joinPieces(pieces, bytes);
  if (type !== ELEMENT.float) return { dims, data: readWide(whole, type, count, budget) };
  budget.spend(bytes);
  return { dims, data: new Float32Array(whole.buffer, whole.byteOffset, count) };
}

/** All pieces in one buffer, aligned for 8-byte numbers. */
function joinPieces(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function readWide(bytes: Uint8Array, type: number, count: number, budget: Budget): Float64Array {
  budget.spend(8 * count);
  if (type === ELEMENT.bool) return Float64Array.from(bytes);
  if (type === ELEMENT.float16) return Float64Array.from(new Uint16Array(bytes.buffer, 0, count), halfOf);
  if (type === ELEMENT.int32) return Float64Array.from(new Int32Array(bytes.buffer, 0, count));
  if (type === ELEMENT.double) return new Float64Array(bytes.buffer, 0, count);
  return Float64Array.from(new BigInt64Array(bytes.buffer, 0, count), Number);
}

/** The number that 16 bits of IEEE 754 represent: sign, 5 bits of exponent, 10 of fraction. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 0x3ff) / 1024;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (exponent === 0 ? 2 ** -14 * fraction : 2 ** (exponent - 15) * (1 + fraction));
}

function readVarints({ name, pieces }: OnnxTensor, count: number, budget: Budget): Float64Array {
  budget.spend(8 * count);
  const values = new Float64Array(count);
  let at = 0;
  for (const piece of pieces) {
    const reader = new BinaryReader(piece);
    while (reader.pos < reader.len && at <= count) values[at++] = Number(reader.int64());
  }
  if (at !== count)
    throw new Unsupported(`has a different number of values than "${name}" declares`, 'It is damaged. Export it again');
  return values;
}
