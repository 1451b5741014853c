/** A 32-bit hash of columns (FNV-1a, word by word): a single changed bit almost certainly changes it. */
export function fingerprint(columns: Iterable<Float32Array | Uint8Array>): number {
  let hash = 0x811c9dc5;
  for (const column of columns) {
    const { buffer, byteOffset, length } = column;
    const words = column instanceof Uint8Array ? column : new Int32Array(buffer, byteOffset, length);
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ words[i], 0x01000193);
  }
  return hash;
}
