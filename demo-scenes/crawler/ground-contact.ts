import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { BODY_RADIUS, type CrawlerBody, type Leg, LOWER, UPPER } from './crawler-body.ts';

/** m above the ground that count as contact; heights are read because Havok's events cost more */
export const CONTACT = 0.02;

/** Whether the body, a hip or a knee touches the ground, or is below it after walking over the edge. */
export function hasFallen({ body, legs }: CrawlerBody): boolean {
  if (bodyClearance(body) < CONTACT) return true;
  for (let i = 0; i < legs.length; i++) if (upperClearance(legs[i]) < CONTACT) return true;
  return false;
}

/** m from the ground to the lowest point of the body. */
export function bodyClearance({ position }: Mesh): number {
  return position.y - BODY_RADIUS;
}

/** m from the ground to the lower side of a foot. */
export function footClearance({ lower }: Leg): number {
  return lower.position.y + rise(lower) * (LOWER.length / 2) - LOWER.radius;
}

/** m from the ground to the lower side of an upper leg, at its lower end. */
function upperClearance({ upper }: Leg): number {
  return upper.position.y - Math.abs(rise(upper)) * (UPPER.length / 2) - UPPER.radius;
}

/** y of a segment's own z axis: how steeply it points up, from −1 to 1. */
function rise({ rotationQuaternion }: Mesh): number {
  const { x, y, z, w } = rotationQuaternion!;
  return 2 * (y * z - w * x);
}
