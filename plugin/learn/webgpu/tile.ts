/** Rows and columns of a tile, the part of a product that one workgroup computes. */
export const TILE = 32;

/** Invocations per workgroup; each one computes 4 × 4 entries of its tile. */
export const TILE_WORKGROUP = 64;

/** Tiles that cover `size` rows or columns. */
export function tilesOf(size: number): number {
  return Math.ceil(size / TILE);
}

/** Options of a product of tiles. */
export interface TileOptions {
  /** whether neighbors in `left` along k are adjacent in memory; else those along i are */
  readonly leftRuns: 'k' | 'i';
  /** the same for `right`, with j instead of i */
  readonly rightRuns: 'k' | 'j';
  /** whether `columnSum` also sums the columns of `right`, in the first row of tiles */
  readonly columnSums?: boolean;
}

/**
 * WGSL that computes a tile of the product  Y[i, j] = Σₖ left[i, k] · right[k, j]  through workgroup memory.
 *
 * The program defines `left(layer, i, k)`, `right(layer, k, j)` and `store4(layer, base, i, j, Y[i, j … j + 4])`. They may be
 * called for rows and columns outside the matrices: reads there may return anything, and must not be stored.
 */
export function tileProduct({ leftRuns, rightRuns, columnSums = false }: TileOptions): string {
  return /* wgsl */ `
// [16 k][4 rows or columns]; one more than a tile has, so that lanes that store along k use different banks.
const TILE_STRIDE = 9u;
var<workgroup> leftTile: array<vec4f, 144>;
var<workgroup> rightTile: array<vec4f, 144>;
// An invocation's entries: 4 rows of 4 columns, from corner() of the tile on.
var<private> product0: vec4f;
var<private> product1: vec4f;
var<private> product2: vec4f;
var<private> product3: vec4f;
${columnSums ? 'var<private> columnSum: vec4f;' : ''}

fn corner(lane: u32) -> vec2u { return 4u * vec2u(lane / 8u, lane % 8u); }

fn left4(layer: Layer, i: u32, k: u32, end: u32) -> vec4f {
  if (k >= end) { return vec4f(); }
  return vec4f(left(layer, i, k), left(layer, i + 1u, k), left(layer, i + 2u, k), left(layer, i + 3u, k));
}

fn right4(layer: Layer, k: u32, j: u32, end: u32) -> vec4f {
  if (k >= end) { return vec4f(); }
  return vec4f(right(layer, k, j), right(layer, k, j + 1u), right(layer, k, j + 2u), right(layer, k, j + 3u));
}

// Which k, and which 4 rows or columns, a lane loads; neighboring lanes read neighboring memory.
fn alongK(entry: u32) -> vec2u { return vec2u(entry % 16u, entry / 16u); }
fn acrossK(entry: u32) -> vec2u { return vec2u(entry / 8u, entry % 8u); }

// Adds the terms of k in [begin, end) to the invocation's entries of the tile at origin.
fn multiply(layer: Layer, origin: vec2u, begin: u32, end: u32, lane: u32) {
  for (var k = begin; k < end; k += 16u) {
    for (var entry = lane; entry < 128u; entry += 64u) {
      let l = ${leftRuns === 'k' ? 'alongK' : 'acrossK'}(entry);
      leftTile[l.x * TILE_STRIDE + l.y] = left4(layer, origin.x + 4u * l.y, k + l.x, end);
      let r = ${rightRuns === 'k' ? 'alongK' : 'acrossK'}(entry);
      rightTile[r.x * TILE_STRIDE + r.y] = right4(layer, k + r.x, origin.y + 4u * r.y, end);
    }
    workgroupBarrier();
    for (var d = 0u; d < 16u; d++) {
      let a = leftTile[d * TILE_STRIDE + lane / 8u];
      let b = rightTile[d * TILE_STRIDE + lane % 8u];
      product0 += a.x * b;
      product1 += a.y * b;
      product2 += a.z * b;
      product3 += a.w * b;
      ${columnSums ? 'if (origin.x == 0u) { columnSum += b; }' : ''}
    }
    workgroupBarrier();
  }
}

fn store(layer: Layer, base: u32, origin: vec2u, lane: u32) {
  let first = origin + corner(lane);
  store4(layer, base, first.x, first.y, product0);
  store4(layer, base, first.x + 1u, first.y, product1);
  store4(layer, base, first.x + 2u, first.y, product2);
  store4(layer, base, first.x + 3u, first.y, product3);
}
`;
}

/** WGSL `findTile(group)`: the layer that a workgroup works on, and which of its `tilesIn(layer)` tiles it computes. */
export const FIND_TILE = /* wgsl */ `
fn tiles(size: u32) -> u32 { return (size + 31u) / 32u; }

fn findTile(group: u32) -> vec2u {
  var rest = group;
  var layer = 0u;
  while (layer + 1u < arrayLength(&layers) && rest >= tilesIn(layers[layer])) {
    rest -= tilesIn(layers[layer]);
    layer++;
  }
  return vec2u(layer, rest);
}
`;
