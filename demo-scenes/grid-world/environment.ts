import { Agent, defineEnvironment, FunctionActuator, FunctionSensor, GridSensor } from '../../plugin/index.ts';
import { CELL, SIZE, SYMBOLS } from './board.ts';
import { CHOICES, Walk } from './walk.ts';

/** cells per side of a map that shows the whole board, wherever the walker in its center is */
const SIGHT = 2 * SIZE - 1;

/** Unity's GridWorld: a walker on a board of 5 × 5 cells is told which of two symbols to reach. */
export const gridWorld = defineEnvironment({
  name: 'grid-world',
  timeStep: 0.15,
  decisionPeriod: 1,
  maxDecisions: 100,

  build(area) {
    const walk = new Walk(area);
    const agent = new Agent({
      sensors: [
        new GridSensor({ tags: SYMBOLS, columns: SIGHT, rows: SIGHT, cellSize: CELL }),
        new FunctionSensor('goal', SYMBOLS.length, (out, offset) => {
          for (let i = 0; i < SYMBOLS.length; i++) out[offset + i] = i === walk.wanted ? 1 : 0;
        }),
      ],
      actuators: [
        new FunctionActuator({
          name: 'move',
          branches: [CHOICES],
          mask(out, offset) {
            for (let choice = 0; choice < CHOICES; choice++) if (!walk.allows(choice)) out[offset + choice] = 0;
          },
          apply: (action, offset) => walk.move(action[offset]),
        }),
      ],
    });
    walk.walker.addBehavior(agent, true);

    return {
      reset: (random) => walk.begin(random),

      afterStep() {
        const { reached } = walk;
        if (reached === undefined) return agent.addReward(-0.01);
        agent.setReward(reached === walk.wanted ? 1 : -1);
        agent.terminate();
      },
    };
  },
});
