import { crc32 } from 'node:zlib';
import type { Random } from '../../plugin/core/random.ts';

/** A damaged or forged file, and how it was changed, for a test to report. */
export interface Mutation {
  readonly label: string;
  readonly bytes: Uint8Array;
}

/** Counts and sizes that break a reader that trusts them. */
const HOSTILE_INTEGERS: readonly bigint[] = [
  ...[0n, 1n, 7n, 127n, 128n, 255n, 65_535n, 1_000_000n, 100_000_000n, 1_000_000_000n],
  ...[2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 64n - 1n],
];

type Change = (file: Uint8Array, random: Random) => Mutation;

/** Kinds of damage for any file, equally likely. */
const CHANGES: readonly Change[] = [
  truncate,
  flipBits,
  setBytes,
  removeChunk,
  duplicateChunk,
  insertChunk,
  setInteger,
  setVarint,
];

/** Damages a file of any format: truncated; bits and bytes flipped; chunks removed, repeated and inserted; hostile numbers. */
export function mutateBytes(file: Uint8Array, random: Random): Mutation {
  return pick(CHANGES, random)(file, random);
}

function truncate(file: Uint8Array, random: Random): Mutation {
  const length = random.integer(file.length);
  return { label: `cut off after ${length} bytes`, bytes: file.slice(0, length) };
}

function flipBits(file: Uint8Array, random: Random): Mutation {
  const bytes = file.slice();
  const bits = Array.from({ length: 1 + random.integer(8) }, () => random.integer(8 * file.length));
  for (const bit of bits) bytes[bit >> 3] ^= 1 << (bit & 7);
  return { label: `bits ${bits} flipped`, bytes };
}

function setBytes(file: Uint8Array, random: Random): Mutation {
  const bytes = file.slice();
  const at = random.integer(file.length);
  const noise = drawBytes(1 + random.integer(Math.min(16, file.length - at)), random);
  bytes.set(noise, at);
  return { label: `bytes from ${at} set to ${noise}`, bytes };
}

function removeChunk(file: Uint8Array, random: Random): Mutation {
  const [from, to] = drawSpan(file, random);
  return { label: `bytes ${from} to ${to} removed`, bytes: splice(file, from, to, new Uint8Array(0)) };
}

function duplicateChunk(file: Uint8Array, random: Random): Mutation {
  const [from, to] = drawSpan(file, random);
  return { label: `bytes ${from} to ${to} repeated`, bytes: splice(file, to, to, file.subarray(from, to)) };
}

function insertChunk(file: Uint8Array, random: Random): Mutation {
  const at = random.integer(file.length + 1);
  const noise = drawBytes(1 + random.integer(64), random);
  return { label: `${noise.length} random bytes inserted at ${at}`, bytes: splice(file, at, at, noise) };
}

/** A hostile number of 4 or 8 bytes, little-endian; half of them at the very beginning, where formats store lengths. */
function setInteger(file: Uint8Array, random: Random): Mutation {
  const width = file.length >= 8 && random.uniform() < 0.5 ? 8 : Math.min(4, file.length);
  const value = pick(HOSTILE_INTEGERS, random);
  const at = random.uniform() < 0.5 ? 0 : random.integer(file.length - width + 1);
  const bytes = file.slice();
  for (let i = 0; i < width; i++) bytes[at + i] = Number((value >> BigInt(8 * i)) & 255n);
  return { label: `${width} bytes at ${at} set to ${value}`, bytes };
}

/** A hostile number, encoded like protobuf's lengths, in place of one byte. */
function setVarint(file: Uint8Array, random: Random): Mutation {
  const at = random.integer(file.length);
  const value = pick(HOSTILE_INTEGERS, random);
  return { label: `varint ${value} in place of byte ${at}`, bytes: splice(file, at, at + 1, encodeVarint(value)) };
}

/** A number in protobuf's encoding: seven bits per byte, low ones first. */
export function encodeVarint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

/** Marks text that JSON.stringify cannot write, inserted afterward. */
const RAW = 'RAW JSON: ';
const HOSTILE_JSON: readonly unknown[] = [
  ...[-1, -0.5, 0, 0.5, 1, 3, 65_536, 1e9, 2 ** 31, 2 ** 32, 2 ** 53, 1e15, 1e300, 1e-320],
  ...['', 'F32', 'F64', 'I32', '__proto__', 'x'.repeat(5000), null, true, [], {}, [0], [-1], [1e9], [1e9, 1e9]],
  ...[`${RAW}1e999`, `${RAW}-1e999`, `${RAW}${'['.repeat(20_000)}${']'.repeat(20_000)}`],
  ...[Array(2000).fill(1), Array(2000).fill({}), Array(300).fill('x')],
];

/**
 * Forges a safetensors file: changes one thing in its header, in the JSON in its metadata, or in its numbers, and then
 * corrects the checksum, so that a reader gets past it.
 */
export function mutateTensorFile(file: Uint8Array, random: Random): Mutation {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  const body = file.slice(8 + length);
  const metadata = header.__metadata__;
  const choice = random.uniform();
  if (choice < 0.1 && body.length > 0) {
    const at = 4 * random.integer(body.length / 4);
    const value = pick([Number.NaN, Infinity, -Infinity, 0, -1, 3e38, 1e-45], random);
    new DataView(body.buffer).setFloat32(at, value, true);
    return { label: `float at ${at} of the numbers set to ${value}`, bytes: sealTensorFile(header, body) };
  }
  if (choice < 0.2) {
    const damaged = mutateBytes(body, random);
    return { label: `numbers: ${damaged.label}`, bytes: sealTensorFile(header, damaged.bytes) };
  }
  if (choice < 0.5) return { label: `header: ${mutateJson(header, random)}`, bytes: sealTensorFile(header, body) };
  const entry = Object.keys(metadata).find((name) => name !== 'crc32') as string;
  const description = JSON.parse(metadata[entry]);
  const label = mutateJson(description, random);
  metadata[entry] = writeJson(description);
  return { label: `description: ${label}`, bytes: sealTensorFile(header, body) };
}

/** A safetensors file with any header, valid or not, and a correct checksum. */
export function sealTensorFile(header: Record<string, unknown>, body: Uint8Array): Uint8Array {
  const { __metadata__, ...entries } = header;
  const { crc32: _, ...metadata } = (__metadata__ ?? {}) as Record<string, unknown>;
  const sealed = crc32(body, crc32(readBack({ __metadata__: metadata, ...entries }))).toString(16);
  const json = new TextEncoder().encode(writeJson({ __metadata__: { ...metadata, crc32: sealed }, ...entries }));
  const file = new Uint8Array(8 + json.length + body.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(body, 8 + json.length);
  return file;
}

/** What a reader gets when it writes back what it has read; arbitrary text if that is nested too deep. */
function readBack(value: unknown): string {
  try {
    return JSON.stringify(JSON.parse(writeJson(value)));
  } catch {
    return '';
  }
}

function writeJson(value: unknown): string {
  return JSON.stringify(value).replace(new RegExp(`"${RAW}([^"]*)"`, 'g'), '$1');
}

/** Changes one place in a JSON tree; returns what it did. */
function mutateJson(root: object, random: Random): string {
  const { owner, key, path } = pick(listPlaces(root), random);
  const { value } = Object.getOwnPropertyDescriptor(owner, key) as PropertyDescriptor;
  const chance = random.uniform();
  if (chance < 0.7) {
    const hostile = pick(HOSTILE_JSON, random);
    define(owner, key, hostile);
    return `${path} set to ${JSON.stringify(hostile).slice(0, 40)}`;
  }
  if (chance < 0.8) {
    if (Array.isArray(owner)) owner.splice(Number(key), 1);
    else Reflect.deleteProperty(owner, key);
    return `${path} removed`;
  }
  if (Array.isArray(owner)) {
    owner.push(value);
    return `${path} repeated`;
  }
  const name = pick(['__proto__', 'constructor', 'toString', 'length', 'twin', ...Object.keys(owner)], random);
  if (chance < 0.9) Reflect.deleteProperty(owner, key);
  define(owner, name, value);
  return `${path} called ${name}${chance < 0.9 ? '' : ' too'}`;
}

/** A value inside a JSON tree. */
interface Place {
  readonly owner: object;
  readonly key: string;
  readonly path: string;
}

function listPlaces(owner: object, before = ''): Place[] {
  return Object.entries(owner).flatMap(([key, value]) => {
    const path = `${before}/${key}`;
    const inside = typeof value === 'object' && value !== null ? listPlaces(value, path) : [];
    return [{ owner, key, path }, ...inside];
  });
}

/** Sets a property of any name, including `__proto__`. */
function define(owner: object, key: string, value: unknown): void {
  Object.defineProperty(owner, key, { value, writable: true, enumerable: true, configurable: true });
}

function pick<T>(values: readonly T[], random: Random): T {
  return values[random.integer(values.length)];
}

function drawBytes(count: number, random: Random): Uint8Array {
  return Uint8Array.from({ length: count }, () => random.integer(256));
}

/** Where a chunk of 1 to 64 bytes begins and ends; in one of eight cases a chunk of any length. */
function drawSpan(file: Uint8Array, random: Random): [from: number, to: number] {
  const from = random.integer(file.length);
  const longest = file.length - from;
  return [from, from + 1 + random.integer(random.uniform() < 0.125 ? longest : Math.min(64, longest))];
}

/** The bytes [from, to) replaced by others. */
function splice(file: Uint8Array, from: number, to: number, others: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(from + others.length + file.length - to);
  bytes.set(file.subarray(0, from));
  bytes.set(others, from);
  bytes.set(file.subarray(to), from + others.length);
  return bytes;
}
