import { afterEach, describe, expect, it } from 'vitest';
import { acrobot } from '../../../bench/tasks/acrobot.ts';
import { cartpole } from '../../../bench/tasks/cartpole.ts';
import { tasks } from '../../../bench/tasks/catalog.ts';
import { defineTask } from '../../../bench/tasks/define-task.ts';
import type { Dynamics } from '../../../bench/tasks/dynamics.ts';
import { mountainCar } from '../../../bench/tasks/mountain-car.ts';
import { pendulum } from '../../../bench/tasks/pendulum.ts';
import { Random } from '../../../plugin/core/random.ts';
import { runtimeOf } from '../../../plugin/scene/agent-runtime.ts';
import { describeEnvironmentContract } from '../../../plugin/testing/index.ts';
import { requireEnvironment } from '../../../workers/catalog.ts';
import { HeadlessWorld } from '../../../workers/headless-world.ts';
import { type Column, type Recording, readRecordings } from './recording.ts';

const recordings = readRecordings();
const ALL: readonly Dynamics[] = [cartpole, acrobot, pendulum, mountainCar];

/** What the dynamics make of the recorded states and actions. */
function repeat(dynamics: Dynamics, { transitions }: Recording): Readonly<Record<Column, Float64Array>> {
  const { stateSize, observationSize, choices } = dynamics;
  const { state, action } = transitions;
  const observation = new Float32Array(transitions.observation.length);
  const next = state.slice();
  const terminated = new Float64Array(action.length);
  const reward = action.map((chosen, row) => {
    const rowState = next.subarray(row * stateSize, (row + 1) * stateSize);
    const earned = dynamics.step(rowState, choices > 0 ? chosen : chosen / 2); // an action of 1 is 2 N·m
    terminated[row] = Number(dynamics.terminated(rowState));
    dynamics.observe(rowState, observation, row * observationSize);
    return earned;
  });
  const truncated = transitions.decision.map((decision) => Number(decision === dynamics.maxDecisions));
  return { ...transitions, next, reward, terminated, truncated, observation: Float64Array.from(observation) };
}

/** The greatest |a − b| / max(1, |b|). */
function greatestError(a: Float64Array, b: Float64Array): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]) / Math.max(1, Math.abs(b[i]))), 0);
}

/** States of many starts, [count][S]. */
function starts({ reset, stateSize }: Dynamics, count: number): Float64Array[] {
  const random = new Random(1);
  return Array.from({ length: count }, () => {
    const state = new Float64Array(stateSize);
    reset(state, random);
    return state;
  });
}

describe.each(ALL)('$name', (dynamics) => {
  const recording = recordings[dynamics.name];
  const { transitions } = recording;

  it('moves, pays, ends and shows itself as the original does, in every recorded transition', () => {
    const repeated = repeat(dynamics, recording);
    expect(greatestError(repeated.next, transitions.next)).toBeLessThan(1e-12);
    expect(greatestError(repeated.reward, transitions.reward)).toBeLessThan(1e-12);
    expect(greatestError(repeated.observation, transitions.observation)).toBeLessThan(2 ** -23); // of float32
    expect(repeated.terminated).toEqual(transitions.terminated);
    expect(repeated.truncated).toEqual(transitions.truncated);
    expect(dynamics.maxDecisions).toBe(recording.maxDecisions);
  });

  it('starts where the original starts', () => {
    const { count, min, max, mean, deviation } = recording.starts;
    const states = starts(dynamics, count);
    for (let i = 0; i < dynamics.stateSize; i++) {
      const values = states.map((state) => state[i]);
      const ourMean = values.reduce((sum, x) => sum + x / count, 0);
      const ourDeviation = Math.sqrt(values.reduce((sum, x) => sum + (x - ourMean) ** 2 / count, 0));
      const edge = 0.002 * (max[i] - min[i]); // 10,000 uniform draws leave more empty at an end once in 5·10⁸ times
      const fivefoldError = (5 * deviation[i] * Math.SQRT2) / Math.sqrt(count);
      expect(Math.abs(Math.min(...values) - min[i])).toBeLessThanOrEqual(edge);
      expect(Math.abs(Math.max(...values) - max[i])).toBeLessThanOrEqual(edge);
      expect(Math.abs(ourMean - mean[i])).toBeLessThanOrEqual(fivefoldError);
      expect(Math.abs(ourDeviation - deviation[i])).toBeLessThanOrEqual(fivefoldError);
    }
  });

  it('is in the catalog under its name, with the title of the original', async () => {
    const environment = await requireEnvironment(tasks, dynamics.name);
    expect(environment).toMatchObject({ timeStep: dynamics.timeStep, decisionPeriod: 1 });
    expect(environment.maxDecisions).toBe(recording.maxDecisions);
    expect(tasks[dynamics.name].title).toBe(recording.title);
  });
});

describe('the recording', () => {
  const column = (name: string, column: Column) => [...recordings[name].transitions[column]];

  it('has every way in which an episode ends', () => {
    for (const { name } of ALL) {
      const decisions = column(name, 'decision');
      const inEpisodes = (ended: Column) => column(name, ended).filter((flag, row) => flag === 1 && decisions[row] > 0);
      expect(inEpisodes('truncated').length).toBeGreaterThan(0);
      if (name !== 'pendulum') expect(inEpisodes('terminated').length).toBeGreaterThan(0);
    }
  });

  it('meets the limits of speed, place and torque', () => {
    const next = (name: string, size: number, i: number) => column(name, 'next').filter((_, at) => at % size === i);
    expect(next('mountain-car', 2, 0)).toEqual(expect.arrayContaining([-1.2, 0.6]));
    expect(next('mountain-car', 2, 1)).toEqual(expect.arrayContaining([-0.07, 0, 0.07]));
    expect(next('pendulum', 2, 1)).toEqual(expect.arrayContaining([-8, 8]));
    expect(Math.max(...column('pendulum', 'action'))).toBeGreaterThan(2);
    expect(next('acrobot', 4, 2)).toEqual(expect.arrayContaining([-4 * Math.PI, 4 * Math.PI]));
    expect(next('acrobot', 4, 3)).toEqual(expect.arrayContaining([-9 * Math.PI, 9 * Math.PI]));
  });
});

describe('defineTask', () => {
  let world: HeadlessWorld | undefined;
  afterEach(() => world?.dispose());

  /** Plays one episode of one area with what `choose` makes of the observation. */
  async function playEpisode(dynamics: Dynamics, choose: (observation: Float32Array) => number) {
    world = await HeadlessWorld.create(defineTask(dynamics), { count: 1, seeds: [1] });
    const { clock, rows } = world;
    const [agent] = rows.agents;
    const rewards: number[] = [];
    while (agent.active) {
      clock.observe();
      rows.action[0] = choose(rows.observation);
      world.step();
      rewards.push(runtimeOf(agent).takeReward());
    }
    return { rewards, outcome: agent.outcome };
  }

  const balance = ([x, velocity, angle, turning]: Float32Array) =>
    Number(0.1 * x + 0.2 * velocity + 3 * angle + turning > 0);

  it.each<[Dynamics, (observation: Float32Array) => number]>([
    [cartpole, balance],
    [acrobot, () => 1],
    [pendulum, () => 0],
    [mountainCar, () => 1],
  ])('truncates $name at its limit, and not before', async (dynamics, choose) => {
    const { rewards, outcome } = await playEpisode(dynamics, choose);
    expect(rewards).toHaveLength(dynamics.maxDecisions);
    expect(outcome).toBe('truncated');
  });

  it('pays 1 for every decision of cartpole, the one that drops the pole too', async () => {
    const { rewards, outcome } = await playEpisode(cartpole, () => 1);
    expect(outcome).toBe('terminated');
    expect(new Set(rewards)).toEqual(new Set([1]));
    expect(rewards.length).toBeGreaterThan(6);
    expect(rewards.length).toBeLessThan(12); // 10 N on 1.1 kg tip it within 0.2 s
  });

  it('ends acrobot at its goal without a cost, mountain-car with one', async () => {
    const swing = await playEpisode(acrobot, (observation) => (observation[5] > 0 ? 2 : 0));
    expect(swing.outcome).toBe('terminated');
    expect(swing.rewards.at(-1)).toBe(0);
    expect(swing.rewards.at(-2)).toBe(-1);
    world?.dispose();
    const drive = await playEpisode(mountainCar, ([, velocity]) => (velocity > 0 ? 2 : 0));
    expect(drive.outcome).toBe('terminated');
    expect(new Set(drive.rewards)).toEqual(new Set([-1]));
  });
});

for (const dynamics of ALL) describeEnvironmentContract(defineTask(dynamics));
