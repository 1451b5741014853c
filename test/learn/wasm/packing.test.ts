import { describe, expect, it } from 'vitest';
import { createContext } from '../../../plugin/learn/engine.ts';
import { createPacking, pack, unpack } from '../../../plugin/learn/wasm/packing.ts';
import { type NetworkSpec, requireSlice } from '../../../plugin/policy/network.ts';
import { createSettings, createSpec } from '../fixtures.ts';

/** 3 observed floats, hidden layers of 5 and 9, 2 continuous actions and 3 + 2 choices. */
function createCase(network: Partial<NetworkSpec> = {}) {
  const context = createContext(createSpec('both', { hidden: [5, 9], ...network }), createSettings());
  const packing = createPacking(context);
  const { layout } = context;
  /** The position of entry `index` of the slice. */
  const placeOf = (name: string, index: number) =>
    packing.places[requireSlice(layout, name).offset - layout.trainable + index];
  return { packing, placeOf };
}

describe('createPacking', () => {
  it('pads inputs to multiples of four and outputs to multiples of eight', () => {
    const { packing } = createCase();
    const widths = packing.stacks.map((stack) => stack.map(({ inputs, outputs }) => [inputs, outputs]));
    expect(widths).toEqual([
      [
        [4, 8],
        [8, 16],
        [16, 8], // 2 μ, 5 logits, 1 value
      ],
    ]);
  });

  it('places layer after layer, biases after weights, log σ last', () => {
    const { packing, placeOf } = createCase();
    expect(packing.stacks[0].map(({ weight, bias }) => [weight, bias])).toEqual([
      [0, 4 * 8],
      [40, 40 + 8 * 16],
      [184, 184 + 16 * 8],
    ]);
    expect(packing.logDeviation).toBe(184 + 16 * 8 + 8);
    expect(packing.size).toBe(packing.logDeviation + 4);
    expect(placeOf('continuous.logDeviation', 1)).toBe(packing.logDeviation + 1);
    expect(placeOf('trunk.1.weight', 9 + 2)).toBe(40 + 16 + 2); // row 1, column 2
    expect(placeOf('trunk.1.bias', 8)).toBe(40 + 8 * 16 + 8);
  });

  it('puts heads that read the same features side by side', () => {
    const { packing, placeOf } = createCase();
    expect(packing.columns).toEqual({ mean: 0, logits: 2, value: 7 });
    expect(placeOf('continuous.weight', 2 * 3 + 1)).toBe(184 + 8 * 3 + 1);
    expect(placeOf('discrete.weight', 5 * 3 + 1)).toBe(184 + 8 * 3 + 2 + 1);
    expect(placeOf('value.weight', 3)).toBe(184 + 8 * 3 + 7);
    expect(placeOf('value.bias', 0)).toBe(184 + 16 * 8 + 7);
  });

  it('gives a separate critic its own stack', () => {
    const { packing, placeOf } = createCase({ critic: 'separate' });
    expect(packing.columns.value).toBe(0);
    const [, critic] = packing.stacks;
    expect(critic.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [4, 8],
      [8, 16],
      [16, 8],
    ]);
    expect(placeOf('value.weight', 3)).toBe(critic[2].weight + 8 * 3);
  });

  it.each(['shared', 'separate'] as const)('gives every weight its own position (%s critic)', (critic) => {
    const { packing } = createCase({ critic });
    expect(new Set(packing.places).size).toBe(packing.places.length);
    expect(Math.max(...packing.places)).toBeLessThan(packing.size);
  });
});

describe('pack', () => {
  it('is undone by unpack(), and makes the padding 0', () => {
    const { packing } = createCase();
    const flat = Float32Array.from(packing.places, (_, i) => i + 1);
    const packed = new Float32Array(packing.size).fill(Number.NaN);
    pack(packing, flat, packed);
    expect(unpack(packing, packed)).toEqual(flat);
    expect(packed.filter((x) => x === 0)).toHaveLength(packing.size - flat.length);
  });
});
