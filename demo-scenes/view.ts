import type { Scene } from '@babylonjs/core/scene.js';

/** How the page shows an environment. Workers never load it. */
export interface View {
  /** copies on display */
  readonly areas: number;
  /** m between the middles of neighbouring copies; nearer together than in training, where nobody looks */
  readonly spacing: number;
  /** Adds camera, light and materials to what the environment's `build` made. */
  decorate(scene: Scene): Paint;
}

/** Gives a decorated scene the colours of a theme. */
export type Paint = (theme: Theme) => void;

export type Theme = 'light' | 'dark';
