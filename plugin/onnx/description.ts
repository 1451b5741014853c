import type { AgentLayout } from '../core/layout.ts';
import { between, describeFault, oneOf, parseJson, type Shape, text, wholeFrom } from '../policy/json-shape.ts';
import type { TrainingRecord } from '../policy/policy-file.ts';

/** The metadata entry of an .onnx file with what a graph cannot express about a policy, as JSON. */
export const DESCRIPTION_ENTRY = 'babylon-agents';
const VERSION = 1;

/** How a policy's observation enters a graph: one input per sensor, sorted by name as Unity sorts them, or one for all. */
export type ObservationInputs = 'per-sensor' | 'joined';

/** The shape of a grid sensor. */
export interface GridShape {
  /** number of rows */
  readonly rows: number;
  /** number of columns */
  readonly columns: number;
}

/** Rows and columns of the grid sensors, by name. */
export type GridShapes = Readonly<Record<string, GridShape>>;

/** The description in an .onnx file that this library wrote. */
export interface Description {
  readonly name: string;
  readonly layout: AgentLayout;
  readonly observations: ObservationInputs;
  readonly grids?: GridShapes | undefined;
  /** 'none' if actions are not clipped; the graph shows everything else */
  readonly bounds?: 'none' | undefined;
  /** in seconds */
  readonly timeStep: number;
  readonly decisionPeriod: number;
  readonly trained: TrainingRecord | undefined;
}

const finite = between(-Number.MAX_VALUE, Number.MAX_VALUE);
const LAYOUT = {
  sensors: [{ name: text, size: wholeFrom(1) }],
  actuators: [{ name: text, continuous: wholeFrom(0), branches: [wholeFrom(1)] }],
} as const;
const DESCRIPTION: Shape = {
  format: oneOf('onnx-policy'),
  version: (version) => (version === VERSION ? undefined : String(VERSION)),
  name: text,
  layout: LAYOUT,
  observations: oneOf('per-sensor', 'joined'),
  timeStep: finite,
  decisionPeriod: finite,
};
const GRID: Shape = { rows: wholeFrom(1), columns: wholeFrom(1) };
const TRAINED: Shape = {
  environment: text,
  seed: finite,
  decisions: finite,
  meanReturn: (value) => (value === null ? undefined : finite(value)),
};

/** A description as text. */
export function writeDescription(description: Description): string {
  return JSON.stringify({ format: 'onnx-policy', version: VERSION, ...description });
}

/** Reads a description; undefined if the text is not one, or is from a newer version. */
export function readDescription(json: string): Description | undefined {
  const description = parseJson(json, 8);
  if (describeFault(description, DESCRIPTION)) return undefined;
  const { name, layout, observations, grids, bounds, timeStep, decisionPeriod, trained } = description as Description;
  const sound = trained !== undefined && !describeFault(trained, TRAINED);
  return {
    name,
    layout: {
      sensors: layout.sensors.map(({ name, size }) => ({ name, size })),
      actuators: layout.actuators.map(({ name, continuous, branches }) => ({ name, continuous, branches })),
    },
    observations,
    grids: readGrids(grids),
    bounds: bounds === 'none' ? bounds : undefined,
    timeStep,
    decisionPeriod,
    trained: sound ? trained : undefined,
  };
}

/** The grids in a description. Invalid ones are dropped, and the inputs then do not fit. */
function readGrids(grids: unknown): GridShapes | undefined {
  if (typeof grids !== 'object' || grids === null) return undefined;
  const entries = Object.entries(grids);
  return entries.every(([, grid]) => !describeFault(grid, GRID)) ? (grids as GridShapes) : undefined;
}
