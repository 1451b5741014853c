import { didYouMean } from '../core/did-you-mean.ts';
import { AgentsError } from '../core/errors.ts';
import type { SensorLayout } from '../core/layout.ts';
import type { GridShapes, ObservationInputs } from './description.ts';

/** One input of a graph, and the positions of its floats in our observation. */
export interface ObservationInput {
  /** `obs_0`, `obs_1`, … */
  readonly name: string;
  /** without the batch: [d], or [C, H, W] for a grid */
  readonly dims: readonly number[];
  /** for each of its floats, the entry in our observation */
  readonly entries: Int32Array;
}

/**
 * The inputs that hold an observation. ML-Agents has one per sensor and sorts the sensors by name like .NET's invariant
 * culture, where letters count before case. .NET versions differ on hyphens and apostrophes, so names whose order depends
 * on those are rejected.
 */
export function observationInputs(
  sensors: readonly SensorLayout[],
  observations: ObservationInputs,
  who: string,
  grids: GridShapes = {},
): ObservationInput[] {
  requireGrids(sensors, observations, who, grids);
  if (observations === 'joined') {
    const size = sensors.reduce((sum, sensor) => sum + sensor.size, 0);
    return [{ name: 'obs_0', dims: [size], entries: oneAfterAnother(0, size) }];
  }
  let offset = 0;
  const placed = sensors.map(({ name, size }) => {
    offset += size;
    return { sensor: name, size, offset: offset - size };
  });
  const sortBy = ({ compare }: Intl.Collator) => placed.toSorted((a, b) => compare(a.sensor, b.sensor));
  const sorted = sortBy(new Intl.Collator('en'));
  const ignoring = sortBy(new Intl.Collator('en', { ignorePunctuation: true }));
  const unclear = sorted.findIndex((input, i) => input !== ignoring[i]);
  const twin = sorted.findIndex((input, i) => input.sensor === sorted[i + 1]?.sensor);
  const refuse = (why: string) =>
    new AgentsError(`${who} ${why}. Rename one of them, or export the observations joined in one input.`);
  if (twin >= 0) throw refuse(`has two sensors named "${sorted[twin].sensor}", but Unity needs unique names`);
  if (unclear >= 0) {
    const names = `"${sorted[unclear].sensor}" and "${ignoring[unclear].sensor}"`;
    throw refuse(`has sensors ${names}, which Unity versions sort differently`);
  }
  return sorted.map(({ sensor, size, offset }, i) => ({
    name: `obs_${i}`,
    ...(Object.hasOwn(grids, sensor)
      ? gridOf(grids[sensor], size, offset)
      : { dims: [size], entries: oneAfterAnother(offset, size) }),
  }));
}

/**
 * A grid in the layout of Unity's GridSensorComponent: [tags, rows, columns], farthest row first. Ours is
 * [rows, columns, tags], rearmost row first.
 */
function gridOf({ rows, columns }: GridShapes[string], size: number, offset: number): Omit<ObservationInput, 'name'> {
  const tags = size / (rows * columns);
  const entries = new Int32Array(size);
  let at = 0;
  for (let tag = 0; tag < tags; tag++)
    for (let row = rows - 1; row >= 0; row--)
      for (let column = 0; column < columns; column++) entries[at++] = offset + (row * columns + column) * tags + tag;
  return { dims: [tags, rows, columns], entries };
}

function oneAfterAnother(offset: number, size: number): Int32Array {
  return new Int32Array(size).map((_, i) => offset + i);
}

function requireGrids(
  sensors: readonly SensorLayout[],
  observations: ObservationInputs,
  who: string,
  grids: GridShapes,
): void {
  for (const [name, { rows, columns }] of Object.entries(grids)) {
    const known = sensors.map((sensor) => sensor.name);
    const size = sensors.find((sensor) => sensor.name === name)?.size;
    if (size === undefined)
      throw new AgentsError(
        `${who} has no sensor "${name}" for a grid. Its sensors: ${known.join(', ')}.${didYouMean(name, known)}`,
      );
    if (![rows, columns].every((count) => Number.isInteger(count) && count > 0) || size % (rows * columns) !== 0)
      throw new AgentsError(
        `${who} has sensor "${name}" of ${size} floats, which is not a grid of ${rows} rows and ${columns} columns. Use the size of its GridSensor.`,
      );
  }
  if (observations === 'joined' && Object.keys(grids).length > 0)
    throw new AgentsError(
      `${who} joins its observations in one input, which cannot be a grid. Omit one of the two options.`,
    );
}
