import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsMaterial } from '@babylonjs/core/Physics/v2/physicsMaterial.js';
import type { PhysicsShape } from '@babylonjs/core/Physics/v2/physicsShape.js';

/** Remembers a body's motion type, shape, mass, damping and gravity factor. Returns a function that restores them. */
export function rememberBody(body: PhysicsBody): () => void {
  const { shape } = body;
  const restoreShape = shape && rememberShape(shape);
  const type = body.getMotionType();
  const [mass, damping, turnDamping] = [body.getMassProperties(), body.getLinearDamping(), body.getAngularDamping()];
  const gravity = body.getGravityFactor();
  return () => {
    if (shape && body.shape !== shape) body.shape = shape;
    restoreShape?.();
    if (body.getMotionType() !== type) body.setMotionType(type);
    if (!sameMass(body.getMassProperties(), mass)) body.setMassProperties(mass);
    if (body.getLinearDamping() !== damping) body.setLinearDamping(damping);
    if (body.getAngularDamping() !== turnDamping) body.setAngularDamping(turnDamping);
    if (body.getGravityFactor() !== gravity) body.setGravityFactor(gravity);
  };
}

type Mass = ReturnType<PhysicsBody['getMassProperties']>;

function sameMass(a: Mass, b: Mass): boolean {
  return (
    a.mass === b.mass &&
    a.inertia!.equals(b.inertia!) &&
    a.centerOfMass!.equals(b.centerOfMass!) &&
    a.inertiaOrientation!.equals(b.inertiaOrientation!)
  );
}

/** The same for a shape: its material and filter masks. */
function rememberShape(shape: PhysicsShape): () => void {
  const material = { ...shape.material };
  const { filterMembershipMask, filterCollideMask } = shape;
  return () => {
    if (!sameMaterial(shape.material, material)) shape.material = { ...material };
    if (shape.filterMembershipMask !== filterMembershipMask) shape.filterMembershipMask = filterMembershipMask;
    if (shape.filterCollideMask !== filterCollideMask) shape.filterCollideMask = filterCollideMask;
  };
}

function sameMaterial(a: PhysicsMaterial, b: PhysicsMaterial): boolean {
  return MATERIAL.every((name) => a[name] === b[name]);
}

const MATERIAL = ['friction', 'staticFriction', 'restitution', 'frictionCombine', 'restitutionCombine'] as const;
