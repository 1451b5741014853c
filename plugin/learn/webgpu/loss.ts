import type { LayoutSizes } from '../../core/layout.ts';
import { type LearnerContext, needsDistributions, REPORT } from '../engine.ts';
import { isPenalized, type LearnerSettings } from '../settings.ts';
import type { Plan } from './plan.ts';
import { type Program, wgslFloat } from './program.ts';
import { declareColumns } from './sample-columns.ts';

/** Samples per workgroup. */
export const LOSS_WORKGROUP = 64;

/**
 * PPO's objective and its gradient, one sample per invocation: from the heads' outputs to ∂L/∂μ, ∂L/∂logits, ∂L/∂V and
 * ∂L/∂log σ in the deltas, and each sample's part of the report. The equations are in ../tfjs/ppo.ts:
 *
 *   G = ∂L/∂log π, for the clipped surrogate −ρ·Â/B inside the clip, else 0
 *   ∂L/∂μ = G·z/σ,  z = (a − μ)/σ         ∂L/∂log σ = Σ G·(z² − 1) − c₂/B
 *   ∂L/∂xⱼ = G·([j chosen] − pⱼ) + c₂/B · pⱼ·(log pⱼ + H)  for the logits x of a branch with entropy H
 */
export function lossProgram(context: LearnerContext, plan: Plan): Program {
  const { sizes, settings } = context;
  const penalized = needsDistributions(context);
  return {
    label: 'loss',
    access: {
      state: 'read',
      samples: 'read',
      order: 'read',
      activations: 'read',
      deltas: 'read_write',
    },
    code: /* wgsl */ `
const HALF_LOG_TWO_PI = 0.9189385332046727;
const MASKED = -1e9;
${declareColumns(context, ['continuousAction', 'choice', 'mask', 'logProb', 'advantage', 'value', 'target'])}
${declareColumns(context, ['oldMean', 'oldLogDeviation', 'oldLogProbs'])}
struct Likelihood { logProb: f32, entropy: f32 }
${gaussian(plan, settings)}
${categorical(plan, sizes, settings)}
${surrogate(settings)}
${valueLoss(settings)}

@compute @workgroup_size(${LOSS_WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= step.rows) { return; }
  let sample = order[step.first + row];
  var now = Likelihood(0.0, 0.0);
  ${plan.continuous ? 'addGaussian(row, sample, &now);' : ''}
  ${plan.discrete ? 'addCategorical(row, sample, &now);' : ''}
  let logRatio = now.logProb - logProbOf(sample, 0u);
  let policy = surrogate(now.logProb, logRatio, (advantageOf(sample, 0u) - step.advantageMean) * step.advantageScale);
  let g = policy.slope / f32(step.rows);
  ${plan.continuous ? 'gaussianDeltas(row, sample, g);' : ''}
  ${plan.discrete ? 'categoricalDeltas(row, sample, g);' : ''}
  var penalty = 0.0;
  ${penalized && plan.continuous ? 'penalty += gaussianPenalty(row, sample);' : ''}
  ${penalized && plan.discrete ? 'penalty += categoricalPenalty(row, sample);' : ''}
  let value = valueLoss(activations[${plan.value.place}u * step.rows + row], valueOf(sample, 0u), targetOf(sample, 0u));
  deltas[${plan.value.place}u * step.rows + row] = ${wgslFloat(settings.valueCoefficient)} * value.slope / f32(step.rows);

  let report = ${plan.report.place}u * step.rows + row * ${plan.report.outputs}u;
  deltas[report + ${REPORT.indexOf('policyLoss')}u] = policy.loss + penalty;
  deltas[report + ${REPORT.indexOf('valueLoss')}u] = value.loss;
  deltas[report + ${REPORT.indexOf('entropy')}u] = now.entropy;
  deltas[report + ${REPORT.indexOf('approximateKl')}u] = divergence(logRatio);
  deltas[report + ${REPORT.indexOf('clipFraction')}u] =
    select(0.0, 1.0, abs(exp(logRatio) - 1.0) > ${wgslFloat(settings.clip)});
  deltas[report + ${REPORT.indexOf('k1')}u] = -logRatio;
  deltas[report + ${REPORT.indexOf('k2')}u] = 0.5 * logRatio * logRatio;
}
`,
  };
}

/** The part that rewards advantage, and k3; see surrogateLoss() and its neighbors, and approximateKl(). */
function surrogate(settings: LearnerSettings): string {
  return /* wgsl */ `
struct Loss { loss: f32, slope: f32 }

fn surrogate(logProb: f32, logRatio: f32, advantage: f32) -> Loss {
  let free = exp(logRatio) * advantage;
  ${surrogateBody(settings)}
}

// (ρ − 1) − log ρ; computed by its series where subtracting nearly equal numbers would only leave rounding.
fn divergence(x: f32) -> f32 {
  if (abs(x) < 0.1) { return x * x * (0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x / 120.0))); }
  return exp(x) - 1.0 - x;
}
`;
}

function surrogateBody({ objective, clip }: LearnerSettings): string {
  if (objective === 'policy-gradient') return 'return Loss(-logProb * advantage, -advantage);';
  if (objective !== 'clip') return 'return Loss(-free, -free);';
  return /* wgsl */ `
  let clipped = clamp(exp(logRatio), ${wgslFloat(1 - clip)}, ${wgslFloat(1 + clip)}) * advantage;
  return Loss(-min(free, clipped), select(0.0, -free, free <= clipped));`;
}

/** See valueLoss() in ../tfjs/ppo.ts. */
function valueLoss({ valueClip }: LearnerSettings): string {
  const free = 'let error = value - goal; let free = Loss(error * error, 2.0 * error);';
  if (valueClip === 0) return `fn valueLoss(value: f32, old: f32, goal: f32) -> Loss { ${free} return free; }`;
  const clip = wgslFloat(valueClip);
  return /* wgsl */ `
fn valueLoss(value: f32, old: f32, goal: f32) -> Loss {
  ${free}
  let change = value - old;
  let held = old + clamp(change, -${clip}, ${clip}) - goal;
  if (free.loss >= held * held) { return free; }
  return Loss(held * held, select(0.0, 2.0 * held, abs(change) <= ${clip}));
}
`;
}

function gaussian({ continuous, logDeviation }: Plan, { entropyCoefficient, objective }: LearnerSettings): string {
  if (!continuous || !logDeviation) return '';
  return /* wgsl */ `
fn deviate(row: u32, sample: u32, i: u32) -> f32 {
  let mean = activations[${continuous.place}u * step.rows + row * ${continuous.outputs}u + i];
  return (continuousActionOf(sample, i) - mean) * exp(-state[${logDeviation.matrix}u + i]);
}

fn addGaussian(row: u32, sample: u32, now: ptr<function, Likelihood>) {
  for (var i = 0u; i < ${continuous.outputs}u; i++) {
    let z = deviate(row, sample, i);
    let logDeviation = state[${logDeviation.matrix}u + i];
    (*now).logProb -= 0.5 * z * z + logDeviation + HALF_LOG_TWO_PI;
    (*now).entropy += logDeviation + HALF_LOG_TWO_PI + 0.5;
  }
}

fn gaussianDeltas(row: u32, sample: u32, g: f32) {
  for (var i = 0u; i < ${continuous.outputs}u; i++) {
    let z = deviate(row, sample, i);
    let at = row * ${continuous.outputs}u + i;
    deltas[${continuous.place}u * step.rows + at] = g * z * exp(-state[${logDeviation.matrix}u + i]);
    deltas[${logDeviation.place}u * step.rows + at] = g * (z * z - 1.0) - ${wgslFloat(entropyCoefficient)} / f32(step.rows);
  }
}
${
  isPenalized(objective)
    ? /* wgsl */ `
// β·KL(π_old ‖ π), whose gradient is added to the deltas; see gaussianKl().
fn gaussianPenalty(row: u32, sample: u32) -> f32 {
  let weight = step.klCoefficient / f32(step.rows);
  var divergence = 0.0;
  for (var i = 0u; i < ${continuous.outputs}u; i++) {
    let at = row * ${continuous.outputs}u + i;
    let logDeviation = state[${logDeviation.matrix}u + i];
    let shift = (activations[${continuous.place}u * step.rows + at] - oldMeanOf(sample, i)) * exp(-logDeviation);
    let shrink = logDeviation - oldLogDeviationOf(sample, i);
    let spread = exp(-2.0 * shrink) + shift * shift;
    divergence += shrink + 0.5 * (spread - 1.0);
    deltas[${continuous.place}u * step.rows + at] += weight * shift * exp(-logDeviation);
    deltas[${logDeviation.place}u * step.rows + at] += weight * (1.0 - spread);
  }
  return step.klCoefficient * divergence;
}
`
    : ''
}`;
}

function categorical(
  { discrete }: Plan,
  { branches }: LayoutSizes,
  { entropyCoefficient, objective }: LearnerSettings,
): string {
  if (!discrete) return '';
  let end = 0;
  const ranges = branches.map((size) => {
    end += size;
    return `vec2u(${end - size}u, ${end}u)`;
  });
  return /* wgsl */ `
// Where the choices of each branch begin and end.
var<private> branches: array<vec2u, ${branches.length}> = array<vec2u, ${branches.length}>(${ranges.join(', ')});

// The amount that a branch's log softmax subtracts, in two parts to limit rounding, and its entropy.
struct Branch { highest: f32, logSum: f32, entropy: f32 }
var<private> softmax: array<Branch, ${branches.length}>;

fn logit(row: u32, sample: u32, j: u32) -> f32 {
  let x = activations[${discrete.place}u * step.rows + row * ${discrete.outputs}u + j];
  return x + (1.0 - maskOf(sample, j)) * MASKED;
}

fn addCategorical(row: u32, sample: u32, now: ptr<function, Likelihood>) {
  for (var b = 0u; b < ${branches.length}u; b++) {
    let range = branches[b];
    var highest = logit(row, sample, range.x);
    for (var j = range.x + 1u; j < range.y; j++) { highest = max(highest, logit(row, sample, j)); }
    var sum = 0.0;
    for (var j = range.x; j < range.y; j++) { sum += exp(logit(row, sample, j) - highest); }
    var entropy = 0.0;
    for (var j = range.x; j < range.y; j++) {
      let logP = logit(row, sample, j) - highest - log(sum);
      entropy -= exp(logP) * logP;
      (*now).logProb += choiceOf(sample, j) * logP;
    }
    (*now).entropy += entropy;
    softmax[b] = Branch(highest, log(sum), entropy);
  }
}

fn categoricalDeltas(row: u32, sample: u32, g: f32) {
  let bonus = ${wgslFloat(entropyCoefficient)} / f32(step.rows);
  for (var b = 0u; b < ${branches.length}u; b++) {
    for (var j = branches[b].x; j < branches[b].y; j++) {
      let logP = logit(row, sample, j) - softmax[b].highest - softmax[b].logSum;
      let p = exp(logP);
      deltas[${discrete.place}u * step.rows + row * ${discrete.outputs}u + j] =
        g * (choiceOf(sample, j) - p) + bonus * p * (logP + softmax[b].entropy);
    }
  }
}
${
  isPenalized(objective)
    ? /* wgsl */ `
// β·KL(π_old ‖ π), whose gradient is added to the deltas; see categoricalKl().
fn categoricalPenalty(row: u32, sample: u32) -> f32 {
  let weight = step.klCoefficient / f32(step.rows);
  var divergence = 0.0;
  for (var b = 0u; b < ${branches.length}u; b++) {
    for (var j = branches[b].x; j < branches[b].y; j++) {
      let logP = logit(row, sample, j) - softmax[b].highest - softmax[b].logSum;
      let oldLogP = oldLogProbsOf(sample, j);
      divergence += exp(oldLogP) * (oldLogP - logP);
      deltas[${discrete.place}u * step.rows + row * ${discrete.outputs}u + j] += weight * (exp(logP) - exp(oldLogP));
    }
  }
  return step.klCoefficient * divergence;
}
`
    : ''
}`;
}
