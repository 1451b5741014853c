import { slotAt } from './area-slots.ts';
import { BITS } from './collision-layers.ts';

/** In spacings: areas that are farther apart do not overlap even where each is twice as wide as its spacing. */
const NEAR = 2;

/** Slots by which those that share one are farther apart than that. */
const ENOUGH = 5;

/** Nodes that a warning names. */
const NAMED = 3;

interface GridCell {
  readonly row: number;
  readonly column: number;
}

/** What a user should hear of areas that are not kept apart as they are meant to be: each kind once. */
export class AreaWarnings {
  /** nodes with a shape that is on bodies of another area as well */
  readonly #sharing = new Set<string>();
  #toldSharing = false;
  #toldCrowding = false;
  /** kinds that areas are known not to be too near for */
  #fit = 0;

  noteSharedShape(node: string): void {
    if (!this.#toldSharing) this.#sharing.add(node);
  }

  /** What is to be said now of an environment and its areas, whose masks tell so many kinds of things apart. */
  take(environment: string, areas: readonly GridCell[], kinds: number): readonly string[] {
    const who = `environment "${environment}"`;
    const crowding = this.#toldCrowding || kinds === this.#fit ? undefined : describeCrowding(who, areas, kinds);
    if (crowding === undefined) this.#fit = kinds;
    else this.#toldCrowding = true;
    const sharing = this.#toldSharing ? undefined : describeSharing(who, [...this.#sharing]);
    if (sharing !== undefined) this.#toldSharing = true;
    return [crowding, sharing].filter((message) => message !== undefined);
  }
}

function describeCrowding(who: string, areas: readonly GridCell[], kinds: number): string | undefined {
  const slots = Math.floor(BITS / kinds);
  const distance = areas.length > slots ? nearestSharing(areas, slots) : Infinity;
  if (distance > NEAR) return undefined;
  const enough = Math.max(Math.floor(BITS / areas.length), Math.floor(BITS / ENOUGH));
  return `The collision masks of ${who} tell ${kinds} kinds of things apart, which leaves bits of Havok's for ${slots} area${slots === 1 ? '' : 's'} to a world. This one has ${areas.length}, so areas ${Number(distance.toFixed(1))} spacings apart have the same, and their bodies meet where they come near. Use at most ${enough} kinds, at most ${slots} area${slots === 1 ? '' : 's'} per worker, or a \`spacing\` so large that areas stay out of each other's reach.`;
}

function describeSharing(who: string, nodes: readonly string[]): string | undefined {
  if (nodes.length === 0) return undefined;
  const names = nodes.slice(0, NAMED).map((name) => `"${name}"`);
  const others = nodes.length > NAMED ? ` and ${nodes.length - NAMED} more` : '';
  return `Areas of ${who} share a physics shape: that of node ${names.join(', ')}${others} is on bodies of several areas. These bodies collide across areas, and rays of all areas see them. Make one PhysicsShape for each area, in build().`;
}

/** How far apart the nearest are that share a slot, in spacings. */
function nearestSharing(areas: readonly GridCell[], slots: number): number {
  const slotOf = areas.map(({ row, column }) => slotAt(row, column, slots));
  let least = Infinity;
  for (let a = 0; a < areas.length; a++)
    for (let b = 0; b < a; b++) {
      if (slotOf[a] !== slotOf[b]) continue;
      least = Math.min(least, Math.hypot(areas[a].row - areas[b].row, areas[a].column - areas[b].column));
    }
  return least;
}
