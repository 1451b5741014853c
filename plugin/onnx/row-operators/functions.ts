import type { OnnxNode } from '../model.ts';
import { scalarOf } from '../operators/elementwise.ts';
import type { Apply } from '../recognize.ts';
import { type Rows, relate } from '../rows.ts';
import type { NumberTensor } from '../tensor.ts';
import type { FunctionValue, Known } from '../trace.ts';
import { Unsupported } from '../unsupported.ts';
import { isRowsOrFunction, type RowOperator } from './row-operator.ts';

/** Several operators may use a value, and several may use each result: the cost could double with every node. */
const MOST_OPERATIONS = 200;
const MOST_NAMES = 6;

/** Any elementwise operator on one value that depends on the observation and on single numbers. */
export const elementwise: RowOperator = (node, inputs, constants, { budget }) => {
  const scalar = scalarOf(node);
  const used = node.op === 'Dropout' ? inputs.slice(0, 1) : inputs;
  const bases = used.filter(isRowsOrFunction).map(baseOf);
  if (!scalar || bases.length === 0) return undefined;
  const of = bases.find(({ low }) => !low) ?? bases[0];
  if (bases.some((base) => !placeOf(of, base))) throw combined(node, used);
  const operands = used.map((input, i) => operandOf(input, constants[i], of));
  if (operands.includes(undefined)) return undefined;
  const applies = operands as readonly Apply[];
  const cost = used.reduce((sum, input) => sum + (input?.kind === 'function' ? input.cost : 0), 1);
  if (cost > MOST_OPERATIONS)
    throw new Unsupported(
      `has an activation of more than ${MOST_OPERATIONS} operations`,
      'Export it with a common activation',
    );
  budget.work(2 * cost);
  const before = used.flatMap((input) => (input?.kind === 'function' ? input.names : []));
  return {
    kind: 'function',
    of,
    apply: (x) => scalar(...applies.map((apply) => apply(x))),
    points: pointsOf(used, applies, of),
    cost,
    names: [...new Set([...before, nameOf(node)])].slice(0, MOST_NAMES),
  };
};

/**
 * Where an operator may behave differently than nearby: where its operands (if they are lines) are equal or 0, and where its
 * function operands already have such points.
 */
function pointsOf(used: readonly (Known | undefined)[], applies: readonly Apply[], of: Rows): readonly number[] {
  const lines = [{ slope: 0, offset: 0 }];
  const points: number[] = [];
  used.forEach((input, i) => {
    if (!input) return;
    const offset = applies[i](0);
    const slope = applies[i](1) - offset;
    lines.push({ slope, offset });
    if (input.kind === 'constant') points.push(offset, -offset);
    if (input.kind !== 'function' || input.points.length === 0) return;
    const place = placeOf(of, input.of);
    const [from, by] = place ? [place(0), place(1) - place(0)] : [0, 1];
    points.push(...input.points.map((point) => (point - from) / by));
  });
  for (const a of lines) for (const b of lines) points.push((b.offset - a.offset) / (a.slope - b.slope));
  return [...new Set(points)].filter(Number.isFinite);
}

/** Two values that are not functions of the same columns. */
function combined({ op }: OnnxNode, inputs: readonly (Known | undefined)[]): Unsupported {
  if (inputs.some((input) => isRowsOrFunction(input) && baseOf(input).spread))
    return new Unsupported(
      'samples its actions with a deviation that depends on the observation, or squashes them, as SAC does',
      'Train the agent with PPO: the noise must have a fixed deviation and be added last',
    );
  return new Unsupported(
    `combines two values that it computes from the observation (${op})`,
    'Only a chain of dense layers without shortcuts can be imported',
  );
}

function baseOf(value: Rows | FunctionValue): Rows {
  return value.kind === 'rows' ? value : value.of;
}

/** An operand as a function of the columns of `of`. */
function operandOf(input: Known | undefined, constant: NumberTensor | undefined, of: Rows): Apply | undefined {
  if (!input) return () => undefined as unknown as number; // omitted: scalars have defaults
  if (constant) return constant.data.length === 1 ? () => constant.data[0] : undefined;
  if (!isRowsOrFunction(input)) return undefined;
  const place = placeOf(of, baseOf(input));
  return place && (input.kind === 'rows' ? place : (x) => input.apply(place(x)));
}

/** Rows as a function of others: a line, possibly clipped; undefined if they are not. */
function placeOf(of: Rows, rows: Rows): Apply | undefined {
  const relation = relate(of, rows);
  if (relation) {
    const { factor, offset } = relation;
    return factor === 1 && offset === 0 ? (x) => x : (x) => factor * x + offset;
  }
  const { low, high } = rows;
  if (!low || !high || !low.every((limit) => limit === low[0]) || !high.every((limit) => limit === high[0]))
    return undefined;
  const line = placeOf(of, { ...rows, low: undefined, high: undefined });
  return line && ((x) => Math.min(Math.max(line(x), low[0]), high[0]));
}

/** `Elu (alpha 0.5)` */
function nameOf({ op, attributes }: OnnxNode): string {
  const alpha = attributes.get('alpha')?.float;
  return alpha === undefined ? op : `${op} (alpha ${Number(alpha.toPrecision(6))})`;
}
