import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { type AreaLogic, defineEnvironment, respawn } from 'babylon-agents';
import { createField } from './field.ts';

// snippet: sparse
/** A goal 12 m away on a floor without walls: pays 1 for reaching it, and nothing else. */
export const far = defineEnvironment({
  name: 'far',
  maxDecisions: 100,
  spacing: 50,
  parameters: { distance: 12 },
  build(area): AreaLogic {
    const { ball, goal, agent, distance } = createField(area, 40);
    return {
      reset(random) {
        respawn(ball, { position: new Vector3(0, 0.5, 0) });
        const angle = random.between(-Math.PI, Math.PI);
        const { distance } = area.parameters;
        goal.position.set(distance * Math.cos(angle), 0.5, distance * Math.sin(angle));
      },
      afterStep() {
        if (ball.position.y < 0) agent.terminate();
        else if (distance() < 0.5) {
          agent.addReward(1);
          agent.terminate();
        }
      },
    };
  },
});
// snippet end

// snippet: progress
/** The same task; each meter of progress pays 1/12 as well. */
export const farWithProgress = defineEnvironment({
  name: 'far-with-progress',
  maxDecisions: 100,
  spacing: 50,
  build(area): AreaLogic {
    const { ball, goal, agent, distance } = createField(area, 40);
    let before = 0;
    return {
      reset(random) {
        respawn(ball, { position: new Vector3(0, 0.5, 0) });
        const angle = random.between(-Math.PI, Math.PI);
        goal.position.set(12 * Math.cos(angle), 0.5, 12 * Math.sin(angle));
        before = distance();
      },
      afterStep() {
        const now = distance();
        agent.addReward((before - now) / 12);
        before = now;
        if (ball.position.y < 0) agent.terminate();
        else if (now < 0.5) {
          agent.addReward(1);
          agent.terminate();
        }
      },
    };
  },
});
// snippet end
