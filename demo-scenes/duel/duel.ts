import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { AreaContext, Random } from '../../plugin/index.ts';
import { Bot } from './bot.ts';
import { Platform } from './platform.ts';
import { countDrops, judge, STEPS_A_SECOND, type Verdict } from './round.ts';

/** physics steps that an action is held */
export const DECISION_PERIOD = 4;

/** The duels of all areas, by their root nodes. */
const duels = new WeakMap<TransformNode, Duel>();

/** Two bots on a platform and the round that they fight: what the environment rewards, and what the game shows. */
export class Duel {
  readonly platform: Platform;
  readonly bots: readonly [first: Bot, second: Bot];
  /** of the running round; undefined while it goes on */
  verdict: Verdict | undefined;
  #steps = 0;

  /** The duel that was built under an area's root. */
  static of(root: TransformNode): Duel {
    const duel = duels.get(root);
    if (!duel) throw new Error(`Node "${root.name}" is not the root of a duel.`);
    return duel;
  }

  constructor(area: AreaContext) {
    this.platform = new Platform(area);
    this.bots = [new Bot('first', area), new Bot('second', area)];
    duels.set(area.root, this);
  }

  /** s of this round so far */
  get seconds(): number {
    return this.#steps / STEPS_A_SECOND;
  }

  /** Whether the coming physics step is the first that a new decision is held for. */
  get atDecision(): boolean {
    return this.#steps % DECISION_PERIOD === 0;
  }

  /** Begins a round: the bots face each other across the middle, `mark` m from it; at any angle, ± 1.5 m, for a `scatter` of 1. */
  begin(random: Random, mark: number, scatter: number): void {
    this.#steps = 0;
    this.verdict = undefined;
    this.platform.shrink(0);
    const angle = -Math.PI / 2 + scatter * random.between(-Math.PI, Math.PI);
    const distance = mark + scatter * random.between(-1.5, 1.5);
    const x = Math.cos(angle) * distance;
    const z = Math.sin(angle) * distance;
    this.bots[0].place(x, z);
    this.bots[1].place(-x, -z);
  }

  /** Lives on by the physics step that was just taken. */
  afterStep(): void {
    this.#steps++;
    const [first, second] = this.bots;
    first.recharge();
    second.recharge();
    this.platform.shrink(countDrops(this.seconds));
    this.verdict ??= judge(first, second, this.seconds);
  }
}
