import type { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { AgentsError } from '../core/errors.ts';
import { requireKnownKeys } from '../core/options.ts';

/** World velocities of a body; at rest if omitted. */
export interface Velocities {
  /** m/s */
  readonly linearVelocity?: Vector3;
  /** rad/s */
  readonly angularVelocity?: Vector3;
}

/** Where to put a node: position [m] and rotation in its parent's coordinates. It is at rest unless velocities are given. */
export interface Pose extends Velocities {
  /** m, in the parent’s coordinates */
  readonly position: Vector3;
  /** in the parent’s coordinates; upright by default */
  readonly rotation?: Quaternion;
}

const KEYS = ['position', 'rotation', 'linearVelocity', 'angularVelocity'] as const;

/** Throws, naming the caller, if a pose has unknown fields or non-finite numbers. */
export function requirePose(pose: Pose, caller: string, node: string): void {
  if (isSound(pose)) return;
  const who = `${caller} of node "${node}"`;
  requireKnownKeys(who, pose, KEYS);
  for (const key of KEYS)
    if (!isFinitePart(key, pose))
      throw new AgentsError(
        `${who} has ${pose[key] === undefined ? `no ${key}` : `${key} ${describe(pose[key])}`}. It must be a ${key === 'rotation' ? 'Quaternion' : 'Vector3'} of finite numbers.`,
      );
}

function describe(part: unknown): string {
  if (typeof part !== 'object' || part === null || Object.getPrototypeOf(part) !== Object.prototype) return `${part}`;
  return `{ ${Object.entries(part)
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} }`;
}

/** Called at every reset, so it does not allocate. */
function isSound(pose: Pose): boolean {
  if (typeof pose !== 'object' || pose === null) return false;
  for (const key in pose) if (!KEYS.includes(key as keyof Pose)) return false;
  for (let i = 0; i < KEYS.length; i++) if (!isFinitePart(KEYS[i], pose)) return false;
  return true;
}

function isFinitePart(key: keyof Pose, pose: Pose): boolean {
  const part = pose[key];
  if (part === undefined) return key !== 'position';
  if (part === null) return false;
  const sum = part.x + part.y + part.z;
  return Number.isFinite(key === 'rotation' ? sum + (part as Quaternion).w : sum);
}
