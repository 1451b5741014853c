import { describe, expect, it } from 'vitest';
import { createRollout, type Rollout } from '../../plugin/core/rollout.ts';
import { createLearnerState } from '../../plugin/learn/initialize.ts';
import { InvariantWatch, type UpdateEvidence } from '../../plugin/learn/invariants.ts';
import type { UpdateRequest } from '../../plugin/learn/learner.ts';
import { createLearner } from '../../plugin/learn/ppo-learner.ts';
import type { LearnerSettings } from '../../plugin/learn/settings.ts';
import { createWasmEngine } from '../../plugin/learn/wasm/engine.ts';
import { type Actions, collect, createSettings, createSpec, noisyWeights, requestOf } from './fixtures.ts';

const EVERY: readonly Actions[] = ['continuous', 'discrete', 'both'];

/** What a learner reports about updates with the same rollouts, changed as by a bug. */
async function violations(
  actions: Actions,
  {
    bug = (rollout) => rollout,
    settings: options = {},
    request = {},
  }: {
    readonly bug?: (rollout: Rollout) => Rollout;
    readonly settings?: Partial<LearnerSettings>;
    readonly request?: Partial<UpdateRequest>;
  } = {},
): Promise<readonly string[]> {
  const spec = createSpec(actions);
  const settings = createSettings({ minibatch: 200, ...options });
  const state = { ...createLearnerState(spec, settings, 1), weights: noisyWeights(spec) };
  const learner = createLearner(spec, settings, state, createWasmEngine);
  const rollouts = Array.from({ length: 20 }, (_, seed) => bug(collect(spec, state, seed)));
  const { violations } = await learner.update({ ...requestOf(rollouts[0]), rollouts, ...request });
  return violations.map(({ invariant }) => invariant);
}

describe('InvariantWatch', () => {
  it.each(EVERY)('reports nothing for a correct update: %s', async (actions) => {
    expect(await violations(actions)).toEqual([]);
    expect(await violations(actions, { settings: { minibatch: 64, epochs: 4 } })).toEqual([]);
  });

  it('notices that actions were clipped after sampling', async () => {
    const bug = (rollout: Rollout) => {
      const continuousAction = rollout.continuousAction.map((a) => Math.max(-0.5, Math.min(0.5, a)));
      return { ...rollout, continuousAction };
    };
    expect(await violations('continuous', { bug })).toContain('ratio');
  });

  it('notices observations that were normalized differently', async () => {
    const bug = (rollout: Rollout) => ({ ...rollout, observation: rollout.observation.map((x) => x / 2) });
    for (const actions of EVERY) expect(await violations(actions, { bug })).toContain('ratio');
  });

  it('expects ratios of 1 only if the policy being trained is the one that acted', async () => {
    const bug = (rollout: Rollout) => ({ ...rollout, observation: rollout.observation.map((x) => x / 2) });
    expect(await violations('discrete', { bug, request: { onPolicy: false } })).not.toContain('ratio');
  });

  it('notices an entropy that differs from the closed form', async () => {
    const bug = (rollout: Rollout) => ({ ...rollout, logDeviation: rollout.logDeviation.map((x) => x + 0.1) });
    expect(await violations('continuous', { bug })).toContain('entropy');
  });

  it('notices actions that are likelier than chance allows', async () => {
    const bug = (rollout: Rollout) => ({ ...rollout, logProb: rollout.logProb.map((x) => x + 0.4) });
    expect(await violations('continuous', { bug, request: { onPolicy: false } })).toContain('sampling');
    expect(await violations('discrete', { bug, request: { onPolicy: false } })).toContain('sampling');
  });

  it('notices a few ratios far from 1 if the divergence is small', async () => {
    const bug = (rollout: Rollout) => {
      const logProb = rollout.logProb.slice();
      logProb[5] -= 3; // as if one action of 44 had been twenty times less likely
      return { ...rollout, logProb };
    };
    const request = { onPolicy: false };
    const settings = { learningRate: 1e-9 };
    const once = (() => {
      let first = true;
      return (rollout: Rollout) => {
        if (!first) return rollout;
        first = false;
        return bug(rollout);
      };
    })();
    expect(await violations('continuous', { bug: once, settings, request })).toEqual(['estimators']);
  });

  it('reports nothing for a single sample of choices that are equally likely except for rounding', () => {
    const spec = createSpec('discrete');
    const rollout = createRollout({ horizon: 1, agents: 1, layout: spec.layout }, false);
    rollout.active.fill(1);
    rollout.logProbs.set([-1.0986122, -1.0986122, -1.0986122, -Math.LN2 + 1e-7, -Math.LN2 + 1e-7]); // slightly above −ln 3 and −ln 2
    rollout.logProb.fill(-1.0986122 - Math.LN2 - 1e-4);
    const sound = evidence([0, 0, 0, 0], 0);
    expect(new InvariantWatch().check({ ...sound, spec, request: { ...sound.request, rollouts: [rollout] } })).toEqual(
      [],
    );
  });

  it('reports a critic that is worse than a constant for 20 updates, once, but not if all targets are alike', () => {
    const told = (targets: readonly number[], updates: number) => {
      const watch = new InvariantWatch();
      const found: string[] = [];
      for (let update = 0; update < updates; update++)
        found.push(...watch.check(evidence(targets, update)).map(({ message }) => message));
      return found;
    };
    expect(told([-3, 3, -3, 3], 19)).toEqual([]);
    expect(told([-3, 3, -3, 3], 60)).toEqual([expect.stringMatching(/worse than a constant for 20 updates .*-2\.50/)]);
    expect(told([99, 100, 99, 100], 60)).toEqual([]);
  });
});

/** An update in which only the explained variance may be wrong. */
function evidence(targets: readonly number[], update: number): UpdateEvidence {
  const spec = createSpec('continuous');
  const rollout = collect(spec, { weights: noisyWeights(spec) });
  const samples = { count: 4, target: Float32Array.from(targets), value: new Float32Array(4) };
  const outcome = { totals: new Float32Array(8), first: new Float32Array(8) };
  return {
    spec,
    request: { ...requestOf(rollout), onPolicy: false, update },
    job: { samples, minibatch: 4, orders: [Int32Array.of(0, 1, 2, 3)] } as unknown as UpdateEvidence['job'],
    outcome: outcome as unknown as UpdateEvidence['outcome'],
    explainedVariance: -2.5,
  };
}
