import { didYouMean } from '../core/did-you-mean.ts';
import { AgentsError } from '../core/errors.ts';
import type { SensorLayout } from '../core/layout.ts';
import type { GridShapes, ObservationInputs } from './description.ts';

/** One input of a graph, and where its floats stand in our observation. */
export interface ObservationInput {
  /** `obs_0`, `obs_1`, … */
  readonly name: string;
  /** without the batch: [d], or [C, H, W] of a grid */
  readonly dims: readonly number[];
  /** of each of its floats, the entry of our observation */
  readonly entries: Int32Array;
}

/**
 * The inputs that hold an observation. ML-Agents gives each sensor one and sorts the sensors by name as the invariant
 * culture of .NET does, where letters count before their case. .NET's versions differ on hyphens and apostrophes: names
 * whose order depends on those are refused.
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
    new AgentsError(`${who} ${why}. Rename one of them, or export with the observations joined in one input.`);
  if (twin >= 0) throw refuse(`has two sensors called "${sorted[twin].sensor}", and Unity needs names of their own`);
  if (unclear >= 0) {
    const names = `"${sorted[unclear].sensor}" and "${ignoring[unclear].sensor}"`;
    throw refuse(`has sensors ${names}, which Unity’s versions sort differently`);
  }
  return sorted.map(({ sensor, size, offset }, i) => ({
    name: `obs_${i}`,
    ...(Object.hasOwn(grids, sensor)
      ? gridOf(grids[sensor], size, offset)
      : { dims: [size], entries: oneAfterAnother(offset, size) }),
  }));
}

/**
 * A grid as Unity's GridSensorComponent shows it, [tags, rows, columns] with the farthest row first. Ours has
 * [rows, columns, tags], the rearmost row first.
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
        `${who} has no sensor "${name}" to be a grid. It has: ${known.join(', ')}.${didYouMean(name, known)}`,
      );
    if (![rows, columns].every((count) => Number.isInteger(count) && count > 0) || size % (rows * columns) !== 0)
      throw new AgentsError(
        `${who} has sensor "${name}" of ${size} floats, which is no grid of ${rows} rows and ${columns} columns. Give those of its GridSensor.`,
      );
  }
  if (observations === 'joined' && Object.keys(grids).length > 0)
    throw new AgentsError(`${who} joins its observations in one input, which cannot be a grid. Leave one of both out.`);
}
