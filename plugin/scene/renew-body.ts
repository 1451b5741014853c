import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { HavokPhysicsWithBindings, HP_BodyId, HP_WorldId } from '@babylonjs/havok';
import { babylonCalls } from './havok-calls.ts';
import { hasRegions } from './physics-step.ts';

/**
 * Begins a body anew where its node is, whose world matrix must be current: the same body of Havok's, taken out of its
 * world and put back, forgets its contacts and its sleep and keeps all that was set on it, joints and observers as well.
 * Its velocities are still to be set.
 *
 * @returns its new object; the old one's methods, dispose() among them, still act on the body
 */
export function renewBody(old: PhysicsBody, engine: PhysicsEngine): PhysicsBody {
  const plugin = engine.getPhysicsPlugin() as HavokPlugin;
  reenterWorld(old, plugin);
  const body = succeed(old);
  engine.removeBody(old);
  engine.addBody(body);
  register(body, plugin);
  body.transformNode.physicsBody = body;
  return body;
}

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

/** Another object for the same body of Havok's, with all that the old one carries. */
function succeed(old: PhysicsBody): PhysicsBody {
  const { transformNode: node } = old;
  const noScene = undefined as unknown as Scene; // then Babylon makes an object without a body
  const body = Object.assign(new PhysicsBody(node, PhysicsMotionType.STATIC, false, noScene), old);
  old.dispose = () => {
    const { physicsBody } = node;
    if (physicsBody?._pluginDataInstances === old._pluginDataInstances) physicsBody.dispose();
  };
  return body;
}

/** Tells Babylon's plugin whose events those of Havok's body are now. */
function register(body: PhysicsBody, plugin: HavokPlugin): void {
  const { _bodies: bodies } = plugin as unknown as {
    readonly _bodies: Map<bigint, { readonly body: PhysicsBody; readonly index: number }>;
  };
  dataOf(body).forEach(({ hpBodyId }, index) => {
    bodies.set(hpBodyId[0], { body, index });
  });
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
