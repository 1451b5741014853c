/** A NaN as nobody computes it, by its bits: where it still stands, nothing was written. */
export const UNWRITTEN = 0x7fc5a9e3;

/** The bits of `floats[offset … offset + size)`, to be read and written. */
export function bitsOf(floats: Float32Array, offset: number, size: number): Uint32Array {
  return new Uint32Array(floats.buffer, floats.byteOffset + offset * floats.BYTES_PER_ELEMENT, size);
}
