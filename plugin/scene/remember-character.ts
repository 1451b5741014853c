import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { PhysicsCharacterController } from '@babylonjs/core/Physics/v2/characterController.js';

/** Remembers where a character stands and how fast it goes. Returns how to put it there, with nothing in touch with it yet. */
export function rememberCharacter(character: PhysicsCharacterController): () => void {
  const [position, velocity] = [character.getPosition().clone(), character.getVelocity().clone()];
  const internals = character as unknown as CharacterInternals;
  return () => {
    character.getPosition().copyFrom(position); // all that Babylon 7 and early 8 have to place it by
    (character as Partial<PhysicsCharacterController>).setPosition?.(position);
    character.setVelocity(velocity);
    internals._lastVelocity.copyFrom(velocity);
    internals._lastDisplacement.setAll(0);
    internals._lastInvDeltaTime = 60;
    internals._manifold.length = 0;
    internals._bodyPositionTracking?.clear();
  };
}

/** What it keeps of the frame before. */
interface CharacterInternals {
  readonly _lastVelocity: Vector3;
  readonly _lastDisplacement: Vector3;
  _lastInvDeltaTime: number;
  readonly _manifold: unknown[];
  readonly _bodyPositionTracking?: Map<unknown, unknown>;
}
