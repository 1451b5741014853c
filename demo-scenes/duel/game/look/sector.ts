import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import type { Scene } from '@babylonjs/core/scene.js';

export interface SectorOptions {
  /** m */
  readonly inner: number;
  readonly outer: number;
  readonly thickness: number;
  /** rad */
  readonly from: number;
  readonly to: number;
}

/** steps of its arcs */
const STEPS = 6;

/** A piece of a ring with its top at y = 0: the cross-section of a slab, swept around the y axis from one angle to another. */
export function createSector(scene: Scene, { inner, outer, thickness, from, to }: SectorOptions): Mesh {
  const section = [
    [inner, -thickness],
    [inner, 0],
    [outer, 0],
    [outer - 0.12, -thickness],
  ];
  const at = (corner: number, step: number): [number, number, number] => {
    const [radius, y] = section[corner % 4];
    const angle = from + ((to - from) * step) / STEPS;
    return [radius * Math.cos(angle), y, radius * Math.sin(angle)];
  };
  const positions: number[] = [];
  const indices: number[] = [];
  const quad = (...corners: readonly [number, number, number][]) => {
    const first = positions.length / 3;
    positions.push(...corners.flat());
    indices.push(first, first + 2, first + 1, first, first + 3, first + 2);
  };
  for (let step = 0; step < STEPS; step++) {
    for (let corner = 0; corner < 4; corner++)
      quad(at(corner, step), at(corner, step + 1), at(corner + 1, step + 1), at(corner + 1, step));
  }
  quad(at(3, 0), at(2, 0), at(1, 0), at(0, 0));
  quad(at(0, STEPS), at(1, STEPS), at(2, STEPS), at(3, STEPS));
  const data = new VertexData();
  data.positions = positions;
  data.indices = indices;
  data.normals = []; // vertices are not shared between quads, so that edges stay sharp
  VertexData.ComputeNormals(positions, indices, data.normals);
  const mesh = new Mesh('piece', scene);
  data.applyToMesh(mesh);
  return mesh;
}
