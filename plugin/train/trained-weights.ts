import { didYouMean } from '../core/did-you-mean.ts';
import { AgentsError } from '../core/errors.ts';
import { describeLayout, sameLayout } from '../core/layout.ts';
import type { TrainedWeights } from '../learn/begin-with.ts';
import { activationsOf } from '../policy/network.ts';
import type { PolicySpec } from '../policy/policy.ts';
import { parsePolicy, readTrainingRecord } from '../policy/policy-file.ts';
import type { TrainingOptions } from './training-options.ts';

/** How many observations the normalizer of a policy stands for whose file has no training record. */
const UNRECORDED = 100_000;

/** The trained weights that policies of a run begin with, by name; throws unless each fits the policy. */
export function trainedWeightsOf(
  from: TrainingOptions['from'],
  specs: readonly PolicySpec[],
): ReadonlyMap<string, TrainedWeights> {
  return new Map(
    filesByPolicy(from, specs).map(([name, file]) => {
      const spec = specs.find((candidate) => candidate.name === name);
      if (!spec) throw unknownPolicy(name, specs);
      const who = `The policy file for "${name}"`;
      const policy = parsePolicy(file, who);
      requireFit(policy.spec, spec, who);
      const observations = readTrainingRecord(file, who)?.decisions ?? UNRECORDED;
      return [name, { weights: policy.weights, observations }];
    }),
  );
}

/** One file alone is for the run's only policy, or for the one that it is called by. */
function filesByPolicy(
  from: TrainingOptions['from'],
  specs: readonly PolicySpec[],
): readonly (readonly [name: string, file: Uint8Array])[] {
  if (from === undefined) return [];
  if (!(from instanceof Uint8Array)) return Object.entries(from);
  return [[specs.length === 1 ? specs[0].name : parsePolicy(from).spec.name, from]];
}

function unknownPolicy(name: string, specs: readonly PolicySpec[]): AgentsError {
  const names = specs.map((spec) => spec.name);
  return new AgentsError(
    `Option "from" has a policy file for "${name}", but no agent uses that policy.${didYouMean(name, names)} There are: ${names.join(', ')}.`,
  );
}

function requireFit(file: PolicySpec, spec: PolicySpec, who: string): void {
  if (!sameLayout(file.layout, spec.layout))
    throw new AgentsError(
      `${who} ${describeLayout(file.layout)}, but the agent ${describeLayout(spec.layout)}. Start from a policy with the same sensors and actuators.`,
    );
  if (file.bounds !== spec.bounds)
    throw new AgentsError(`${who} has unbounded actions, which cannot be trained. Start from a policy trained here.`);
  const [has, needs] = [file, spec].map(describeNetwork);
  if (has !== needs)
    throw new AgentsError(`${who} has ${has}, but the run's settings say ${needs}. Use those of the file.`);
}

function describeNetwork({ network, observationClip }: PolicySpec): string {
  const activations = [...new Set(activationsOf(network))].join(', ');
  const activation = network.hidden.length === 0 ? '' : `, activation ${activations}`;
  return `hidden [${network.hidden}]${activation}, observationClip ${observationClip}`;
}
