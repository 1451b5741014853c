import { describe, expect, it } from 'vitest';
import { AgentsError } from '../../plugin/core/errors.ts';
import type { PolicySpec } from '../../plugin/policy/policy.ts';
import { writePolicy } from '../../plugin/policy/policy-file.ts';
import { type EvaluationOptions, evaluate } from '../../plugin/training.ts';
import { createWorker } from '../fixtures/run-training.ts';
import { createPolicy } from '../policy/fixtures.ts';

/** A policy for the rail, whose bead decides every step of 0.1 s. */
function write(changes: Partial<PolicySpec> = {}): Uint8Array {
  const spec: PolicySpec = {
    name: 'agent',
    layout: {
      sensors: [{ name: 'place', size: 1 }],
      actuators: [{ name: 'push', continuous: 1, branches: [] }],
    },
    network: { hidden: [4], activation: 'tanh', critic: 'shared' },
    observationClip: 10,
    bounds: 'clip',
    timeStep: 0.1,
    decisionPeriod: 1,
    ...changes,
  };
  return writePolicy(createPolicy(spec));
}

const options = { createWorker, environment: 'rail', episodes: 5 };

describe('evaluate', () => {
  it('plays as many episodes as it is asked for', async () => {
    const { episodes, meanLength, meanReturn } = await evaluate(write(), options);
    expect([episodes, meanLength, Number.isFinite(meanReturn)]).toEqual([5, 16, true]);
  });

  it.each([
    { clock: { timeStep: 0.02, decisionPeriod: 5 }, said: '5 steps of 0.02 s' },
    { clock: { decisionPeriod: 2 }, said: '2 steps of 0.1 s' },
    { clock: { timeStep: 1 / 60 }, said: `step of ${1 / 60} s` },
  ])('refuses a policy that was trained to decide every $said where a decision is a step of 0.1 s', async (row) => {
    await expect(evaluate(write(row.clock), options)).rejects.toThrow(
      `[agents] Policy "agent" was trained to decide every ${row.said}, but environment "rail" decides every step of 0.1 s. Give the environment`,
    );
  });

  it.each([
    ['episodes', 0, 'an integer ≥ 1'],
    ['episodes', -3, 'an integer ≥ 1'],
    ['episodes', 2.5, 'an integer ≥ 1'],
    ['areas', 0, 'an integer from 1 to 65536'],
    ['areas', 1e9, 'an integer from 1 to 65536'],
    ['seed', Number.NaN, 'an integer'],
    ['deterministic', 'no', 'true or false'],
    ['parameters', 3, 'an object'],
  ])('refuses %s %s', async (name, value, must) => {
    const shown = typeof value === 'string' ? `"${value}"` : value;
    await expect(evaluate(write(), { ...options, [name]: value })).rejects.toThrow(
      new AgentsError(`evaluate() has ${name} ${shown}. It must be ${must}.`),
    );
  });

  it('names the option that was meant', async () => {
    await expect(evaluate(write(), { ...options, episode: 3 } as EvaluationOptions)).rejects.toThrow(
      '[agents] evaluate() has no option "episode". Did you mean "episodes"?',
    );
  });
});
