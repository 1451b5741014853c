/** @jsxImportSource react */
import type { ReactNode } from 'react';
import { formatNumber } from './format.ts';
import type { ActuatorReading, BranchReading, SensorReading } from './snapshot.ts';

/** Sensors of more floats are drawn as a strip without numbers, which ray fans and the like would flood the pane with. */
const MOST_NUMBERS = 24;

/** What a sensor reads: numbers with bars from −1 to 1, or from −x to x where a float is larger. */
export function SensorValues({ reading: { name, values } }: { readonly reading: SensorReading }): ReactNode {
  const scale = values.reduce((most, value) => (Math.abs(value) > most ? Math.abs(value) : most), 1);
  return (
    <section data-sensor={name}>
      <h3>
        {name} <small>{scale > 1 ? `sensor, bars to ±${formatNumber(scale)}` : 'sensor'}</small>
      </h3>
      {values.length > MOST_NUMBERS ? (
        <Strip values={values} scale={scale} />
      ) : (
        <Values values={values} scale={scale} />
      )}
    </section>
  );
}

/** What an actuator was handed last: its floats from −1 to 1, and for each branch the choice and what the mask forbids. */
export function ActuatorValues({ reading }: { readonly reading: ActuatorReading }): ReactNode {
  return (
    <section data-actuator={reading.name}>
      <h3>
        {reading.name} <small>action</small>
      </h3>
      <Values values={reading.continuous} scale={1} />
      {reading.branches.map((branch, index) => (
        <Branch key={index} branch={branch} />
      ))}
    </section>
  );
}

function Values({ values, scale }: { readonly values: readonly number[]; readonly scale: number }): ReactNode {
  return (
    <div className="agents-values">
      {values.map((value, index) => (
        <div key={index}>
          <span className="agents-number">
            <small>{index}</small> <span data-value={value}>{formatNumber(value)}</span>
          </span>
          <div className="agents-bar">
            <i style={spread(value / scale, 'left', 'width')} />
          </div>
        </div>
      ))}
    </div>
  );
}

function Strip({ values, scale }: { readonly values: readonly number[]; readonly scale: number }): ReactNode {
  return (
    <div className="agents-strip">
      {values.map((value, index) => (
        <span key={index} title={`${index}: ${formatNumber(value)}`} data-value={value}>
          <i style={spread(value / scale, 'bottom', 'height')} />
        </span>
      ))}
    </div>
  );
}

function Branch({ branch: { choice, allowed } }: { readonly branch: BranchReading }): ReactNode {
  return (
    <ul className="agents-branch">
      {allowed.map((free, index) => (
        <li
          key={index}
          aria-current={index === choice}
          data-forbidden={!free}
          title={free ? undefined : `The mask forbids choice ${index}.`}
        >
          {index}
        </li>
      ))}
    </ul>
  );
}

/** A bar from the middle to `share` in [−1, 1]. */
function spread(share: number, from: 'left' | 'bottom', extent: 'width' | 'height'): Record<string, string> {
  const kept = Number.isFinite(share) ? Math.max(-1, Math.min(1, share)) : 0;
  return { [from]: `${50 + 50 * Math.min(0, kept)}%`, [extent]: `${50 * Math.abs(kept)}%` };
}
