import { AgentsError } from '../core/errors.ts';
import { describeFault, parseJson, text, wholeFrom } from './json-shape.ts';

/** The array type of a tensor, and safetensors' name for it. */
const KINDS = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  U8: Uint8Array,
} as const;

export type TensorData = Float32Array | Float64Array | Int32Array | Uint8Array;

/** One named array of a safetensors file. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** A safetensors file: text metadata, and named tensors. */
export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** Bytes of the header's length. */
const PREFIX = 8;
/** Longest header that the format allows. */
const LONGEST_HEADER = 100_000_000;

const ENTRY = { dtype: text, shape: [wholeFrom(0)], data_offsets: [wholeFrom(0)] } as const;

/**
 * Writes a safetensors file: 8 bytes of header length, a JSON header, then the tensors end to end (little-endian). Wider
 * types come first, so that every tensor is aligned. The metadata gets a CRC-32 of header and tensors, because the format
 * itself cannot detect a flipped bit.
 */
export function writeTensors({ metadata, tensors }: TensorFile): Uint8Array {
  const entries = [...tensors].sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  const header: Record<string, unknown> = {};
  let size = 0;
  for (const [name, { shape, data }] of entries) {
    header[name] = { dtype: kindOf(data), shape, data_offsets: [size, size + data.byteLength] };
    size += data.byteLength;
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const [, { data }] of entries) {
    body.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  const crc32 = checksum(metadata, header, body);
  const json = new TextEncoder().encode(JSON.stringify({ __metadata__: { ...metadata, crc32 }, ...header }));
  const padded = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(PREFIX + padded + size).fill(0x20, PREFIX, PREFIX + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(json, PREFIX);
  file.set(body, PREFIX + padded);
  return file;
}

/**
 * Reads a safetensors file; `who` names it in messages. Rejects files that are truncated, damaged or in another format, and
 * files whose tensors share bytes. Numbers are copied on access.
 */
export function readTensors(file: Uint8Array, who: string): TensorFile {
  const refuse = (why: string) => new AgentsError(`${who} ${why}. Fetch or export it again.`);
  const length =
    file.length < PREFIX ? Number.NaN : Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  if (!(length > 1 && length < LONGEST_HEADER) || file[PREFIX] !== 0x7b) throw refuse('is not a safetensors file');
  if (PREFIX + length > file.length)
    throw refuse(`is cut off: its header has ${length} bytes and the file ${file.length}`);
  const header = parseHeader(file.subarray(PREFIX, PREFIX + length));
  if (!header) throw refuse('is damaged: its header cannot be read');
  const { metadata, entries } = header;
  const body = file.subarray(PREFIX + length);
  const tensors = new Map<string, Tensor>();
  let end = 0;
  for (const name in entries) {
    const { dtype, shape, data_offsets: offsets } = entries[name];
    const [from, to] = offsets;
    const kind = Object.hasOwn(KINDS, dtype) && KINDS[dtype as keyof typeof KINDS];
    if (!kind) throw refuse(`holds tensor "${name}" of type ${dtype}, which policies and checkpoints do not use`);
    if (to > body.length) throw refuse(`is cut off: tensor "${name}" ends at byte ${to} of ${body.length}`);
    const count = shape.reduce((product, size) => product * size, 1);
    if (to - from !== count * kind.BYTES_PER_ELEMENT) throw refuse(`is damaged: tensor "${name}" has the wrong size`);
    if (from !== end) throw refuse('is damaged: its tensors overlap or leave gaps'); // else a few bytes could define many tensors
    end = to;
    tensors.set(name, {
      shape,
      get data() {
        return new kind(new Uint8Array(body.subarray(from, to)).buffer); // a copy: it may be unaligned in the file
      },
    });
  }
  if (end !== body.length) throw refuse('is damaged: its tensors overlap or leave gaps');
  const { crc32: expected, ...others } = metadata;
  if (expected === undefined) throw refuse('has no checksum: it is damaged, or another program wrote it');
  if (expected !== checksum(others, entries, body)) throw refuse('is damaged: its checksum does not match its content');
  return { metadata: others, tensors };
}

interface Header {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: Readonly<Record<string, HeaderEntry>>;
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly number[];
}

function parseHeader(bytes: Uint8Array): Header | undefined {
  try {
    const json = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const { __metadata__: metadata = {}, ...entries } = parseJson(json, 3) as Record<
      string,
      Readonly<Record<string, unknown>>
    >;
    if (metadata === null || Object.values(metadata).some((entry) => typeof entry !== 'string')) return undefined;
    for (const name in entries) if (describeFault(entries[name], ENTRY)) return undefined;
    return { metadata, entries } as unknown as Header;
  } catch {
    return undefined;
  }
}

function kindOf(data: TensorData): keyof typeof KINDS {
  const kind = (Object.keys(KINDS) as (keyof typeof KINDS)[]).find((name) => data instanceof KINDS[name]);
  return kind as keyof typeof KINDS;
}

/** Covers everything in a file except the checksum itself and the padding; hexadecimal. */
function checksum(metadata: object, entries: object, body: Uint8Array): string {
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...entries }));
  return (~crc32(body, crc32(header, -1)) >>> 0).toString(16);
}

/** CRC-32 as in zip and PNG (polynomial 0xedb88320). Continues from `crc`, which starts at −1 and is inverted at the end. */
function crc32(bytes: Uint8Array, crc: number): number {
  const table = createCrcTable();
  let rest = crc;
  for (let at = 0; at < bytes.length; at++) rest = (rest >>> 8) ^ table[(rest ^ bytes[at]) & 255];
  return rest;
}

/** [256] the effect of a byte on the checksum. */
function createCrcTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (0xedb88320 & -(rest & 1));
    return rest;
  });
}
