import { Camera } from '@babylonjs/core/Cameras/camera.js';
import type { TargetCamera } from '@babylonjs/core/Cameras/targetCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';

/** m from the ring's middle; nearer while the ring is small */
const DISTANCE = 19;
/** rad above the level */
const HEIGHT = 0.56;
/** rad above the level while it circles */
const TOURING_HEIGHT = 0.2;
/** rad of the picture's height, or of its width where it is upright */
const FOV = 0.68;
/** 1/s at which it follows */
const FOLLOWING = 3;

/** Stands behind the person's side of the ring, leans after the fight and shakes at hits; circles the ring in the menu. */
export class CameraWork {
  readonly #camera: TargetCamera;
  readonly #target = new Vector3(0, 0, 0);
  readonly #goal = new Vector3();
  #around = -Math.PI / 2;
  #distance = DISTANCE;
  #height = TOURING_HEIGHT;
  #shake = 0;
  #time = 0;

  constructor(camera: TargetCamera) {
    this.#camera = camera;
    camera.getEngine().onResizeObservable.add(() => this.#fit());
    this.#fit();
  }

  /** Shows a hit; 1 is a hard one. */
  shake(strength: number): void {
    this.#shake = Math.min(this.#shake + 0.3 * strength, 0.5);
  }

  /** @param radius m that the ring has left */
  update(seconds: number, first: Vector3, second: Vector3, radius: number, touring: boolean): void {
    this.#time += seconds;
    const share = 1 - Math.exp(-FOLLOWING * seconds);
    Vector3.LerpToRef(first, second, 0.5, this.#goal);
    this.#goal.y = 0;
    this.#goal.scaleInPlace(Math.min(0.3, 1.2 / Math.max(this.#goal.length(), 1))); // it follows nobody into the depth
    this.#goal.y = touring ? 0.6 : 0.5;
    Vector3.LerpToRef(this.#target, this.#goal, share, this.#target);
    this.#distance += (DISTANCE - 0.9 * (6 - radius) - this.#distance) * share * 0.5;
    if (touring) this.#around += 0.12 * seconds;
    else
      this.#around += Math.atan2(Math.sin(-Math.PI / 2 - this.#around), Math.cos(-Math.PI / 2 - this.#around)) * share;
    this.#shake *= Math.exp(-7 * seconds);
    this.#height += ((touring ? TOURING_HEIGHT : HEIGHT) - this.#height) * share;
    this.#place();
  }

  #place(): void {
    const { position } = this.#camera;
    const level = this.#distance * Math.cos(this.#height);
    position.set(
      level * Math.cos(this.#around),
      this.#distance * Math.sin(this.#height),
      level * Math.sin(this.#around),
    );
    position.addInPlace(this.#target);
    position.x += this.#shake * Math.sin(this.#time * 71);
    position.y += this.#shake * Math.sin(this.#time * 89);
    this.#camera.setTarget(this.#target);
  }

  #fit(): void {
    const upright = this.#camera.getEngine().getScreenAspectRatio() < 1.15;
    this.#camera.fovMode = upright ? Camera.FOVMODE_HORIZONTAL_FIXED : Camera.FOVMODE_VERTICAL_FIXED;
    this.#camera.fov = upright ? FOV * 1.12 : FOV;
  }
}
