import { describe, expect, it } from 'vitest';
import { createContext, REPORT } from '../../../plugin/learn/engine.ts';
import { createSamples } from '../../../plugin/learn/samples.ts';
import type { LearnerSettings } from '../../../plugin/learn/settings.ts';
import { Objective } from '../../../plugin/learn/wasm/objective.ts';
import { createWorkspace } from '../../../plugin/learn/wasm/workspace.ts';
import { createSettings, createSpec } from '../fixtures.ts';

interface Row {
  /** ρ */
  readonly ratio?: number;
  readonly advantage?: number;
  readonly value?: number;
  readonly oldValue?: number;
  readonly target?: number;
  /** of the first action; 0 of the second */
  readonly oldMean?: number;
  /** of both actions */
  readonly oldLogDeviation?: number;
}

/** σ = 1 and μ = 0, actions (1, 0), with log-probability −½ − log 2π; ∂ log π/∂μ = (1, 0). */
const LOG_PROB = -0.5 - Math.log(2 * Math.PI);

/** The loss of one minibatch with these rows: the report, and ∂L/∂μ₀ and ∂L/∂V of each row. */
function evaluate(rows: readonly Row[], settings: Partial<LearnerSettings>) {
  const context = createContext(
    createSpec('continuous'),
    createSettings({ clip: 0.2, entropyCoefficient: 0, ...settings }),
  );
  const workspace = createWorkspace(context);
  const [{ outputs, output, gradient }] = workspace.heads;
  const samples = createSamples(context.sizes, rows.length, true);
  const advantage = new Float32Array(rows.length);
  rows.forEach(({ ratio = 1, advantage: a = 0, value = 0, oldValue = 0, target = 0, ...old }, i) => {
    samples.continuousAction[2 * i] = 1;
    samples.logProb[i] = LOG_PROB - Math.log(ratio);
    samples.oldMean[2 * i] = old.oldMean ?? 0;
    samples.oldLogDeviation.fill(old.oldLogDeviation ?? 0, 2 * i, 2 * i + 2);
    samples.value[i] = oldValue;
    samples.target[i] = target;
    output[i * outputs + 2] = value;
    advantage[i] = a;
  });
  const objective = new Objective(context, workspace);
  const minibatch = { sample: Int32Array.from(rows, (_, i) => i), advantage };
  objective.begin(minibatch, context.settings.klCoefficient);
  objective.addRows(samples, minibatch, 0, rows.length);
  objective.finish();
  return {
    report: (name: (typeof REPORT)[number]) => objective.report[REPORT.indexOf(name)],
    mean: rows.map((_, i) => gradient[i * outputs]),
    value: rows.map((_, i) => gradient[i * outputs + 2]),
    deviation: workspace.gradient[workspace.packing.logDeviation],
  };
}

describe('Objective', () => {
  it.each([
    ['inside the clip', 1.1, 2, -1.1 * 2, -1.1 * 2],
    ['above it, if that pays', 1.5, 2, -1.2 * 2, 0],
    ['above it, if that costs', 1.5, -2, 1.5 * 2, 1.5 * 2],
    ['below it, if that pays', 0.5, -2, 0.8 * 2, 0],
    ['below it, if that costs', 0.5, 2, -0.5 * 2, -0.5 * 2],
  ])('has the clipped surrogate and its slope: a ratio %s', (_, ratio, advantage, loss, slope) => {
    const { report, mean } = evaluate([{ ratio, advantage }, {}], {});
    expect(report('policyLoss')).toBeCloseTo(loss / 2, 5);
    expect(mean[0]).toBeCloseTo(slope / 2, 5);
    expect(mean[1]).toBeCloseTo(0, 6);
  });

  it.each([
    ['unclipped', 1.5, 2, -1.5 * 2, -1.5 * 2],
    ['unclipped', 0.5, -2, 0.5 * 2, 0.5 * 2],
    ['policy-gradient', 1.5, 2, -LOG_PROB * 2, -2],
    ['policy-gradient', 0.5, -2, LOG_PROB * 2, 2],
  ] as const)(
    'has the surrogate of %s and its slope: a ratio of %f, an advantage of %f',
    (objective, ratio, advantage, loss, slope) => {
      const { report, mean } = evaluate([{ ratio, advantage }, {}], { objective });
      expect(report('policyLoss')).toBeCloseTo(loss / 2, 5);
      expect(mean[0]).toBeCloseTo(slope / 2, 5);
    },
  );

  it('charges β for divergence: π_old two deviations away and half as wide', () => {
    const { report, mean, deviation } = evaluate([{ oldMean: 2, oldLogDeviation: Math.log(1 / 2) }], {
      objective: 'kl-fixed',
      klCoefficient: 3,
    });
    const spread = 1 / 4 + 2 ** 2; // of the first action; the second is only half as wide
    const divergence = Math.log(2) + (spread - 1) / 2 + Math.log(2) + (1 / 4 - 1) / 2;
    expect(report('policyLoss')).toBeCloseTo(3 * divergence, 5);
    expect(mean[0]).toBeCloseTo(3 * (0 - 2), 5);
    expect(deviation).toBeCloseTo(3 * (1 - spread), 5);
  });

  it('reports the divergence and the share of ratios outside the clip', () => {
    const { report } = evaluate([{ ratio: 1.5 }, { ratio: 0.9 }, { ratio: 0.7 }, {}], {});
    const k3 = (ratio: number) => ratio - 1 - Math.log(ratio);
    expect(report('approximateKl')).toBeCloseTo((k3(1.5) + k3(0.9) + k3(0.7)) / 4, 5);
    expect(report('k1')).toBeCloseTo(-Math.log(1.5 * 0.9 * 0.7) / 4, 5);
    expect(report('k2')).toBeCloseTo((Math.log(1.5) ** 2 + Math.log(0.9) ** 2 + Math.log(0.7) ** 2) / 8, 5);
    expect(report('clipFraction')).toBe(2 / 4);
  });

  it('has the squared error of the value', () => {
    const { report, value } = evaluate(
      [
        { value: 3, target: 1 },
        { value: 1, target: 1.5 },
      ],
      { valueCoefficient: 0.5 },
    );
    expect(report('valueLoss')).toBeCloseTo((4 + 0.25) / 2, 6);
    expect(value[0]).toBeCloseTo((0.5 * 2 * 2) / 2, 6);
    expect(value[1]).toBeCloseTo((0.5 * 2 * -0.5) / 2, 6);
  });

  it.each([
    ['near the old one', 0.1, 0, 1, 0.9 ** 2, -2 * 0.9],
    ['that moved further toward the target than the clip', 0.5, 0, 1, 0.8 ** 2, 0],
    ['that moved away from the target', -0.5, 0, 1, 1.5 ** 2, -2 * 1.5],
  ])('clips a value near the old one if enabled: one %s', (_, value, oldValue, target, loss, slope) => {
    const result = evaluate([{ value, oldValue, target }], { valueClip: 0.2, valueCoefficient: 1 });
    expect(result.report('valueLoss')).toBeCloseTo(loss, 6);
    expect(result.value[0]).toBeCloseTo(slope, 6);
  });

  it('rewards entropy, which grows with log σ', () => {
    const { report, deviation } = evaluate([{}], { entropyCoefficient: 0.3 });
    expect(report('entropy')).toBeCloseTo(2 * (0.5 * Math.log(2 * Math.PI) + 0.5), 6);
    expect(deviation).toBeCloseTo(-0.3, 6);
  });

  it('does not hide an advantage that is not a number', () => {
    const { mean, report } = evaluate([{ advantage: Number.NaN }], {});
    expect(mean[0]).toBeNaN();
    expect(report('policyLoss')).toBeNaN();
  });
});
