import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Observer } from '@babylonjs/core/Misc/observable.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { type OptionRule, type OptionRules, optional, requireOptions } from '../core/options.ts';
import type { Agent } from './agent.ts';
import type { PolicyRows } from './decision-clock.ts';
import type { Ink } from './pen.ts';
import type { ScenePlayback } from './scene-playback.ts';
import { StrokePen } from './stroke-pen.ts';

/** A color as `#rrggbb` for every ink. */
export type Inks = Readonly<Record<Ink, string>>;

/** What an overlay can be drawn over: a playback of play() or of playPolicy(). */
export type Drawable = Pick<ScenePlayback<never>, 'policyRows' | 'disposed'>;

/** Options of an {@link Overlay}. */
export interface OverlayOptions {
  /** colors that differ from the default ones */
  readonly inks?: Partial<Inks>;
}

/** Distinct for all kinds of color vision, and on light and dark grounds alike (after Okabe and Ito 2008). */
const INKS: Inks = { clear: '#8d97a8', hit: '#d55e00', target: '#0aa06e', motion: '#2f8fd6', action: '#cc5f9f' };

const WHO = 'showOverlay()';
const aColor: OptionRule = (value) =>
  typeof value === 'string' && /^#[\da-f]{6}$/i.test(value) ? undefined : 'a color such as "#d55e00"';
const INK_RULES: OptionRules<Inks> = {
  clear: optional(aColor),
  hit: optional(aColor),
  target: optional(aColor),
  motion: optional(aColor),
  action: optional(aColor),
};

/** Half the height of a bar, as a fraction of the agent's radius or in pixels, whichever is more. */
const BAR = { share: 0.2, pixels: 18 } as const;
const GAP = 0.8;
/** radii between the center of the agent and the lower end of its bars */
const ABOVE = 0.9;

/** Draws what a playback's agents sense and do, before every frame, until it is disposed. */
export class Overlay {
  readonly #playback: Drawable;
  readonly #scene: Scene;
  readonly #pen: StrokePen;
  readonly #observer: Observer<Scene>;
  /** m from the center of each agent's node to its surface, measured in its first drawn frame */
  readonly #radii = new WeakMap<Agent, number>();
  readonly #from = new Vector3();
  readonly #low = new Vector3();
  readonly #high = new Vector3();
  readonly #right = new Vector3();
  /** m, half the height of the current bars */
  #bar = 0;

  constructor(playback: Drawable, scene: Scene, options: OverlayOptions = {}) {
    const { inks = {} } = requireOptions(WHO, options, { inks: () => undefined });
    requireOptions(WHO, inks, INK_RULES);
    this.#playback = playback;
    this.#scene = scene;
    this.#pen = new StrokePen(scene, { ...INKS, ...inks });
    this.#observer = scene.onBeforeRenderObservable.add(() => this.#draw());
  }

  /** Changes colors. */
  paint(inks: Partial<Inks>): void {
    requireOptions(WHO, inks, INK_RULES);
    this.#pen.paint({ ...INKS, ...inks });
  }

  /** Number of lines, arrows and points in the last frame. */
  get strokes(): number {
    return this.#pen.count;
  }

  /** Stops drawing. */
  dispose(): void {
    this.#observer.remove();
    this.#pen.dispose();
  }

  #draw(): void {
    const { activeCamera } = this.#scene;
    if (!activeCamera) return;
    activeCamera.getDirectionToRef(Vector3.RightReadOnly, this.#right);
    this.#pen.begin(activeCamera);
    const { policyRows } = this.#playback;
    for (let p = 0; p < policyRows.length; p++) this.#drawRows(policyRows[p]);
    this.#pen.end();
  }

  #drawRows(rows: PolicyRows): void {
    const { agents, action, sizes } = rows;
    for (let n = 0; n < agents.length; n++) {
      const agent = agents[n];
      if (!rows.drives(n) || !agent.attachedNode?.isEnabled()) continue;
      for (const sensor of agent.sensors) sensor.draw?.(this.#pen);
      this.#placeBars(agent, this.#radiusOf(agent));
      let at = n * sizes.action;
      for (const { draw, continuous, branches } of agent.actuators) {
        if (!draw) this.#drawBars(action, at, continuous, branches);
        at += continuous + branches.length;
      }
      this.#drawActuators(agent, action, n * sizes.action);
    }
  }

  #radiusOf(agent: Agent): number {
    let radius = this.#radii.get(agent);
    if (radius === undefined) {
      radius = radiusOf(agent.attachedNode!);
      this.#radii.set(agent, radius);
    }
    return radius;
  }

  #drawActuators({ actuators }: Agent, action: Float32Array, offset: number): void {
    let at = offset;
    for (const actuator of actuators) {
      actuator.draw?.(this.#pen, action, at);
      at += actuator.continuous + actuator.branches.length;
    }
  }

  /** Finds the first bar's middle, and how large bars are. */
  #placeBars({ actuators, attachedNode }: Agent, radius: number): void {
    let bars = 0;
    for (const { draw, continuous, branches } of actuators) if (!draw) bars += continuous + branches.length;
    this.#from.copyFrom(attachedNode!.getAbsolutePosition());
    this.#bar = Math.max(BAR.share * radius, BAR.pixels * this.#pen.pixelAt(this.#from));
    this.#from.y += ABOVE * radius + this.#bar;
    this.#right.scaleAndAddToRef((-(bars - 1) / 2) * GAP * this.#bar, this.#from);
  }

  /** For each float a scale from −1 to 1 and where it stands; for each branch a column of its choices. */
  #drawBars(action: Float32Array, at: number, continuous: number, branches: readonly number[]): void {
    for (let i = at; i < at + continuous; i++) {
      this.#pen.line(this.#upFrom(-1, this.#low), this.#upFrom(1, this.#high), 'clear');
      this.#pen.line(this.#from, this.#upFrom(action[i], this.#high), 'action');
      this.#pen.point(this.#high, 'action');
      this.#right.scaleAndAddToRef(GAP * this.#bar, this.#from);
    }
    for (let branch = 0; branch < branches.length; branch++) {
      for (let choice = 0; choice < branches[branch]; choice++) {
        const height = 0.6 * (choice - (branches[branch] - 1) / 2);
        this.#pen.point(
          this.#upFrom(height, this.#high),
          action[at + continuous + branch] === choice ? 'action' : 'clear',
        );
      }
      this.#right.scaleAndAddToRef(GAP * this.#bar, this.#from);
    }
  }

  /** A point the given number of bars above the center of the current bar. */
  #upFrom(bars: number, out: Vector3): Vector3 {
    out.copyFrom(this.#from);
    out.y += bars * this.#bar;
    return out;
  }
}

function radiusOf(node: { getHierarchyBoundingVectors(): { min: Vector3; max: Vector3 } }): number {
  const { min, max } = node.getHierarchyBoundingVectors();
  const radius = Vector3.Distance(min, max) / 2;
  return Number.isFinite(radius) && radius > 0 ? Math.min(radius, 50) : 1;
}
