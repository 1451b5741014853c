import '@babylonjs/core/Meshes/thinInstanceMesh.js';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreatePolyhedron } from '@babylonjs/core/Meshes/Builders/polyhedronBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Random } from '../../../../plugin/index.ts';

const COUNT = 96;
/** m/s² */
const GRAVITY = 9;

/** Floats of a spark: place, velocity, s that it has left, s that it had, size. */
const FLOATS = 9;

/** Small lights that fly off hits and dashes: one mesh, one draw call, nothing allocated. */
export class Sparks {
  readonly #mesh: Mesh;
  readonly #random: Random;
  readonly #sparks = new Float32Array(COUNT * FLOATS);
  readonly #matrices = new Float32Array(COUNT * 16);
  readonly #colors = new Float32Array(COUNT * 4).fill(1);
  #next = 0;

  constructor(scene: Scene, random: Random) {
    this.#random = random;
    this.#mesh = CreatePolyhedron('sparks', { type: 1, size: 0.07 }, scene);
    const material = new StandardMaterial('sparks', scene);
    material.disableLighting = true;
    material.emissiveColor = Color3.White();
    this.#mesh.material = material;
    this.#mesh.alwaysSelectAsActiveMesh = true;
    this.#mesh.thinInstanceSetBuffer('matrix', this.#matrices, 16, false);
    this.#mesh.thinInstanceSetBuffer('color', this.#colors, 4, false);
  }

  /** Throws `count` sparks from a point at up to `speed` m/s in all directions, dragged along by `along` [m/s]. */
  burst(from: Vector3, count: number, speed: number, color: Color3, along?: Vector3): void {
    for (let i = 0; i < count; i++) {
      const at = this.#next * FLOATS;
      const angle = this.#random.between(-Math.PI, Math.PI);
      const fast = speed * this.#random.between(0.3, 1);
      const life = this.#random.between(0.25, 0.7);
      const up = this.#random.between(0.1, 0.9) * speed * 0.7;
      this.#sparks.set([from.x, from.y, from.z], at);
      this.#sparks.set(
        [Math.cos(angle) * fast + (along?.x ?? 0), up, Math.sin(angle) * fast + (along?.z ?? 0)],
        at + 3,
      );
      this.#sparks.set([life, life, this.#random.between(0.6, 1.6)], at + 6);
      this.#colors.set([color.r, color.g, color.b, 1], this.#next * 4);
      this.#next = (this.#next + 1) % COUNT;
    }
    this.#mesh.thinInstanceBufferUpdated('color');
  }

  update(seconds: number): void {
    const sparks = this.#sparks;
    for (let i = 0, at = 0; i < COUNT; i++, at += FLOATS) {
      const left = Math.max(sparks[at + 6] - seconds, 0);
      sparks[at + 6] = left;
      sparks[at + 4] -= GRAVITY * seconds;
      for (let axis = 0; axis < 3; axis++) sparks[at + axis] += sparks[at + 3 + axis] * seconds;
      const size = left > 0 ? (sparks[at + 8] * left) / sparks[at + 7] : 0;
      const m = i * 16;
      this.#matrices[m] = this.#matrices[m + 5] = this.#matrices[m + 10] = size;
      for (let axis = 0; axis < 3; axis++) this.#matrices[m + 12 + axis] = sparks[at + axis];
      this.#matrices[m + 15] = 1;
    }
    this.#mesh.thinInstanceBufferUpdated('matrix');
  }
}
