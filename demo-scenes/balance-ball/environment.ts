import { BodySensor, FunctionSensor } from '../../plugin/index.ts';
import { defineBalanceBall, writeTilt } from './define-balance-ball.ts';

/** Unity's 3DBall: the agent senses its platform's tilt, and the ball's position and velocity. */
export const balanceBall = defineBalanceBall('balance-ball', (platform, ball) => [
  new FunctionSensor('tilt', 2, (out, offset) => writeTilt(platform, out, offset)),
  new BodySensor({ name: 'ball', of: ball, position: platform, linearVelocity: true }),
]);
