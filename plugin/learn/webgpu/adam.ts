import { ADAM, LOG_DEVIATION_RANGE, RATE_RANGE, REPORT } from '../engine.ts';
import type { LearnerSettings } from '../settings.ts';
import { type Plan, SUMMED_REPORT } from './plan.ts';
import { type Program, wgslFloat } from './program.ts';
import { FLAT_SPAN, FLAT_WORKGROUP, flatGroups, WORKGROUP_TOTAL } from './reduce.ts';

const { beta1: BETA1, beta2: BETA2, epsilon: EPSILON } = ADAM;
const [LEAST_RATE, MOST_RATE] = RATE_RANGE;

/** Floats in a gradient step's record: REPORT, then the learning rate. */
export const RECORD = REPORT.length + 1;

/**
 * Clips the gradient by the global norm, adapts the learning rate to the divergence, and takes one step of Adam with log σ
 * kept in its range; the equations are in ../tfjs/adam.ts. Every workgroup computes norm and rate itself, which saves a
 * dispatch; the first one records them.
 */
export function adamProgram(plan: Plan, settings: LearnerSettings): Program {
  return {
    label: 'adam',
    access: { gradient: 'read', state: 'read_write', records: 'read_write' },
    code: /* wgsl */ `
${WORKGROUP_TOTAL}
${declareBounds(plan)}
const P = ${plan.weights}u;
const SIZE = ${plan.weights + SUMMED_REPORT}u;

fn gradientNorm(lane: u32) -> f32 {
  var squares = 0.0;
  for (var i = lane; i < ${flatGroups(plan.weights)}u; i += ${FLAT_WORKGROUP}u) { squares += gradient[SIZE + i]; }
  return sqrt(total(lane, squares));
}

fn learningRate() -> f32 {
  if (step.adapt == 0u) { return step.learningRate; }
  let rate = records[step.index * ${RECORD}u - 1u];
  let kl = gradient[P + ${REPORT.indexOf('approximateKl')}u] / f32(step.rows);
  if (kl > ${wgslFloat(2 * settings.targetKl)}) { return max(rate / 1.5, ${wgslFloat(LEAST_RATE)}); }
  if (kl < ${wgslFloat(settings.targetKl / 2)}) { return min(rate * 1.5, ${wgslFloat(MOST_RATE)}); }
  return rate;
}

fn record(norm: f32, rate: f32) {
  let at = step.index * ${RECORD}u;
  for (var i = 0u; i < ${SUMMED_REPORT}u; i++) { records[at + i] = gradient[P + i] / f32(step.rows); }
  records[at + ${SUMMED_REPORT}u] = norm;
  records[at + ${RECORD - 1}u] = rate;
}

@compute @workgroup_size(${FLAT_WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let norm = gradientNorm(lane);
  let rate = learningRate();
  if (group.x == 0u && lane == 0u) { record(norm, rate); }
  let scale = ${wgslFloat(settings.maxGradientNorm)} / max(norm, ${wgslFloat(settings.maxGradientNorm)});
  let end = min(P, (group.x + 1u) * ${FLAT_SPAN}u);
  for (var i = group.x * ${FLAT_SPAN}u + lane; i < end; i += ${FLAT_WORKGROUP}u) {
    let g = scale * gradient[i];
    let m = ${wgslFloat(BETA1)} * state[P + i] + ${wgslFloat(1 - BETA1)} * g;
    let v = ${wgslFloat(BETA2)} * state[2u * P + i] + ${wgslFloat(1 - BETA2)} * g * g;
    let change = m * (rate / step.correction1) / (sqrt(v / step.correction2) + ${wgslFloat(EPSILON)});
    state[i] = bounded(i, state[i] - change);
    state[P + i] = m;
    state[2u * P + i] = v;
  }
}
`,
  };
}

/** WGSL that keeps log σ in its range. */
function declareBounds({ logDeviation }: Plan): string {
  if (!logDeviation) return 'fn bounded(i: u32, x: f32) -> f32 { return x; }';
  const { matrix, outputs } = logDeviation;
  const [least, most] = LOG_DEVIATION_RANGE.map(wgslFloat);
  return /* wgsl */ `
fn bounded(i: u32, x: f32) -> f32 {
  return select(x, clamp(x, ${least}, ${most}), i >= ${matrix}u && i < ${matrix + outputs}u);
}`;
}
