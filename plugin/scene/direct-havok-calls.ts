import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { PhysicsConstraintAxis } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import type { PhysicsShape } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { HavokPhysicsWithBindings } from '@babylonjs/havok';
import { areaAtHand } from './area-at-hand.ts';
import type { PluginInternals } from './babylon-internals.ts';
import type { HavokCalls, RayHit } from './havok-calls.ts';
import { agreesWithDocumentedCalls } from './havok-probe.ts';

/**
 * What Havok's module exports besides its typed functions: the same functions without the conversion of arrays, after
 * Emscripten's manner with an underscore. A body is its address; vectors lie in the module's memory, as three floats.
 */
interface HavokExports {
  readonly HEAPF32: Float32Array;
  readonly HEAPU32: Uint32Array;
  _malloc(bytes: number): number;
  _HP_Body_GetLinearVelocity(body: bigint, out: number): number;
  _HP_Body_GetAngularVelocity(body: bigint, out: number): number;
  _HP_Body_SetLinearVelocity(body: bigint, velocity: number): number;
  _HP_Body_SetAngularVelocity(body: bigint, velocity: number): number;
  _HP_Body_SetQTransform(body: bigint, transform: number): number;
  _HP_Body_SetTargetQTransform(body: bigint, transform: number): number;
  _HP_Body_ApplyImpulse(body: bigint, point: number, impulse: number): number;
  _HP_Body_ApplyAngularImpulse(body: bigint, impulse: number): number;
  _HP_Body_SetActivationState(body: bigint, state: number): number;
  _HP_Constraint_SetAxisMotorPositionTarget(constraint: bigint, axis: number, target: number): number;
  _HP_Constraint_SetAxisMotorMaxForce(constraint: bigint, axis: number, force: number): number;
  _HP_World_CastRayWithCollector(world: bigint, collector: bigint, query: number): number;
  _HP_World_ShapeCastWithCollector(world: bigint, collector: bigint, query: number): number;
  _HP_QueryCollector_GetCastRayResult(collector: bigint, index: number, out: number): number;
  _HP_QueryCollector_GetShapeCastResult(collector: bigint, index: number, out: number): number;
}

/** Floats of a ray query: start [3], end [3], what it belongs to and what it meets as bits, triggers, the ignored body [2]. */
const RAY = { size: 12, end: 3, membership: 6, collideWith: 7, ignored: 10 } as const;
/** Floats of a shape's: the shape [2], its rotation [4], start [3], end [3], triggers, from 14 on the ignored body [2]. */
const SWEEP = { size: 16, shape: 0, w: 5, start: 6, end: 9, ignored: 14 } as const;
/** Floats of a ray's hit: the share of the way, the body [2], and from 10 on the point [3]. */
const RAY_HIT = { body: 2, point: 10 } as const;
/** Floats of a shape's: the share of the way, where on the shape [16], and the body [2] that it met. */
const SWEEP_HIT = { size: 36, body: 18 } as const;
/** a body that moves, by Havok's number of it */
const ACTIVE = 0;
/** what a query's result is asked for with when there is one; another number says that nothing was met */
const OK = 0;

/** Havok's calls without its binding, through a few floats of its memory. */
export class DirectHavokCalls implements HavokCalls {
  readonly #havok: HavokExports;
  /** addresses in bytes of seven floats, of three, of the queries of a ray and of a shape, and of a hit */
  readonly #pose: number;
  readonly #vector: number;
  readonly #ray: number;
  readonly #sweep: number;
  readonly #hit: number;
  /** where Havok puts the nearest hit */
  readonly #collector: bigint;

  /** Undefined where the module does not have these functions, or where they answer otherwise than the documented ones. */
  static open(havok: HavokPhysicsWithBindings): DirectHavokCalls | undefined {
    try {
      const calls = new DirectHavokCalls(havok as unknown as HavokExports, havok.HP_QueryCollector_Create(1)[1][0]);
      return agreesWithDocumentedCalls(calls, havok) ? calls : undefined;
    } catch {
      return undefined;
    }
  }

  private constructor(havok: HavokExports, collector: bigint) {
    this.#havok = havok;
    this.#collector = collector;
    this.#pose = havok._malloc(4 * (8 + 4 + RAY.size + SWEEP.size + SWEEP_HIT.size)); // kept as long as the module lives
    this.#vector = this.#pose + 4 * 8;
    this.#ray = this.#vector + 4 * 4;
    this.#sweep = this.#ray + 4 * RAY.size;
    this.#hit = this.#sweep + 4 * SWEEP.size;
    const sweep = this.#sweep / 4;
    havok.HEAPU32.fill(0, this.#ray / 4, sweep + SWEEP.size);
    havok.HEAPF32[sweep + SWEEP.w] = 1;
  }

  getLinearVelocity(body: PhysicsBody, out: Vector3): void {
    this.#havok._HP_Body_GetLinearVelocity(addressOf(body), this.#vector);
    this.#load(out);
  }

  getAngularVelocity(body: PhysicsBody, out: Vector3): void {
    this.#havok._HP_Body_GetAngularVelocity(addressOf(body), this.#vector);
    this.#load(out);
  }

  setLinearVelocity(body: PhysicsBody, velocity: Vector3): void {
    this.#store(velocity, this.#vector);
    this.#havok._HP_Body_SetLinearVelocity(addressOf(body), this.#vector);
  }

  setAngularVelocity(body: PhysicsBody, velocity: Vector3): void {
    this.#store(velocity, this.#vector);
    this.#havok._HP_Body_SetAngularVelocity(addressOf(body), this.#vector);
  }

  setTarget(body: PhysicsBody, position: Vector3, rotation: Quaternion): void {
    this.#storePose(position, rotation);
    this.#havok._HP_Body_SetTargetQTransform(addressOf(body), this.#pose);
  }

  moveToNode(body: PhysicsBody): void {
    const { transformNode: node } = body;
    if (node.parent) this.#storePose(node.absolutePosition, node.absoluteRotationQuaternion);
    else this.#storePose(node.position, node.rotationQuaternion ?? eulerTurn(node.rotation));
    this.#havok._HP_Body_SetQTransform(addressOf(body), this.#pose);
  }

  applyImpulse(body: PhysicsBody, impulse: Vector3, point: Vector3): void {
    this.#store(point, this.#pose);
    this.#store(impulse, this.#vector);
    this.#havok._HP_Body_ApplyImpulse(addressOf(body), this.#pose, this.#vector);
  }

  applyAngularImpulse(body: PhysicsBody, impulse: Vector3): void {
    this.#store(impulse, this.#vector);
    this.#havok._HP_Body_ApplyAngularImpulse(addressOf(body), this.#vector);
  }

  setMotorTarget(
    _: HavokPlugin,
    { _pluginData: joints }: Physics6DoFConstraint,
    axis: PhysicsConstraintAxis,
    target: number,
  ): void {
    for (let i = 0; i < joints.length; i++)
      this.#havok._HP_Constraint_SetAxisMotorPositionTarget(joints[i][0], axis, target);
  }

  setMotorMaxForce({ _pluginData: joints }: Physics6DoFConstraint, axis: PhysicsConstraintAxis, force: number): void {
    for (let i = 0; i < joints.length; i++) this.#havok._HP_Constraint_SetAxisMotorMaxForce(joints[i][0], axis, force);
  }

  wake(_: HavokPlugin, body: PhysicsBody): void {
    this.#havok._HP_Body_SetActivationState(addressOf(body), ACTIVE);
  }

  castRay(plugin: HavokPlugin, from: Vector3, to: Vector3, ignored: PhysicsBody | null, hit: RayHit): boolean {
    const havok = this.#havok;
    this.#store(from, this.#ray);
    this.#store(to, this.#ray + 4 * RAY.end);
    const query = this.#ray / 4;
    const bits = areaAtHand()?.bits ?? ~0;
    havok.HEAPU32[query + RAY.membership] = bits;
    havok.HEAPU32[query + RAY.collideWith] = bits;
    havok.HEAPU32[query + RAY.ignored] = ignored ? Number(addressOf(ignored)) : 0;
    havok._HP_World_CastRayWithCollector(plugin.world[0], this.#collector, this.#ray);
    if (havok._HP_QueryCollector_GetCastRayResult(this.#collector, 0, this.#hit) !== OK) return false;
    const floats = havok.HEAPF32;
    const at = this.#hit / 4;
    const x = from.x - floats[at + RAY_HIT.point];
    const y = from.y - floats[at + RAY_HIT.point + 1];
    const z = from.z - floats[at + RAY_HIT.point + 2];
    hit.body = bodyAt(plugin, havok.HEAPU32[at + RAY_HIT.body]);
    hit.distance = Math.sqrt(x * x + y * y + z * z);
    return true;
  }

  castBall(
    plugin: HavokPlugin,
    ball: PhysicsShape,
    from: Vector3,
    to: Vector3,
    ignored: PhysicsBody | null,
    hit: RayHit,
  ): boolean {
    const havok = this.#havok;
    havok.HEAPU32[this.#sweep / 4 + SWEEP.shape] = Number(ball._pluginData[0]);
    havok.HEAPU32[this.#sweep / 4 + SWEEP.ignored] = ignored ? Number(addressOf(ignored)) : 0;
    this.#store(from, this.#sweep + 4 * SWEEP.start);
    this.#store(to, this.#sweep + 4 * SWEEP.end);
    havok._HP_World_ShapeCastWithCollector(plugin.world[0], this.#collector, this.#sweep);
    if (havok._HP_QueryCollector_GetShapeCastResult(this.#collector, 0, this.#hit) !== OK) return false;
    hit.body = bodyAt(plugin, havok.HEAPU32[this.#hit / 4 + SWEEP_HIT.body]);
    hit.distance = havok.HEAPF32[this.#hit / 4] * Vector3.Distance(from, to);
    return true;
  }

  #store(vector: Vector3, address: number): void {
    const floats = this.#havok.HEAPF32; // another array once the memory has grown
    const at = address / 4;
    floats[at] = vector.x;
    floats[at + 1] = vector.y;
    floats[at + 2] = vector.z;
  }

  #storePose(position: Vector3, rotation: Quaternion): void {
    this.#store(position, this.#pose);
    const floats = this.#havok.HEAPF32;
    const at = this.#pose / 4 + 3;
    floats[at] = rotation.x;
    floats[at + 1] = rotation.y;
    floats[at + 2] = rotation.z;
    floats[at + 3] = rotation.w;
  }

  #load(out: Vector3): void {
    const floats = this.#havok.HEAPF32;
    const at = this.#vector / 4;
    out.copyFromFloats(floats[at], floats[at + 1], floats[at + 2]);
  }
}

function addressOf({ _pluginData, _pluginDataInstances: instances }: PhysicsBody): bigint {
  return (instances.length > 0 ? instances[0] : _pluginData).hpBodyId[0]; // one that got instances later has both
}

/** The quaternion of Euler angles [rad], until it is asked for the next one. */
function eulerTurn({ x, y, z }: Vector3): Quaternion {
  return Quaternion.FromEulerAnglesToRef(x, y, z, turn);
}

const turn = new Quaternion();

/** Whose body lies at an address, from the register that Babylon keeps. */
function bodyAt(plugin: HavokPlugin, address: number): PhysicsBody | null {
  const { _bodies } = plugin as unknown as PluginInternals;
  return _bodies.get(BigInt(address))?.body ?? null;
}
