import type { TrainingRecord } from '../plugin/index.ts';
import { record as balanceBallRecord } from './balance-ball/balance-ball.safetensors?record';
import balanceBallPolicy from './balance-ball/balance-ball.safetensors?url';
import balanceBallDark from './balance-ball/picture-dark.webp';
import balanceBallLight from './balance-ball/picture-light.webp';
import { record as balanceBallHardRecord } from './balance-ball-hard/balance-ball-hard.safetensors?record';
import balanceBallHardPolicy from './balance-ball-hard/balance-ball-hard.safetensors?url';
import balanceBallHardDark from './balance-ball-hard/picture-dark.webp';
import balanceBallHardLight from './balance-ball-hard/picture-light.webp';
import { record as basicRecord } from './basic/basic.safetensors?record';
import basicPolicy from './basic/basic.safetensors?url';
import basicDark from './basic/picture-dark.webp';
import basicLight from './basic/picture-light.webp';
import { record as beaconYardRecord } from './beacon-yard/beacon-yard.safetensors?record';
import beaconYardPolicy from './beacon-yard/beacon-yard.safetensors?url';
import beaconYardDark from './beacon-yard/picture-dark.webp';
import beaconYardLight from './beacon-yard/picture-light.webp';
import { record as crawlerRecord } from './crawler/crawler.safetensors?record';
import crawlerPolicy from './crawler/crawler.safetensors?url';
import crawlerDark from './crawler/picture-dark.webp';
import crawlerLight from './crawler/picture-light.webp';
import duelDark from './duel/picture-dark.webp';
import duelLight from './duel/picture-light.webp';
import { record as duelRecord } from './duel/policies/hard.safetensors?record';
import duelPolicy from './duel/policies/hard.safetensors?url';
import { record as foodCollectorRecord } from './food-collector/food-collector.safetensors?record';
import foodCollectorPolicy from './food-collector/food-collector.safetensors?url';
import foodCollectorDark from './food-collector/picture-dark.webp';
import foodCollectorLight from './food-collector/picture-light.webp';
import { record as gridWorldRecord } from './grid-world/grid-world.safetensors?record';
import gridWorldPolicy from './grid-world/grid-world.safetensors?url';
import gridWorldDark from './grid-world/picture-dark.webp';
import gridWorldLight from './grid-world/picture-light.webp';
import pushBlockDark from './push-block/picture-dark.webp';
import pushBlockLight from './push-block/picture-light.webp';
import { record as pushBlockRecord } from './push-block/push-block.safetensors?record';
import pushBlockPolicy from './push-block/push-block.safetensors?url';
import type { Theme, View } from './view.ts';
import wallJumpDark from './wall-jump/picture-dark.webp';
import wallJumpLight from './wall-jump/picture-light.webp';
import smallWallPolicy from './wall-jump/small-wall.safetensors?url';
import { record as wallJumpRecord } from './wall-jump/wall-jump.safetensors?record';
import wallJumpPolicy from './wall-jump/wall-jump.safetensors?url';

/** What the page knows of an environment besides its entry in the catalog. */
export interface DemoScene {
  /** in the catalog */
  readonly name: string;
  readonly title: string;
  /** one sentence */
  readonly about: string;
  /** addresses of what `npm run pictures` made of it */
  readonly pictures: Readonly<Record<Theme, string>>;
  /** addresses of the trained policies that the demo ships: one for each policy that its agents name */
  readonly policyPaths: readonly string[];
  /** what training reached with that policy, read from its file when the page is built */
  readonly record: TrainingRecord | undefined;
  /** address of a game that a person plays against the policy; its agents learned from one another, so that returns mean little */
  readonly game?: string;
  view(): Promise<View>;
}

/** The scenes that the page shows. */
export const scenes: readonly DemoScene[] = [
  {
    name: 'balance-ball',
    title: 'Balance ball',
    about: 'Each platform tilts about two axes and must keep its ball from falling off.',
    pictures: { light: balanceBallLight, dark: balanceBallDark },
    policyPaths: [balanceBallPolicy],
    record: balanceBallRecord,
    view: async () => (await import('./balance-ball/view.ts')).view,
  },
  {
    name: 'balance-ball-hard',
    title: 'Balance ball, hard',
    about: 'The same without velocities: how the ball moves, the platform must tell from its last nine looks.',
    pictures: { light: balanceBallHardLight, dark: balanceBallHardDark },
    policyPaths: [balanceBallHardPolicy],
    record: balanceBallHardRecord,
    view: async () => (await import('./balance-ball-hard/view.ts')).view,
  },
  {
    name: 'basic',
    title: 'Basic',
    about: 'A pawn may take a small reward three stones away, or walk on to a large one.',
    pictures: { light: basicLight, dark: basicDark },
    policyPaths: [basicPolicy],
    record: basicRecord,
    view: async () => (await import('./basic/view.ts')).view,
  },
  {
    name: 'beacon-yard',
    title: 'Beacon yard',
    about: 'A hovercraft in a scene from a glTF file steers past crates and tanks, from one beacon to the next.',
    pictures: { light: beaconYardLight, dark: beaconYardDark },
    policyPaths: [beaconYardPolicy],
    record: beaconYardRecord,
    view: async () => (await import('./beacon-yard/view.ts')).view,
  },
  {
    name: 'crawler',
    title: 'Crawler',
    about: 'A round body on four legs walks to one target after another, as fast as it is told.',
    pictures: { light: crawlerLight, dark: crawlerDark },
    policyPaths: [crawlerPolicy],
    record: crawlerRecord,
    view: async () => (await import('./crawler/view.ts')).view,
  },
  {
    name: 'duel',
    title: 'Duel',
    about: 'Two bots, one policy: each tries to push the other off a ring that falls apart.',
    pictures: { light: duelLight, dark: duelDark },
    policyPaths: [duelPolicy],
    record: duelRecord,
    game: 'duel/',
    view: async () => (await import('./duel/view.ts')).view,
  },
  {
    name: 'food-collector',
    title: 'Food collector',
    about: 'Five foragers see a map around them, gather the good food, leave the bad, and may freeze each other.',
    pictures: { light: foodCollectorLight, dark: foodCollectorDark },
    policyPaths: [foodCollectorPolicy],
    record: foodCollectorRecord,
    view: async () => (await import('./food-collector/view.ts')).view,
  },
  {
    name: 'grid-world',
    title: 'Grid world',
    about: 'A walker on a checkered board is told which of two symbols to reach, and must not step on the other.',
    pictures: { light: gridWorldLight, dark: gridWorldDark },
    policyPaths: [gridWorldPolicy],
    record: gridWorldRecord,
    view: async () => (await import('./grid-world/view.ts')).view,
  },
  {
    name: 'push-block',
    title: 'Push block',
    about: 'A cube that sees by rays pushes a block into the goal, wherever the two of them begin.',
    pictures: { light: pushBlockLight, dark: pushBlockDark },
    policyPaths: [pushBlockPolicy],
    record: pushBlockRecord,
    view: async () => (await import('./push-block/view.ts')).view,
  },
  {
    name: 'wall-jump',
    title: 'Wall jump',
    about: 'A cube jumps over a low wall; to a high one it first pushes a block to climb on. Two policies take turns.',
    pictures: { light: wallJumpLight, dark: wallJumpDark },
    policyPaths: [wallJumpPolicy, smallWallPolicy],
    record: wallJumpRecord,
    view: async () => (await import('./wall-jump/view.ts')).view,
  },
];
