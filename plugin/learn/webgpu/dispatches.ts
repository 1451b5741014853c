import type { LearnerContext } from '../engine.ts';
import { adamProgram } from './adam.ts';
import { backwardProgram } from './backward.ts';
import { forwardProgram } from './forward.ts';
import { LOSS_WORKGROUP, lossProgram } from './loss.ts';
import type { Plan, PlannedLayer } from './plan.ts';
import type { Program } from './program.ts';
import { flatGroups, reduceProgram } from './reduce.ts';
import { tilesOf } from './tile.ts';
import { weightGradientProgram } from './weight-gradient.ts';

/** The size of a gradient step, which determines the number of workgroups. */
export interface StepSize {
  /** B */
  readonly rows: number;
  /** number of parts that sums over rows are split into */
  readonly chunks: number;
}

/** One dispatch of every gradient step. */
export interface Dispatch {
  readonly program: Program;
  /** the buffer `layers` of this dispatch, if its program has one */
  readonly layers: readonly PlannedLayer[];
  /** workgroups, in x and y */
  readonly grid: (size: StepSize) => readonly [x: number, y: number];
}

/** The dispatches of one gradient step in order: each may read what the earlier ones wrote. */
export function createDispatches(context: LearnerContext, plan: Plan): Dispatch[] {
  const forward = forwardProgram(context);
  const backward = backwardProgram();
  const flat = (program: Program): Dispatch => ({ program, layers: [], grid: () => [flatGroups(plan.weights), 1] });

  const depths = [...plan.levels, plan.heads];
  const forwardPasses = depths.map((layers): Dispatch => {
    const tiles = layers.reduce((total, { outputs }) => total + tilesOf(outputs), 0);
    return { program: forward, layers, grid: ({ rows }) => [tiles, tilesOf(rows)] };
  });
  const backwardPasses = plan.levels.map((below, depth): Dispatch => {
    const tiles = below.length * tilesOf(below[0].outputs);
    return { program: backward, layers: depths[depth + 1], grid: ({ rows }) => [tiles, tilesOf(rows)] };
  });
  const summed = [...depths.flat(), ...plan.sums];
  const summedTiles = summed.reduce((all, { inputs, outputs }) => all + tilesOf(inputs || 1) * tilesOf(outputs), 0);
  return [
    ...forwardPasses,
    { program: lossProgram(context, plan), layers: [], grid: ({ rows }) => [Math.ceil(rows / LOSS_WORKGROUP), 1] },
    ...backwardPasses.reverse(),
    { program: weightGradientProgram(context), layers: summed, grid: ({ chunks }) => [summedTiles, chunks] },
    flat(reduceProgram()),
    flat(adamProgram(plan, context.settings)),
  ];
}
