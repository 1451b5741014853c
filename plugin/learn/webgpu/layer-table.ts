import type { PlannedLayer } from './plan.ts';

const FIELDS = ['inputs', 'outputs', 'matrix', 'source', 'place', 'hidden'] as const satisfies (keyof PlannedLayer)[];

/** `Layer` in WGSL. Layers come from a table, not from the code, so that a program is compiled once for all depths. */
export const LAYER_STRUCT = `struct Layer { ${FIELDS.map((name) => `${name}: u32`).join(', ')} }`;

const LAYER_BYTES = 4 * FIELDS.length;

/** WebGPU guarantees that a binding may begin at any multiple of this. */
const ALIGNMENT = 256;

/** The layers of every dispatch in one buffer. */
export interface LayerTable {
  readonly data: Uint32Array<ArrayBuffer>;
  /** each dispatch's part in bytes; `size` is 0 without layers */
  readonly parts: readonly { readonly offset: number; readonly size: number }[];
}

/** Writes the layers of every dispatch. */
export function createLayerTable(dispatches: readonly { readonly layers: readonly PlannedLayer[] }[]): LayerTable {
  let end = 0;
  const parts = dispatches.map(({ layers }) => {
    const offset = end;
    const size = layers.length * LAYER_BYTES;
    end = Math.ceil((offset + size) / ALIGNMENT) * ALIGNMENT;
    return { offset, size };
  });
  const data = new Uint32Array(end / 4);
  dispatches.forEach(({ layers }, i) => {
    layers.forEach((layer, j) => {
      const at = (parts[i].offset + j * LAYER_BYTES) / 4;
      data.set(
        FIELDS.map((name) => Number(layer[name])),
        at,
      );
    });
  });
  return { data, parts };
}
