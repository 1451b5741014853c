import type { Program } from './program.ts';
import { TILE_WORKGROUP, tileProduct } from './tile.ts';

/**
 * From ∂L/∂z of layers to that of the layers they read:  D ← (Σ D′·W′ᵀ) ⊙ f′(z)  over all readers. The dispatch's layers
 * are the readers; they read one or two layers as wide as their inputs, placed one after the other.
 * Workgroups: tiles of the layers being read in x, of rows in y.
 */
export function backwardProgram(): Program {
  return {
    label: 'backward',
    access: { layers: 'read', state: 'read', deltas: 'read_write' },
    code: /* wgsl */ `
fn left(layer: Layer, row: u32, k: u32) -> f32 {
  return deltas[layer.place * step.rows + row * layer.outputs + k];
}
fn right(layer: Layer, k: u32, j: u32) -> f32 { return state[layer.matrix + j * layer.outputs + k]; }
fn store4(below: Layer, base: u32, row: u32, column: u32, products: vec4f) {
  if (row >= step.rows) { return; }
  for (var c = 0u; c < 4u && column + c < below.outputs; c++) {
    deltas[base + row * below.outputs + column + c] *= products[c];
  }
}
${tileProduct({ leftRuns: 'k', rightRuns: 'k' })}

@compute @workgroup_size(${TILE_WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let width = layers[0].inputs;
  let tiles = (width + 31u) / 32u;
  let place = layers[0].source + group.x / tiles * width;
  let origin = 32u * vec2u(group.y, group.x % tiles);
  for (var reader = 0u; reader < arrayLength(&layers); reader++) {
    let layer = layers[reader];
    if (layer.source == place) { multiply(layer, origin, 0u, layer.outputs, lane); }
  }
  var below: Layer;
  below.outputs = width;
  store(below, place * step.rows, origin, lane);
}
`,
  };
}
