import { Matrix, Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import { currentWorldMatrix } from './physics.ts';

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
 * reads all of them from Havok's buffer instead of asking for one after another. Bodies whose parents are turned or
 * scaled, and instanced ones, are left to Babylon.
 */
export class BodySync {
  readonly #engine: PhysicsEngine;
  readonly #plugin: HavokPlugin;
  readonly #havok: BodyBuffer;
  /** the bodies that the offsets belong to; one that came or went may have moved all blocks */
  #bodies: readonly PhysicsBody[] = [];
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
    if (!sameBodies(bodies, this.#bodies)) this.#locate(bodies);
    const floats = this.#read();
    for (let i = 0; i < bodies.length; i++) {
      const body = bodies[i];
      if (body.disableSync) continue;
      if (this.#offsets[i] < 0 || !copyTransform(floats, this.#offsets[i], body.transformNode)) this.#plugin.sync(body);
    }
  }

  /** The floats of Havok's buffer, viewed anew when its memory has grown or moved. */
  #read(): Float32Array {
    const [, pointer] = this.#havok.HP_World_GetBodyBuffer(this.#plugin.world);
    const { buffer } = this.#havok.HEAPU8;
    if (this.#floats.buffer !== buffer || this.#pointer !== pointer) {
      this.#floats = new Float32Array(buffer, pointer);
      this.#pointer = pointer;
    }
    return this.#floats;
  }

  #locate(bodies: readonly PhysicsBody[]): void {
    this.#bodies = [...bodies];
    this.#offsets = Int32Array.from(bodies, ({ numInstances, _pluginData }) =>
      numInstances > 0 ? -1 : this.#havok.HP_Body_GetWorldTransformOffset(_pluginData.hpBodyId)[1] / 4,
    );
  }
}

/** Whether these are the same bodies in the same order. */
function sameBodies(a: readonly PhysicsBody[], b: readonly PhysicsBody[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const axes = new Matrix();

/** Sets a node's local transform from a body's block; not when its parent does more than shift it. */
function copyTransform(floats: Float32Array, at: number, node: TransformNode): boolean {
  const parent = node.parent as TransformNode | null;
  let x = 0;
  let y = 0;
  let z = 0;
  if (parent) {
    const m = currentWorldMatrix(parent).m;
    if (!isShift(m)) return false;
    x = m[12];
    y = m[13];
    z = m[14];
  }
  node.position.copyFromFloats(floats[at + POSITION] - x, floats[at + POSITION + 1] - y, floats[at + POSITION + 2] - z);
  Matrix.FromArrayToRef(floats, at, axes);
  Quaternion.FromRotationMatrixToRef(axes, node.rotationQuaternion as Quaternion);
  return true;
}

function isShift(m: ArrayLike<number>): boolean {
  const unit = m[0] === 1 && m[5] === 1 && m[10] === 1;
  return unit && m[1] === 0 && m[2] === 0 && m[4] === 0 && m[6] === 0 && m[8] === 0 && m[9] === 0;
}
