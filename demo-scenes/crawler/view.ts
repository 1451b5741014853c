import type { AreasView, Colors } from '../view.ts';

const UPPER: Colors = { light: '#f2b632', dark: '#f0b94a' };
const LOWER: Colors = { light: '#39424f', dark: '#8f9bb0' };
const EYE: Colors = { light: '#1c222b', dark: '#11151c' };

const LEGS = [0, 1, 2, 3];

/** Round crawlers on yellow and black legs, and the ball that each of them chases. */
export const view: AreasView = {
  spacing: 8,
  floor: 0,
  near: { target: [0, 0.3, 0], distance: 15 },
  angles: { around: -Math.PI / 2.6, down: 1.02 },
  colors: {
    body: { light: '#ffffff', dark: '#c3cee2' },
    eye: EYE,
    target: { light: '#e8532a', dark: '#ff8a5c' },
    ...Object.fromEntries(LEGS.flatMap((i) => [[`upper-${i}`, UPPER] as const, [`lower-${i}`, LOWER] as const])),
  },
  tinted: ['body'],
  returns: { worst: 0, best: 3500 },
  keys: {
    smoothing: 0.1,
    bindings: ['front left', 'front right', 'back right', 'back left'].flatMap((leg, i) => [
      { keys: [`Key${'QWER'[i]}`], entry: 3 * i, value: -1, does: `lift the ${leg} leg` },
      { keys: [`Key${'ASDF'[i]}`], entry: 3 * i + 1, value: i === 0 || i === 3 ? 1 : -1, does: `swing it forward` },
      { keys: [`Key${'ZXCV'[i]}`], entry: 3 * i + 1, value: i === 0 || i === 3 ? -1 : 1, does: `swing it back` },
    ]),
  },
};
