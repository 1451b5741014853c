import { writeFileSync } from 'node:fs';
import { type GlbNode, prism, ring, writeGlb } from './glb-writer.ts';

/** Writes demo-scenes/beacon-yard/yard.glb: `node --import tsx scripts/beacon-yard.ts`. Modeled in half meters, as its root node says. */
const CUBE = prism(4, Math.SQRT1_2, Math.SQRT1_2, Math.PI / 4);

type Triple = readonly [number, number, number];

const box = (name: string, at: Triple, size: Triple, material: string, turn = 0): GlbNode => ({
  name,
  translation: at,
  turn,
  scale: size,
  mesh: ['cube', material],
});

const walls = [0, 90, 180, 270].map(
  (turn, i): GlbNode => ({
    name: `side-${i}`,
    turn,
    children: [
      box(`wall-${i}`, [0, 1, 21.5], [44, 2, 1], 'wall'),
      box(`rail-${i}`, [0, 2.2, 21.5], [44, 0.4, 1.3], 'rail'),
      { name: `post-${i}`, translation: [21.5, 1.6, 21.5], scale: [2.2, 3.2, 2.2], mesh: ['drum', 'rail'] },
    ],
  }),
);

/** Where each stands, how it is turned [°], and its size: between the pads, with room to pass and to come up to each. */
const CRATES: readonly (readonly [number, number, number, number])[] = [
  [-8, 4, 20, 3],
  [3.6, 5.4, 55, 3],
  [7.4, -4.8, 10, 3],
  [-4.4, -9.5, 35, 3.4],
  [13.5, -1, 75, 2.6],
  [-15.5, -9.6, -15, 3.2],
];
const crates = CRATES.map(
  ([x, z, turn, size], i): GlbNode => ({
    name: `stack-${i}`,
    translation: [x, 0, z],
    turn,
    children: [
      box(`crate-${i}`, [0, size / 2, 0], [size, size, size * 1.4], i % 2 ? 'wood' : 'container'),
      box(`lid-${i}`, [0, size, 0], [size * 1.06, 0.25, size * 1.46], 'rail'),
    ],
  }),
);

const TANKS: readonly (readonly [number, number])[] = [
  [0, 13],
  [-15, 13],
  [14, -14],
];
const tanks = TANKS.map(
  ([x, z], i): GlbNode => ({
    name: `tank-${i}`,
    translation: [x, 2, z],
    scale: [3.4, 4, 3.4],
    mesh: ['drum', 'tank'],
    children: [{ name: `dome-${i}`, translation: [0, 0.62, 0], scale: [1, 0.24, 1], mesh: ['dome', 'rail'] }],
  }),
);

const pads = Array.from({ length: 8 }, (_, i): GlbNode => {
  const angle = ((i + 0.35) / 8) * 2 * Math.PI;
  const radius = i % 2 ? 17 : 11.5;
  return {
    name: `pad-${i}`,
    translation: [radius * Math.sin(angle), 0.06, radius * Math.cos(angle)],
    scale: [2, 0.12, 2],
    mesh: ['drum', 'pad'],
  };
});

const beacon: GlbNode = {
  name: 'beacon',
  translation: [0, 0, 11.5],
  turn: 30,
  children: [
    { name: 'mast', translation: [0, 2.2, 0], scale: [0.3, 4.4, 0.3], mesh: ['drum', 'rail'] },
    { name: 'lamp', translation: [0, 4.9, 0], scale: [1.1, 1.3, 1.1], mesh: ['gem', 'beacon'] },
    { name: 'lamp-below', translation: [0, 4.25, 0], scale: [1.1, -0.5, 1.1], mesh: ['gem', 'beacon'] },
    { name: 'halo', translation: [0, 0.5, 0], scale: [1.5, 1, 1.5], mesh: ['ring', 'beacon'] },
  ],
};

/** Its nose points along its own +z, its node sits in the middle of its hull: 1.2 m wide, 0.5 m high, 1.8 m long. */
const craft: GlbNode = {
  name: 'craft',
  translation: [0, 0.4, 0],
  turn: -70,
  scale: [0.8, 0.8, 0.8],
  children: [
    box('hull', [0, 0.05, -0.1], [1.1, 0.32, 1.5], 'craft'),
    { name: 'nose', translation: [0, 0.05, 0.72], scale: [1.1, 0.32, 0.5], mesh: ['wedge', 'craft'] },
    { name: 'skirt', translation: [0, -0.15, 0], scale: [1.3, 0.2, 1.9], mesh: ['drum', 'rubber'] },
    box('cabin', [0, 0.33, 0.1], [0.62, 0.3, 0.6], 'glass'),
    box('roof', [0, 0.5, 0.05], [0.68, 0.05, 0.7], 'craft'),
    box('stripe', [0, 0.22, -0.1], [0.3, 0.02, 1.5], 'stripe'),
    ...[-0.35, 0.35].map(
      (x, i): GlbNode => ({
        name: `fan-${i}`,
        translation: [x, 0.42, -0.75],
        children: [
          box(`vane-${i}`, [0, 0, 0], [0.05, 0.5, 0.2], 'rail'),
          box(`blade-${i}`, [0, 0, 0.1], [0.52, 0.08, 0.04], 'stripe', 12),
        ],
      }),
    ),
    ...[-0.36, 0.36].map((x, i) => box(`light-${i}`, [x, 0.08, 0.94], [0.18, 0.1, 0.1], 'lamp')),
  ],
};

/** A roof without sides, open at the back. */
const nose = [
  [-0.5, -0.5, -0.5],
  [0.5, -0.5, -0.5],
  [0.5, 0.5, -0.5],
  [-0.5, 0.5, -0.5],
  [-0.35, -0.5, 0.5],
  [0.35, -0.5, 0.5],
];
const face = (...corners: number[]) => corners.flatMap((i) => nose[i]);

const glb = writeGlb({
  shapes: {
    cube: CUBE,
    drum: prism(16, 0.5, 0.5),
    dome: prism(16, 0.5, 0.2),
    gem: prism(6, 0.5, 0),
    ring: ring(24, 6, 0.85, 0.1),
    wedge: [...face(3, 4, 5), ...face(3, 5, 2), ...face(1, 2, 5), ...face(0, 4, 3), ...face(0, 1, 5), ...face(0, 5, 4)],
  },
  materials: {
    ground: { color: '#8f9a86', roughness: 0.95 },
    lane: { color: '#a3ad99', roughness: 0.95 },
    wall: { color: '#d9d4c7' },
    rail: { color: '#4a5560' },
    wood: { color: '#c08a4e' },
    container: { color: '#3f7f93' },
    tank: { color: '#d8dde0', roughness: 0.5 },
    pad: { color: '#f0e8d2' },
    beacon: { color: '#ffb02e', glow: '#b36a00' },
    craft: { color: '#e8532a', roughness: 0.45 },
    stripe: { color: '#fff4e2' },
    rubber: { color: '#262b31', roughness: 0.9 },
    glass: { color: '#2c4a5c', roughness: 0.2 },
    lamp: { color: '#fff6cf', glow: '#c9b86a' },
  },
  root: {
    name: 'yard',
    turn: 25,
    scale: [0.5, 0.5, 0.5],
    children: [
      box('ground', [0, -0.5, 0], [44, 1, 44], 'ground'),
      { name: 'lane', translation: [0, 0.01, 0], scale: [28, 0.04, 28], mesh: ['drum', 'lane'] },
      ...walls,
      { name: 'obstacles', turn: 40, children: [...crates, ...tanks] },
      { name: 'pads', children: pads },
      { name: 'garage', translation: [-2, 0.25, 1.5], turn: 120, scale: [2, 2, 2], children: [craft] },
      beacon,
    ],
  },
});
writeFileSync(new URL('../demo-scenes/beacon-yard/yard.glb', import.meta.url), glb);
process.stdout.write(`demo-scenes/beacon-yard/yard.glb: ${glb.length} bytes\n`);
