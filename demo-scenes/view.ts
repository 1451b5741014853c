import type { Scene } from '@babylonjs/core/scene.js';
import type { KeyBindings } from './field/key-bindings.ts';

export type Theme = 'light' | 'dark';

/** A color as `#rrggbb` for each theme. */
export type Colors = Readonly<Record<Theme, string>>;

/** How the page shows an environment. Workers never load it. */
export type View = AreasView | OwnSceneView;

/** An environment with its own scene, including camera, light and materials. */
export interface OwnSceneView {
  /** which keys drive an agent; chosen by its action layout by default */
  readonly keys?: KeyBindings;
}

/** An environment of areas in one world: what the field's camera, light and materials need to know. */
export interface AreasView {
  /** m between the centers of neighboring copies; smaller than in training, where nothing is displayed */
  readonly spacing: number;
  /** y of the floor that all areas share [m]; without it, there is no floor, for areas with their own */
  readonly floor?: number;
  /** the camera on one area: its target, in the area's coordinates [m], and its distance [m] */
  readonly near: { readonly target: readonly [x: number, y: number, z: number]; readonly distance: number };
  /** the camera's angles [rad]: around the vertical, where −π/2 is behind the areas' z axis, and down from the vertical */
  readonly angles?: { readonly around: number; readonly down: number };
  /** of nodes, by name; others are a neutral gray */
  readonly colors: Readonly<Record<string, Colors>>;
  /** names of the nodes that show their agent's return; defaults to an agent's own node and its descendants */
  readonly tinted?: readonly string[];
  /** returns at both ends of the color scale; defaults to the lowest and highest displayed */
  readonly returns?: { readonly worst: number; readonly best: number };
  /** which keys drive an agent; chosen by its action layout by default */
  readonly keys?: KeyBindings;
  /** Adds scenery that the environment's `build` does not need. Called once per scene; returns a function that applies a theme's colors. */
  decorate?(scene: Scene): Paint;
}

/** Applies the colors of a theme to a decorated scene. */
export type Paint = (theme: Theme) => void;
