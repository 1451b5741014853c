import { Color3 } from '@babylonjs/core/Maths/math.color.js';

const hex = (color: string) => Color3.FromHexString(color);

/** The evening that the fight takes place in; everything that is drawn takes its colors from here. */
export const PALETTE = {
  /** of the sky, from the horizon up */
  horizon: hex('#ffc08a'),
  glow: hex('#f2798f'),
  middle: hex('#6d4a9c'),
  zenith: hex('#161b4a'),
  sun: hex('#fff1cf'),
  /** what lies in the distance fades into this */
  haze: hex('#e58f93'),
  /** of the clouds far below, near and far */
  cloud: hex('#b7709f'),
  cloudShade: hex('#473a80'),
  mountain: hex('#2c2a63'),
  stone: hex('#4b4a78'),
  stoneDark: hex('#2b2a52'),
  /** of the ring's edges, at rest and about to fall */
  edge: hex('#7be0ff'),
  danger: hex('#ff5a4d'),
  person: '#38d5ff',
} as const;
