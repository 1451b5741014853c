import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateLathe } from '@babylonjs/core/Meshes/Builders/latheBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';

/** A thin hoop that lies on the level: a square on its corner, swept around; a tenth of a torus's triangles. */
export function createRim(scene: Scene, name: string, radius: number, thickness: number): Mesh {
  const half = thickness / 2;
  const shape = [
    new Vector3(radius, half, 0),
    new Vector3(radius + half, 0, 0),
    new Vector3(radius, -half, 0),
    new Vector3(radius - half, 0, 0),
    new Vector3(radius, half, 0),
  ];
  return CreateLathe(name, { shape, tessellation: 56, sideOrientation: 2 }, scene);
}
