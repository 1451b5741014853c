import { Agent, defineEnvironment, FunctionActuator, FunctionSensor } from '../../plugin/index.ts';
import { createHoop, createPawn, createStones, POSITIONS, place } from './pieces.ts';

const START = 10;
const SMALL = 7;
const LARGE = 17;
/** positions at which an episode ends, and their rewards */
const GOALS: ReadonlyMap<number, number> = new Map([
  [SMALL, 0.1],
  [LARGE, 1],
]);

/** what each choice adds to the position: stay, back, ahead */
const MOVES = [0, -1, 1] as const;

/** Unity's Basic: a pawn on a row of 20 stones can take a small reward nearby, or walk on to a large one. */
export const basic = defineEnvironment({
  name: 'basic',
  timeStep: 0.15,
  decisionPeriod: 1,
  maxDecisions: 1000,

  build(area) {
    createStones(area);
    const pawn = createPawn(area);
    place(createHoop('small', 0.25, area), SMALL);
    place(createHoop('large', 0.5, area), LARGE);
    let position = START;

    const agent = new Agent({
      sensors: [
        new FunctionSensor('position', POSITIONS, (out, offset) => {
          out.fill(0, offset, offset + POSITIONS);
          out[offset + position] = 1;
        }),
      ],
      actuators: [
        new FunctionActuator({
          name: 'move',
          branches: [MOVES.length],
          apply(action, offset) {
            position += MOVES[action[offset]];
            place(pawn, position);
          },
        }),
      ],
    });
    pawn.addBehavior(agent, true);

    return {
      reset() {
        position = START;
        place(pawn, position);
      },

      afterStep() {
        agent.addReward(-0.01);
        const reward = GOALS.get(position);
        if (reward === undefined) return;
        agent.addReward(reward);
        agent.terminate();
      },
    };
  },
});
