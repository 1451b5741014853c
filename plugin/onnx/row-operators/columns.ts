import type { OnnxNode } from '../model.ts';
import { indicesOf, integersOf, intOf, sliceRanges } from '../operators/operator.ts';
import { gatherIndices } from '../operators/shape.ts';
import { createRows, type Rows } from '../rows.ts';
import type { Tensor } from '../tensor.ts';
import type { ChoiceValue, Known } from '../trace.ts';

import { type RowContext, settle } from './row-operator.ts';

export function concat(
  node: OnnxNode,
  inputs: readonly (Known | undefined)[],
  _constants: readonly (Tensor | undefined)[],
  { budget }: RowContext,
): Known | undefined {
  if (!lastAxis(node, 0)) return undefined;
  const choices = inputs.filter((input): input is ChoiceValue => input?.kind === 'choice');
  if (choices.length === inputs.length)
    return { kind: 'choice', branches: choices.flatMap(({ branches }) => branches) };
  const rows = inputs.filter((input): input is Rows => input?.kind === 'rows');
  if (rows.length !== inputs.length) return undefined;
  return createRows(
    rows.flatMap(({ columns }) => columns),
    budget,
  );
}

export function slice(
  node: OnnxNode,
  [x]: readonly (Known | undefined)[],
  constants: readonly (Tensor | undefined)[],
  { budget }: RowContext,
): Known | undefined {
  if (x?.kind !== 'rows') return undefined;
  let { columns } = x;
  for (const range of sliceRanges(node, constants)) {
    const whole = range.start === 0 && range.end >= 2 ** 31 - 1 && range.step === 1;
    if (range.axis === 1 || range.axis === -1) {
      const all = columns;
      columns = indicesOf(node, range, all.length).map((index) => all[index]);
    } else if (!whole) return undefined;
  }
  return settle(columns, budget);
}

export function gather(
  node: OnnxNode,
  [x]: readonly (Known | undefined)[],
  [, indices]: readonly (Tensor | undefined)[],
  { budget }: RowContext,
): Known | undefined {
  if (x?.kind !== 'rows' || !indices || !lastAxis(node, 0)) return undefined;
  const { columns } = x;
  budget.spend(8 * indices.data.length);
  return settle(
    gatherIndices(node, indices, columns.length).map((index) => columns[index]),
    budget,
  );
}

/** Reshape to [batch, n] again: of rows, only to what they are. */
export function reshape(
  node: OnnxNode,
  [x]: readonly (Known | undefined)[],
  [, shape]: readonly (Tensor | undefined)[],
): Known | undefined {
  const dims = integersOf(node, 'shape', shape);
  if (x?.kind === 'choice') return x;
  if (x?.kind !== 'rows' || dims?.length !== 2) return undefined;
  const [batch, size] = dims;
  const same = size === x.columns.length || size === 0 || (size === -1 && batch === 0);
  return same && (batch === -1 || batch === 0) ? x : undefined;
}

export function keepFlat(x: Known | undefined): Known | undefined {
  return x?.kind === 'rows' || x?.kind === 'choice' ? x : undefined;
}

export function scoresOf(
  node: OnnxNode,
  [x]: readonly (Known | undefined)[],
  _constants: readonly (Tensor | undefined)[],
  { opset }: RowContext,
): Known | undefined {
  return x?.kind === 'rows' && lastAxis(node, opset < 13 ? 1 : -1) ? { kind: 'scores', logits: x } : undefined;
}

export function choose(node: OnnxNode, x: Known | undefined): Known | undefined {
  const logits = x?.kind === 'scores' ? x.logits : x;
  if (logits?.kind !== 'rows') return undefined;
  return { kind: 'choice', branches: [{ logits, scores: node.inputs[0] }] };
}

/** Whether a node works along the columns of [batch, n]. */
export function lastAxis(node: OnnxNode, otherwise: number): boolean {
  const axis = intOf(node, 'axis', otherwise);
  return axis === 1 || axis === -1;
}
