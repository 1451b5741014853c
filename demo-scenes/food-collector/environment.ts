import { Agent, defineEnvironment, FunctionActuator, GridSensor, type Random } from '../../plugin/index.ts';
import { Forager } from './forager.ts';
import { Meadow, touches } from './meadow.ts';

const FORAGERS = 5;

/** Unity's FoodCollector: five cubes share a meadow, collect the good food and avoid the bad. */
export const foodCollector = defineEnvironment({
  name: 'food-collector',
  timeStep: 0.02,
  decisionPeriod: 5,
  maxDecisions: 1000,
  spacing: 110,

  build(area) {
    const meadow = new Meadow(area);
    const foragers = Array.from({ length: FORAGERS }, () => new Forager(area));
    const agents = foragers.map((forager) => createAgent(forager, foragers));
    let chance: Random;

    return {
      reset(random) {
        chance = random;
        for (const food of meadow.food) meadow.move(food, random);
        for (const forager of foragers) forager.begin(random);
      },

      afterStep() {
        for (let i = 0; i < FORAGERS; i++) {
          foragers[i].rest();
          for (const food of meadow.food) {
            if (!touches(food, foragers[i].node.position)) continue;
            agents[i].addReward(food.worth);
            meadow.move(food, chance);
          }
        }
      },
    };
  },
});

function createAgent(forager: Forager, all: readonly Forager[]): Agent {
  const agent = new Agent({
    sensors: [
      new GridSensor({
        tags: ['food', 'agent', 'wall', 'badFood', 'frozenAgent'],
        columns: 20,
        rows: 20,
        cellSize: 2,
      }),
    ],
    actuators: [
      new FunctionActuator({
        name: 'moves',
        continuous: 3,
        branches: [2],
        apply(action, offset) {
          const shoots = action[offset + 3] === 1;
          forager.act(action[offset], action[offset + 1], action[offset + 2], shoots, all);
        },
      }),
    ],
  });
  forager.node.addBehavior(agent, true);
  return agent;
}
