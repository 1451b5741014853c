import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { didYouMean } from '../core/did-you-mean.ts';
import type { Agent } from './agent.ts';
import type { Sensor } from './sensor.ts';
import { GridSensor } from './sensors/grid-sensor.ts';
import { RaySensor } from './sensors/ray-sensor.ts';
import { StackedSensor } from './sensors/stacked-sensor.ts';

/** Looks after which a tag is judged that resembles one in use; and any other: some are given late in an episode, or rarely. */
const SOON = 64;
const LATE = 300;

/** A tag that a sensor looks for and no node has had so far. */
interface WantedTag {
  readonly tag: string;
  /** for messages: the sensor and its agent */
  readonly who: string;
  /** whether the sensor finds only nodes with a body */
  readonly needsBody: boolean;
  /** all tags that the sensor looks for; none of them counts as a misspelling of another */
  readonly listed: readonly string[];
  /** a node that has the tag but no body */
  bodiless?: string;
}

/** Watches the tags that agents' ray and grid sensors look for, to report those that no node ever has. */
export class TagWatch {
  #wanted: readonly WantedTag[];
  readonly #inUse = new Set<string>();
  #looks = 0;

  constructor(agents: readonly Agent[]) {
    const wanted = new Map<string, WantedTag>();
    for (const agent of agents)
      for (const sensor of agent.sensors) {
        const listed = tagsOf(sensor);
        for (const tag of listed) {
          const key = `${sensor.name} ${tag}`;
          if (wanted.has(key)) continue; // of another agent that is like this one
          const who = `Sensor "${sensor.name}" of ${agent.label}`;
          wanted.set(key, { tag, who, needsBody: plain(sensor) instanceof RaySensor, listed });
        }
      }
    this.#wanted = [...wanted.values()];
  }

  /** Whether nothing is left to watch for. */
  get done(): boolean {
    return this.#wanted.length === 0;
  }

  /** Checks the nodes' current tags. Returns new warnings, each once. */
  look(nodes: readonly TransformNode[]): readonly string[] {
    this.#looks++;
    for (const node of nodes) {
      const worn: Readonly<Record<string, boolean>> | null = Tags.GetTags(node, false);
      for (const tag in worn) if (worn[tag] === true) this.#find(tag, node);
    }
    const lost = this.#wanted.filter((wanted) => this.#isLost(wanted));
    if (lost.length > 0) this.#wanted = this.#wanted.filter((wanted) => !lost.includes(wanted));
    return lost.map((wanted) => this.#describe(wanted));
  }

  #find(tag: string, node: TransformNode): void {
    this.#inUse.add(tag);
    if (!this.#wanted.some((wanted) => wanted.tag === tag)) return;
    this.#wanted = this.#wanted.filter((wanted) => {
      if (wanted.tag !== tag) return true;
      if (!wanted.needsBody || node.physicsBody) return false;
      wanted.bodiless = node.name;
      return true;
    });
  }

  #isLost(wanted: WantedTag): boolean {
    if (this.#looks >= LATE) return true;
    return this.#looks >= SOON && (wanted.bodiless !== undefined || this.#guess(wanted) !== '');
  }

  /** Suggests a similar tag in use, except those that the sensor lists and those of the same series. */
  #guess({ tag, listed }: WantedTag): string {
    const series = withoutDigits(tag);
    const known = [...this.#inUse].filter((other) => !listed.includes(other) && withoutDigits(other) !== series);
    return didYouMean(tag, known);
  }

  #describe(wanted: WantedTag): string {
    const { tag, who, bodiless } = wanted;
    const seen = `${who} looks for tag "${tag}", but in ${this.#looks} decisions`;
    if (bodiless !== undefined)
      return `${seen} only nodes without a physics body have had it, such as "${bodiless}". Rays meet bodies: tag the node that has the body.`;
    const inUse = [...this.#inUse].sort().join(', ') || 'none';
    const guess = this.#guess(wanted) || ' If a node gets it later, all is well.';
    return `${seen} no node has had it.${guess} Tags in use: ${inUse}.`;
  }
}

/** The common form of a series of tags, such as `enemy1` and `enemy2`. */
function withoutDigits(tag: string): string {
  return tag.replace(/\d+/g, '#');
}

function tagsOf(sensor: Sensor): readonly string[] {
  const seeing = plain(sensor);
  return seeing instanceof RaySensor || seeing instanceof GridSensor ? seeing.tags : [];
}

/** The sensor itself, without any stacking. */
function plain(sensor: Sensor): Sensor {
  return sensor instanceof StackedSensor ? plain(sensor.stacked) : sensor;
}
