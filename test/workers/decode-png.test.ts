import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodePng } from '../../workers/decode-png.ts';
import { encodePng } from './png.ts';

describe('decodePng', () => {
  it('undoes every filter', async () => {
    const rows = Array.from({ length: 10 }, (_, y) =>
      Array.from({ length: 12 }, (_, i) => (37 * y * i + 11 * i) % 256),
    );
    const bytes = encodePng(rows, { width: 4, height: 10, type: 2, filters: [0, 1, 2, 3, 4] });
    const { width, height, data } = await decodePng(bytes);
    expect([width, height]).toEqual([4, 10]);
    const expected = rows.flatMap((row) => [0, 1, 2, 3].flatMap((x) => [...row.slice(3 * x, 3 * x + 3), 255]));
    expect([...data]).toEqual(expected);
  });

  it.each([
    ['gray of 1 bit', { type: 0, depth: 1 }, [0b01000000], [0, 0, 0, 255, 255, 255, 255, 255]],
    ['gray of 2 bits', { type: 0, depth: 2 }, [0b01100000], [85, 85, 85, 255, 170, 170, 170, 255]],
    ['gray of 4 bits', { type: 0, depth: 4 }, [0x1f], [17, 17, 17, 255, 255, 255, 255, 255]],
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
  ])('reads %s', async (_, parts, row, pixels) => {
    const { data } = await decodePng(encodePng([row], { width: 2, height: 1, ...parts }));
    expect([...data]).toEqual(pixels);
  });

  it('reads an image that another program made', async () => {
    const { width, height } = await decodePng(readFileSync(new URL('../fixtures/assets/pixel.png', import.meta.url)));
    expect([width, height]).toEqual([1, 1]);
  });

  it('says what it cannot read', async () => {
    await expect(decodePng(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).rejects.toThrow('is no PNG');
    await expect(decodePng(encodePng([[0]], { width: 1, height: 1, interlaced: true }))).rejects.toThrow(
      'is interlaced',
    );
    await expect(decodePng(encodePng([[0]], { width: 1, height: 2 }))).rejects.toThrow('is damaged');
    await expect(decodePng(encodePng([[0]], { width: 1, height: 1 }).subarray(0, 30))).rejects.toThrow();
  });
});
