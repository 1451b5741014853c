import type { Scene } from '@babylonjs/core/scene.js';
import type { KeyBindings } from './field/key-bindings.ts';

export type Theme = 'light' | 'dark';

/** A color as `#rrggbb` for each theme. */
export type Colors = Readonly<Record<Theme, string>>;

/** How the page shows an environment. Workers never load it. */
export type View = AreasView | OwnSceneView;

/** An environment that makes its own scene: camera, light and materials are its own as well. */
export interface OwnSceneView {
  /** which keys drive an agent; chosen by its action layout when left out */
  readonly keys?: KeyBindings;
}

/** An environment of areas in one world: what the field's camera, light and materials need to know. */
export interface AreasView {
  /** m between the middles of neighboring copies; nearer together than in training, where nobody looks */
  readonly spacing: number;
  /** y of the floor that all areas share [m]; none when it is left out, as where each area has its own */
  readonly floor?: number;
  /** the camera on one area: what it looks at, in the area's coordinates [m], and from how far [m] */
  readonly near: { readonly target: readonly [x: number, y: number, z: number]; readonly distance: number };
  /** rad of the camera around the vertical, −π/2 behind the areas' z axis, and from the vertical */
  readonly angles?: { readonly around: number; readonly down: number };
  /** of nodes, by their names; others are a neutral gray */
  readonly colors: Readonly<Record<string, Colors>>;
  /** names of the nodes that show their agent's return; an agent's own node and all below it when left out */
  readonly tinted?: readonly string[];
  /** returns that the colors reach from and to; the lowest and highest on display when left out */
  readonly returns?: { readonly worst: number; readonly best: number };
  /** which keys drive an agent; chosen by its action layout when left out */
  readonly keys?: KeyBindings;
  /** Adds what the environment's `build` has no use for: scenery. Called once for the scene; gives it a theme's colors. */
  decorate?(scene: Scene): Paint;
}

/** Gives a decorated scene the colors of a theme. */
export type Paint = (theme: Theme) => void;
