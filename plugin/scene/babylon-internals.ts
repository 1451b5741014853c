import type { Animatable } from '@babylonjs/core/Animations/animatable.core.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsShape } from '@babylonjs/core/Physics/v2/physicsShape.js';

/** The private members of Babylon's HavokPlugin that this library uses. Cast to it: `plugin as unknown as PluginInternals`. */
export interface PluginInternals {
  readonly _bodies: ReadonlyMap<bigint, { readonly body: PhysicsBody }>;
  readonly _shapes: ReadonlyMap<bigint, PhysicsShape>;
  /** by the number of a joint, those of its bodies */
  readonly _constraintToBodyIdPair: Map<bigint, BodyPair>;
  readonly _worldRegions?: readonly unknown[];
  readonly _bodyCollisionObservable?: ReadonlyMap<unknown, unknown>;
  readonly _bodyCollisionEndedObservable?: ReadonlyMap<unknown, unknown>;
  _areFloatingOriginWorldRegionsEnabled?(): boolean;
  _notifyCollisions(world: unknown): void;
  _notifyTriggers(world: unknown): void;
}

export type BodyPair = readonly [parent: bigint, child: bigint];

/** The private members of Babylon's Scene that this library uses. Cast to it: `scene as unknown as SceneInternals`. */
export interface SceneInternals {
  /** ms */
  _animationTime: number;
  readonly _activeAnimatables?: readonly Animatable[];
  readonly _inputManager: { readonly _alreadyAttached: boolean };
  readonly _isDisposing: boolean;
}
