import type { ActorInterface } from './actor.ts';
import { TENSOR } from './actor-names.ts';
import type { TracedHeads } from './read-network.ts';
import type { Column, Rows } from './rows.ts';
import type { ChoiceValue, Known } from './trace.ts';
import { Unsupported } from './unsupported.ts';
import type { Values } from './walk-graph.ts';

/** An actor's heads, and how each branch is chosen from. */
export interface ActorHeads extends TracedHeads {
  /** [D] the number of choices of each branch */
  readonly branches: readonly number[];
  /** [D] the names of the values that each branch's choices are made from */
  readonly scores: readonly (readonly string[])[];
}

/** Reads from the traced outputs what the actions are made of. */
export function readHeads(values: Values<Known>, { actions }: ActorInterface): ActorHeads {
  const find = (name: string) => (actions.includes(name) ? values.get(name) : undefined);
  const certain = find(TENSOR.certainContinuous) ?? find(TENSOR.continuous);
  const drawn = find(TENSOR.continuous) ?? certain;
  const choices = [find(TENSOR.certainDiscrete), find(TENSOR.discrete)].filter((value) => value !== undefined);
  return { ...readContinuous(certain, drawn), ...readDiscrete(choices) };
}

function readContinuous(
  certain: Known | undefined,
  drawn: Known | undefined,
): Pick<ActorHeads, 'continuous' | 'spread'> {
  if (!certain || !drawn) return { continuous: { kind: 'rows', columns: [] }, spread: [] };
  if (certain.kind !== 'rows' || drawn.kind !== 'rows' || certain.columns.length !== drawn.columns.length)
    throw new Unsupported('has continuous actions that no dense layer gives', 'Export a policy that was trained');
  for (const column of [...certain.columns, ...drawn.columns]) requireBounds(column);
  return { continuous: unbound(certain), spread: drawn.columns.map(({ spread }) => spread) };
}

/** Both clamp(x, −3, 3) / 3 and clamp(x, −1, 1) hold actions in [−1, 1], as a policy does. */
function requireBounds({ low, high, source }: Column): void {
  if (Math.abs(low + 1) < 1e-6 && Math.abs(high - 1) < 1e-6) return;
  const tanh = source?.kind === 'activated' && source.activation === 'tanh';
  throw new Unsupported(
    tanh ? 'squashes its actions with tanh, as SAC does' : `bounds its actions to [${low}, ${high}]`,
    'Actions clipped to [−1, 1] are imported: train the agent with ML-Agents’ PPO',
  );
}

function unbound({ columns }: Rows): Rows {
  return {
    kind: 'rows',
    columns: columns.map((column) => ({ ...column, spread: 0, low: -Infinity, high: Infinity })),
  };
}

function readDiscrete(values: readonly Known[]): Pick<ActorHeads, 'logits' | 'branches' | 'scores'> {
  const choices = values.filter((value): value is ChoiceValue => value.kind === 'choice');
  const [first] = choices;
  const branches = first?.branches ?? [];
  if (choices.length < values.length || choices.some((choice) => choice.branches.length !== branches.length))
    throw new Unsupported('has discrete actions that are not chosen from logits', 'Export a policy that was trained');
  return {
    logits: { kind: 'rows', columns: branches.flatMap(({ logits }) => logits.columns) },
    branches: branches.map(({ logits }) => logits.columns.length),
    scores: branches.map((_, branch) => [...new Set(choices.map((choice) => choice.branches[branch].scores))]),
  };
}
