import { AgentsError } from '../core/errors.ts';
import type { SensorLayout } from '../core/layout.ts';
import type { ObservationInputs } from './description.ts';

/** One input of a graph, and where its floats stand in our observation. */
export interface ObservationInput {
  /** `obs_0`, `obs_1`, … */
  readonly name: string;
  readonly offset: number;
  readonly size: number;
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
): ObservationInput[] {
  if (observations === 'joined') {
    return [{ name: 'obs_0', offset: 0, size: sensors.reduce((sum, sensor) => sum + sensor.size, 0) }];
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
  return sorted.map(({ size, offset }, i) => ({ name: `obs_${i}`, offset, size }));
}
