import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PLATFORM_SIZE } from '../balance-ball/define-balance-ball.ts';

/** height of a slab [m] */
const THICKNESS = 0.42;
const WIDTH = PLATFORM_SIZE + 0.1;
/** height of the whole stack [m], slightly more than the platform's, to hide its top and bottom */
const HEIGHT = PLATFORM_SIZE + 0.01;

/** Draws a platform as a stack of slabs, one mesh without a body; the platform itself is visible in the gaps. */
export function drawAsSlabs(platform: Mesh, count: number): void {
  const slabs = Array.from({ length: count }, (_, i) => {
    const slab = CreateBox('slab', { width: WIDTH, height: THICKNESS, depth: WIDTH }, platform.getScene());
    slab.position.y = (HEIGHT - THICKNESS) * (i / (count - 1) - 0.5);
    return slab;
  });
  const stack = Mesh.MergeMeshes(slabs)!;
  stack.name = 'slabs';
  stack.parent = platform;
}
