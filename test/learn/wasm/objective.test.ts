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
}

/** σ = 1 and μ = 0, actions (1, 0), whose log-probability is −½ − log 2π; ∂ log π/∂μ = (1, 0). */
const LOG_PROB = -0.5 - Math.log(2 * Math.PI);

/** The loss of rows in a minibatch of their number: the report, and ∂L/∂μ₀ and ∂L/∂V of each row. */
function evaluate(rows: readonly Row[], settings: Partial<LearnerSettings>) {
  const context = createContext(
    createSpec('continuous'),
    createSettings({ clip: 0.2, entropyCoefficient: 0, ...settings }),
  );
  const workspace = createWorkspace(context);
  const [{ outputs, output, gradient }] = workspace.heads;
  const samples = createSamples(context.sizes, rows.length);
  const advantage = new Float32Array(rows.length);
  rows.forEach(({ ratio = 1, advantage: a = 0, value = 0, oldValue = 0, target = 0 }, i) => {
    samples.continuousAction[2 * i] = 1;
    samples.logProb[i] = LOG_PROB - Math.log(ratio);
    samples.value[i] = oldValue;
    samples.target[i] = target;
    output[i * outputs + 2] = value;
    advantage[i] = a;
  });
  const objective = new Objective(context, workspace);
  const minibatch = { sample: Int32Array.from(rows, (_, i) => i), advantage };
  objective.begin(minibatch);
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
    ['above it, where that pays', 1.5, 2, -1.2 * 2, 0],
    ['above it, where that costs', 1.5, -2, 1.5 * 2, 1.5 * 2],
    ['below it, where that pays', 0.5, -2, 0.8 * 2, 0],
    ['below it, where that costs', 0.5, 2, -0.5 * 2, -0.5 * 2],
  ])('has the clipped surrogate and its slope: a ratio %s', (_, ratio, advantage, loss, slope) => {
    const { report, mean } = evaluate([{ ratio, advantage }, {}], {});
    expect(report('policyLoss')).toBeCloseTo(loss / 2, 5);
    expect(mean[0]).toBeCloseTo(slope / 2, 5);
    expect(mean[1]).toBeCloseTo(0, 6);
  });

  it('reports the divergence and the share of ratios outside the clip', () => {
    const { report } = evaluate([{ ratio: 1.5 }, { ratio: 0.9 }, { ratio: 0.7 }, {}], {});
    const k3 = (ratio: number) => ratio - 1 - Math.log(ratio);
    expect(report('approximateKl')).toBeCloseTo((k3(1.5) + k3(0.9) + k3(0.7)) / 4, 5);
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
    ['that went further toward the target than the clip', 0.5, 0, 1, 0.8 ** 2, 0],
    ['that went away from the target', -0.5, 0, 1, 1.5 ** 2, -2 * 1.5],
  ])('holds a value near the old one when told to: one %s', (_, value, oldValue, target, loss, slope) => {
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
