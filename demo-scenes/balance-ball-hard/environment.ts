import { FunctionSensor, StackedSensor } from '../../plugin/index.ts';
import { defineBalanceBall, writeTilt } from '../balance-ball/define-balance-ball.ts';
import { drawAsSlabs } from './slabs.ts';

/** decisions that the agent observes, including the current one */
const SEEN = 9;

/** Unity's 3DBallHard: balance-ball without velocities; only the last observations show what moves, and how. */
export const balanceBallHard = defineBalanceBall('balance-ball-hard', (platform, ball) => {
  drawAsSlabs(platform, SEEN);
  const places = new FunctionSensor('places', 5, (out, offset) => {
    writeTilt(platform, out, offset);
    ball.position.toArray(out, offset + 2); // the platform's center is that of the area
  });
  return [new StackedSensor(places, { count: SEEN })];
});
