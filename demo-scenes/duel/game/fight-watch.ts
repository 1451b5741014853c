import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { BOT_RADIUS } from '../bot.ts';
import type { Duel } from '../duel.ts';

/** What is seen and heard of a fight. */
export interface FightEvents {
  /** two bots met at a point; a strength of 1 is a dash at full speed */
  onHit(strength: number, point: Vector3): void;
  /** bot 0 or 1 dashed */
  onDash(bot: 0 | 1): void;
  /** a ring fell away */
  onDrop(): void;
}

/** m/s of closing speed that a strength of 1 stands for, and the least that counts as a hit */
const HARD = 8;
const LEAST = 0.8;
/** physics steps after a hit in which no other counts: one that lasts for several steps is one */
const DEAF = 8;

/** Finds hits, dashes and drops by comparing one physics step with the next, so that the fight itself tells nobody. */
export class FightWatch {
  readonly #duel: Duel;
  readonly #events: FightEvents;
  readonly #dashes = [0, 0];
  readonly #point = new Vector3();
  readonly #way = new Vector3();
  #drops = 0;
  /** m/s at which the bots came nearer after the last step */
  #closing = 0;
  /** steps until a hit may count again */
  #deaf = 0;

  constructor(duel: Duel, events: FightEvents) {
    this.#duel = duel;
    this.#events = events;
  }

  /** Looks again; after every physics step. */
  step(): void {
    const { bots, platform } = this.#duel;
    bots.forEach((bot, i) => {
      if (bot.dashes > this.#dashes[i]) this.#events.onDash(i as 0 | 1);
      this.#dashes[i] = bot.dashes;
    });
    if (platform.drops > this.#drops) this.#events.onDrop();
    this.#drops = platform.drops;
    this.#findHit();
  }

  /** Two bots that are near have met when they suddenly come nearer no longer. */
  #findHit(): void {
    const [first, second] = this.#duel.bots;
    second.position.subtractToRef(first.position, this.#way);
    const distance = this.#way.length();
    const [mine, theirs] = [first.readVelocity(), second.readVelocity()];
    const closing = (Vector3.Dot(mine, this.#way) - Vector3.Dot(theirs, this.#way)) / distance;
    const met = distance < 2 * BOT_RADIUS + 0.3 && this.#closing > LEAST && closing < 0.5 * this.#closing;
    this.#deaf--;
    if (met && this.#deaf < 0) {
      Vector3.LerpToRef(first.position, second.position, 0.5, this.#point);
      this.#events.onHit(Math.min(this.#closing / HARD, 1), this.#point);
      this.#deaf = DEAF;
    }
    this.#closing = closing;
  }
}
