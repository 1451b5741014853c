import type { AgentLayout } from '../core/layout.ts';
import { LEAST_OBSERVATION_CLIP, LEAST_TIME_STEP, MOST_OBSERVATION_CLIP, MOST_TIME_STEP } from '../core/limits.ts';
import { between, describeFault, oneOf, type Shape, text, wholeFrom } from './json-shape.ts';
import { ACTIVATIONS, type NetworkSpec } from './network.ts';
import type { PolicySpec } from './policy.ts';

const count = wholeFrom(1);
const activation = oneOf(...ACTIVATIONS);
const SPEC: Shape = {
  name: text,
  layout: {
    sensors: [{ name: text, size: count }],
    actuators: [{ name: text, continuous: wholeFrom(0), branches: [count] }],
  },
  network: {
    hidden: [count],
    activation: (value) => [value].flat().map(activation).find(Boolean),
    critic: oneOf('shared', 'separate', 'none'),
  },
  observationClip: between(LEAST_OBSERVATION_CLIP, MOST_OBSERVATION_CLIP),
  bounds: oneOf('clip', 'none'),
  timeStep: between(LEAST_TIME_STEP, MOST_TIME_STEP),
  decisionPeriod: count,
  frames: (value) => (value === undefined ? undefined : count(value)),
};

/**
 * What is wrong with an untrusted policy description; undefined if it is valid.
 *
 * @param floats maximum number of weights
 */
export function findSpecFault(spec: unknown, floats: number): string | undefined {
  const fault = describeFault(spec, SPEC);
  if (fault) return fault;
  const { layout, network } = spec as PolicySpec;
  for (const kind of ['sensors', 'actuators'] as const) {
    const names = layout[kind].map(({ name }) => name);
    if (names.length === 0) return `it has no ${kind}`;
    if (new Set(names).size < names.length) return `two of its ${kind} share a name`;
  }
  if (layout.actuators.some(({ continuous, branches }) => continuous + branches.length === 0))
    return 'one of its actuators takes no action';
  const weights = countWeights(layout, network);
  return weights > floats ? `it has ${weights} weights, which is too many` : undefined;
}

/** A lower bound on the number of weights, computed without allocating. */
function countWeights({ sensors, actuators }: AgentLayout, { hidden }: NetworkSpec): number {
  let inputs = 0;
  let outputs = 0;
  for (const { size } of sensors) inputs += size;
  for (const { continuous, branches } of actuators) {
    outputs += continuous;
    for (const size of branches) outputs += size;
  }
  let weights = 2 * inputs;
  for (const width of [...hidden, outputs]) {
    weights += (inputs + 1) * width;
    inputs = width;
  }
  return weights;
}
