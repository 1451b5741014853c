/** An image's pixels: RGBA, row after row from the top, 0 … 255 each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Samples of a pixel by a PNG's color type: gray, RGB, palette, gray with alpha, RGBA. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const PALETTE = 3;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Decodes a PNG (W3C PNG, third edition) as browsers do for a canvas: without regard to its color profile, of 16 bits the
 * upper 8. Throws for other formats, damaged files and interlaced images, with a message that completes "image x …".
 */
export async function decodePng(bytes: Uint8Array): Promise<Pixels> {
  if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) throw new Error('is no PNG');
  const { header, palette, transparency, compressed } = readChunks(bytes);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, type, , , interlaced] = header.subarray(8);
  if (interlaced) throw new Error('is interlaced');
  const channels = CHANNELS[type];
  const rowBytes = Math.ceil((width * channels * depth) / 8);
  const rows = await inflate(compressed);
  if (!channels || rows.length < (rowBytes + 1) * height) throw new Error('is damaged');
  unfilter(rows, rowBytes, height, Math.max(1, (channels * depth) / 8));
  const data = new Uint8ClampedArray(4 * width * height);
  const read = reader(type, depth, palette, transparency);
  for (let y = 0; y < height; y++) {
    const row = rows.subarray(y * (rowBytes + 1) + 1, (y + 1) * (rowBytes + 1));
    for (let x = 0; x < width; x++) read(row, x * channels, data, 4 * (y * width + x));
  }
  return { width, height, data };
}

interface Chunks {
  readonly header: Uint8Array;
  readonly palette: Uint8Array;
  readonly transparency: Uint8Array;
  readonly compressed: readonly Uint8Array[];
}

function readChunks(bytes: Uint8Array): Chunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Record<string, Uint8Array> = {};
  const compressed: Uint8Array[] = [];
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const content = bytes.subarray(at + 8, at + 8 + length);
    if (name === 'IDAT') compressed.push(content);
    else found[name] = content;
    at += 12 + length;
  }
  const { IHDR: header, PLTE: palette = new Uint8Array(), tRNS: transparency = new Uint8Array() } = found;
  if (header?.length !== 13) throw new Error('is damaged');
  return { header, palette, transparency, compressed };
}

async function inflate(parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const stream = new Blob(parts as Uint8Array<ArrayBuffer>[]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Undoes the filter of each row, which is its first byte, in place: a byte is told against those left, above and between. */
function unfilter(rows: Uint8Array, rowBytes: number, height: number, pixelBytes: number): void {
  for (let y = 0; y < height; y++) {
    const start = y * (rowBytes + 1) + 1;
    const filter = rows[start - 1];
    for (let i = 0; i < rowBytes; i++) {
      const left = i >= pixelBytes ? rows[start + i - pixelBytes] : 0;
      const up = y > 0 ? rows[start + i - rowBytes - 1] : 0;
      const corner = i >= pixelBytes && y > 0 ? rows[start + i - rowBytes - 1 - pixelBytes] : 0;
      rows[start + i] += predict(filter, left, up, corner);
    }
  }
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** Writes the pixel that begins at a sample of a row. */
type ReadPixel = (row: Uint8Array, sample: number, out: Uint8ClampedArray, at: number) => void;

function reader(type: number, depth: number, palette: Uint8Array, transparency: Uint8Array): ReadPixel {
  const most = 2 ** depth - 1;
  const sampleAt = (row: Uint8Array, i: number): number => {
    if (depth === 8) return row[i];
    if (depth === 16) return (row[2 * i] << 8) | row[2 * i + 1];
    return (row[(i * depth) >> 3] >> (8 - depth - ((i * depth) & 7))) & most;
  };
  const byteAt = (row: Uint8Array, i: number): number =>
    depth === 16 ? row[2 * i] : Math.round((255 * sampleAt(row, i)) / most);
  if (type === PALETTE)
    return (row, i, out, at) => {
      const index = sampleAt(row, i);
      for (let k = 0; k < 3; k++) out[at + k] = palette[3 * index + k];
      out[at + 3] = transparency[index] ?? 255;
    };
  const colors = type === 2 || type === 6 ? 3 : 1;
  const clear = (
    row: Uint8Array,
    i: number, // one color of gray or RGB images may be named as transparent
  ) =>
    transparency.length === 2 * colors &&
    Array.from({ length: colors }).every(
      (_, k) => sampleAt(row, i + k) === ((transparency[2 * k] << 8) | transparency[2 * k + 1]),
    );
  return (row, i, out, at) => {
    for (let k = 0; k < 3; k++) out[at + k] = byteAt(row, i + (colors === 3 ? k : 0));
    if (type >= 4) out[at + 3] = byteAt(row, i + colors);
    else out[at + 3] = clear(row, i) ? 0 : 255;
  };
}
