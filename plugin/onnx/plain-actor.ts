import { type ActorInput, type ActorInterface, readInput } from './actor.ts';
import { describeGraph, describeValue, describeValues, inputsOf, requireKnownOperators } from './describe-graph.ts';
import type { ImportOnnxOptions } from './import-onnx.ts';
import { inferWidth } from './infer-width.ts';
import { ELEMENT, type OnnxGraph, type OnnxValue } from './model.ts';
import { Unsupported } from './unsupported.ts';
import { nodesBehind } from './walk-graph.ts';

/** Exporters' names for outputs that are not actions (whole names: "steering_state" may be one), and for actions. */
const OTHERS = new RegExp(
  `^(${[
    '(state_|pred(icted)?_)?values?|value_(preds?|out(put)?|function|head)|vf(_preds?)?',
    'critic(_(values?|out(put)?))?|entropy|((actions?_)?log_?probs?|(actions?_)?logp)',
    '(actions?_|log_?)*(std|stddev|sigma|scale|variance)',
    '(next_)?(recurrent|hidden|cell|rnn|lstm|gru)?_?(states?|hidden|recurrent|memory|memories|carry)(_?(outs?|n|next))?',
    '[hc]_?(n|out|t)?',
  ].join('|')})([_.]?\\d+)?$`,
  'i',
);
const ACTIONS = /^(deterministic_|continuous_|discrete_|mean_)*(actions?|output|logits|mean|mu|policy|q_?values?)$/i;
/** Their names for a memory's input. */
const MEMORIES = /hidden|recurrent|memory|carry|lstm|gru|rnn|state_in|^[hc]_?(0|n|in|t|prev)?$/i;

/** Finds the observation input and the action output in a graph of any trainer. */
export function requirePlainActor(graph: OnnxGraph, { output }: ImportOnnxOptions): ActorInterface {
  const name = chooseOutput(graph, output);
  requireKnownOperators(graph, [name]);
  const behind = nodesBehind(graph, [name]);
  const read = new Set([name, ...behind.flatMap(({ inputs }) => inputs)]);
  const used = inputsOf(graph).filter((input) => read.has(input.name));
  if (used.length === 0)
    throw new Unsupported(
      `is not a policy: its output "${name}" does not depend on any input. It has ${describeGraph(graph)}`,
      'Name the output with the actions in the option output (--output)',
    );
  const memory = used.length > 1 && used.find((input) => MEMORIES.test(input.name));
  if (memory)
    throw new Unsupported(
      `has a memory (input ${describeValue(memory)}), which is not supported yet`,
      'Train the agent without a memory',
    );
  const observations = used.map((input) => requireFloats(graph, input));
  return { observations, masks: 0, noise: undefined, outputs: [{ name, kind: 'any' }], said: [] };
}

function chooseOutput(graph: OnnxGraph, wanted: string | undefined): string {
  const names = graph.outputs.map(({ name }) => name);
  if (wanted !== undefined) {
    if (names.includes(wanted)) return wanted;
    throw new Unsupported(`has no output "${wanted}"`, `It has ${describeValues(graph.outputs)}`);
  }
  const computes = graph.outputs.filter(({ name }) => nodesBehind(graph, [name]).some(({ op }) => op !== 'Identity'));
  const choices = [
    computes,
    computes.filter(({ name }) => !OTHERS.test(name)),
    computes.filter(({ name }) => ACTIONS.test(name)),
  ];
  const only = choices.find(({ length }) => length === 1);
  if (only) return only[0].name;
  if (computes.length === 0)
    throw new Unsupported(
      `is not a policy: it computes nothing. It has ${describeGraph(graph)}`,
      'Import the .onnx file of a policy',
    );
  throw new Unsupported(
    `has outputs ${describeValues(computes)}, but does not say which one holds the actions`,
    'Name it in the option output (--output)',
  );
}

function requireFloats(graph: OnnxGraph, value: OnnxValue): ActorInput {
  const { type } = value;
  if (type !== 0 && type !== ELEMENT.float && type !== ELEMENT.double && type !== ELEMENT.float16)
    throw new Unsupported(
      `has input ${describeValue(value)} of element type ${type}`,
      'Export a policy that observes floats',
    );
  const input = readInput(value, inferWidth(graph, value.name));
  if (!input)
    throw new Unsupported(
      `has input ${describeValue(value)} of unknown size`,
      'Export it with a fixed observation size',
    );
  if (input.size === 0)
    throw new Unsupported(`has input ${describeValue(value)} of 0 floats`, 'Export a policy that observes something');
  return input;
}
