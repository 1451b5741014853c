import type { Stroke } from '../../pictures/svg.ts';
import { SETTINGS } from '../protocol.ts';

/** A hue for each family, from light to dark as its parameter grows. Dashes tell the two lone settings from all others without color. */
const COLORS = {
  clip: ['#78aeeb', '#2b74c8', '#0d3a73'],
  'kl-adaptive': ['#6cc5a4', '#159a6c', '#05543a'],
  'kl-fixed': ['#f8b85c', '#ef8a17', '#bd5a02', '#713100'],
  unclipped: ['#3a3a3a'],
  'policy-gradient': ['#d81e3f'],
} as const;

const DASHES: Readonly<Record<string, string>> = { unclipped: '5 3', 'policy-gradient': '2 2.5' };

/** The stroke of each setting; what the paper recommends is drawn wider. */
export const STROKES: ReadonlyMap<string, Stroke> = new Map(
  SETTINGS.map(({ name, learner: { objective } }) => {
    const family = SETTINGS.filter(({ learner }) => learner.objective === objective);
    const color = COLORS[objective][family.findIndex((setting) => setting.name === name)];
    const dashes = DASHES[objective];
    return [name, { color, width: name === 'clip-0.2' ? 2.5 : 1.5, ...(dashes && { dashes }) }];
  }),
);
