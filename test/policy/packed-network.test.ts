import { describe, expect, it } from 'vitest';
import { measureLayout } from '../../plugin/core/layout.ts';
import { type Critic, weightLayout } from '../../plugin/policy/network.ts';
import { BLOCK_ROWS, copyWeights, packNetwork } from '../../plugin/policy/packed-network.ts';
import { MIXED } from './fixtures.ts';

describe('packNetwork', () => {
  it('merges heads that read the same features into one matrix, with columns padded to a multiple of 4', () => {
    const { actor, critic, valueColumn } = pack([5, 4], 'shared').packed;
    // floats 3 + choices 2 + 3 + value 1 = 9 columns
    expect(actor.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [3, 8],
      [8, 4],
      [4, 12],
    ]);
    expect(actor[2].parts.map(({ outputs }) => outputs)).toEqual([3, 2 + 3, 1]);
    expect(critic).toBe(actor);
    expect(valueColumn).toBe(3 + 2 + 3);
  });

  it('gives a separate critic its own layers, with its value in the first column', () => {
    const { actor, critic, valueColumn } = pack([5], 'separate').packed;
    expect(actor.map(({ outputs }) => outputs)).toEqual([8, 8]);
    expect(critic.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [3, 8],
      [8, 4],
    ]);
    expect(valueColumn).toBe(0);
  });

  it('has no critic for a network without one, and reads the observation if there is no hidden layer', () => {
    const { actor, critic } = pack([], 'none').packed;
    expect(actor.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([[3, 8]]);
    expect(critic).toEqual([]);
  });

  it('starts everything at its own cache line', () => {
    const { actor, critic, input, between, size } = pack([5, 4], 'separate').packed;
    const spans = [
      ...[...actor, ...critic].map(({ place, inputs, outputs }) => [place, (1 + inputs) * outputs]),
      [input, BLOCK_ROWS * 3],
      ...between.map((place) => [place, BLOCK_ROWS * 8]),
    ];
    let end = 0;
    for (const [place, floats] of spans) {
      expect(place % 16).toBe(0);
      expect(place).toBeGreaterThanOrEqual(end);
      end = place + floats;
    }
    expect(size).toBeGreaterThanOrEqual(end);
  });
});

describe('copyWeights', () => {
  it('puts biases first and weights below them, head beside head, and leaves the padding alone', () => {
    const { layout, packed } = pack([], 'shared');
    // every weight encodes its origin: slice · 100 + index
    const weights = new Float32Array(layout.size);
    layout.slices.forEach(({ offset, size }, slice) => {
      for (let i = 0; i < size; i++) weights[offset + i] = slice * 100 + i;
    });
    const floats = new Float32Array(packed.size).fill(-1);
    copyWeights(weights, packed.actor, floats);
    // slices 4 to 10: continuous weight, bias and log σ, discrete weight and bias, value weight and bias
    const { place } = packed.actor[0];
    const row = (i: number) => [...floats.subarray(place + 12 * i, place + 12 * (i + 1))];
    expect(row(0)).toEqual([500, 501, 502, 800, 801, 802, 803, 804, 1000, -1, -1, -1]);
    expect(row(1)).toEqual([400, 401, 402, 700, 701, 702, 703, 704, 900, -1, -1, -1]);
    expect(row(3)).toEqual([406, 407, 408, 710, 711, 712, 713, 714, 902, -1, -1, -1]);
  });
});

function pack(hidden: readonly number[], critic: Critic) {
  const sizes = measureLayout(MIXED);
  const network = { hidden, activation: 'tanh', critic } as const;
  const layout = weightLayout(sizes, network);
  return { layout, packed: packNetwork(sizes, network, layout) };
}
