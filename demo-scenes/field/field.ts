import type { Scene } from '@babylonjs/core/scene.js';
import {
  type AgentLayout,
  type CheckedController,
  type Environment,
  type Overlay,
  type Playback,
  type Policy,
  Random,
  SplitController,
  showOverlay,
} from '../../plugin/index.ts';
import type { Theme, View } from '../view.ts';
import { AreaGrid } from './area-grid.ts';
import { defaultKeys, type KeyBindings } from './key-bindings.ts';
import { Keyboard } from './keyboard.ts';
import { OwnScene } from './own-scene.ts';
import { type Returns, ReturnsTracker } from './returns.ts';
import type { AreaCount, Dress, Setting } from './setting.ts';

export type { AreaCount };

export interface FieldOptions {
  readonly canvas: HTMLCanvasElement;
  readonly environment: Environment;
  readonly view: View;
  /** if there is room for them: an environment with its own scene shows only that one */
  readonly areas: AreaCount;
  readonly theme: Theme;
  /** instead of the view's */
  readonly keys?: KeyBindings;
}

/** ms between two reports of returns */
const REPORT = 250;
/** of the random stream of sampled play */
const SEED = 1;

/** Agents without a driver do nothing. */
const rest: CheckedController = { act: (_, action) => void action.fill(0) };

/** What depends on the number of areas: rebuilt when it changes. */
interface Display {
  readonly playback: Playback;
  readonly returns: ReturnsTracker;
  readonly dress: Dress;
  /** of each policy whose agents the keys can drive */
  readonly keyboards: ReadonlyMap<string, Keyboard>;
}

/** Areas of an environment at play on a canvas, in real time or slower. */
export class Field {
  /** which keys drive an agent, and what each does */
  readonly keys: KeyBindings;
  readonly #options: FieldOptions;
  readonly #setting: Setting;
  readonly #listeners = new Set<(returns: Returns) => void>();
  readonly #random = new Random(SEED);
  #display: Display;
  #policies: readonly Policy[] = [];
  #deterministic = true;
  #driving = false;
  #overlayOn = false;
  #overlay: Overlay | undefined;
  #theme: Theme;
  #reported = 0;
  #building: Promise<void> = Promise.resolve();
  #disposed = false;

  /** Builds the areas and starts drawing; agents do nothing until play() is called. */
  static async open(options: FieldOptions): Promise<Field> {
    const setting = await openSetting(options);
    try {
      const { counts } = setting;
      const playback = await setting.openPlayback(counts.includes(options.areas) ? options.areas : counts[0], rest);
      const field = new Field(options, setting, playback);
      await setting.start();
      return field;
    } catch (error) {
      setting.dispose();
      throw error;
    }
  }

  private constructor(options: FieldOptions, setting: Setting, playback: Playback) {
    const { view, canvas } = options;
    this.#options = options;
    this.#setting = setting;
    this.#theme = options.theme;
    this.keys = options.keys ?? view.keys ?? defaultKeys(playback.clock.policyRows[0].layout);
    if (canvas.tabIndex < 0) canvas.tabIndex = 0; // the canvas gets the keys while it has the focus
    this.#display = this.#dress(playback);
    this.scene.onBeforeRenderObservable.add(() => this.#frame());
    this.paint(options.theme);
  }

  get scene(): Scene {
    return this.#setting.scene;
  }

  /** The numbers of areas that setAreas() accepts: only one if the environment has its own scene. */
  get counts(): readonly AreaCount[] {
    return this.#setting.counts;
  }

  /** Of the displayed areas; setAreas() replaces it. */
  get playback(): Playback {
    return this.#display.playback;
  }

  get areas(): AreaCount {
    return this.playback.clock.areas.length as AreaCount;
  }

  /** Whether the camera is moving by itself. */
  get moving(): boolean {
    return this.#setting.moving;
  }

  /** The returns at both ends of the color scale, worst first. */
  get returnRange(): readonly [worst: number, best: number] {
    return this.#display.dress.range;
  }

  /** Shows another number of areas, all at the start of an episode, and moves the camera to where they fill the picture. */
  setAreas(count: AreaCount): Promise<void> {
    this.#building = this.#building.catch(() => {}).then(() => this.#rebuild(count));
    return this.#building;
  }

  /** Lets these policies drive the agents from the next decision on, each the agents that name it. Other agents do nothing. */
  play(...policies: readonly Policy[]): void {
    for (const policy of policies) this.requireFit(policy);
    this.#policies = policies;
    this.#control();
  }

  /** Throws if a policy is for agents of another layout, has another clock, or is for none of the agents here. */
  requireFit(policy: Policy): void {
    const { policyRows } = this.playback.clock;
    const { name } = policy.spec;
    const rows = policyRows.length === 1 ? policyRows[0] : policyRows.find((candidate) => candidate.policy === name);
    if (!rows) {
      const known = policyRows.map((candidate) => `"${candidate.policy}"`).join(', ');
      throw new Error(`Policy "${name}" is for none of the agents here. They have ${known}.`);
    }
    policy.requireLayout(rows.layout);
    const { timeStep, decisionPeriod } = this.#options.environment;
    if (policy.spec.timeStep !== timeStep || policy.spec.decisionPeriod !== decisionPeriod)
      throw new Error(
        `Policy "${name}" decides every ${policy.spec.decisionPeriod} steps of ${policy.spec.timeStep} s, but the agents here decide every ${decisionPeriod} of ${timeStep} s.`,
      );
  }

  /** Whether the policy's most likely action is taken; otherwise actions are sampled, from a seed. */
  get deterministic(): boolean {
    return this.#deterministic;
  }

  set deterministic(deterministic: boolean) {
    this.#deterministic = deterministic;
    this.#control();
  }

  /** Simulated seconds per second: 1 is real time and the fastest, 0.1 is slow motion. */
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

  /** Runs to the end of one decision at once, for single steps while paused. */
  stepDecision(): void {
    this.playback.stepDecision();
  }

  get driving(): boolean {
    return this.#driving;
  }

  /** Lets the keyboard drive the first area's agents, or the policy again. The canvas gets the focus. */
  drive(on: boolean): void {
    this.#driving = on;
    for (const keyboard of this.#display.keyboards.values()) keyboard.listen(on);
    this.#setting.useKeys(!on);
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
    this.#setting.paint(theme);
    this.#display.dress.paint(theme);
  }

  /** Calls `listener` with the displayed returns, at most 4 times a second; returns a function that unsubscribes. */
  onReturns(listener: (returns: Returns) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Removes everything from the canvas and the page. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#listeners.clear();
    this.#overlay?.dispose();
    this.#undress();
    this.#setting.dispose();
  }

  async #rebuild(count: AreaCount): Promise<void> {
    if (this.#disposed || count === this.areas || !this.counts.includes(count)) return;
    const { speed, paused } = this;
    this.#overlay?.dispose();
    this.#overlay = undefined;
    this.#undress();
    const playback = await this.#setting.openPlayback(count, rest);
    if (this.#disposed) return playback.dispose();
    playback.speed = speed;
    playback.paused = paused;
    this.#display = this.#dress(playback);
    for (const keyboard of this.#display.keyboards.values()) keyboard.listen(this.#driving);
    this.paint(this.#theme);
    this.#control();
    this.#setting.show(count);
    await this.#drawOverlay();
  }

  #dress(playback: Playback): Display {
    const { clock, decisionTime } = playback;
    const returns = new ReturnsTracker(playback);
    const dress = this.#setting.dress(playback, returns);
    const [{ layout }] = clock.policyRows; // the keys are for agents of this one
    const driven = clock.policyRows.filter((rows) => sameParts(rows.layout, layout));
    const keyboards = driven.map(({ policy }) => [policy, new Keyboard(this.keys, layout, decisionTime)] as const);
    return { playback, returns, dress, keyboards: new Map(keyboards) };
  }

  #undress(): void {
    const { keyboards, returns, dress, playback } = this.#display;
    for (const keyboard of keyboards.values()) keyboard.listen(false);
    returns.dispose();
    dress.dispose();
    playback.dispose();
  }

  #frame(): void {
    this.#display.dress.update();
    this.#report();
  }

  #report(): void {
    const now = performance.now();
    if (this.#listeners.size === 0 || now - this.#reported < REPORT) return;
    this.#reported = now;
    for (const listener of this.#listeners) listener(this.#display.returns);
  }

  #control(): void {
    const { keyboards, playback } = this.#display;
    const { areas, policyRows } = playback.clock;
    const controllers = policyRows.map(({ policy: name }) => {
      const policy =
        policyRows.length === 1 ? this.#policies[0] : this.#policies.find(({ spec }) => spec.name === name);
      const controller = policy?.sampleWith(this.#deterministic ? undefined : this.#random) ?? rest;
      const keyboard = this.#driving && keyboards.get(name);
      const first = areas[0].agents.filter((agent) => agent.policies.includes(name)).length;
      return [name, keyboard ? new SplitController(keyboard, first, controller) : controller] as const;
    });
    playback.control(Object.fromEntries(controllers));
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
    else overlay?.dispose(); // it was turned off, or on again, while its code was loading
  }
}

/** Whether the same keys drive agents of both layouts. */
function sameParts(a: AgentLayout, b: AgentLayout): boolean {
  return JSON.stringify(a.actuators) === JSON.stringify(b.actuators);
}

/** The page's own stage with room for many areas, or the environment's own scene. */
function openSetting({ canvas, environment, view, areas }: FieldOptions): Promise<Setting> {
  return 'spacing' in view ? AreaGrid.open(canvas, environment, view, areas) : OwnScene.open(canvas, environment);
}
