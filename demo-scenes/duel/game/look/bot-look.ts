import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Bot } from '../../bot.ts';
import { type BotModel, createBotModel } from './bot-model.ts';
import type { Stage } from './stage.ts';

/** 1/s at which it turns to where it looks, and leans */
const TURNING = 12;
/** m from which a bot was put somewhere else, not moved */
const JUMP = 1.5;

/** What is seen of a bot: a hull with a bumper and two eyes on its opponent. It leans into its push, and tumbles when it falls. */
export class BotLook {
  readonly #bot: Bot;
  readonly #model: BotModel;
  readonly #now = new Vector3();
  readonly #before = new Vector3();
  readonly #falling = new Vector3();
  /** s since it was let fall; negative while physics says where it is */
  #fallen = -1;
  /** share of its width that a hit has just taken */
  #squash = 0;

  constructor(stage: Stage, bot: Bot) {
    this.#bot = bot;
    this.#model = createBotModel(stage);
    this.place();
  }

  /** Where it is drawn. */
  get root(): TransformNode {
    return this.#model.root;
  }

  /** Takes a color `#rrggbb` and a look on its face: its eyes slant by `temper` rad. */
  dress(color: string, temper: number): void {
    const { paint, light, eyes } = this.#model;
    const own = Color3.FromHexString(color);
    paint.diffuseColor = Color3.Lerp(own, Color3.White(), 0.1);
    paint.emissiveColor = own.scale(0.12);
    light.emissiveColor = Color3.Lerp(own, Color3.White(), 0.35);
    eyes.forEach((eye, i) => {
      eye.rotation.z = temper * (i === 0 ? -1 : 1);
      eye.scaling.y = temper > 0 ? 0.62 : 1.25;
    });
  }

  /** Reads where physics has put it; after every physics step. */
  step(): void {
    this.#before.copyFrom(this.#now);
    this.#now.copyFrom(this.#bot.position);
    if (Vector3.DistanceSquared(this.#before, this.#now) > JUMP * JUMP) this.place();
  }

  /** Takes the place that it was given, with nothing in between. */
  place(): void {
    this.#now.copyFrom(this.#bot.position);
    this.#before.copyFrom(this.#now);
    this.#fallen = -1;
    this.root.rotation.set(0, this.#heading(), 0);
  }

  /** Lets it fall off the picture from where it is, with the speed that it has. */
  fall(): void {
    this.#fallen = 0;
    this.#falling.copyFrom(this.#bot.readVelocity());
  }

  /** Shows a hit; 1 is a hard one. */
  squash(strength: number): void {
    this.#squash = Math.max(this.#squash, 0.28 * strength);
  }

  /** Draws it between the last two physics steps: 0 = at the first, 1 = at the second. */
  update(seconds: number, progress: number): void {
    const { root } = this;
    if (this.#fallen >= 0) this.#tumble(seconds);
    else {
      Vector3.LerpToRef(this.#before, this.#now, progress, root.position);
      this.#lean(seconds);
    }
    this.#squash *= Math.exp(-9 * seconds);
    root.scaling.set(1 - this.#squash * 0.5, 1 + this.#squash, 1 - this.#squash * 0.5);
    const { charge } = this.#bot;
    this.#model.cap.scaling.set(0.3 + 0.7 * charge, charge < 1 ? 0.5 : 1, 0.3 + 0.7 * charge);
  }

  #lean(seconds: number): void {
    const { rotation } = this.root;
    const { push } = this.#bot;
    const share = 1 - Math.exp(-TURNING * seconds);
    const heading = this.#heading();
    const way = Math.atan2(Math.sin(heading - rotation.y), Math.cos(heading - rotation.y));
    rotation.y += way * share;
    const forward = push.x * Math.sin(rotation.y) + push.z * Math.cos(rotation.y);
    const right = push.x * Math.cos(rotation.y) - push.z * Math.sin(rotation.y);
    rotation.x += (0.24 * forward - rotation.x) * share;
    rotation.z += (-0.24 * right - rotation.z) * share;
  }

  #tumble(seconds: number): void {
    const { position, rotation } = this.root;
    this.#fallen += seconds;
    this.#falling.y -= 18 * seconds;
    this.#falling.scaleAndAddToRef(seconds, position);
    rotation.x += 5 * seconds;
    rotation.z += 2.2 * seconds;
  }

  /** rad around y that faces its opponent */
  #heading(): number {
    return Math.atan2(this.#bot.frame.x, this.#bot.frame.z);
  }
}
