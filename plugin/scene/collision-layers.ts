/** Bits of a collision mask of Havok's. */
export const BITS = 32;

/**
 * Shares the 32 bits of Havok's collision masks among areas: each gets a slot, and shapes of two slots have no bit in
 * common. Bits that no mask in use tells apart count as one layer, so that a scene that sets no masks has a single layer
 * and 32 slots, one that tells three kinds of things apart has 10.
 */
export class CollisionLayers {
  /** masks of bits, disjoint, all 32 in all: every mask in use has all or none of each */
  readonly #layers: number[] = [~0];

  /** Kinds of things that masks tell apart. */
  get count(): number {
    return this.#layers.length;
  }

  /** Areas that can be told apart. */
  get slots(): number {
    return Math.floor(BITS / this.#layers.length);
  }

  /** Takes note of a mask that a shape has. Returns whether slots and codes are others than before. */
  learn(mask: number): boolean {
    const before = this.#layers.length;
    for (let i = 0; i < before; i++) {
      const layer = this.#layers[i];
      if ((layer & mask) === 0 || (layer & ~mask) === 0) continue;
      this.#layers[i] = layer & mask;
      this.#layers.push(layer & ~mask);
    }
    return this.#layers.length !== before;
  }

  /** What Havok is told instead of `mask`: its layers in one slot, or in all of them. */
  encode(mask: number, slot: number | undefined): number {
    const { slots } = this;
    const inLayer = slot !== undefined ? 1 << slot : slots === BITS ? ~0 : (1 << slots) - 1;
    let code = 0;
    for (let i = 0; i < this.#layers.length; i++) if ((this.#layers[i] & mask) !== 0) code |= inLayer << (i * slots);
    return code;
  }
}
