import { SUMMED_REPORT } from './plan.ts';
import type { Program } from './program.ts';

/** Invocations per workgroup of programs over the flat vector. */
export const FLAT_WORKGROUP = 64;

/** Entries that a workgroup covers, in strides of its invocations. */
export const FLAT_SPAN = 4 * FLAT_WORKGROUP;

/** Workgroups of programs over `weights` and the report after them. */
export function flatGroups(weights: number): number {
  return Math.ceil((weights + SUMMED_REPORT) / FLAT_SPAN);
}

/** WGSL `total(lane, x)`: Σ x over a workgroup, always in the same order, available to all. Barriers cost more than adding twice. */
export const WORKGROUP_TOTAL = /* wgsl */ `
var<workgroup> terms: array<f32, 64>;
var<workgroup> sums: array<f32, 8>;
fn total(lane: u32, x: f32) -> f32 {
  terms[lane] = x;
  workgroupBarrier();
  if (lane < 8u) {
    var sum = 0.0;
    for (var i = 0u; i < 8u; i++) { sum += terms[8u * lane + i]; }
    sums[lane] = sum;
  }
  workgroupBarrier();
  var all = 0.0;
  for (var i = 0u; i < 8u; i++) { all += sums[i]; }
  return all;
}
`;

/** Sums the chunks of gradient and report, and the squares in each workgroup's part of the gradient. */
export function reduceProgram(): Program {
  return {
    label: 'reduce',
    access: { partials: 'read', gradient: 'read_write' },
    code: /* wgsl */ `
${WORKGROUP_TOTAL}
@compute @workgroup_size(${FLAT_WORKGROUP})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let size = step.weights + ${SUMMED_REPORT}u;
  let end = min(size, (group.x + 1u) * ${FLAT_SPAN}u);
  var squares = 0.0;
  for (var i = group.x * ${FLAT_SPAN}u + lane; i < end; i += ${FLAT_WORKGROUP}u) {
    var sum = 0.0;
    for (var chunk = 0u; chunk < step.chunks; chunk++) { sum += partials[chunk * size + i]; }
    gradient[i] = sum;
    if (i < step.weights) { squares += sum * sum; }
  }
  let part = total(lane, squares);
  if (lane == 0u) { gradient[size + group.x] = part; }
}
`,
  };
}
