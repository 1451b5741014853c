import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../workers/decode-image.ts';
import { holdNodePlatform } from '../../workers/node-platform.ts';
import { encodePng } from './png.ts';

holdNodePlatform();

const bytesOf = (file: Uint8Array) => new Uint8Array(file);

/** Hills in three colors, of a size that no block of a JPEG divides. */
const [WIDTH, HEIGHT] = [61, 47];
const HILLS = Uint8Array.from({ length: 3 * WIDTH * HEIGHT }, (_, i) => {
  const [x, y, color] = [Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH), i % 3];
  return 127 + 60 * Math.sin(x / 5 + color) + 60 * Math.cos(y / 7 + 2 * color);
});
const hills = () => sharp(HILLS, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
const withAlpha = (rgb: Uint8Array) =>
  Array.from({ length: (rgb.length / 3) * 4 }, (_, i) => (i % 4 === 3 ? 255 : rgb[3 * Math.floor(i / 4) + (i % 4)]));

describe('decodeImage', () => {
  it.each([
    ['gray of 1 bit', { type: 0, depth: 1 }, [0b01000000], [0, 0, 0, 255, 255, 255, 255, 255]],
    ['gray of 2 bits', { type: 0, depth: 2 }, [0b01100000], [85, 85, 85, 255, 170, 170, 170, 255]],
    ['gray of 16 bits', { type: 0, depth: 16 }, [7, 200, 9, 1], [7, 7, 7, 255, 9, 9, 9, 255]],
    ['gray, one of it clear', { type: 0, transparency: [0, 5] }, [5, 6], [5, 5, 5, 0, 6, 6, 6, 255]],
    ['RGB of 16 bits', { type: 2, depth: 16 }, [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0], [1, 2, 3, 255, 4, 5, 6, 255]],
    [
      'a palette of 2 bits, one of it half clear',
      { type: 3, depth: 2, palette: [1, 2, 3, 4, 5, 6, 7, 8, 9], transparency: [255, 128] },
      [0b01100000],
      [4, 5, 6, 128, 7, 8, 9, 255],
    ],
    ['gray with alpha', { type: 4 }, [10, 20, 30, 40], [10, 10, 10, 20, 30, 30, 30, 40]],
    ['RGBA', { type: 6 }, [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8]],
  ])('reads a PNG of %s', async (_, parts, row, pixels) => {
    const { width, height, data } = await decodeImage(bytesOf(encodePng([row], { width: 2, height: 1, ...parts })));
    expect([width, height, ...data]).toEqual([2, 1, ...pixels]);
  });

  it.each([
    ['filtered', {}],
    ['interlaced', { progressive: true }],
  ])('reads a PNG that is %s', async (_, options) => {
    const { data } = await decodeImage(bytesOf(await hills().png(options).toBuffer()));
    expect([...data]).toEqual(withAlpha(HILLS));
  });

  it.each([
    ['with coarse colors', { chromaSubsampling: '4:2:0' }],
    ['with fine colors', { chromaSubsampling: '4:4:4' }],
    ['that is progressive', { progressive: true }],
  ])('reads a JPEG %s as libjpeg, and so Chromium, does', async (_, options) => {
    const file = await hills().jpeg(options).toBuffer();
    const { width, height, data } = await decodeImage(bytesOf(file));
    expect([width, height]).toEqual([WIDTH, HEIGHT]);
    expect([...data]).toEqual(withAlpha(await sharp(file).raw().toBuffer()));
  });

  it('turns a JPEG as its camera was held', async () => {
    const turned = await hills().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { width, height } = await decodeImage(bytesOf(turned));
    expect([width, height]).toEqual([HEIGHT, WIDTH]);
  });

  it('reads an image that another program made', async () => {
    const file = readFileSync(new URL('../fixtures/assets/pixel.png', import.meta.url));
    const { width, height } = await decodeImage(bytesOf(file));
    expect([width, height]).toEqual([1, 1]);
  });

  it('says what it cannot read, and reads the next', async () => {
    const whole = bytesOf(encodePng([[9]], { width: 1, height: 1 }));
    const jpeg = bytesOf(await hills().jpeg().toBuffer());
    const decoded = 'and Node decodes PNG and JPEG. Save it as one of these, or train in the page';
    await expect(decodeImage(new TextEncoder().encode('GIF89a'))).rejects.toThrow(`is of type GIF, ${decoded}`);
    await expect(decodeImage(new Uint8Array(9))).rejects.toThrow(`is of no known type, ${decoded}`);
    await expect(decodeImage(whole.slice(0, 30))).rejects.toThrow('is a PNG that is damaged');
    await expect(decodeImage(jpeg.slice(0, 30))).rejects.toThrow('is a JPEG that is damaged');
    expect((await decodeImage(whole)).data[0]).toBe(9);
    expect((await decodeImage(jpeg)).width).toBe(WIDTH);
  });
});
