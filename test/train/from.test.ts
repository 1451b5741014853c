import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../plugin/policy/policy-file.ts';
import type { TrainingOptions } from '../../plugin/training.ts';
import { MemoryStore } from '../fixtures/memory-store.ts';
import { finishOf, runTraining } from '../fixtures/run-training.ts';

const settings = { areas: 8, workers: 1, hidden: [8] };
const run = async (environment: string, options: Omit<TrainingOptions, 'createWorker'>) => {
  const events = await runTraining(environment, { ...settings, ...options });
  return { started: events[0], policies: finishOf(events).policies };
};
const trained = await run('rail', { maxDecisions: 4096 });
const [{ policyFile: from }] = trained.policies;

describe('train, from a policy file', () => {
  it('begins with its weights and its normalizer', async () => {
    const still = { maxDecisions: 512, learningRate: 1e-9 }; // one update that moves no weight
    const { started, policies } = await run('rail', { ...still, from });
    expect(started).toMatchObject({ kind: 'started', from: [policies[0].name] });
    const [before, after] = [from, policies[0].policyFile].map((file) => parsePolicy(file));
    const { trainable } = before.weightLayout;
    after.weights.subarray(trainable).forEach((weight, i) => {
      expect(weight).toBeCloseTo(before.weights[trainable + i], 5);
    });
    // 4096 observations of before weigh 8 times as much as 512 new ones
    after.weights.subarray(0, trainable).forEach((weight, i) => {
      expect(Math.abs(weight - before.weights[i])).toBeLessThan(0.1);
    });
    const [fresh] = (await run('rail', still)).policies;
    const other = parsePolicy(fresh.policyFile).weights;
    expect(Math.max(...other.map((weight, i) => Math.abs(weight - before.weights[i])))).toBeGreaterThan(0.1);
  });

  it('begins those of several policies that have a file, by name or by the name in the file', async () => {
    const { started, policies } = await run('relay', { maxDecisions: 256 });
    expect(started).toMatchObject({ from: [] });
    const file = (name: string) => policies.find((policy) => policy.name === name)!.policyFile;
    const named = await run('relay', { maxDecisions: 256, from: { high: file('low') } });
    expect(named.started).toMatchObject({ from: ['high'] });
    const own = await run('relay', { maxDecisions: 256, from: file('keeper') });
    expect(own.started).toMatchObject({ from: ['keeper'] });
    await expect(run('relay', { from: { lo: file('low') } })).rejects.toThrow(
      '[agents] Option "from" has a policy file for "lo", but no agent uses that policy. Did you mean "low"? There are: low, high, keeper.',
    );
    await expect(run('relay', { from: { keeper: file('low') } })).rejects.toThrow(
      /^\[agents\] The policy file for "keeper" observes 2 floats \(place 2\) and acts with run 1 continuous, but the agent observes .* Start from a policy with the same sensors and actuators\.$/,
    );
  });

  it('refuses another network, naming both', async () => {
    await expect(run('rail', { from, hidden: [16, 16], activation: 'relu' })).rejects.toThrow(
      "has hidden [8], activation tanh, observationClip 10, but the run's settings say hidden [16,16], activation relu, observationClip 10. Use those of the file.",
    );
  });

  it('refuses to resume at the same time, and what is no policy file', async () => {
    await expect(run('rail', { from, resume: true, store: new MemoryStore() })).rejects.toThrow(
      '[agents] train() was given both "resume" and "from".',
    );
    await expect(run('rail', { from: 'policy.safetensors' as never })).rejects.toThrow(
      '[agents] Option "from" is "policy.safetensors". It must be the bytes of a policy file, or an object of those by policy.',
    );
    await expect(run('rail', { from: from.slice(0, 200) })).rejects.toThrow('[agents] The policy file for');
  });
});
