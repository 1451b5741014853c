import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { PhysicsCharacterController } from '@babylonjs/core/Physics/v2/characterController.js';

/** Remembers a character's position and velocity. Returns a function that restores them and clears its contacts. */
export function rememberCharacter(character: PhysicsCharacterController): () => void {
  const [position, velocity] = [character.getPosition().clone(), character.getVelocity().clone()];
  const internals = character as unknown as CharacterInternals;
  return () => {
    character.getPosition().copyFrom(position); // Babylon 7 and early 8 have no setPosition()
    (character as Partial<PhysicsCharacterController>).setPosition?.(position);
    character.setVelocity(velocity);
    internals._lastVelocity.copyFrom(velocity);
    internals._lastDisplacement.setAll(0);
    internals._lastInvDeltaTime = 60;
    internals._manifold.length = 0;
    internals._bodyPositionTracking?.clear();
  };
}

/** What it keeps from the previous frame. */
interface CharacterInternals {
  readonly _lastVelocity: Vector3;
  readonly _lastDisplacement: Vector3;
  _lastInvDeltaTime: number;
  readonly _manifold: unknown[];
  readonly _bodyPositionTracking?: Map<unknown, unknown>;
}
