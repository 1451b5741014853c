import { locateSensor } from '../../plugin/core/layout.ts';
import { runtimeOf } from '../../plugin/scene/agent-runtime.ts';
import type { HeadlessWorld } from '../headless-world.ts';
import { type ActuatorPlace, ChanceActions } from './chance-actions.ts';
import { readState, type SceneState } from './scene-state.ts';

/** One decision of all agents of an area. */
interface Moment {
  /** [N, O] of each policy's agents, before it */
  readonly observations: readonly Float32Array[];
  /** of each agent of the area, after it */
  readonly rewards: readonly number[];
  readonly running: readonly boolean[];
}

/** Some decisions of a world of one area, with random actions. */
export interface Life {
  /** right after a reset() */
  readonly began: SceneState;
  /** after its first decisions; undefined where its first episode was over by then */
  readonly early: SceneState | undefined;
  readonly moments: readonly Moment[];
  /** policies that took a decision */
  readonly drove: ReadonlySet<string>;
  readonly ended: SceneState;
}

/** Decisions that are early ones. */
const EARLY = 2;

/** Lives on from the beginning of an episode, with actions that `seed` fixes but for those of one actuator. */
export function live(world: HeadlessWorld, decisions: number, seed: number, other?: ActuatorPlace): Life {
  const { clock } = world;
  const [area] = clock.areas;
  const began = readState(area);
  const actions = clock.policyRows.map((rows, p) => new ChanceActions(rows, seed + p, other));
  const moments: Moment[] = [];
  const drove = new Set<string>();
  let early: SceneState | undefined;
  for (let over = 0; moments.length < decisions; ) {
    if (area.over) world.restart();
    world.observe();
    const observations = clock.policyRows.map(({ observation }) => observation.slice());
    for (const agent of area.agents) if (agent.active) drove.add(agent.policy);
    for (const one of actions) one.choose();
    world.step();
    const rewards = area.agents.map((agent) => runtimeOf(agent).takeReward());
    moments.push({ observations, rewards, running: area.agents.map((agent) => agent.active) });
    if (area.over) over++;
    if (moments.length === EARLY && over === 0) early = readState(area);
  }
  return { began, early, moments, drove, ended: readState(area) };
}

/** Begins an episode with the same chance as the first. */
export function repeatFirst(world: HeadlessWorld): void {
  const [area] = world.clock.areas;
  area.repeatChance();
  area.end();
  world.restart();
}

/** Where two lives first differ. */
export interface Divergence {
  /** from 0 */
  readonly decision: number;
  /** for a person: `sensor "rays" (index 3) of agent "walker" on node "body"` */
  readonly what: string;
}

/** The first decision of equally many that was not the same in two lives of a world, by more than a tolerance; undefined: all were. */
export function findDivergence(
  { clock }: HeadlessWorld,
  a: readonly Moment[],
  b: readonly Moment[],
  tolerance = 0,
): Divergence | undefined {
  const { agents } = clock.areas[0];
  for (let decision = 0; decision < a.length; decision++) {
    const [before, now] = [a[decision], b[decision]];
    for (let p = 0; p < clock.policyRows.length; p++) {
      const at = differsAt(before.observations[p], now.observations[p], tolerance);
      if (at < 0) continue;
      const { agents: observers, layout, sizes } = clock.policyRows[p];
      const { name, index } = locateSensor(layout, at % sizes.observation);
      const { label } = observers[Math.floor(at / sizes.observation)];
      return { decision, what: `sensor "${name}" (index ${index}) of ${label}` };
    }
    const rewarded = differsAt(before.rewards, now.rewards, tolerance);
    if (rewarded >= 0) return { decision, what: `the reward of ${agents[rewarded].label}` };
    const ended = before.running.findIndex((running, n) => running !== now.running[n]);
    if (ended >= 0) return { decision, what: `the end of ${agents[ended].label}` };
  }
  return undefined;
}

/** The first entry that differs by more than a share of 1, or of its size where that is greater; −1: none does. */
function differsAt(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): number {
  for (let i = 0; i < a.length; i++) {
    const near = Object.is(a[i], b[i]) || Math.abs(a[i] - b[i]) <= tolerance * Math.max(1, Math.abs(a[i]));
    if (!near) return i;
  }
  return -1;
}
