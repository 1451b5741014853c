import { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Area } from '../plugin/scene/area.ts';

/** m: a shape that is smaller along every axis has been made of nothing. */
const NOTHING = 1e-3;
/** Nodes that a message names. */
const NAMED = 3;

/** What is to be said of an area's nodes that things should meet, and that have nothing to be met. */
export function describeEmptyNodes({ nodes }: Area, environment: string): readonly string[] {
  const who = `in environment "${environment}"`;
  const grounds = nodes.filter((node) => node.getClassName() === 'GroundMesh' && hasNoVertices(node));
  const bodies = nodes.filter((node) => !grounds.includes(node) && hasEmptyShape(node));
  const messages: string[] = [];
  if (grounds.length > 0)
    messages.push(
      `${nameNodes(grounds)} has no vertices ${who}: whatever should stand on it falls. If it is made from a height map, check that the image was loaded before createScene() and build() returned.`,
    );
  if (bodies.length > 0)
    messages.push(
      `${nameNodes(bodies)} has a physics body of size 0 ${who}: nothing collides with it. Create the body once the mesh has vertices, or give it a shape with a size.`,
    );
  return messages;
}

function nameNodes(nodes: readonly TransformNode[]): string {
  const names = nodes.slice(0, NAMED).map(({ name }) => `"${name}"`);
  const others = nodes.length > NAMED ? ` (and ${nodes.length - NAMED} more like it)` : '';
  return nodes.length === 1 ? `Node ${names[0]}` : `Each of the nodes ${names.join(', ')}${others}`;
}

function hasNoVertices(node: TransformNode): boolean {
  return node instanceof AbstractMesh && node.getTotalVertices() === 0;
}

/** Whether its body has a shape that was made of a mesh that had no vertices. */
function hasEmptyShape(node: TransformNode): boolean {
  const shape = node.physicsBody?.shape;
  if (!shape || !hasNoVertices(node) || node.physicsBody?.numInstances !== 0) return false;
  const { minimum, maximum } = shape.getBoundingBox();
  return maximum.x - minimum.x < NOTHING && maximum.y - minimum.y < NOTHING && maximum.z - minimum.z < NOTHING;
}
