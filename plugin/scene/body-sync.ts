import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import { isShift } from './physics.ts';
import { hasRegions } from './physics-step.ts';
import { countRenewals } from './renew-body.ts';

/** Floats of a body's block in Havok's buffer: three axes of four floats each, then the position. */
const POSITION = 12;

/** The calls of Havok's binding that are used here. */
interface BodyBuffer {
  readonly HEAPU8: Uint8Array;
  HP_World_GetBodyBuffer(world: unknown): [unknown, number];
  HP_Body_GetWorldTransformOffset(body: unknown): [unknown, number];
}

/**
 * Copies where Havok moved the bodies of a world to their nodes, as Babylon's own sync does, at a tenth of its cost: it
 * reads all of them from Havok's buffer instead of asking for one after another. Bodies whose parents turn, scale or are no
 * TransformNodes (cameras, lights, bones), instanced ones and those of a floating origin are left to Babylon. A node that
 * is turned by Euler angles stays so under every parent that only shifts it, wherever its area is; Babylon gives it a
 * quaternion unless the parent is at the origin.
 */
export class BodySync {
  readonly #engine: PhysicsEngine;
  readonly #plugin: HavokPlugin;
  readonly #havok: BodyBuffer;
  /** the bodies that the offsets belong to; one that was added, removed or renewed may have moved all blocks */
  #bodies: readonly PhysicsBody[] = [];
  /** how many bodies had been renewed when the offsets were read */
  #renewals = 0;
  /** where each body's block begins in the buffer, in floats; negative: leave it to Babylon */
  #offsets = new Int32Array(0);
  #floats: Float32Array = new Float32Array(0);
  #pointer = -1;

  constructor(engine: PhysicsEngine) {
    this.#engine = engine;
    this.#plugin = engine.getPhysicsPlugin() as HavokPlugin;
    this.#havok = this.#plugin._hknp;
  }

  /** Brings the nodes of all bodies up to date; call it after a physics step. */
  sync(): void {
    const bodies = this.#engine.getBodies() as PhysicsBody[];
    const shared = !hasRegions(this.#plugin);
    const renewals = countRenewals(this.#engine);
    if (shared && (renewals !== this.#renewals || !sameBodies(bodies, this.#bodies))) this.#locate(bodies, renewals);
    const floats = this.#read();
    const offsets = this.#offsets;
    for (let i = 0; i < bodies.length; i++) {
      const body = bodies[i];
      if (body.disableSync) continue;
      const single = shared && offsets[i] >= 0 && body.numInstances === 0; // which updateBodyInstances() changes
      if (!single || !copyTransform(floats, offsets[i], body.transformNode)) this.#plugin.sync(body);
    }
  }

  /** The floats of Havok's buffer, with a new view when its memory has grown or moved. */
  #read(): Float32Array {
    const [, pointer] = this.#havok.HP_World_GetBodyBuffer(this.#plugin.world);
    const { buffer } = this.#havok.HEAPU8;
    if (this.#floats.buffer !== buffer || this.#pointer !== pointer) {
      this.#floats = new Float32Array(buffer, pointer);
      this.#pointer = pointer;
    }
    return this.#floats;
  }

  #locate(bodies: readonly PhysicsBody[], renewals: number): void {
    this.#bodies = [...bodies];
    this.#renewals = renewals;
    this.#offsets = Int32Array.from(bodies, ({ _pluginData }) =>
      _pluginData ? this.#havok.HP_Body_GetWorldTransformOffset(_pluginData.hpBodyId)[1] / 4 : -1,
    );
  }
}

/** Whether these are the same bodies in the same order. */
function sameBodies(a: readonly PhysicsBody[], b: readonly PhysicsBody[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Sets a node's local transform from a body's block; not when its parent does more than shift it. */
function copyTransform(floats: Float32Array, at: number, node: TransformNode): boolean {
  const { parent, rotationQuaternion } = node;
  let x = floats[at + POSITION];
  let y = floats[at + POSITION + 1];
  let z = floats[at + POSITION + 2];
  if (parent) {
    if (!(parent instanceof TransformNode)) return false;
    const { m } = parent.computeWorldMatrix(true); // at no cost where it is frozen, as that of an area is
    if (!isShift(m)) return false;
    x -= m[12];
    y -= m[13];
    z -= m[14];
  }
  node.position.copyFromFloats(x, y, z);
  if (rotationQuaternion) {
    copyRotation(floats, at, rotationQuaternion);
    if (parent && node.isWorldMatrixFrozen) node.rotationQuaternion = rotationQuaternion; // moves it all the same
  } else {
    copyRotation(floats, at, turn); // setting `rotation` takes a node its quaternion
    turn.toEulerAnglesToRef(node.rotation);
  }
  return true;
}

const turn = new Quaternion();

/**
 * The quaternion of three axes, in the order of operations of Babylon's Quaternion.FromRotationMatrixToRef, to equal it
 * to the last bit: it takes its square root from whichever of w, x, y, z is the largest, so that nothing divides by 0.
 * One component after another, because V8 allocates for the arguments of `out.set(x, y, z, w)`.
 */
function copyRotation(floats: Float32Array, at: number, out: Quaternion): void {
  const xx = floats[at];
  const xy = floats[at + 1];
  const xz = floats[at + 2];
  const yx = floats[at + 4];
  const yy = floats[at + 5];
  const yz = floats[at + 6];
  const zx = floats[at + 8];
  const zy = floats[at + 9];
  const zz = floats[at + 10];
  const trace = xx + yy + zz;
  if (trace > 0) {
    const s = 0.5 / Math.sqrt(trace + 1);
    out.x = (yz - zy) * s;
    out.y = (zx - xz) * s;
    out.z = (xy - yx) * s;
    out.w = 0.25 / s;
  } else if (xx > yy && xx > zz) {
    const s = 2 * Math.sqrt(1 + xx - yy - zz);
    out.x = 0.25 * s;
    out.y = (yx + xy) / s;
    out.z = (zx + xz) / s;
    out.w = (yz - zy) / s;
  } else if (yy > zz) {
    const s = 2 * Math.sqrt(1 + yy - xx - zz);
    out.x = (yx + xy) / s;
    out.y = 0.25 * s;
    out.z = (zy + yz) / s;
    out.w = (zx - xz) / s;
  } else {
    const s = 2 * Math.sqrt(1 + zz - xx - yy);
    out.x = (zx + xz) / s;
    out.y = (zy + yz) / s;
    out.z = 0.25 * s;
    out.w = (xy - yx) / s;
  }
}
