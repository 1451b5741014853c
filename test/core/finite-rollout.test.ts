import { describe, expect, it } from 'vitest';
import { AgentsError } from '../../plugin/core/errors.ts';
import { type RolloutWitness, requireFiniteRollout } from '../../plugin/core/finite-rollout.ts';
import { createRollout, type Rollout } from '../../plugin/core/rollout.ts';
import { SHAPE } from './fixtures.ts';

describe('requireFiniteRollout', () => {
  it('accepts finite numbers, including the largest and the smallest', () => {
    expect(
      check(({ reward, observation }) => {
        reward.set([3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -0]);
        observation.fill(-1);
      }),
    ).toBe('');
  });

  it('names sensor, index, agent and decision of a non-finite float', () => {
    // decision 2, agent 1, float 3 of 5: the second of "velocity"
    expect(check(({ observation }) => observation.set([Number.NaN], (2 * 3 + 1) * 5 + 3))).toBe(
      '[agents] Sensor "velocity" of agent 1 of area 0 wrote NaN at index 1, decision 2 of this rollout of "crawler". Check its observe() for division by zero, the square root of a negative number, or undefined.',
    );
  });

  it('names the continuous action', () => {
    expect(check(({ continuousAction }) => continuousAction.set([-Infinity], (3 * 3 + 2) * 2 + 1))).toBe(
      '[agents] The policy chose -Infinity as continuous action 1 of agent 2 of area 0, decision 3 of this rollout of "crawler". Its weights are no longer finite. Lower the learning rate.',
    );
  });

  it('names the reward', () => {
    expect(check(({ reward }) => reward.set([Infinity], 1 * 3 + 2))).toBe(
      '[agents] The reward of agent 2 of area 0 is Infinity, decision 1 of this rollout of "crawler". Check for division by zero before addReward() or setReward().',
    );
  });

  it('adds the sensor’s own remedy, and where the reward was given', () => {
    const known: Partial<RolloutWitness> = {
      remedyOf: (agent, sensor) => `Look at ${sensor} ${agent}.`,
      rewardPlaceOf: (agent) => `game.ts:${agent}:5`,
    };
    expect(check(({ observation }) => observation.set([Number.NaN], (2 * 3 + 1) * 5 + 3), known)).toMatch(
      /decision 2 of this rollout of "crawler"\. Look at velocity 1\.$/,
    );
    expect(check(({ reward }) => reward.set([Infinity], 1 * 3 + 2), known)).toMatch(
      /before addReward\(\) or setReward\(\)\. See game\.ts:2:5\.$/,
    );
  });

  it.each(['value', 'logProb'] as const)('names the agent whose %s is not finite', (column) => {
    expect(check((rollout) => rollout[column].set([Number.NaN], 2 * 3))).toBe(
      '[agents] The policy valued agent 0 of area 0 at NaN, decision 2 of this rollout of "crawler". Its weights are no longer finite. Lower the learning rate.',
    );
  });

  it('names the decision before the observation where a truncated episode stopped', () => {
    expect(check(({ finalValue }) => finalValue.set([Number.NaN], 1 * 3 + 1))).toBe(
      '[agents] The policy valued agent 1 of area 0 at NaN after decision 1 of this rollout of "crawler". A sensor wrote a non-finite number there, or the learning rate is too high.',
    );
  });

  it('names the last decision if the value after the rollout is not finite', () => {
    expect(check(({ lastValue }) => lastValue.set([Number.NaN], 2))).toBe(
      '[agents] The policy valued agent 2 of area 0 at NaN after decision 3 of this rollout of "crawler". A sensor wrote a non-finite number there, or the learning rate is too high.',
    );
  });

  it('reports the earliest decision in any column', () => {
    const message = check(({ observation, continuousAction, reward, lastValue }) => {
      observation[(3 * 3 + 0) * 5] = Number.NaN;
      continuousAction[(2 * 3 + 0) * 2] = Number.NaN;
      reward[1 * 3 + 2] = Number.NaN;
      lastValue[0] = Number.NaN;
    });
    expect(message).toContain('The reward of agent 2 of area 0 is NaN, decision 1');
  });

  it('reports the cause before its effects in the same decision', () => {
    const message = check(({ observation, continuousAction, value }) => {
      value[2 * 3 + 1] = Number.NaN;
      continuousAction[(2 * 3 + 1) * 2] = Number.NaN;
      observation[(2 * 3 + 1) * 5] = Number.NaN;
    });
    expect(message).toContain('Sensor "place" of agent 1 of area 0 wrote NaN at index 0, decision 2');
  });
});

/** The message of requireFiniteRollout() for a finite rollout changed by `spoil`; empty if it is accepted. */
function check(spoil: (rollout: Rollout) => void, known: Partial<RolloutWitness> = {}): string {
  const rollout = createRollout(SHAPE, false);
  spoil(rollout);
  try {
    requireFiniteRollout(rollout, { nameAgent: (agent) => `agent ${agent} of area 0`, ...known }, '"crawler"');
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(AgentsError);
    return (error as AgentsError).message;
  }
}
