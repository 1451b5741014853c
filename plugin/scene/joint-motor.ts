import {
  type PhysicsConstraintAxis,
  PhysicsConstraintMotorType,
} from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import type { ConstraintAxis, HavokPhysicsWithBindings, HP_ConstraintId } from '@babylonjs/havok';
import { nativeAxis } from './havok-calls.ts';

/** A spring motor: torque = stiffness · (target − angle) − damping · speed. */
export interface MotorSpring {
  /** N·m/rad */
  readonly stiffness: number;
  /** N·m·s/rad */
  readonly damping: number;
}

/** Starts a motor that turns a joint's axis to a target, with full force or like a spring. */
export function startMotor(
  plugin: HavokPlugin,
  constraint: Physics6DoFConstraint,
  axis: PhysicsConstraintAxis,
  spring: MotorSpring | undefined,
): void {
  constraint.setAxisMotorType(axis, PhysicsConstraintMotorType.POSITION);
  constraint.setAxisMotorTarget(axis, 0); // otherwise an earlier target would stay in a spring forever
  const native = nativeAxis(plugin, axis);
  const axes = driven.get(plugin) ?? new Map<bigint, Set<ConstraintAxis>>();
  driven.set(plugin, axes);
  for (const [id] of constraint._pluginData) axes.set(id, (axes.get(id) ?? new Set()).add(native));
  if (!spring) return;
  const havok: HavokPhysicsWithBindings = plugin._hknp;
  for (const joint of constraint._pluginData) {
    havok.HP_Constraint_SetAxisMotorType(joint, native, havok.ConstraintMotorType.SPRING_FORCE);
    havok.HP_Constraint_SetAxisMotorStiffness(joint, native, spring.stiffness);
    havok.HP_Constraint_SetAxisMotorDamping(joint, native, spring.damping);
    havok.HP_Constraint_SetAxisMotorVelocityTarget(joint, native, 0);
  }
}

/** The axes whose motors were started, by joint id. */
const driven = new WeakMap<HavokPlugin, Map<bigint, Set<ConstraintAxis>>>();

/** Whether startMotor() has started the motor of an axis. */
export function isDrivenAxis(plugin: HavokPlugin, [joint]: HP_ConstraintId, axis: ConstraintAxis): boolean {
  return driven.get(plugin)?.get(joint)?.has(axis) === true;
}
