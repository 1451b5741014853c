import {
  type PhysicsConstraintAxis,
  PhysicsConstraintMotorType,
} from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import type { HavokPhysicsWithBindings } from '@babylonjs/havok';
import { nativeAxis } from './havok-calls.ts';

/** How a motor that is a spring pulls: torque = stiffness · (target − angle) − damping · speed. */
export interface MotorSpring {
  /** N·m/rad */
  readonly stiffness: number;
  /** N·m·s/rad */
  readonly damping: number;
}

/** Starts a motor that turns an axis of a joint to a target, as hard as it may or like a spring. */
export function startMotor(
  plugin: HavokPlugin,
  constraint: Physics6DoFConstraint,
  axis: PhysicsConstraintAxis,
  spring: MotorSpring | undefined,
): void {
  constraint.setAxisMotorType(axis, PhysicsConstraintMotorType.POSITION);
  constraint.setAxisMotorTarget(axis, 0); // a target that was set before would stay in a spring, for good
  if (!spring) return;
  const havok: HavokPhysicsWithBindings = plugin._hknp;
  const native = nativeAxis(plugin, axis);
  for (const joint of constraint._pluginData) {
    havok.HP_Constraint_SetAxisMotorType(joint, native, havok.ConstraintMotorType.SPRING_FORCE);
    havok.HP_Constraint_SetAxisMotorStiffness(joint, native, spring.stiffness);
    havok.HP_Constraint_SetAxisMotorDamping(joint, native, spring.damping);
    havok.HP_Constraint_SetAxisMotorVelocityTarget(joint, native, 0);
  }
}
