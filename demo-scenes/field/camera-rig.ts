import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Camera } from '@babylonjs/core/Cameras/camera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { AreasView } from '../view.ts';
import { useCameraKeys } from './setting.ts';

/** duration of a move [s] */
const MOVE = 0.6;
/** rad between the upper and lower edge of the picture, or between left and right in portrait format */
const FOV = 0.49;
const FOV_UPRIGHT = 0.6;

/**
 * A camera that a person rotates and zooms, and that moves by itself when other areas are displayed. Such a move changes
 * its target and distance, never the direction; zooming ends it.
 */
export class CameraRig {
  readonly camera: ArcRotateCamera;
  readonly #near: Vector3;
  readonly #nearDistance: number;
  readonly #spacing: number;
  readonly #observers: readonly { remove(): void }[];
  /** share of the move that is done; 1 = not moving */
  #moved = 1;
  readonly #from = { target: new Vector3(), distance: 0 };
  readonly #to = { target: new Vector3(), distance: 0 };

  constructor(scene: Scene, { near, angles, spacing }: AreasView, areas: number) {
    const { around = -Math.PI / 2.7, down = 0.98 } = angles ?? {};
    this.#near = Vector3.FromArray(near.target);
    this.#nearDistance = near.distance;
    this.#spacing = spacing;
    this.camera = new ArcRotateCamera('camera', around, down, near.distance, this.#near.clone(), scene);
    this.camera.upperBetaLimit = 1.45;
    this.camera.lowerBetaLimit = 0.1;
    this.camera.wheelDeltaPercentage = 0.01;
    this.camera.pinchDeltaPercentage = 0.01;
    this.camera.panningSensibility = 0;
    this.camera.attachControl(false);
    const engine = scene.getEngine();
    this.#observers = [
      engine.onResizeObservable.add(() => this.#fit()),
      scene.onBeforeRenderObservable.add(() => this.#move(engine.getDeltaTime() / 1000)),
    ];
    this.#fit();
    this.#aim(areas);
    this.#moved = 1;
    this.#place(1);
  }

  /** Whether it is moving by itself. */
  get moving(): boolean {
    return this.#moved < 1;
  }

  /** Moves to where this many areas fill the picture. */
  show(areas: number): void {
    this.#from.target.copyFrom(this.camera.target);
    this.#from.distance = this.camera.radius;
    this.#aim(areas);
    this.#moved = 0;
  }

  /** Releases the arrow keys for other uses, or lets them rotate the camera. */
  useKeys(on: boolean): void {
    useCameraKeys(this.camera, on);
  }

  dispose(): void {
    for (const observer of this.#observers) observer.remove();
    this.camera.dispose();
  }

  #aim(areas: number): void {
    const columns = Math.ceil(Math.sqrt(areas));
    // Half the grid's diagonal beyond the one area that the near view shows; the far corners are the smaller.
    const beyond = ((columns - 1) * this.#spacing * Math.SQRT2) / 2;
    this.#to.distance = this.#nearDistance + 2.4 * beyond;
    this.#to.target.copyFrom(this.#near);
    this.#to.target.y -= 0.16 * beyond;
    this.camera.lowerRadiusLimit = 0.3 * this.#nearDistance;
    this.camera.upperRadiusLimit = 2.2 * this.#to.distance;
  }

  #move(seconds: number): void {
    if (this.#moved === 1) return;
    if (this.camera.inertialRadiusOffset !== 0) {
      this.#moved = 1;
      return;
    }
    this.#moved = Math.min(this.#moved + seconds / MOVE, 1);
    const t = this.#moved;
    this.#place(t * t * (3 - 2 * t));
  }

  /** Distances are interpolated by their ratio, so that the picture grows or shrinks evenly. */
  #place(share: number): void {
    const { camera } = this;
    const { target, distance } = this.#from;
    if (share === 1) {
      camera.target.copyFrom(this.#to.target);
      camera.radius = this.#to.distance;
      return;
    }
    Vector3.LerpToRef(target, this.#to.target, share, camera.target);
    camera.radius = distance * (this.#to.distance / distance) ** share;
  }

  #fit(): void {
    const upright = this.camera.getScene().getEngine().getScreenAspectRatio() < 1;
    this.camera.fov = upright ? FOV_UPRIGHT : FOV;
    this.camera.fovMode = upright ? Camera.FOVMODE_HORIZONTAL_FIXED : Camera.FOVMODE_VERTICAL_FIXED;
  }
}
