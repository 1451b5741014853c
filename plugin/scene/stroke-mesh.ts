import '@babylonjs/core/Meshes/thinInstanceMesh.js';
import type { Material } from '@babylonjs/core/Materials/material.js';
import type { Color3 } from '@babylonjs/core/Maths/math.color.js';
import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';

/** Copies of a mesh that are rewritten every frame: where each is, which way its y axis points, and its color. */
export class StrokeMesh {
  readonly #mesh: Mesh;
  #matrices = new Float32Array(0);
  #colors = new Float32Array(0);
  #count = 0;

  constructor(mesh: Mesh, material: Material) {
    mesh.material = material;
    mesh.renderingGroupId = 1; // after the scene, with a depth of its own
    mesh.isPickable = false;
    mesh.doNotSyncBoundingInfo = true;
    mesh.alwaysSelectAsActiveMesh = true;
    mesh.isVisible = false;
    this.#mesh = mesh;
    this.#grow(64);
  }

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Adds a copy around `middle`, as long as `way` and along it, `width` m wide. */
  add(middle: Vector3, way: Vector3, width: number, { r, g, b }: Color3): void {
    if (16 * this.#count === this.#matrices.length) this.#grow(2 * this.#count);
    const m = this.#matrices;
    const at = 16 * this.#count;
    const length = Math.sqrt(way.x * way.x + way.y * way.y + way.z * way.z);
    // Some direction across: up × way, or the x axis where it points up itself.
    let x = way.z;
    let z = -way.x;
    const across = Math.sqrt(x * x + z * z);
    const upright = across < 1e-6 * length || length === 0;
    x = upright ? width : (x * width) / across;
    z = upright ? 0 : (z * width) / across;
    const scale = length === 0 ? 0 : 1 / length;
    m[at] = x;
    m[at + 1] = 0;
    m[at + 2] = z;
    m[at + 4] = way.x;
    m[at + 5] = way.y;
    m[at + 6] = way.z;
    m[at + 8] = -way.y * z * scale; // across × way, as wide
    m[at + 9] = (way.x * z - way.z * x) * scale;
    m[at + 10] = way.y * x * scale;
    m[at + 12] = middle.x;
    m[at + 13] = middle.y;
    m[at + 14] = middle.z;
    m[at + 15] = 1;
    const c = this.#colors;
    const colorAt = 4 * this.#count;
    c[colorAt] = r;
    c[colorAt + 1] = g;
    c[colorAt + 2] = b;
    c[colorAt + 3] = 1;
    this.#count++;
  }

  /** Hands what was added to the GPU. */
  commit(): void {
    this.#mesh.isVisible = this.#count > 0;
    if (this.#count === 0) return;
    this.#mesh.thinInstanceCount = this.#count;
    this.#mesh.thinInstanceBufferUpdated('matrix');
    this.#mesh.thinInstanceBufferUpdated('color');
  }

  dispose(): void {
    this.#mesh.dispose();
  }

  #grow(capacity: number): void {
    const matrices = new Float32Array(16 * capacity);
    const colors = new Float32Array(4 * capacity);
    matrices.set(this.#matrices);
    colors.set(this.#colors);
    this.#matrices = matrices;
    this.#colors = colors;
    this.#mesh.thinInstanceSetBuffer('matrix', matrices, 16, false);
    this.#mesh.thinInstanceSetBuffer('color', colors, 4, false);
  }
}
