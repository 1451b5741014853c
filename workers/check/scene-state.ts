import type { Area } from '../../plugin/scene/area.ts';
import { isShown } from '../is-shown.ts';
import { WatchedPose } from '../watched-pose.ts';

/** m and rad that a node may be off by at the start of two episodes that should be one */
const SAME_PLACE = 1e-3;
const SAME_TURN = 1e-2;

/** How a node stands at one moment. */
interface NodeState {
  readonly name: string;
  readonly pose: WatchedPose;
  readonly scale: number;
  /** whether it is there to be seen */
  readonly shown: boolean;
}

/** The nodes of an area at one moment, by name; of one name, in the order in which they were made. */
export type SceneState = ReadonlyMap<string, NodeState>;

export function readState({ nodes }: Area): SceneState {
  const state = new Map<string, NodeState>();
  const seen = new Map<string, number>();
  for (const node of nodes) {
    const number = (seen.get(node.name) ?? 0) + 1;
    seen.set(node.name, number);
    state.set(`${node.name} ${number}`, {
      ...{ name: node.name, pose: new WatchedPose().read(node), shown: isShown(node) },
      scale: node.scaling.length(),
    });
  }
  return state;
}

/** Whether every node stands in both as it does in the other, to the last bit. */
export function sameState(a: SceneState, b: SceneState): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([key, { pose, scale, shown }]) => {
    const other = b.get(key);
    if (!other || other.shown !== shown || other.scale !== scale) return false;
    return pose.distance(other.pose) === 0 && pose.angle(other.pose) === 0;
  });
}

/** In what the start of an episode differs from that of the one before: the names of nodes. */
export interface StateDifference {
  readonly gone: readonly string[];
  readonly added: readonly string[];
  /** where the episode before had left them */
  readonly left: readonly string[];
  /** somewhere else */
  readonly moved: readonly string[];
  readonly shown: readonly string[];
  readonly hidden: readonly string[];
  readonly scaled: readonly string[];
}

/**
 * Compares the starts of two episodes.
 *
 * @param end of the first of them
 */
export function compareStates(first: SceneState, end: SceneState, second: SceneState): StateDifference {
  const kept = [...second].flatMap(([key, now]) => {
    const then = first.get(key);
    return then ? [{ then, now, last: end.get(key), name: now.name }] : [];
  });
  const inView = kept.filter(({ then, now }) => then.shown && now.shown);
  const elsewhere = inView.filter(({ then, now }) => isElsewhere(then, now));
  const isLeft = ({ last, now }: (typeof kept)[number]) => last !== undefined && !isElsewhere(last, now);
  return {
    gone: namesOf([...first].filter(([key]) => !second.has(key)).map(([, node]) => node)),
    added: namesOf([...second].filter(([key]) => !first.has(key)).map(([, node]) => node)),
    left: namesOf(elsewhere.filter(isLeft)),
    moved: namesOf(elsewhere.filter((node) => !isLeft(node))),
    shown: namesOf(kept.filter(({ then, now }) => !then.shown && now.shown)),
    hidden: namesOf(kept.filter(({ then, now }) => then.shown && !now.shown)),
    scaled: namesOf(inView.filter(({ then, now }) => Math.abs(then.scale - now.scale) > SAME_PLACE)),
  };
}

/** The names of nodes that stand in both as in the other. */
export function namesOfSame(a: SceneState, b: SceneState): ReadonlySet<string> {
  const same = [...a].filter(([key, node]) => {
    const other = b.get(key);
    return other !== undefined && !isElsewhere(node, other);
  });
  return new Set(same.map(([, { name }]) => name));
}

function isElsewhere({ pose }: NodeState, other: NodeState): boolean {
  return pose.distance(other.pose) > SAME_PLACE || pose.angle(other.pose) > SAME_TURN;
}

function namesOf(nodes: readonly { readonly name: string }[]): readonly string[] {
  return nodes.map(({ name }) => name);
}
