import type { Scene } from '@babylonjs/core/scene.js';
import { CallbackMisuse } from '../core/callback-error.ts';

/**
 * Throws when a callback left a node outside the areas of a shared world, where it would stand in one place for all of them.
 *
 * @param before how many nodes of the scene had no parent ahead of the call: those that came since are the last
 */
export function refuseStrays({ rootNodes }: Scene, before: number): void {
  if (rootNodes.length <= before) return;
  throw new CallbackMisuse(
    `left node "${rootNodes[before].name}" outside its area`,
    'Set its parent to area.root or to a node below.',
  );
}
