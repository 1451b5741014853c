import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { AreaContext } from '../../plugin/index.ts';

/**
 * How a crawler walks to its target, and what that is worth. Forward is the level direction from the body to the target,
 * and the velocity v is the mean of all parts, over the last physics step.
 */
export class Walk {
  /** its z axis is forward and its y axis up, however the body is tilted: Unity's orientation cube */
  readonly heading: TransformNode;
  /** horizontal distance from the body to the target [m] */
  distance = 0;
  readonly #parts: readonly TransformNode[];
  readonly #body: TransformNode;
  readonly #target: TransformNode;
  readonly #timeStep: number;
  /** the requested speed [m/s] */
  #goal = 1;
  /** forward, which is level */
  #forwardX = 0;
  #forwardZ = 1;
  /** [3] the mean position of all parts [m] */
  readonly #place = new Float64Array(3);
  /** [3] m/s, v */
  readonly #velocity = new Float64Array(3);

  /** @param parts those whose mean velocity counts, the body first */
  constructor({ root, scene }: AreaContext, parts: readonly TransformNode[], target: TransformNode, timeStep: number) {
    this.heading = new TransformNode('heading', scene);
    this.heading.parent = root;
    this.heading.rotationQuaternion = Quaternion.Identity();
    this.#parts = parts;
    this.#body = parts[0];
    this.#target = target;
    this.#timeStep = timeStep;
  }

  /** An episode begins: crawler and target are in place, and at rest. */
  begin(goal: number): void {
    this.#goal = goal;
    this.step();
    this.#velocity.fill(0);
  }

  /** Called after a physics step. */
  step(): void {
    const { length: count } = this.#parts;
    const place = this.#place;
    const velocity = this.#velocity;
    let x = 0;
    let y = 0;
    let z = 0;
    for (let i = 0; i < count; i++) {
      const { position } = this.#parts[i];
      x += position.x / count;
      y += position.y / count;
      z += position.z / count;
    }
    velocity[0] = (x - place[0]) / this.#timeStep;
    velocity[1] = (y - place[1]) / this.#timeStep;
    velocity[2] = (z - place[2]) / this.#timeStep;
    place[0] = x;
    place[1] = y;
    place[2] = z;
    this.look();
  }

  /** Updates the target's position. */
  look(): void {
    const x = this.#target.position.x - this.#body.position.x;
    const z = this.#target.position.z - this.#body.position.z;
    this.distance = Math.hypot(x, z);
    if (this.distance === 0) return;
    this.#forwardX = x / this.distance;
    this.#forwardZ = z / this.distance;
    const turn = this.heading.rotationQuaternion!; // about y
    const half = Math.atan2(x, z) / 2;
    turn.y = Math.sin(half);
    turn.w = Math.cos(half);
  }

  /**
   * What a physics step is worth, from 0 to 1 (ML-Agents, CrawlerAgent). A crawler that stands earns nothing.
   *
   *   g = min(|v − v_goal| / |v_goal|, 1) · reward = (1 − g²)² · (face · forward + 1) / 2
   */
  reward(): number {
    const gap = Math.min(this.#gap() / this.#goal, 1);
    const { x, y, z, w } = this.#body.rotationQuaternion!;
    const faceX = 2 * (x * z + w * y);
    const faceZ = 1 - 2 * (x * x + y * y);
    const facing = faceX * this.#forwardX + faceZ * this.#forwardZ;
    return ((1 - gap * gap) ** 2 * (facing + 1)) / 2;
  }

  /** Writes |v − v_goal|, v to the right, up and forward, |v_goal| [m/s] and the distance of the target [m]: 6 floats. */
  observe(out: Float32Array, offset: number): void {
    const velocity = this.#velocity;
    out[offset] = this.#gap();
    out[offset + 1] = velocity[0] * this.#forwardZ - velocity[2] * this.#forwardX;
    out[offset + 2] = velocity[1];
    out[offset + 3] = velocity[0] * this.#forwardX + velocity[2] * this.#forwardZ;
    out[offset + 4] = this.#goal;
    out[offset + 5] = this.distance;
  }

  /** |v − v_goal| [m/s] */
  #gap(): number {
    const velocity = this.#velocity;
    const x = velocity[0] - this.#goal * this.#forwardX;
    const z = velocity[2] - this.#goal * this.#forwardZ;
    return Math.sqrt(x * x + velocity[1] * velocity[1] + z * z);
  }
}
