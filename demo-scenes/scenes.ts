import type { TrainingRecord } from '../plugin/index.ts';
import { record as balanceBallRecord } from './balance-ball/balance-ball.safetensors?record';
import balanceBallPolicy from './balance-ball/balance-ball.safetensors?url';
import balanceBallDark from './balance-ball/picture-dark.webp';
import balanceBallLight from './balance-ball/picture-light.webp';
import type { Theme, View } from './view.ts';

/** What the page knows of an environment besides its entry in the catalogue. */
export interface DemoScene {
  /** in the catalogue */
  readonly name: string;
  readonly title: string;
  /** one sentence */
  readonly about: string;
  /** addresses of what `npm run pictures` made of it */
  readonly pictures: Readonly<Record<Theme, string>>;
  /** address of the trained policy that the demo ships */
  readonly policy: string;
  /** what training reached with that policy, read from its file when the page is built */
  readonly record: TrainingRecord | undefined;
  view(): Promise<View>;
}

/** The scenes that the page shows. */
export const scenes: readonly DemoScene[] = [
  {
    name: 'balance-ball',
    title: 'Balance ball',
    about: 'Each platform tilts about two axes and must keep its ball from falling off.',
    pictures: { light: balanceBallLight, dark: balanceBallDark },
    policy: balanceBallPolicy,
    record: balanceBallRecord,
    view: async () => (await import('./balance-ball/view.ts')).view,
  },
];
