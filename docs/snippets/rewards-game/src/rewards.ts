import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { defineEnvironment, respawn } from 'babylon-agents';
import { createField } from './field.ts';

// snippet: task
/** A physics step, for the reward: `fell` and `reached` end the episode. */
interface Step {
  readonly distance: number;
  /** m that the ball came nearer in this step */
  readonly progress: number;
  readonly fell: boolean;
  readonly reached: boolean;
}

/** The same task with another reward. */
function reach(name: string, reward: (step: Step) => number) {
  return defineEnvironment({
    name,
    maxDecisions: 200,
    build(area) {
      const { ball, goal, agent, distance } = createField(area, 12);
      let before = 0;
      return {
        reset(random) {
          respawn(ball, { position: new Vector3(random.between(-4, 4), 0.5, random.between(-4, 4)) });
          goal.position.set(random.between(-4, 4), 0.5, random.between(-4, 4));
          before = distance();
        },
        afterStep() {
          const now = distance();
          const [fell, reached] = [ball.position.y < 0, now < 0.5];
          agent.addReward(reward({ distance: now, progress: before - now, fell, reached }));
          before = now;
          if (fell || reached) agent.terminate();
        },
      };
    },
  });
}
// snippet end

// snippet: near
export const near = reach('near', ({ distance, reached }) => 0.01 / (1 + distance) + (reached ? 1 : 0));
export const nearer = reach('nearer', ({ progress, reached }) => 0.1 * progress + (reached ? 1 : 0));
// snippet end

// snippet: hurry
export const hasty = reach('hasty', ({ reached, fell }) => -0.01 + (reached ? 1 : 0) - (fell ? 1 : 0));
export const hurried = reach('hurried', ({ reached, fell }) => -0.001 + (reached ? 1 : 0) - (fell ? 1 : 0));
// snippet end
