import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { areaAtHand, type NeighborArea } from './area-at-hand.ts';
import { isAreaRoot } from './area-roots.ts';

/** Functions of a scene that go through its meshes and transform nodes. */
const LOOKUPS = [
  'getMeshByName',
  'getMeshById',
  'getMeshesById',
  'getLastMeshById',
  'getMeshesByTags',
  'getTransformNodeByName',
  'getTransformNodeById',
  'getTransformNodesById',
  'getLastTransformNodeById',
  'getTransformNodesByTags',
  'getNodeByName',
  'getNodeById',
  'getLastEntryById',
  'pickWithRay',
  'multiPickWithRay',
] as const satisfies readonly (keyof Scene)[];

/**
 * Lets an area's code that looks for nodes by name, id, tags or a picking ray find its own, and those outside all areas, as
 * where it is alone. Returns how to undo that.
 */
export function keepLookupsApart(scene: Scene): () => void {
  const lookups = scene as unknown as Record<string, (...all: unknown[]) => unknown>;
  const undo = LOOKUPS.map((name) => {
    const own = Object.getOwnPropertyDescriptor(scene, name);
    const lookUp = lookups[name];
    lookups[name] = (...all) => {
      const area = areaAtHand();
      return lookUp.apply(area?.root.getScene() === scene ? narrow(scene, area) : scene, all);
    };
    return () => {
      if (own) Object.defineProperty(scene, name, own);
      else delete lookups[name];
    };
  });
  return () => {
    for (const one of undo) one();
  };
}

/** The scene, but with the nodes of one area and those outside of all, in the order in which they were made. */
function narrow(scene: Scene, area: NeighborArea): Scene {
  const roots = [area.root, ...scene.rootNodes.filter((node) => !isAreaRoot(node))];
  const nodes = roots.flatMap((root): Node[] => [root, ...root.getDescendants(false)]);
  nodes.sort((a, b) => a.uniqueId - b.uniqueId);
  const meshes = nodes.filter(isMesh);
  const transformNodes = nodes.filter((node) => node instanceof TransformNode && !isMesh(node));
  return Object.create(scene, { meshes: { value: meshes }, transformNodes: { value: transformNodes } });
}

function isMesh(node: Node): node is AbstractMesh {
  return 'subMeshes' in node;
}
