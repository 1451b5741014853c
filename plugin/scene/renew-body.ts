import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { HavokPhysicsWithBindings, HP_BodyId, HP_WorldId } from '@babylonjs/havok';
import { babylonCalls } from './havok-calls.ts';
import { hasRegions } from './physics-step.ts';

/**
 * Renews a body where its node is, whose world matrix must be current: taken out of its world and put back, it
 * forgets its contacts and its sleep and keeps all that was set on it, joints and observers as well. It is the last of
 * the engine's bodies then, as a new one is. Its velocities are still to be set.
 */
export function renewBody(body: PhysicsBody, engine: PhysicsEngine): void {
  reenterWorld(body, engine.getPhysicsPlugin() as HavokPlugin);
  engine.removeBody(body);
  engine.addBody(body);
  renewals.set(engine, countRenewals(engine) + 1);
}

/** How many bodies of an engine have been renewed so far: each may have moved the blocks of all in Havok's buffer. */
export function countRenewals(engine: PhysicsEngine): number {
  return renewals.get(engine) ?? 0;
}

const renewals = new WeakMap<PhysicsEngine, number>();

function reenterWorld(body: PhysicsBody, plugin: HavokPlugin): void {
  const havok = plugin._hknp as HavokPhysicsWithBindings;
  if (body.numInstances > 0) body.updateBodyInstances(); // the mesh may have more or fewer by now
  const placed = body.numInstances > 0 || hasRegions(plugin);
  if (placed) babylonCalls.moveToNode(body);
  for (const data of dataOf(body)) {
    const { hpBodyId: id } = data;
    const world = data.worldRegion?.world ?? plugin.world;
    havok.HP_World_RemoveBody(world, id);
    if (!placed) placeAsNew(havok, body);
    // In the order of a new body: at rest when it enters, and its mass set then, from which Havok turns its inertia.
    havok.HP_Body_SetLinearVelocity(id, [0, 0, 0]);
    havok.HP_Body_SetAngularVelocity(id, [0, 0, 0]);
    havok.HP_World_AddBody(world, id, false);
    havok.HP_Body_SetMassProperties(id, havok.HP_Body_GetMassProperties(id)[1]);
    if (data.worldTransformOffset !== undefined)
      data.worldTransformOffset = havok.HP_Body_GetWorldTransformOffset(id)[1];
  }
}

/** Where Babylon puts a new body, to the last bit. */
function placeAsNew(havok: HavokPhysicsWithBindings, { _pluginData: { hpBodyId }, transformNode }: PhysicsBody): void {
  const { x, y, z } = transformNode.absolutePosition;
  const turn = transformNode.absoluteRotationQuaternion;
  havok.HP_Body_SetQTransform(hpBodyId, [
    [x, y, z],
    [turn.x, turn.y, turn.z, turn.w],
  ]);
}

/** What Babylon keeps of a body of Havok's. */
interface BodyData {
  readonly hpBodyId: HP_BodyId;
  readonly worldRegion?: { readonly world: HP_WorldId };
  /** bytes; of an instance */
  worldTransformOffset?: number;
}

function dataOf({ _pluginData, _pluginDataInstances: instances }: PhysicsBody): readonly BodyData[] {
  return instances.length > 0 ? instances : [_pluginData];
}
