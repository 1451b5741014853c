import type { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import type { Scene } from '@babylonjs/core/scene.js';
import {
  type CheckedController,
  type Environment,
  type Overlay,
  type Playback,
  type Policy,
  play,
  Random,
  SplitController,
  showOverlay,
} from '../../plugin/index.ts';
import type { Colours, Paint, Theme, View } from '../view.ts';
import { AreaMeshes } from './area-meshes.ts';
import { CameraRig } from './camera-rig.ts';
import { defaultKeys, type KeyBindings } from './key-bindings.ts';
import { Keyboard } from './keyboard.ts';
import { type Returns, ReturnsTracker } from './returns.ts';
import { createMaterial, Stage } from './stage.ts';
import { Tint } from './tint.ts';

/** Copies on display: one up close, or a square of them. */
export type AreaCount = 1 | 4 | 16 | 64;

export interface FieldOptions {
  readonly canvas: HTMLCanvasElement;
  readonly environment: Environment;
  readonly view: View;
  readonly areas: AreaCount;
  readonly theme: Theme;
  /** instead of the view's */
  readonly keys?: KeyBindings;
}

/** ms between two reports of returns */
const REPORT = 250;
/** of the draws of sampled play */
const SEED = 1;
const NEUTRAL: Colours = { light: '#b9c0cb', dark: '#6b7484' };

/** Agents that nobody drives yet do nothing. */
const rest: CheckedController = { act: (_, action) => void action.fill(0) };

/** What goes with one number of areas: built anew when it changes. */
interface Display {
  readonly playback: Playback;
  readonly meshes: AreaMeshes;
  readonly returns: ReturnsTracker;
  readonly tint: Tint;
  readonly keyboard: Keyboard;
  readonly steps: { remove(): void };
}

/** Areas of an environment on a canvas, at play: in front of people, in real time or slower. */
export class Field {
  /** which keys drive an agent, and what each does */
  readonly keys: KeyBindings;
  readonly #options: FieldOptions;
  readonly #stage: Stage;
  readonly #rig: CameraRig;
  readonly #decoration: Paint | undefined;
  /** names of the nodes that show their agent's return */
  readonly #tinted: ReadonlySet<string>;
  readonly #materials = new Map<string, StandardMaterial>();
  readonly #listeners = new Set<(returns: Returns) => void>();
  readonly #random = new Random(SEED);
  #display: Display;
  #policy: Policy | undefined;
  #deterministic = true;
  #driving = false;
  #overlayOn = false;
  #overlay: Overlay | undefined;
  #theme: Theme;
  #reported = 0;
  #building: Promise<void> = Promise.resolve();
  #disposed = false;

  /** Builds the areas and begins to draw; agents rest until play() is called. */
  static async open(options: FieldOptions): Promise<Field> {
    const { canvas, environment, view, areas } = options;
    const stage = await Stage.open(canvas, view.floor);
    try {
      const playback = await openPlayback(environment, view, stage.scene, areas);
      const field = new Field(options, stage, playback);
      await stage.start();
      return field;
    } catch (error) {
      stage.dispose();
      throw error;
    }
  }

  private constructor(options: FieldOptions, stage: Stage, playback: Playback) {
    const { view, canvas } = options;
    this.#options = options;
    this.#stage = stage;
    this.#theme = options.theme;
    this.keys = options.keys ?? view.keys ?? defaultKeys(playback.clock.groups[0].layout);
    if (canvas.tabIndex < 0) canvas.tabIndex = 0; // keys belong to the canvas while it has the focus
    this.#rig = new CameraRig(this.scene, view, options.areas);
    this.#tinted = new Set(view.tinted ?? nameAgentNodes(playback));
    this.#decoration = view.decorate?.(this.scene);
    this.#display = this.#dress(playback);
    this.scene.onBeforeRenderObservable.add(() => this.#frame());
    this.paint(options.theme);
  }

  get scene(): Scene {
    return this.#stage.scene;
  }

  /** Of the areas on display; setAreas() replaces it. */
  get playback(): Playback {
    return this.#display.playback;
  }

  get areas(): AreaCount {
    return this.playback.clock.areas.length as AreaCount;
  }

  /** Whether the camera moves by itself at the moment. */
  get moving(): boolean {
    return this.#rig.moving;
  }

  /** The returns that the colours reach from and to, worst first. */
  get returnRange(): readonly [worst: number, best: number] {
    return this.#display.tint.range;
  }

  /** Shows another number of areas, all at the start of an episode, and moves the camera to where they fill the picture. */
  setAreas(count: AreaCount): Promise<void> {
    this.#building = this.#building.catch(() => {}).then(() => this.#rebuild(count));
    return this.#building;
  }

  /** Lets the agents act by this policy from the next decision on; throws when it is for agents of another layout. */
  play(policy: Policy): void {
    for (const { layout } of this.playback.clock.groups) policy.requireLayout(layout);
    this.#policy = policy;
    this.#control();
  }

  /** Whether the policy's likeliest action is taken; else actions are drawn, from a seed. */
  get deterministic(): boolean {
    return this.#deterministic;
  }

  set deterministic(deterministic: boolean) {
    this.#deterministic = deterministic;
    this.#control();
  }

  /** Seconds of the areas for each of the wall clock: 1 is real time and the fastest, 0.1 slow motion. */
  get speed(): number {
    return this.playback.speed;
  }

  set speed(speed: number) {
    this.playback.speed = Math.min(Math.max(speed, 0.01), 1);
  }

  get paused(): boolean {
    return this.playback.paused;
  }

  set paused(paused: boolean) {
    this.playback.paused = paused;
  }

  /** Lives to the end of one decision at once: single steps while it is paused. */
  stepDecision(): void {
    this.playback.stepDecision();
  }

  get driving(): boolean {
    return this.#driving;
  }

  /** Gives the first area's agents to the keyboard, or back to the policy. The canvas takes the focus. */
  drive(on: boolean): void {
    this.#driving = on;
    this.#display.keyboard.listen(on);
    this.#rig.useKeys(!on);
    if (on) this.#options.canvas.focus({ preventScroll: true });
    this.#control();
  }

  /** Whether what the agents sense and do is drawn over them. */
  get overlay(): boolean {
    return this.#overlayOn;
  }

  set overlay(on: boolean) {
    this.#overlayOn = on;
    void this.#drawOverlay();
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    this.#stage.paint(theme);
    this.#decoration?.(theme);
    const { colours } = this.#options.view;
    for (const [name, material] of this.#materials)
      material.diffuseColor = this.#tinted.has(name)
        ? Color3.White() // the copies' own colours say it all
        : Color3.FromHexString((colours[name] ?? NEUTRAL)[theme]);
    this.#display.tint.paint((name) => (colours[name] ?? NEUTRAL)[theme]);
  }

  /** Calls `listener` with the returns on display, at most 4 times a second; gives back how to stop. */
  onReturns(listener: (returns: Returns) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes everything off the canvas and the page. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#listeners.clear();
    this.#overlay?.dispose();
    this.#undress();
    this.#rig.dispose();
    this.#stage.dispose();
  }

  async #rebuild(count: AreaCount): Promise<void> {
    if (this.#disposed || count === this.areas) return;
    const { environment, view } = this.#options;
    const { speed, paused } = this;
    this.#overlay?.dispose();
    this.#overlay = undefined;
    this.#undress();
    const playback = await openPlayback(environment, view, this.scene, count);
    if (this.#disposed) return playback.dispose();
    playback.speed = speed;
    playback.paused = paused;
    this.#display = this.#dress(playback);
    this.#display.keyboard.listen(this.#driving);
    this.paint(this.#theme);
    this.#control();
    this.#rig.show(count);
    await this.#drawOverlay();
  }

  #dress(playback: Playback): Display {
    const { view } = this.#options;
    const { clock, decisionTime } = playback;
    const meshes = new AreaMeshes(this.scene, clock, (name) => this.#material(name));
    const returns = new ReturnsTracker(playback);
    const tinted = meshes.all.filter(({ name }) => this.#tinted.has(name));
    const radius = (Math.sqrt(clock.areas.length) * view.spacing) / Math.SQRT2;
    this.#stage.light(
      radius,
      meshes.all.map(({ mesh }) => mesh),
    );
    return {
      playback,
      meshes,
      returns,
      tint: new Tint(meshes, tinted, returns, clock, view.returns),
      keyboard: new Keyboard(this.keys, clock.groups[0].layout, decisionTime),
      steps: this.scene.onAfterPhysicsObservable.add(() => meshes.step()),
    };
  }

  #undress(): void {
    const { keyboard, steps, returns, meshes, playback } = this.#display;
    keyboard.listen(false);
    steps.remove();
    returns.dispose();
    meshes.dispose();
    playback.dispose();
  }

  #frame(): void {
    const { meshes, tint, playback } = this.#display;
    meshes.show(playback.paused ? 1 : playback.progress);
    tint.update(this.scene.getEngine().getDeltaTime() / 1000);
    this.#stage.haze(this.#rig.camera.radius);
    this.#report();
  }

  #report(): void {
    const now = performance.now();
    if (this.#listeners.size === 0 || now - this.#reported < REPORT) return;
    this.#reported = now;
    for (const listener of this.#listeners) listener(this.#display.returns);
  }

  #control(): void {
    const policy = this.#policy?.sampleWith(this.#deterministic ? undefined : this.#random) ?? rest;
    const { keyboard, playback } = this.#display;
    const { areas, groups } = playback.clock;
    const first = areas[0].agents.filter((agent) => agent.policy === groups[0].policy).length;
    playback.control(this.#driving ? new SplitController(keyboard, first, policy) : policy);
  }

  async #drawOverlay(): Promise<void> {
    if (!this.#overlayOn) {
      this.#overlay?.dispose();
      this.#overlay = undefined;
      return;
    }
    if (this.#overlay) return;
    const overlay = await showOverlay(this.playback, this.scene);
    if (this.#overlayOn && !this.#overlay) this.#overlay = overlay;
    else overlay?.dispose(); // it was turned off, or on once more, while the code was loaded
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

/** The names of all agents' nodes, and of the nodes below. */
function nameAgentNodes({ clock }: Playback): string[] {
  const nodes = clock.areas[0].agents.flatMap(({ attachedNode }) =>
    attachedNode ? [attachedNode, ...attachedNode.getChildMeshes(false)] : [],
  );
  return nodes.map(({ name }) => name);
}

function openPlayback(environment: Environment, { spacing }: View, scene: Scene, count: number): Promise<Playback> {
  return play({ ...environment, spacing }, scene, rest, { count });
}
