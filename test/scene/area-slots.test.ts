import { describe, expect, it } from 'vitest';
import { slotAt } from '../../plugin/scene/area-slots.ts';

const SIDE = 12;
const places = Array.from({ length: SIDE * SIDE }, (_, i) => ({ row: Math.floor(i / SIDE), column: i % SIDE }));

describe('slotAt', () => {
  it.each([
    [1, 1],
    [2, 2], // a checkerboard
    [3, 2], // 4 in a square of 2 × 2 need 4 slots
    [4, 4],
    [5, 5], // a knight's move
    [7, 5],
    [8, 8],
    [9, 9],
    [10, 10], // 3 along, 1 across
    [16, 17], // 4 along, 1 across; the square of 4 × 4 has 16
    [32, 34], // 5 along, 3 across
  ])('leaves the nearest two areas that share one of %d slots √%d places apart', (slots, squared) => {
    let least = Infinity;
    for (const a of places)
      for (const b of places) {
        if (a === b || slotAt(a.row, a.column, slots) !== slotAt(b.row, b.column, slots)) continue;
        least = Math.min(least, (a.row - b.row) ** 2 + (a.column - b.column) ** 2);
      }
    expect(least).toBe(squared);
  });

  it('gives neighbors in a row and in a column slots of their own as soon as there are two', () => {
    for (let slots = 2; slots <= 32; slots++)
      for (const { row, column } of places) {
        const slot = slotAt(row, column, slots);
        expect(slot >= 0 && slot < slots && Number.isInteger(slot)).toBe(true);
        expect(slotAt(row + 1, column, slots)).not.toBe(slot);
        expect(slotAt(row, column + 1, slots)).not.toBe(slot);
      }
  });
});
