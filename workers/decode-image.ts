/** An image's pixels: RGBA, row after row from the top, 0 … 255 each. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** How files begin. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^\x89PNG\r\n.\n/, 'PNG'],
  [/^\xff\xd8\xff/, 'JPEG'],
  [/^RIFF....WEBP/s, 'WebP'],
  [/^GIF8/, 'GIF'],
  [/^BM/, 'BMP'],
  [/^....ftypavif/s, 'AVIF'],
  [/^\s*(<svg|<\?xml)/i, 'SVG'],
];

/**
 * Decodes a PNG or JPEG in Node to the pixels that Chromium gives a canvas, which come from the same decoders' sources: without regard to color
 * profiles, of 16 bits the upper 8. Throws for other formats and damaged files, with a message that completes "image x …".
 */
export async function decodeImage(bytes: Uint8Array<ArrayBuffer>): Promise<Pixels> {
  const start = String.fromCharCode(...bytes.subarray(0, 64));
  const kind = KINDS.find(([beginning]) => beginning.test(start))?.[1];
  const decode = kind === 'PNG' ? decodePng : kind === 'JPEG' ? decodeJpeg : undefined;
  if (!decode) throw new Error(`is ${kind ? `of type ${kind}` : 'of no known type'}, and ${DECODED}`);
  try {
    return await decode(bytes.slice().buffer);
  } catch {
    throw new Error(`is a ${kind} that is damaged or of a rare kind, such as CMYK. Save it again`);
  }
}

const DECODED = 'Node decodes PNG and JPEG. Save it as one of these, or train in the page';

async function decodePng(bytes: ArrayBuffer): Promise<Pixels> {
  const { init, decode } = load<typeof import('@jsquash/png/decode.js')>('@jsquash/png/decode.js');
  await init(await compile('@jsquash/png/codec/pkg/squoosh_png_bg.wasm'));
  return await decode(bytes);
}

async function decodeJpeg(bytes: ArrayBuffer): Promise<Pixels> {
  const { init, default: decode } = load<JpegDecoder>('@jsquash/jpeg/decode.js');
  await init(await compile('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'), { printErr: () => {} });
  return await decode(bytes, { preserveOrientation: true });
}

/** Its types name no WebAssembly module to begin with. */
interface JpegDecoder {
  init(module: WebAssembly.Module, options: object): Promise<void>;
  default(bytes: ArrayBuffer, options: { readonly preserveOrientation: boolean }): Promise<Pixels>;
}

/** By a call that no bundler follows: a page's worker has decoders of its own. */
function load<T>(name: string): T {
  return requireHere()(name) as T;
}

const compiled = new Map<string, Promise<WebAssembly.Module>>();

function compile(name: string): Promise<WebAssembly.Module> {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const module = compiled.get(name) ?? WebAssembly.compile(readFileSync(requireHere().resolve(name)));
  compiled.set(name, module);
  return module;
}

function requireHere(): NodeJS.Require {
  return process.getBuiltinModule('node:module').createRequire(import.meta.url);
}
