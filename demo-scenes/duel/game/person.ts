import type { CheckedController } from '../../../plugin/index.ts';
import type { Duel } from '../duel.ts';
import { Frame } from '../frame.ts';
import type { Source, Wish } from './input/source.ts';

/** decisions for which a dash that cannot be had yet is kept: 0.2 s, so that a press just before the recharge counts */
const PATIENCE = 3;

/** A person as the controller of the first bot: decides when a policy would, from what all devices are held at. */
export class Person implements CheckedController {
  readonly #duel: Duel;
  readonly #sources: readonly Source[];
  readonly #frame = new Frame();
  readonly #wish: Wish = { x: 0, z: 0 };
  /** decisions for which a dash is still wanted */
  #dash = 0;

  constructor(duel: Duel, sources: readonly Source[]) {
    this.#duel = duel;
    this.#sources = sources;
  }

  /** Asks for a dash at the next decision that allows it. */
  wantDash(): void {
    this.#dash = PATIENCE;
  }

  act(_observation: Float32Array, action: Float32Array, mask: Uint8Array): void {
    const [me, other] = this.#duel.bots;
    const wish = this.#readWish();
    this.#frame.aim(me.position, other.position);
    action[0] = this.#frame.right(wish.x, wish.z);
    action[1] = this.#frame.forward(wish.x, wish.z);
    const dashes = this.#dash > 0 && mask[1] === 1;
    action[2] = dashes ? 1 : 0;
    this.#dash = dashes ? 0 : Math.max(this.#dash - 1, 0);
  }

  /** All devices' wishes together, 1 long at the most. */
  #readWish(): Wish {
    const wish = this.#wish;
    wish.x = wish.z = 0;
    for (const source of this.#sources) source.add(wish);
    const length = Math.hypot(wish.x, wish.z);
    if (length > 1) {
      wish.x /= length;
      wish.z /= length;
    }
    return wish;
  }
}
