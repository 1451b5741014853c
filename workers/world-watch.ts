import type { Notices } from '../plugin/core/notices.ts';
import type { Area } from '../plugin/scene/area.ts';
import type { Environment } from '../plugin/scene/environment.ts';
import { TagWatch } from '../plugin/scene/tag-watch.ts';
import { CharacterWatch } from './character-watch.ts';
import { FallWatch } from './fall-watch.ts';
import { FrameWatch } from './frame-watch.ts';
import { ResetWatch } from './reset-watch.ts';

/** Watches a world for mistakes that would waste training; each watch ends once it has seen enough. */
export class WorldWatch {
  readonly #areas: readonly Area[];
  readonly #notices: Notices;
  #tags: TagWatch | undefined;
  /** of the first area */
  #resets: ResetWatch | undefined;
  #falls: FallWatch | undefined;
  #characters: CharacterWatch | undefined;
  /** of the first scene */
  #frames: FrameWatch | undefined;
  #decisions = 0;
  /** whether the first area's episode was over when the areas that are over began to restart */
  #over = false;

  constructor(areas: readonly Area[], environment: Environment, notices: Notices) {
    const [first] = areas;
    this.#areas = areas;
    this.#notices = notices;
    this.#tags = new TagWatch(areas.flatMap(({ agents }) => agents));
    this.#resets = new ResetWatch(first, environment, notices);
    this.#falls = new FallWatch(first, environment, notices);
    this.#characters = new CharacterWatch(first, environment.name, notices);
    this.#frames = new FrameWatch(first.scene, environment, notices);
  }

  /** New episodes are about to begin in the areas that are over. */
  restarting(): void {
    this.#over = (this.#resets ?? this.#falls ?? this.#characters) !== undefined && this.#areas[0].over;
    if (!this.#over) return;
    this.#resets?.end();
    this.#characters?.end();
  }

  /** They have begun. */
  restarted(): void {
    if (!this.#over) return;
    this.#resets?.begin();
    this.#falls?.begin();
    this.#characters?.begin();
  }

  /** A decision is over. */
  decided(): void {
    if (this.#tags) this.#lookAtTags(this.#tags, this.#areas[this.#decisions++ % this.#areas.length]);
    this.#resets?.decided();
    if (this.#resets?.done) this.#resets = undefined;
    this.#falls?.decided();
    if (this.#falls?.done) this.#falls = undefined;
    this.#characters?.decided();
    if (this.#characters?.done) this.#characters = undefined;
    this.#frames?.look();
    if (this.#frames?.done) this.#frames = undefined;
  }

  /** One area a decision. */
  #lookAtTags(tags: TagWatch, area: Area): void {
    for (const message of tags.look(area.nodes)) this.#notices.add(message);
    if (tags.done) this.#tags = undefined;
  }
}
