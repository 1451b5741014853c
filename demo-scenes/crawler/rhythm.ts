import { FunctionSensor } from '../../plugin/index.ts';

/** period of the rhythm in physics steps: 8 decisions, 0.53 s */
const CYCLE = 40;

/** The rhythm's phase after this many physics steps of an episode [rad]. */
export function phaseAfter(steps: number): number {
  return (2 * Math.PI * steps) / CYCLE;
}

/** Sine and cosine of the rhythm: without one, only chance sets the legs in motion. */
export function createRhythmSensor(steps: () => number): FunctionSensor {
  return new FunctionSensor('rhythm', 2, (out, offset) => {
    const phase = phaseAfter(steps());
    out[offset] = Math.sin(phase);
    out[offset + 1] = Math.cos(phase);
  });
}
