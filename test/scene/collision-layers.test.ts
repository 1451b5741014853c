import { describe, expect, it } from 'vitest';
import { CollisionLayers } from '../../plugin/scene/collision-layers.ts';

describe('CollisionLayers', () => {
  it('gives each of 32 areas a bit as long as shapes keep their masks', () => {
    const layers = new CollisionLayers();
    expect([layers.learn(~0), layers.learn(0), layers.slots]).toEqual([false, false, 32]);
    expect([layers.encode(~0, 3), layers.encode(0, 3), layers.encode(~0, undefined)]).toEqual([1 << 3, 0, ~0]);
    expect(layers.encode(4, 31)).toBe(1 << 31); // as a query may ask: shapes that have bit 2 have all others as well
  });

  it('shares the bits between as many layers as masks tell apart', () => {
    const layers = new CollisionLayers();
    expect([layers.learn(1), layers.learn(~1), layers.slots]).toEqual([true, false, 16]); // bit 0, and the others
    expect(layers.encode(1, 3)).toBe(1 << 3);
    expect(layers.encode(~1, 3)).toBe(1 << (16 + 3));
    expect(layers.encode(~0, 3)).toBe((1 << 3) | (1 << (16 + 3)));
    expect([layers.learn(4), layers.slots]).toEqual([true, 10]); // bit 0, bit 2, and the others
    expect(layers.encode(4, 9)).toBe(1 << (10 + 9));
    expect(layers.encode(4, undefined)).toBe(0b11_1111_1111 << 10);
  });

  it('lets two shapes meet by their codes as by their masks within a slot, and never across', () => {
    const layers = new CollisionLayers();
    const masks = [~0, 1, 2, 6, ~2, 0, 1 << 31];
    for (const mask of masks) layers.learn(mask);
    expect(layers.slots).toBe(6); // bit 0, bit 1, bit 2, bit 31, and the others
    for (const a of masks)
      for (const b of masks) {
        expect((layers.encode(a, 4) & layers.encode(b, 4)) !== 0).toBe((a & b) !== 0);
        expect((layers.encode(a, undefined) & layers.encode(b, 4)) !== 0).toBe((a & b) !== 0);
        expect(layers.encode(a, 4) & layers.encode(b, 5)).toBe(0);
      }
  });
});
