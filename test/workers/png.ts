import { crc32, deflateSync } from 'node:zlib';

/** Samples of a pixel by color type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export interface PngParts {
  readonly width: number;
  readonly height: number;
  /** 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA */
  readonly type?: number;
  readonly depth?: number;
  readonly palette?: readonly number[];
  readonly transparency?: readonly number[];
  /** of each row in turn: 0 none, 1 left, 2 up, 3 average, 4 Paeth */
  readonly filters?: readonly number[];
  readonly interlaced?: boolean;
}

/** Encodes rows of packed samples, as many bytes as a row has. */
export function encodePng(rows: readonly (readonly number[])[], parts: PngParts): Uint8Array {
  const { width, height, type = 0, depth = 8, palette, transparency, filters = [0], interlaced = false } = parts;
  const pixelBytes = Math.max(1, (CHANNELS[type] * depth) / 8);
  const filtered = rows.flatMap((row, y) => {
    const filter = filters[y % filters.length];
    const above = y > 0 ? rows[y - 1] : row.map(() => 0);
    const told = row.map((byte, i) => {
      const left = i >= pixelBytes ? row[i - pixelBytes] : 0;
      const corner = i >= pixelBytes ? above[i - pixelBytes] : 0;
      return (byte - [0, left, above[i], (left + above[i]) >> 1, paeth(left, above[i], corner)][filter]) & 255;
    });
    return [filter, ...told];
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, Number(interlaced)], 8);
  const compressed = deflateSync(Uint8Array.from(filtered));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', Uint8Array.from(palette))] : []),
    ...(transparency ? [chunk('tRNS', Uint8Array.from(transparency))] : []),
    chunk('IDAT', compressed.subarray(0, 7)), // in two parts, as large images are
    chunk('IDAT', compressed.subarray(7)),
    chunk('IEND', new Uint8Array()),
  ]);
}

function paeth(a: number, b: number, c: number): number {
  const distances = [a, b, c].map((value) => Math.abs(a + b - c - value));
  return [a, b, c][distances.indexOf(Math.min(...distances))];
}

function chunk(name: string, content: Uint8Array): Buffer {
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(typeof crc32 === 'function' ? crc32(body) : 0);
  return Buffer.concat([length, body, check]);
}
