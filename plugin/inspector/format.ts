import type { ActuatorLayout, SensorLayout } from '../core/layout.ts';
import type { Agent } from '../scene/agent.ts';
import type { PastEpisode } from '../scene/episode-tally.ts';

/** Four digits or three, whatever the size, so that columns of live numbers stand still: `−0.125`, `34.20`, `2.5e+4`. */
export function formatNumber(value: number): string {
  return unsigned(value).replace('-', '−');
}

function unsigned(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (size >= 9999.5) return value.toExponential(1);
  if (size >= 999.5) return value.toFixed(0);
  if (size >= 99.95) return value.toFixed(1);
  if (size >= 9.995) return value.toFixed(2);
  return (Math.abs(value) < 0.0005 ? 0 : value).toFixed(3); // no −0.000
}

/** `episode 3, running` */
export function describeEpisode({ episode, outcome }: Pick<Agent, 'episode' | 'outcome'>): string {
  return `episode ${episode}, ${outcome}`;
}

/** `terminated, 412 decisions` */
export function formatEnd({ outcome, decisions }: PastEpisode): string {
  return `${outcome}, ${decisions} decision${decisions === 1 ? '' : 's'}`;
}

/** `8 floats: tilt 2, ball 6` */
export function formatSensors(sensors: readonly SensorLayout[]): string {
  const total = sensors.reduce((sum, { size }) => sum + size, 0);
  return `${total} float${total === 1 ? '' : 's'}: ${sensors.map(({ name, size }) => `${name} ${size}`).join(', ')}`;
}

/** `tilt 2 continuous, jump 3×2 choices` */
export function formatActuators(actuators: readonly ActuatorLayout[]): string {
  return actuators
    .map(({ name, continuous, branches }) => {
      const floats = continuous > 0 ? ` ${continuous} continuous` : '';
      return `${name}${floats}${branches.length > 0 ? ` ${branches.join('×')} choices` : ''}`;
    })
    .join(', ');
}
