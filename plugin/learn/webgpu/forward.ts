import { type Activation, requireOneActivation } from '../../policy/network.ts';
import type { LearnerContext } from '../engine.ts';
import { OBSERVATION } from './plan.ts';
import type { Program } from './program.ts';
import { declareColumns } from './sample-columns.ts';
import { FIND_TILE, TILE_WORKGROUP, tileProduct } from './tile.ts';

/** f(z) and f′(z), with finite exponentials. */
const ACTIVATIONS: Readonly<Record<Activation, string>> = {
  tanh: 'let e = exp(-2.0 * abs(z)); let y = sign(z) * (1.0 - e) / (1.0 + e); return vec2f(y, 1.0 - y * y);',
  relu: 'return vec2f(max(z, 0.0), select(0.0, 1.0, z > 0.0));',
  swish: 'let s = 1.0 / (1.0 + exp(min(-z, 80.0))); return vec2f(z * s, s + z * s * (1.0 - s));',
  elu: 'let e = exp(min(z, 0.0)); return vec2f(max(z, 0.0) + (e - 1.0), e);',
};

/** WGSL `inputOf(layer, row, i)`: a layer's input. It gathers observations on the fly. */
export function declareInput(context: LearnerContext): string {
  return /* wgsl */ `
${declareColumns(context, ['observation'])}
fn inputOf(layer: Layer, row: u32, i: u32) -> f32 {
  if (layer.source == ${OBSERVATION}u) { return observationOf(order[step.first + row], i); }
  return activations[layer.source * step.rows + row * layer.inputs + i];
}
`;
}

/**
 * Dense layers of one depth with their activation, Y = f(X·W + b) [B, outputs]; heads have none. Writes f′(z) into the
 * deltas, which the backward pass multiplies by. Workgroups: tiles of outputs in x, of rows in y.
 */
export function forwardProgram(context: LearnerContext): Program {
  return {
    label: 'forward',
    access: {
      layers: 'read',
      state: 'read',
      samples: 'read',
      order: 'read',
      activations: 'read_write',
      deltas: 'read_write',
    },
    code: /* wgsl */ `
${declareInput(context)}
fn tilesIn(layer: Layer) -> u32 { return tiles(layer.outputs); }
${FIND_TILE}
fn left(layer: Layer, row: u32, k: u32) -> f32 { return inputOf(layer, row, k); }
fn right(layer: Layer, k: u32, j: u32) -> f32 { return state[layer.matrix + k * layer.outputs + j]; }
fn activate(z: f32) -> vec2f { ${ACTIVATIONS[requireOneActivation(context.spec.network)]} }
fn store4(layer: Layer, base: u32, row: u32, column: u32, products: vec4f) {
  if (row >= step.rows) { return; }
  for (var c = 0u; c < 4u && column + c < layer.outputs; c++) {
    let z = products[c] + right(layer, layer.inputs, column + c);
    let y = select(vec2f(z, 1.0), activate(z), layer.hidden == 1u);
    let at = base + row * layer.outputs + column + c;
    activations[at] = y.x;
    deltas[at] = y.y;
  }
}
${tileProduct({ leftRuns: 'k', rightRuns: 'j' })}

@compute @workgroup_size(${TILE_WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let tile = findTile(group.x);
  let layer = layers[tile.x];
  let origin = 32u * vec2u(group.y, tile.y);
  multiply(layer, origin, 0u, layer.inputs, lane);
  store(layer, layer.place * step.rows, origin, lane);
}
`,
  };
}
