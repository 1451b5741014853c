import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PLATFORM_SIZE } from '../balance-ball/define-balance-ball.ts';

/** m of a slab */
const THICKNESS = 0.42;
const WIDTH = PLATFORM_SIZE + 0.1;
/** m of the whole stack, which hides the platform's top and bottom by a hair */
const HEIGHT = PLATFORM_SIZE + 0.01;

/** Draws a platform as a stack of slabs, one mesh without a body; the platform itself shows in the gaps. */
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
