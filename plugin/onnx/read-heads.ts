import type { ActorInterface, OutputKind } from './actor.ts';
import type { Budget } from './budget.ts';
import type { ImportOnnxOptions } from './import-onnx.ts';
import { readBounds } from './read-bounds.ts';
import type { TracedHeads } from './read-network.ts';
import { isRowsOrFunction } from './row-operators/row-operator.ts';
import { joinRows, pickColumns, type Rows, resize } from './rows.ts';
import { settle } from './settle.ts';
import type { ChosenBranch, FunctionValue, Known } from './trace.ts';
import { Unsupported } from './unsupported.ts';
import type { Values } from './walk-graph.ts';

/** The value in a graph, starting at column `first`, that determines a branch's choice. */
export interface ScoresName {
  readonly name: string;
  readonly first: number;
}

/** An output, and how to compare it with the policy. */
export interface OutputReading {
  readonly name: string;
  readonly kind: Exclude<OutputKind, 'any'>;
  /** turns its numbers into a policy's actions */
  readonly finish: (x: number) => number;
}

/** An actor's heads, and how to read its outputs. */
export interface ActorHeads extends TracedHeads {
  readonly bounds: 'clip' | 'none';
  /** [D] the number of choices of each branch */
  readonly branches: readonly number[];
  /** [D] */
  readonly scores: readonly (readonly ScoresName[])[];
  readonly outputs: readonly OutputReading[];
}

/** Derives the heads from the traced outputs. */
export function readHeads(
  values: Values<Known>,
  { outputs }: ActorInterface,
  options: ImportOnnxOptions,
  budget: Budget,
): ActorHeads {
  const [only] = outputs;
  if (only.kind === 'any') return readAny(only.name, values.get(only.name) as Known, options, budget);
  const find = (kind: OutputKind) =>
    outputs.flatMap((output) => (output.kind === kind ? named(output.name, values.get(output.name)) : []));
  const [drawn] = find('drawn');
  const [certain = drawn] = find('certain');
  const asked = outputs.find(({ kind }) => kind === 'certain') ?? only;
  const continuous = readContinuous(certain, drawn ?? certain, options, budget, asked.name);
  const discrete = readDiscrete(find('choices'), budget);
  const { finish } = continuous;
  const readings = outputs.map(({ name, kind }) => ({ name, kind: kind as OutputReading['kind'], finish }));
  return {
    ...continuous,
    ...discrete,
    outputs: readings.filter(({ name }) => values.get(name)?.kind !== 'scores'), // log-probabilities are compared as `scores`
  };
}

/** An output's value; for scores, the output itself with its mask, not the values it was computed from. */
function named(name: string, value: Known | undefined): readonly Known[] {
  if (value?.kind !== 'scores') return value ? [value] : [];
  let first = 0;
  const branches = value.branches.map(({ logits }) => {
    first += logits.source.length;
    return { logits, scores: name, first: first - logits.source.length };
  });
  return [{ kind: 'scores', branches }];
}

/** Reads an output whose kind follows from its computation or from the options. */
function readAny(name: string, value: Known, options: ImportOnnxOptions, budget: Budget): ActorHeads {
  if (value.kind === 'scores' || value.kind === 'choice') {
    const discrete = readDiscrete(named(name, value), budget);
    const outputs = value.kind === 'choice' ? [{ name, kind: 'choices', finish: (x: number) => x } as const] : [];
    return { continuous: undefined, spread: [], bounds: 'clip', ...discrete, outputs };
  }
  if (!isRowsOrFunction(value))
    throw new Unsupported(
      `has an output "${name}" that does not depend on its observation`,
      'Name the output with the actions in the option output (--output)',
    );
  const rows = value.kind === 'rows' ? value : undefined;
  const size = rows ? rows.source.length : (value as FunctionValue).of.source.length;
  const { layout } = options;
  const branches = options.branches ?? layout?.actuators.flatMap((actuator) => actuator.branches) ?? [];
  const scored = sum(branches);
  const count = options.continuous ?? (options.bounds || layout || scored === 0 ? size - scored : 0);
  if (scored === 0 && count > size)
    throw new Unsupported(
      `outputs ${size} numbers ("${name}"), but was imported with continuous ${count}`,
      `Set continuous to ${size} or less`,
    );
  if (!branches.every((choices) => choices > 0) || count < 0 || count + scored > size || (count === 0 && scored < size))
    throw new Unsupported(
      `outputs ${size} numbers ("${name}"), not ${count > 0 ? `${count} actions and ` : ''}${scored} scores of branches [${branches}]`,
      `Pass branches whose sizes add up to ${size}`,
    );
  const part = (from: number, to: number) => takeColumns(value, from, to, budget);
  const actions = count > 0 ? part(0, count) : undefined;
  const continuous = readContinuous(actions, actions, options, budget, name);
  let at = count;
  const chosen = branches.map((choices): ChosenBranch => {
    at += choices;
    return { logits: settle(part(at - choices, at), budget), scores: name, first: at - choices };
  });
  return {
    ...continuous,
    ...readBranches([chosen], budget),
    outputs: count > 0 ? [{ name, kind: 'drawn', finish: continuous.finish }] : [],
  };
}

type ContinuousHead = Pick<ActorHeads, 'continuous' | 'spread' | 'bounds'> & Pick<OutputReading, 'finish'>;

const NO_CONTINUOUS: ContinuousHead = { continuous: undefined, spread: [], bounds: 'clip', finish: (x) => x };

function readContinuous(
  certain: Known | undefined,
  drawn: Known | undefined,
  options: ImportOnnxOptions,
  budget: Budget,
  output: string,
): ContinuousHead {
  if (!certain) return NO_CONTINUOUS;
  if (!isRowsOrFunction(certain) || (drawn && !isRowsOrFunction(drawn)))
    throw new Unsupported('has continuous actions that do not come from a dense layer', 'Export a trained policy');
  const { rows, bounds, finish } = readBounds(certain, options.bounds, output, budget);
  const noise = drawn?.kind === 'rows' ? drawn : drawn && readNoise(drawn);
  const spread = Array.from(rows.source, (_, i) => noise?.spread?.[i] ?? 0);
  return { continuous: { ...rows, spread: undefined }, spread, bounds, finish };
}

function readNoise({ of }: FunctionValue): Rows | undefined {
  if (!of.spread?.some((one) => one !== 0)) return undefined;
  throw new Unsupported(
    'squashes its sampled actions, as SAC does',
    'Train the agent with PPO: the noise must be added last',
  );
}

function readDiscrete(values: readonly Known[], budget: Budget): Pick<ActorHeads, 'logits' | 'branches' | 'scores'> {
  const choices = values.map((value) =>
    value.kind === 'choice' || value.kind === 'scores' ? value.branches : undefined,
  );
  const known = choices.filter((branches) => branches !== undefined);
  if (known.length < choices.length || known.some(({ length }) => length !== known[0].length))
    throw new Unsupported('has discrete actions that are not chosen from logits', 'Export a trained policy');
  return readBranches(known, budget);
}

/** Branches chosen by several outputs. */
function readBranches(
  choices: readonly (readonly ChosenBranch[])[],
  budget: Budget,
): Pick<ActorHeads, 'logits' | 'branches' | 'scores'> {
  const [first = []] = choices;
  const logits = first.map((branch) => branch.logits);
  return {
    logits:
      logits.length > 0
        ? joinRows(logits, resize(logits[0].dims, sum(logits.map(({ source }) => source.length))), budget)
        : undefined,
    branches: logits.map(({ source }) => source.length),
    scores: first.map((_, branch) => {
      const names = choices.map((branches) => branches[branch]);
      return names
        .filter(({ scores }, i) => names.findIndex((other) => other.scores === scores) === i)
        .map(({ scores, first }) => ({ name: scores, first }));
    }),
  };
}

/** Some columns of an output. */
function takeColumns(value: Rows | FunctionValue, from: number, to: number, budget: Budget): Rows | FunctionValue {
  const size = value.kind === 'rows' ? value.source.length : value.of.source.length;
  if (from === 0 && to === size) return value;
  const rows = value.kind === 'rows' ? value : settle(value, budget);
  const columns = Array.from({ length: to - from }, (_, i) => from + i);
  return pickColumns(rows, columns, [1, to - from], budget);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
