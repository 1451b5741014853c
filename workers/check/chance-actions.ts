import type { ActuatorLayout } from '../../plugin/core/layout.ts';
import { Random } from '../../plugin/core/random.ts';
import type { PolicyRows } from '../../plugin/scene/decision-clock.ts';

/** Decisions that an action is kept: one that changes at once seldom gets anywhere. */
const KEPT = 4;

/** An actuator of a policy's agents. */
export interface ActuatorPlace {
  readonly policy: string;
  /** among the policy's actuators */
  readonly index: number;
  readonly actuator: ActuatorLayout;
  /** one branch of it; undefined: all of it */
  readonly branch?: number;
}

/** The actuators that have something to choose, of all policies. */
export function actuatorsOf(policyRows: readonly PolicyRows[]): readonly ActuatorPlace[] {
  return policyRows.flatMap(({ policy, layout }) =>
    layout.actuators
      .map((actuator, index) => ({ policy, index, actuator }))
      .filter(({ actuator: { continuous, branches } }) => continuous > 0 || branches.some((size) => size > 1)),
  );
}

/** Samples the actions of a policy's agents, each actuator's from its own random stream, so that one may change while the others stay the same. */
export class ChanceActions {
  readonly #rows: PolicyRows;
  readonly #streams: readonly Random[];
  /** draws for the part that acts otherwise */
  readonly #other: Random | undefined;
  readonly #place: ActuatorPlace | undefined;
  /** [N, A] in [0, 1) */
  readonly #drawn: Float64Array;
  #decisions = 0;

  /** @param other an actuator, or a branch of one, that gets different actions */
  constructor(rows: PolicyRows, seed: number, other?: ActuatorPlace) {
    this.#rows = rows;
    this.#streams = rows.layout.actuators.map((_, index) => new Random(seed, index, 0));
    this.#place = other?.policy === rows.policy ? other : undefined;
    this.#other = this.#place && new Random(seed, this.#place.index, 1);
    this.#drawn = new Float64Array(rows.agents.length * rows.sizes.action);
  }

  /** Writes the next action of each agent. */
  choose(): void {
    const { agents, sizes, action } = this.#rows;
    if (this.#decisions++ % KEPT === 0) this.#draw();
    for (let n = 0; n < agents.length; n++) {
      for (const at of sizes.continuousAt) {
        const i = n * sizes.action + at;
        action[i] = 2 * this.#drawn[i] - 1;
      }
      this.#pick(n);
    }
  }

  #draw(): void {
    const { agents, layout } = this.#rows;
    let at = 0;
    for (let n = 0; n < agents.length; n++)
      layout.actuators.forEach(({ continuous, branches }, index) => {
        for (let i = 0; i < continuous + branches.length; i++) {
          const usual = this.#streams[index].uniform();
          this.#drawn[at++] = this.#isOther(index, i - continuous) ? this.#other!.uniform() : usual;
        }
      });
  }

  #isOther(actuator: number, branch: number): boolean {
    const place = this.#place;
    return place?.index === actuator && (place.branch === undefined || place.branch === branch);
  }

  /** Picks one of the choices that each branch of agent n is allowed. */
  #pick(n: number): void {
    const { sizes, mask, action } = this.#rows;
    let from = n * sizes.mask;
    sizes.branches.forEach((size, branch) => {
      const allowed = Array.from({ length: size }, (_, choice) => choice).filter((choice) => mask[from + choice] === 1);
      const at = n * sizes.action + sizes.branchAt[branch];
      action[at] = allowed[Math.floor(this.#drawn[at] * allowed.length)] ?? 0;
      from += size;
    });
  }
}
