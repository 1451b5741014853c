/**
 * Writes level.glb, which the game loads: `node test/shapes/doors/make-level.ts` (Node 22.18 or newer). A hall along x with two walls across it, a
 * doorway in each, and a door in each doorway, which an animation slides aside.
 */
import { writeFileSync } from 'node:fs';

type Triple = readonly [number, number, number];

const chunks: Buffer[] = [];
const bufferViews: object[] = [];
const accessors: object[] = [];
const meshes: object[] = [];
const nodes: object[] = [];
const animations: object[] = [];
let length = 0;

function accessor(data: Float32Array | Uint16Array, type: string, bounds: object = {}): number {
  const bytes = Buffer.from(data.buffer);
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  bufferViews.push({ buffer: 0, byteOffset: length, byteLength: bytes.length });
  chunks.push(padded);
  length += padded.length;
  const size = { SCALAR: 1, VEC3: 3 }[type] as number;
  const componentType = data instanceof Float32Array ? 5126 : 5123;
  accessors.push({ bufferView: bufferViews.length - 1, componentType, count: data.length / size, type, ...bounds });
  return accessors.length - 1;
}

/** A mesh of boxes, each given by its lowest and its highest corner, with a normal for each face. */
function mesh(name: string, boxes: readonly (readonly [Triple, Triple])[]): number {
  const positions: number[] = [];
  const normals: number[] = [];
  const indices: number[] = [];
  for (const [low, high] of boxes) {
    for (const axis of [0, 1, 2]) {
      for (const side of [0, 1]) {
        const [u, v] = [(axis + 1) % 3, (axis + 2) % 3];
        const first = positions.length / 3;
        for (const [a, b] of [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ]) {
          const corner = [0, 0, 0];
          corner[axis] = side ? high[axis] : low[axis];
          corner[u] = a ? high[u] : low[u];
          corner[v] = b ? high[v] : low[v];
          positions.push(...corner);
          const normal = [0, 0, 0];
          normal[axis] = side ? 1 : -1;
          normals.push(...normal);
        }
        const order = side ? [0, 1, 2, 0, 2, 3] : [0, 2, 1, 0, 3, 2];
        indices.push(...order.map((index) => first + index));
      }
    }
  }
  const bound = (choose: typeof Math.min) =>
    [0, 1, 2].map((axis) => positions.filter((_, i) => i % 3 === axis).reduce((a, b) => choose(a, b)));
  const POSITION = accessor(Float32Array.from(positions), 'VEC3', { min: bound(Math.min), max: bound(Math.max) });
  const NORMAL = accessor(Float32Array.from(normals), 'VEC3');
  const attributes = { POSITION, NORMAL };
  meshes.push({ name, primitives: [{ attributes, indices: accessor(Uint16Array.from(indices), 'SCALAR') }] });
  return meshes.length - 1;
}

/** Babylon's left-handed scenes show a file mirrored in x. */
const mirror = ([x, y, z]: Triple): Triple => [-x, y, z];

function node(name: string, boxes: readonly (readonly [Triple, Triple])[], place: Triple = [0, 0, 0]): number {
  const mirrored = boxes.map(([low, high]): [Triple, Triple] => [
    [-high[0], low[1], low[2]],
    [-low[0], high[1], high[2]],
  ]);
  nodes.push({ name, mesh: mesh(name, mirrored), translation: mirror(place) });
  return nodes.length - 1;
}

/** Slides a node along z within a second. */
function slide(name: string, target: number, place: Triple, far: number): void {
  const from = mirror(place);
  const input = accessor(Float32Array.of(0, 1), 'SCALAR', { min: [0], max: [1] });
  const output = accessor(Float32Array.of(...from, from[0], from[1], from[2] + far), 'VEC3');
  const channels = [{ sampler: 0, target: { node: target, path: 'translation' } }];
  animations.push({ name, channels, samplers: [{ input, output, interpolation: 'LINEAR' }] });
}

node('hall', [
  [
    [-6, -0.2, -3],
    [10, 0, 3],
  ],
  [
    [-6, 0, -3.2],
    [10, 1.5, -3],
  ],
  [
    [-6, 0, 3],
    [10, 1.5, 3.2],
  ],
  [
    [-6.2, 0, -3],
    [-6, 1.5, 3],
  ],
  [
    [10, 0, -3],
    [10.2, 1.5, 3],
  ],
]);
for (const [number, x] of [
  [1, 0],
  [2, 5],
]) {
  node(`wall ${number}`, [
    [
      [x - 0.15, 0, -3],
      [x + 0.15, 1.5, -0.8],
    ],
    [
      [x - 0.15, 0, 0.8],
      [x + 0.15, 1.5, 3],
    ],
    [
      [x - 0.15, 1.2, -0.8],
      [x + 0.15, 1.5, 0.8],
    ],
  ]);
  const place: Triple = [x, 0.6, 0];
  slide(
    `open ${number}`,
    node(
      `door ${number}`,
      [
        [
          [-0.1, -0.6, -0.85],
          [0.1, 0.6, 0.85],
        ],
      ],
      place,
    ),
    place,
    1.7,
  );
  node(
    `plate ${number}`,
    [
      [
        [-0.7, 0, -0.7],
        [0.7, 0.02, 0.7],
      ],
    ],
    [x - 2.5, 0, number === 1 ? 1.5 : -1.5],
  );
}
node(
  'goal',
  [
    [
      [-0.5, 0, -0.5],
      [0.5, 0.02, 0.5],
    ],
  ],
  [8.5, 0, 0],
);

const json = Buffer.from(
  JSON.stringify({
    asset: { version: '2.0' },
    scene: 0,
    scenes: [{ nodes: nodes.map((_, index) => index) }],
    ...{ nodes, meshes, animations, accessors, bufferViews, buffers: [{ byteLength: length }] },
  }),
);
const text = Buffer.concat([json, Buffer.alloc((4 - (json.length % 4)) % 4, ' ')]);
const header = (...words: readonly number[]) => Buffer.from(Uint32Array.from(words).buffer);
const binary = Buffer.concat(chunks);
writeFileSync(
  new URL('./level.glb', import.meta.url),
  Buffer.concat([
    header(0x46546c67, 2, 28 + text.length + binary.length),
    ...[header(text.length, 0x4e4f534a), text],
    ...[header(binary.length, 0x004e4942), binary],
  ]),
);
