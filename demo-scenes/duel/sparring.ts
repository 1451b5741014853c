import type { Random } from '../../plugin/index.ts';
import type { Bot } from './bot.ts';

/**
 * A partner without a mind, for training: it runs at its opponent and dashes when it is near. Bots that learn from each
 * other alone grow careful together, and know no answer to somebody who just charges, as people do.
 */
export class Sparring {
  readonly #me: Bot;
  readonly #other: Bot;
  /** how hard it pushes, from 0.5 to 1 */
  #push = 1;
  /** m within which it dashes */
  #reach = 2.5;
  /** how far it runs past to the side, −0.3 … 0.3 */
  #aside = 0;

  constructor(me: Bot, other: Bot) {
    this.#me = me;
    this.#other = other;
  }

  /** Draws how it fights this round. */
  begin(random: Random): void {
    this.#push = random.between(0.5, 1);
    this.#reach = random.between(1.6, 4);
    this.#aside = random.between(-0.3, 0.3);
  }

  /** Decides as a policy would. */
  decide(): void {
    this.#me.frame.aim(this.#me.position, this.#other.position);
    this.#me.steer(this.#aside * this.#push, this.#push);
    if (this.#me.frame.distance < this.#reach) this.#me.dash();
  }
}
