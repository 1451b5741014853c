import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { ConstraintAxis, HavokPhysicsWithBindings, HP_BodyId, HP_ConstraintId } from '@babylonjs/havok';
import type { BodyPair, PluginInternals } from './babylon-internals.ts';
import { AXES } from './havok-calls.ts';
import { isDrivenAxis } from './joint-motor.ts';

/** A snapshot of a world's joints. */
export interface RememberedJoints {
  /**
   * Detaches all joints, calls `place`, which moves bodies, then restores each joint's limits, friction and motors. The forces
   * that joints applied before are forgotten.
   */
  restore(place: () => void): void;
}

/** Remembers a scene's current joints; skips disabled ones, since they may be disposed. */
export function rememberJoints(plugin: HavokPlugin): RememberedJoints {
  const havok: HavokPhysicsWithBindings = plugin._hknp;
  const { _constraintToBodyIdPair: pairs, _bodies: bodies } = plugin as unknown as PluginInternals;
  forgetDisposed(plugin, pairs);
  const joints = [...pairs].flatMap(([id, pair]) => rememberJoint(plugin, [id], pair));
  return {
    restore(place) {
      const present = joints.filter(
        ({ id, pair }) => pairs.get(id[0]) === pair && pair.every((body) => bodies.has(body)),
      );
      const giveBodies = () => {
        for (const { id, pair } of present) join(havok, id, [pair[0]], [pair[1]]);
      };
      const takeBodies = () => {
        for (const { id } of present) join(havok, id, NO_BODY, NO_BODY);
      };
      for (const { id, pair } of present) enable(havok, id, pair);
      takeBodies();
      giveBodies(); // once more below: after an odd number of times Havok solves them in a different order
      takeBodies();
      place();
      for (const joint of present) restoreSettings(plugin, joint);
      giveBodies();
    },
  };
}

/** Babylon keeps the ids of disposed joints, and querying Havok for them is not safe: removes them on dispose from now on. */
function forgetDisposed(plugin: HavokPlugin, pairs: Map<bigint, BodyPair>): void {
  if (Object.hasOwn(plugin, 'disposeConstraint')) return;
  plugin.disposeConstraint = (constraint) => {
    for (const [id] of constraint._pluginData) pairs.delete(id);
    Object.getPrototypeOf(plugin).disposeConstraint.call(plugin, constraint);
  };
}

interface RememberedJoint {
  readonly id: HP_ConstraintId;
  readonly pair: BodyPair;
  readonly collisions: number;
  readonly axes: readonly RememberedAxis[];
}

interface RememberedAxis {
  readonly axis: ConstraintAxis;
  settings: AxisSettings;
  /** whether an agent drives its motor; it may have started it after the snapshot */
  driven: boolean;
}

type Setting =
  | 'Mode'
  | 'Friction'
  | 'MinLimit'
  | 'MaxLimit'
  | `Motor${'Type' | 'PositionTarget' | 'VelocityTarget' | 'MaxForce' | 'Stiffness' | 'Damping'}`;

/** The relevant settings of an axis: only the mode if locked, no limits if free. */
type AxisSettings = ReadonlyMap<Setting, unknown>;

const NO_BODY: HP_BodyId = [0n];

function join(havok: HavokPhysicsWithBindings, id: HP_ConstraintId, parent: HP_BodyId, child: HP_BodyId): void {
  havok.HP_Constraint_SetParentBody(id, parent);
  havok.HP_Constraint_SetChildBody(id, child);
}

/** Enables a joint if it is disabled; joins it twice, to keep the number of joins even. */
function enable(havok: HavokPhysicsWithBindings, id: HP_ConstraintId, [parent, child]: BodyPair): void {
  if (havok.HP_Constraint_GetEnabled(id)[1]) return;
  havok.HP_Constraint_SetEnabled(id, 1);
  join(havok, id, NO_BODY, NO_BODY);
  join(havok, id, [parent], [child]);
}

/** Empty for a disabled joint. */
function rememberJoint(plugin: HavokPlugin, id: HP_ConstraintId, pair: BodyPair): RememberedJoint[] {
  const havok: HavokPhysicsWithBindings = plugin._hknp;
  if (!havok.HP_Constraint_GetEnabled(id)[1]) return [];
  const axes = AXES.map((name) => {
    const axis = havok.ConstraintAxis[name];
    return { axis, settings: readAxis(havok, id, axis), driven: isDrivenAxis(plugin, id, axis) };
  });
  return [{ id, pair, collisions: havok.HP_Constraint_GetCollisionsEnabled(id)[1], axes }];
}

function readAxis(havok: HavokPhysicsWithBindings, id: HP_ConstraintId, axis: ConstraintAxis): AxisSettings {
  const settings = new Map<Setting, unknown>();
  const read = (name: Setting) => {
    const [, value] = havok[`HP_Constraint_GetAxis${name}`](id, axis);
    settings.set(name, value);
    return value;
  };
  const mode = read('Mode');
  if (mode === havok.ConstraintAxisLimitMode.LOCKED) return settings;
  read('Friction');
  if (mode === havok.ConstraintAxisLimitMode.LIMITED) for (const name of LIMITS) read(name);
  for (const name of MOTOR) read(name);
  return settings;
}

const LIMITS = ['MinLimit', 'MaxLimit'] as const;
const MOTOR = [
  'MotorType',
  'MotorPositionTarget',
  'MotorVelocityTarget',
  'MotorMaxForce',
  'MotorStiffness',
  'MotorDamping',
] as const;

function restoreSettings(plugin: HavokPlugin, { id, collisions, axes }: RememberedJoint): void {
  const havok: HavokPhysicsWithBindings = plugin._hknp;
  havok.HP_Constraint_SetCollisionsEnabled(id, collisions);
  for (const remembered of axes) {
    const { axis } = remembered;
    const now = readAxis(havok, id, axis);
    if (!remembered.driven && isDrivenAxis(plugin, id, axis)) {
      remembered.driven = true; // the agent has started it since; an episode begins with it running
      remembered.settings = now;
    }
    for (const [name, value] of remembered.settings)
      if (now.get(name) !== value && value !== havok.ConstraintMotorType.NONE)
        (havok[`HP_Constraint_SetAxis${name}`] as SetAxis)(id, axis, value);
  }
}

/** Never called with motor type NONE, which makes Havok read out of bounds: a motor that was off gets a force of 0. */
type SetAxis = (id: HP_ConstraintId, axis: ConstraintAxis, value: unknown) => unknown;
