import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';
import {
  AgentPart,
  KeyActuator,
  type Pen,
  type Playback,
  RaySensor,
  type Sensor,
  StackedSensor,
  showOverlay,
} from 'babylon-agents';

export function createRays() {
  // snippet: rays
  const seen = { tags: ['wall', 'goal', 'block'], maxAngle: Math.PI / 2, length: 12, sphereRadius: 0.5 };
  const low = new StackedSensor(new RaySensor({ ...seen, name: 'low' }), { count: 3 }); // named low-x3
  const high = new StackedSensor(new RaySensor({ ...seen, name: 'high', startOffset: 1.5, endOffset: 1.5 }), {
    count: 3,
  });
  // snippet end
  return [low, high];
}

export function createKeys() {
  // snippet: keys
  // three branches: none, W or S (3 choices) · none, A or D (3) · Space up or held (2)
  const keys = new KeyActuator({ keys: [['KeyW', 'KeyS'], ['KeyA', 'KeyD'], 'Space'] });
  // snippet end
  return keys;
}

// snippet: memory
class HeightMemory extends AgentPart implements Sensor {
  readonly size = 2;
  #height = 0; // at the previous decision

  observe(out: Float32Array, offset: number): void {
    out[offset] = this.#height;
    out[offset + 1] = this.node.position.y;
  }

  remember(observation: Float32Array, offset: number): void {
    this.#height = observation[offset + 1];
  }

  forget(): void {
    this.#height = 0;
  }
}
// snippet end

export const heightMemory = new HeightMemory('height');

export async function draw(playback: Playback, scene: Scene) {
  // snippet: overlay
  const overlay = await showOverlay(playback, scene); // loads its code on the first call
  overlay?.dispose();
  // snippet end
}

interface Whisker {
  readonly tip: Vector3;
  readonly touches: boolean;
}

// snippet: draw
export class Whiskers extends AgentPart implements Sensor {
  readonly size = 3;
  readonly #whiskers: Whisker[] = [];

  observe(out: Float32Array, offset: number): void {
    for (const { touches } of this.#whiskers) out[offset++] = touches ? 1 : 0;
  }

  draw(pen: Pen): void {
    for (const { tip, touches } of this.#whiskers) pen.line(this.node.absolutePosition, tip, touches ? 'hit' : 'clear');
  }
}
// snippet end
