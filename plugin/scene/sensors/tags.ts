import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';

/** The index of the first of `tags` that a node has; −1 if none. */
export function findTag(node: TransformNode, tags: readonly string[]): number {
  // The node's own record of its tags: a lookup per tag without a copy, and never out of date.
  const worn: Readonly<Record<string, boolean>> | null = Tags.GetTags(node, false);
  if (!worn) return -1;
  for (let tag = 0; tag < tags.length; tag++) if (worn[tags[tag]] === true) return tag;
  return -1;
}
