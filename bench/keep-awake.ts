import { PhysicsActivationControl } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';

/** Forbids Havok to let bodies fall asleep: a sleeping world takes a hundredth of the time that it would have to take. */
export function keepAwake(bodies: readonly PhysicsBody[]): void {
  for (const body of bodies) {
    const plugin = body.transformNode.getScene().getPhysicsEngine()?.getPhysicsPlugin() as HavokPlugin;
    plugin.setActivationControl(body, PhysicsActivationControl.ALWAYS_ACTIVE);
  }
}
