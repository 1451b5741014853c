import { FunctionSensor } from '../../plugin/index.ts';

/** physics steps in which the rhythm goes round: 8 decisions, 0.53 s */
const CYCLE = 40;

/** rad of the rhythm after so many physics steps of an episode. */
export function phaseAfter(steps: number): number {
  return (2 * Math.PI * steps) / CYCLE;
}

/** Sine and cosine of the rhythm: without one, what sets the legs in motion is chance alone. */
export function createRhythmSensor(steps: () => number): FunctionSensor {
  return new FunctionSensor('rhythm', 2, (out, offset) => {
    const phase = phaseAfter(steps());
    out[offset] = Math.sin(phase);
    out[offset + 1] = Math.cos(phase);
  });
}
