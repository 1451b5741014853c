import balanceBallPolicy from './balance-ball/balance-ball.safetensors?url';
import type { View } from './view.ts';

/** What the page knows of an environment besides its entry in the catalogue. */
export interface DemoScene {
  /** in the catalogue */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** address of the trained policy that the demo ships */
  readonly policy: string;
  view(): Promise<View>;
}

/** The scenes that the page shows. */
export const scenes: readonly DemoScene[] = [
  {
    name: 'balance-ball',
    title: 'Balance ball',
    about: 'Each platform tilts about two axes and must keep its ball from falling off.',
    policy: balanceBallPolicy,
    view: async () => (await import('./balance-ball/view.ts')).view,
  },
];
