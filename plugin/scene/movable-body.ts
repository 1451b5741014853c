import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { AgentsError } from '../core/errors.ts';
import { requireBody } from './physics.ts';

/** How an actuator moves a body: forces need a mass, torques a moment of inertia, velocities any non-static body. */
export type Means = 'forces' | 'torques' | 'velocities';

/** The body of an actuator's node; throws if it has none, or one that the actuator could never move. */
export function requireMovableBody(node: TransformNode, who: string, means: Means): PhysicsBody {
  const body = requireBody(node, who);
  const hindrance = findHindrance(body, means);
  if (!hindrance) return body;
  throw new AgentsError(
    `${who} cannot move the body of node "${node.name}", which ${hindrance}. Make it dynamic and give it a mass before attaching the agent: \`new PhysicsAggregate(node, type, { mass: 1 }, scene)\`.`,
  );
}

/** Why an actuator could never move a body, as the end of "a body which …"; undefined if it can. */
export function findHindrance(body: PhysicsBody, means: Means): string | undefined {
  const type = body.getMotionType();
  if (type === PhysicsMotionType.STATIC) return 'is static, as an aggregate without a mass is';
  if (means === 'velocities') return undefined;
  if (type === PhysicsMotionType.ANIMATED) return `is animated, so that ${means} do not move it`;
  const { mass, inertia } = body.getMassProperties();
  if (means === 'forces' && mass === 0) return 'has a mass of 0';
  if (means === 'torques' && inertia?.x === 0 && inertia.y === 0 && inertia.z === 0) return 'has an inertia of 0';
  return undefined;
}
