import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { PhysicsConstraintAxis } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import type { PhysicsShape } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { HavokPhysicsWithBindings, HP_BodyId, HP_WorldId, QTransform } from '@babylonjs/havok';
import type { HavokCalls, RayHit } from './havok-calls.ts';

/**
 * Tries every call on a ball in a world of its own and compares with what Havok's documented functions say about it: a
 * Havok that keeps its numbers otherwise than the calls expect is found out here, and not in a training run.
 */
export function agreesWithDocumentedCalls(calls: HavokCalls, havok: HavokPhysicsWithBindings): boolean {
  const world = havok.HP_World_Create()[1];
  const id = havok.HP_Body_Create()[1];
  const [, shape] = havok.HP_Shape_CreateSphere([0, 0, 0], 1);
  try {
    havok.HP_Body_SetShape(id, shape);
    havok.HP_Body_SetMotionType(id, havok.MotionType.DYNAMIC);
    havok.HP_Body_SetMassProperties(id, [[0, 0, 0], 2, [1, 1, 1], [0, 0, 0, 1]]);
    havok.HP_World_AddBody(world, id, false);
    const data = { _pluginData: { hpBodyId: id }, _pluginDataInstances: [] };
    const body = { ...data, transformNode: { parent: null } } as unknown as PhysicsBody;
    const plugin = { world, _bodies: new Map([[id[0], { body }]]) } as unknown as HavokPlugin;
    return (
      movesAlike(calls, havok, id, body) &&
      aimsAlike(calls, havok, id, body, world) &&
      pushesAlike(calls, havok, id, body) &&
      seesAlike(calls, havok, id, plugin, body) &&
      drivesAlike(calls, havok, id, plugin, body) &&
      touchesAlike(calls, plugin, body, { _pluginData: shape } as PhysicsShape)
    );
  } finally {
    havok.HP_World_RemoveBody(world, id);
    havok.HP_Body_Release(id);
    havok.HP_Shape_Release(shape);
    havok.HP_World_Release(world);
  }
}

const A = new Vector3(1, 2, 3);
const B = new Vector3(-4, 5, 6.5);
const TURN = new Quaternion(0, Math.fround(Math.SQRT1_2), 0, Math.fround(Math.SQRT1_2));

/** Velocities and place. */
function movesAlike(calls: HavokCalls, havok: HavokPhysicsWithBindings, id: HP_BodyId, body: PhysicsBody): boolean {
  const [linear, angular] = [new Vector3(), new Vector3()];
  calls.setLinearVelocity(body, A);
  calls.setAngularVelocity(body, B);
  calls.getLinearVelocity(body, linear);
  calls.getAngularVelocity(body, angular);
  const velocities = [...havok.HP_Body_GetLinearVelocity(id)[1], ...havok.HP_Body_GetAngularVelocity(id)[1]];
  Object.assign(body.transformNode, { position: A, rotationQuaternion: TURN });
  calls.moveToNode(body);
  return (
    same(velocities, [...A.asArray(), ...B.asArray()]) &&
    same(velocities, [...linear.asArray(), ...angular.asArray()]) &&
    same(havok.HP_Body_GetQTransform(id)[1].flat(), [...A.asArray(), ...TURN.asArray()])
  );
}

/** Where a target takes the ball within a step, from the origin. */
function aimsAlike(
  calls: HavokCalls,
  havok: HavokPhysicsWithBindings,
  id: HP_BodyId,
  body: PhysicsBody,
  world: HP_WorldId,
): boolean {
  const after = (aim: () => void) => {
    rest(havok, id);
    aim();
    havok.HP_World_Step(world, 1 / 60);
    return havok.HP_Body_GetQTransform(id)[1].flat();
  };
  const place = after(() => calls.setTarget(body, A, TURN));
  const target: QTransform = [A.asArray() as Triple, TURN.asArray() as Quadruple];
  return (
    same(
      place,
      after(() => void havok.HP_Body_SetTargetQTransform(id, target)),
    ) && place[0] > 0.5
  );
}

/** Impulses: Δv = J / m for 2 kg, and a turn by an impulse beside the center as well as by an angular one. */
function pushesAlike(calls: HavokCalls, havok: HavokPhysicsWithBindings, id: HP_BodyId, body: PhysicsBody): boolean {
  const after = (push: () => void) => {
    rest(havok, id);
    push();
    return [...havok.HP_Body_GetLinearVelocity(id)[1], ...havok.HP_Body_GetAngularVelocity(id)[1]];
  };
  const [impulse, point] = [A.asArray() as Triple, B.asArray() as Triple];
  const pushed = after(() => calls.applyImpulse(body, A, B));
  const turned = after(() => calls.applyAngularImpulse(body, B));
  return (
    same(
      pushed,
      after(() => void havok.HP_Body_ApplyImpulse(id, point, impulse)),
    ) &&
    same(pushed.slice(0, 3), [0.5, 1, 1.5]) &&
    same(
      turned,
      after(() => void havok.HP_Body_ApplyAngularImpulse(id, point)),
    ) &&
    turned[5] !== 0
  );
}

/** Rays: one from 5 m above meets the ball of 1 m after 4 m, unless it is to ignore it or ends before. */
function seesAlike(
  calls: HavokCalls,
  havok: HavokPhysicsWithBindings,
  id: HP_BodyId,
  plugin: HavokPlugin,
  body: PhysicsBody,
): boolean {
  rest(havok, id);
  havok.HP_World_Step(plugin.world, 1 / 60); // rays find a body that was put somewhere from the next step on
  const hit: RayHit = { body: null, distance: 0 };
  const [above, below, near] = [new Vector3(0, 5, 0), new Vector3(0, -5, 0), new Vector3(0, 2, 0)];
  const blind = calls.castRay(plugin, above, below, body, hit) || calls.castRay(plugin, above, near, null, hit);
  return (
    !blind && calls.castRay(plugin, above, below, null, hit) && hit.body === body && Math.abs(hit.distance - 4) < 0.01
  );
}

/** A joint's motors, axis by axis and of either kind, and a body that is put to sleep and woken. */
function drivesAlike(
  calls: HavokCalls,
  havok: HavokPhysicsWithBindings,
  id: HP_BodyId,
  plugin: HavokPlugin,
  body: PhysicsBody,
): boolean {
  const [, joint] = havok.HP_Constraint_Create();
  const constraint = { _pluginData: [joint] } as unknown as Physics6DoFConstraint;
  const { ANGULAR_X, ANGULAR_Y, ANGULAR_Z } = havok.ConstraintAxis;
  const { POSITION, SPRING_FORCE } = havok.ConstraintMotorType;
  const told = [ANGULAR_X, ANGULAR_Y, ANGULAR_Z].map((axis, i) => {
    havok.HP_Constraint_SetAxisMotorType(joint, axis, i === 2 ? SPRING_FORCE : POSITION);
    calls.setMotorTarget(plugin, constraint, PhysicsConstraintAxis.ANGULAR_X + i, 0.25 * (i + 1));
    calls.setMotorMaxForce(constraint, PhysicsConstraintAxis.ANGULAR_X + i, 2 * (i + 1));
    const target = havok.HP_Constraint_GetAxisMotorPositionTarget(joint, axis)[1];
    return [target, havok.HP_Constraint_GetAxisMotorMaxForce(joint, axis)[1]];
  });
  havok.HP_Constraint_Release(joint);
  havok.HP_Body_SetActivationState(id, havok.ActivationState.INACTIVE);
  calls.wake(plugin, body);
  const awake = havok.HP_Body_GetActivationState(id)[1] === havok.ActivationState.ACTIVE;
  return awake && same(told.flat(), [0.25, 2, 0.5, 4, 0.75, 6]);
}

/** Balls: another of 1 m from 5 m above meets the first, which seesAlike() left at the origin, after 3 m. */
function touchesAlike(calls: HavokCalls, plugin: HavokPlugin, body: PhysicsBody, ball: PhysicsShape): boolean {
  const hit: RayHit = { body: null, distance: 0 };
  const [above, below, near] = [new Vector3(0, 5, 0), new Vector3(0, -5, 0), new Vector3(0, 3, 0)];
  const cast = (to: Vector3, ignored: PhysicsBody | null) => calls.castBall(plugin, ball, above, to, ignored, hit);
  const blind = cast(below, body) || cast(near, null);
  return !blind && cast(below, null) && hit.body === body && Math.abs(hit.distance - 3) < 0.01;
}

function rest(havok: HavokPhysicsWithBindings, id: HP_BodyId): void {
  havok.HP_Body_SetQTransform(id, [
    [0, 0, 0],
    [0, 0, 0, 1],
  ]);
  havok.HP_Body_SetLinearVelocity(id, [0, 0, 0]);
  havok.HP_Body_SetAngularVelocity(id, [0, 0, 0]);
}

type Triple = [number, number, number];
type Quadruple = [number, number, number, number];

function same(found: readonly number[], expected: readonly number[]): boolean {
  return found.length === expected.length && found.every((value, i) => value === expected[i]);
}
