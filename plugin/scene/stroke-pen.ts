import type { Camera } from '@babylonjs/core/Cameras/camera.js';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Ink, Pen } from './pen.ts';
import { StrokeMesh } from './stroke-mesh.ts';

/** Widths in pixels of the page. */
const LINE = 2.5;
const HEAD = 11;
const POINT = 8;
/** a head takes at most this share of its arrow */
const HEAD_SHARE = 0.6;

/**
 * A pen whose strokes are solid shapes, as thick on the screen near by as far away, in front of everything else. All
 * lines of a frame are one draw call, so are all heads and all points; memory grows to the largest frame and stays.
 */
export class StrokePen implements Pen {
  readonly #camera = new Vector3();
  /** m that a pixel covers at a distance of 1 m */
  #pixel = 0;
  #colors: Readonly<Record<Ink, Color3>>;
  readonly #material: StandardMaterial;
  readonly #lines: StrokeMesh;
  readonly #heads: StrokeMesh;
  readonly #points: StrokeMesh;
  readonly #way = new Vector3();
  readonly #middle = new Vector3();

  constructor(scene: Scene, inks: Readonly<Record<Ink, string>>) {
    this.#colors = readInks(inks);
    const material = new StandardMaterial('overlay', scene);
    material.disableLighting = true;
    material.emissiveColor = Color3.White();
    material.fogEnabled = false;
    this.#material = material;
    const line = CreateCylinder('overlay-lines', { diameter: 1, height: 1, tessellation: 6 }, scene);
    const head = CreateCylinder(
      'overlay-heads',
      { diameterTop: 0, diameterBottom: 1, height: 1, tessellation: 10 },
      scene,
    );
    this.#lines = new StrokeMesh(line, material);
    this.#heads = new StrokeMesh(head, material);
    this.#points = new StrokeMesh(CreateSphere('overlay-points', { diameter: 1, segments: 4 }, scene), material);
  }

  /** Strokes since begin(). */
  get count(): number {
    return this.#lines.count + this.#points.count;
  }

  paint(inks: Readonly<Record<Ink, string>>): void {
    this.#colors = readInks(inks);
  }

  /** Begins a frame, as this camera sees it. */
  begin(camera: Camera): void {
    this.#camera.copyFrom(camera.globalPosition);
    const engine = camera.getScene().getEngine();
    const pixels = engine.getRenderHeight() * engine.getHardwareScalingLevel();
    this.#pixel = (2 * Math.tan(verticalFov(camera) / 2)) / pixels;
    for (const mesh of [this.#lines, this.#heads, this.#points]) mesh.clear();
  }

  /** Hands the frame's strokes to the GPU. */
  end(): void {
    this.#lines.commit();
    this.#heads.commit();
    this.#points.commit();
  }

  line(from: Vector3, to: Vector3, ink: Ink): void {
    to.subtractToRef(from, this.#way);
    Vector3.LerpToRef(from, to, 0.5, this.#middle);
    this.#lines.add(this.#middle, this.#way, LINE * this.pixelAt(this.#middle), this.#colors[ink]);
  }

  arrow(from: Vector3, to: Vector3, ink: Ink): void {
    const length = Vector3.Distance(from, to);
    if (length === 0) return;
    const size = HEAD * this.pixelAt(to);
    const share = Math.min(size / length, HEAD_SHARE);
    to.subtractToRef(from, this.#way);
    this.#way.scaleInPlace(1 - share);
    this.#way.scaleToRef(0.5, this.#middle).addInPlace(from);
    this.#lines.add(this.#middle, this.#way, LINE * this.pixelAt(this.#middle), this.#colors[ink]);
    this.#way.scaleInPlace(share / (1 - share));
    this.#way.scaleToRef(-0.5, this.#middle).addInPlace(to);
    this.#heads.add(this.#middle, this.#way, 0.8 * share * length, this.#colors[ink]);
  }

  point(at: Vector3, ink: Ink): void {
    const size = POINT * this.pixelAt(at);
    this.#points.add(at, this.#way.set(0, size, 0), size, this.#colors[ink]);
  }

  dispose(): void {
    for (const mesh of [this.#lines, this.#heads, this.#points]) mesh.dispose();
    this.#material.dispose();
  }

  /** m that a pixel of the page covers at a point. */
  pixelAt(point: Vector3): number {
    return this.#pixel * Vector3.Distance(point, this.#camera);
  }
}

function readInks(inks: Readonly<Record<Ink, string>>): Readonly<Record<Ink, Color3>> {
  const entries = Object.entries(inks).map(([ink, hex]) => [ink, Color3.FromHexString(hex)]);
  return Object.fromEntries(entries) as Record<Ink, Color3>;
}

/** rad between the upper and the lower edge of the picture. */
function verticalFov(camera: Camera): number {
  const { fov, fovMode } = camera;
  const horizontal = fovMode === 1; // Camera.FOVMODE_HORIZONTAL_FIXED
  return horizontal ? 2 * Math.atan(Math.tan(fov / 2) / camera.getScene().getEngine().getAspectRatio(camera)) : fov;
}
