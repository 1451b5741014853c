import type { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { type CheckedController, type Environment, type Playback, play } from '../../plugin/index.ts';
import type { AreasView, Colors, Paint, Theme } from '../view.ts';
import { AreaMeshes } from './area-meshes.ts';
import { CameraRig } from './camera-rig.ts';
import type { ReturnsTracker } from './returns.ts';
import type { AreaCount, Dress, Setting } from './setting.ts';
import { createMaterial, Stage } from './stage.ts';
import { Tint } from './tint.ts';

const NEUTRAL: Colors = { light: '#b9c0cb', dark: '#6b7484' };

/** Copies of an area side by side in one world, on the page's own stage, colored by theme and by their returns. */
export class AreaGrid implements Setting {
  readonly counts: readonly AreaCount[] = [1, 4, 16, 64];
  readonly #environment: Environment;
  readonly #view: AreasView;
  readonly #stage: Stage;
  readonly #rig: CameraRig;
  readonly #decoration: Paint | undefined;
  readonly #materials = new Map<string, StandardMaterial>();

  static async open(
    canvas: HTMLCanvasElement,
    environment: Environment,
    view: AreasView,
    areas: number,
  ): Promise<AreaGrid> {
    return new AreaGrid(await Stage.open(canvas, view.floor), environment, view, areas);
  }

  private constructor(stage: Stage, environment: Environment, view: AreasView, areas: number) {
    this.#stage = stage;
    this.#environment = environment;
    this.#view = view;
    this.#rig = new CameraRig(this.scene, view, areas);
    this.#decoration = view.decorate?.(this.scene);
  }

  get scene(): Scene {
    return this.#stage.scene;
  }

  get moving(): boolean {
    return this.#rig.moving;
  }

  openPlayback(count: AreaCount, controller: CheckedController): Promise<Playback> {
    return play({ ...this.#environment, spacing: this.#view.spacing }, this.scene, controller, { count });
  }

  dress(playback: Playback, returns: ReturnsTracker): Dress {
    const { clock } = playback;
    const names = new Set(this.#view.tinted ?? nameAgentNodes(playback));
    const meshes = new AreaMeshes(this.scene, clock, (name) => this.#material(name));
    const tinted = meshes.all.filter(({ name }) => names.has(name));
    const tint = new Tint(meshes, tinted, returns, clock, this.#view.returns);
    const radius = (Math.sqrt(clock.areas.length) * this.#view.spacing) / Math.SQRT2;
    const steps = this.scene.onAfterPhysicsObservable.add(() => meshes.step());
    this.#stage.light(
      radius,
      meshes.all.map(({ mesh }) => mesh),
    );
    return {
      get range() {
        return tint.range;
      },
      paint: (theme) => this.#paintAreas(theme, names, tint),
      update: () => this.#update(playback, meshes, tint),
      dispose() {
        steps.remove();
        meshes.dispose();
      },
    };
  }

  show(count: AreaCount): void {
    this.#rig.show(count);
  }

  useKeys(on: boolean): void {
    this.#rig.useKeys(on);
  }

  paint(theme: Theme): void {
    this.#stage.paint(theme);
    this.#decoration?.(theme);
  }

  start(): Promise<void> {
    return this.#stage.start();
  }

  dispose(): void {
    this.#rig.dispose();
    this.#stage.dispose();
  }

  #paintAreas(theme: Theme, tinted: ReadonlySet<string>, tint: Tint): void {
    const { colors } = this.#view;
    for (const [name, material] of this.#materials)
      material.diffuseColor = tinted.has(name)
        ? Color3.White() // the copies have their own colors
        : Color3.FromHexString((colors[name] ?? NEUTRAL)[theme]);
    tint.paint((name) => (colors[name] ?? NEUTRAL)[theme]);
  }

  #update(playback: Playback, meshes: AreaMeshes, tint: Tint): void {
    meshes.show(playback.paused ? 1 : playback.progress);
    tint.update(this.scene.getEngine().getDeltaTime() / 1000);
    this.#stage.haze(this.#rig.camera.radius);
  }

  #material(name: string): StandardMaterial {
    let material = this.#materials.get(name);
    if (!material) {
      material = createMaterial(this.scene, name);
      this.#materials.set(name, material);
    }
    return material;
  }
}

/** The names of all agents' nodes, and of their descendants. */
function nameAgentNodes({ clock }: Playback): string[] {
  const nodes = clock.areas[0].agents.flatMap(({ attachedNode }) =>
    attachedNode ? [attachedNode, ...attachedNode.getChildMeshes(false)] : [],
  );
  return nodes.map(({ name }) => name);
}
