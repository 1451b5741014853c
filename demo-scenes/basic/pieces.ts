import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import { CreateLathe } from '@babylonjs/core/Meshes/Builders/latheBuilder.js';
import { CreateTorus } from '@babylonjs/core/Meshes/Builders/torusBuilder.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { AreaContext } from '../../plugin/index.ts';

/** stones in the row */
export const POSITIONS = 20;
/** m between two neighbors; less than the meter above which the page treats a move as a jump */
const PACE = 0.92;
/** angle of the arc that the row is bent to [rad], open toward −z */
const ARC = (300 * Math.PI) / 180;
/** m */
const RADIUS = ((POSITIONS - 1) * PACE) / ARC;
const STONE_WIDTH = 0.8;
const STONE_HEIGHT = 0.2;

/** Puts a piece on the stone of a position; they are counted clockwise, as seen from above. */
export function place(piece: TransformNode, position: number): void {
  const angle = ARC * (position / (POSITIONS - 1) - 0.5);
  piece.position.x = RADIUS * Math.sin(angle);
  piece.position.z = RADIUS * Math.cos(angle);
}

/** The row of stones, as one mesh. */
export function createStones({ root, scene }: AreaContext): Mesh {
  const stones = Array.from({ length: POSITIONS }, (_, position) => {
    const stone = CreateCylinder('stone', { diameter: STONE_WIDTH, height: STONE_HEIGHT, tessellation: 20 }, scene);
    stone.position.y = -STONE_HEIGHT / 2;
    place(stone, position);
    return stone;
  });
  const row = Mesh.MergeMeshes(stones)!;
  row.name = 'stones';
  row.parent = root;
  return row;
}

/** The walker: a chess pawn that stands on y = 0. */
export function createPawn({ root, scene }: AreaContext): Mesh {
  const shape = PAWN.map(([radius, height]) => new Vector3(radius, height, 0));
  const pawn = CreateLathe('pawn', { shape, tessellation: 20 }, scene);
  pawn.parent = root;
  return pawn;
}

/** A goal: a hoop on the ground around a stone. */
export function createHoop(name: string, thickness: number, { root, scene }: AreaContext): Mesh {
  const hoop = CreateTorus(name, { diameter: STONE_WIDTH + thickness, thickness, tessellation: 32 }, scene);
  hoop.parent = root;
  return hoop;
}

/** m, its outline from the foot up: radius and height */
const PAWN = [
  [0, 0],
  [0.39, 0],
  [0.39, 0.13],
  [0.29, 0.22],
  [0.17, 0.45],
  [0.13, 0.72],
  [0.23, 0.75],
  [0.23, 0.81],
  [0.16, 0.85],
  [0.26, 0.96],
  [0.29, 1.09],
  [0.25, 1.22],
  [0.14, 1.33],
  [0, 1.37],
] as const;
