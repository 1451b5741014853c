import type { LearnerContext } from '../engine.ts';
import { declareInput } from './forward.ts';
import { SUMMED_REPORT } from './plan.ts';
import type { Program } from './program.ts';
import { FIND_TILE, TILE_WORKGROUP, tileProduct } from './tile.ts';

/**
 * The gradients of all layers in one dispatch, from chunks of rows:  ∂L/∂W = Xᵀ·D [inputs, outputs]  and
 * ∂L/∂b = Σ D [outputs]. Layers without inputs are sums over rows; this computes log σ's gradient and the report.
 * Workgroups: tiles of all layers in x, chunks in y.
 */
export function weightGradientProgram(context: LearnerContext): Program {
  return {
    label: 'weight gradient',
    access: {
      layers: 'read',
      samples: 'read',
      order: 'read',
      activations: 'read',
      deltas: 'read',
      partials: 'read_write',
    },
    code: /* wgsl */ `
${declareInput(context)}
fn tilesIn(layer: Layer) -> u32 { return tiles(max(1u, layer.inputs)) * tiles(layer.outputs); }
${FIND_TILE}
fn left(layer: Layer, i: u32, row: u32) -> f32 { return inputOf(layer, row, i); }
fn right(layer: Layer, row: u32, j: u32) -> f32 {
  return deltas[layer.place * step.rows + row * layer.outputs + j];
}
fn store4(layer: Layer, base: u32, i: u32, j: u32, products: vec4f) {
  for (var c = 0u; c < 4u && j + c < layer.outputs; c++) {
    if (i < layer.inputs) { partials[base + i * layer.outputs + j + c] = products[c]; }
    if (i == 0u) { partials[base + layer.inputs * layer.outputs + j + c] = columnSum[c]; }
  }
}
${tileProduct({ leftRuns: 'i', rightRuns: 'j', columnSums: true })}

@compute @workgroup_size(${TILE_WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = findTile(group.x);
  let layer = layers[tile.x];
  let across = tiles(layer.outputs);
  let origin = 32u * vec2u(tile.y / across, tile.y % across);
  let begin = group.y * step.chunkRows;
  multiply(layer, origin, begin, min(begin + step.chunkRows, step.rows), lane);
  store(layer, group.y * (step.weights + ${SUMMED_REPORT}u) + layer.matrix, origin, lane);
}
`,
  };
}
