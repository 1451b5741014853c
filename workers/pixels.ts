import { decodeImage, type Pixels } from './decode-image.ts';
import { addLoss } from './losses.ts';

/** Node's substitute for an ImageBitmap. */
export class PixelImage implements Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;

  constructor({ width, height, data }: Pixels) {
    this.width = width;
    this.height = height;
    this.data = data;
  }

  close(): void {}
}

/** Node's substitute for ImageData. */
export class PixelData implements Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;

  constructor(data: Uint8ClampedArray | number, width: number, height?: number) {
    const blank = typeof data === 'number';
    this.width = blank ? data : width;
    this.height = blank ? width : (height ?? data.length / (4 * width));
    this.data = blank ? new Uint8ClampedArray(4 * this.width * this.height) : data;
  }
}

/** createImageBitmap() for Node. */
export async function createPixelImage(source: Blob): Promise<PixelImage> {
  return new PixelImage(await decodeImage(new Uint8Array(await source.arrayBuffer())));
}

/** A canvas for GUI, dynamic textures and images: it takes every stroke and measures every text as 0 wide; of images, and of nothing else, it has the pixels. */
export class PixelCanvas extends EventTarget {
  width: number;
  height: number;
  #image: Pixels | undefined;

  constructor(width: number, height: number) {
    super();
    this.width = width;
    this.height = height;
  }

  getContext(): object {
    const stroke = () => ({ width: 0, actualBoundingBoxAscent: 0, actualBoundingBoxDescent: 0 });
    const context: Record<PropertyKey, unknown> = {
      canvas: this,
      drawImage: (image: unknown, x: number, y: number, ...size: number[]) => {
        const whole = image instanceof PixelImage && x === 0 && y === 0 && size.length === 0;
        this.#image = whole ? premultiply(image) : undefined;
      },
      getImageData: (x: number, y: number, width: number, height: number) => this.#read(x, y, width, height),
      createImageData: (width: number, height: number) => new PixelData(width, height),
    };
    return new Proxy(context, { get: (all, key) => (key in all ? all[key] : stroke) });
  }

  #read(x: number, y: number, width: number, height: number): Pixels {
    const image = this.#image;
    const read = new PixelData(width, height);
    if (!image)
      addLoss(
        'The pixels of a canvas were read, and in Node a canvas has none but those of an image drawn at its origin: what is made of them is flat in training. Make it of numbers, or train in the page.',
      );
    else
      for (let row = 0; row < Math.min(height, image.height - y); row++) {
        const from = 4 * ((y + row) * image.width + x);
        read.data.set(image.data.subarray(from, from + 4 * Math.min(width, image.width - x)), 4 * row * width);
      }
    return read;
  }
}

/** What a canvas keeps of an image: a color of less alpha less exactly, one of none not at all. */
function premultiply({ width, height, data }: Pixels): Pixels {
  const kept = data.slice();
  for (let i = 0; i < kept.length; i += 4) {
    const alpha = kept[i + 3];
    if (alpha === 255) continue;
    for (let k = i; k < i + 3; k++)
      kept[k] = alpha === 0 ? 0 : Math.round((255 * Math.round((kept[k] * alpha) / 255)) / alpha);
  }
  return { width, height, data: kept };
}
