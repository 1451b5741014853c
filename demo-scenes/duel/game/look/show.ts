import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Random } from '../../../../plugin/index.ts';
import type { Duel } from '../../duel.ts';
import { untilDrop } from '../../round.ts';
import { BotLook } from './bot-look.ts';
import { CameraWork } from './camera-work.ts';
import { PALETTE } from './palette.ts';
import { RingLook } from './ring.ts';
import { createScenery } from './scenery.ts';
import { Sparks } from './sparks.ts';
import type { Stage } from './stage.ts';

/** of the sparks, which nobody needs to see twice the same or different */
const SEED = 1;

/** All that is seen of a duel. It reads the fight and never changes it. */
export class Show {
  readonly bots: readonly [person: BotLook, opponent: BotLook];
  readonly #duel: Duel;
  readonly #ring: RingLook;
  readonly #sparks: Sparks;
  readonly #camera: CameraWork;
  readonly #colors = [Color3.FromHexString(PALETTE.person), Color3.White()];

  constructor(stage: Stage, duel: Duel) {
    this.#duel = duel;
    createScenery(stage.scene);
    this.#ring = new RingLook(stage.scene);
    this.bots = [new BotLook(stage, duel.bots[0]), new BotLook(stage, duel.bots[1])];
    this.#sparks = new Sparks(stage.scene, new Random(SEED));
    this.#camera = new CameraWork(stage.camera);
    this.bots[0].dress(PALETTE.person, 0.1);
  }

  /** Gives the opponent its color and its face. */
  dressOpponent(color: string, temper: number): void {
    this.#colors[1] = Color3.FromHexString(color);
    this.bots[1].dress(color, temper);
  }

  /** A round begins: the bots stand at their marks. */
  reset(): void {
    for (const bot of this.bots) bot.place();
  }

  /** Lets whoever lost a round by falling fall out of the picture. */
  fall(): boolean {
    const fallen = this.bots.filter((_, i) => !this.#duel.bots[i].grounded);
    for (const bot of fallen) bot.fall();
    return fallen.length > 0;
  }

  hit(strength: number, point: Vector3): void {
    for (const bot of this.bots) bot.squash(strength);
    this.#camera.shake(strength);
    this.#sparks.burst(point, Math.round(6 + 22 * strength), 3 + 7 * strength, PALETTE.sun);
  }

  dash(bot: 0 | 1): void {
    const { position, push } = this.#duel.bots[bot];
    this.#sparks.burst(position, 12, 2.5, this.#colors[bot], push.scale(-4));
  }

  drop(): void {
    this.#camera.shake(0.6);
  }

  /** After every physics step. */
  step(): void {
    for (const bot of this.bots) bot.step();
  }

  /** Draws a frame, `progress` of the way from one physics step to the next. */
  update(seconds: number, progress: number, touring: boolean): void {
    const { platform } = this.#duel;
    for (const bot of this.bots) bot.update(seconds, progress);
    this.#ring.update(seconds, platform.drops, platform.drops < 2 ? untilDrop(this.#duel.seconds) : Infinity);
    this.#sparks.update(seconds);
    this.#camera.update(seconds, this.bots[0].root.position, this.bots[1].root.position, platform.radius, touring);
  }
}
