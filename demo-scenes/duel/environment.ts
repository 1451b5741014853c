import { Agent, type AreaContext, type AreaLogic, defineEnvironment } from '../../plugin/index.ts';
import { createActuator, createSensor } from './agent-parts.ts';
import { DECISION_PERIOD, Duel } from './duel.ts';
import { ROUND_SECONDS, STEPS_A_SECOND, type Verdict } from './round.ts';
import { Sparring } from './sparring.ts';

/** What the first bot gets for a round; the second gets the opposite. */
const REWARDS: Readonly<Record<Verdict, number>> = { won: 1, lost: -1, draw: 0 };

/** Meters from the middle to the bots, how much of that is left to chance, and the share of rounds against the script. */
const parameters = { mark: 3, scatter: 1, sparring: 0.3 };

/** Two bots, one policy: each tries to push the other off a platform that shrinks. An episode is a round. */
export const duel = defineEnvironment({
  name: 'duel',
  timeStep: 1 / STEPS_A_SECOND,
  decisionPeriod: DECISION_PERIOD,
  maxDecisions: (ROUND_SECONDS * STEPS_A_SECOND) / DECISION_PERIOD,
  parameters,
  build,
});

function build(area: AreaContext<typeof parameters>): AreaLogic {
  const fight = new Duel(area);
  const [first, second] = fight.bots;
  const firstAgent = createAgent(fight, 0);
  const secondAgent = createAgent(fight, 1);
  const partner = new Sparring(second, first);
  let sparring = false;

  return {
    reset(random) {
      fight.begin(random, area.parameters.mark, area.parameters.scatter);
      sparring = random.uniform() < area.parameters.sparring;
      partner.begin(random);
    },

    afterStep() {
      fight.afterStep();
      if (sparring) {
        secondAgent.terminate(); // it sits this round out, and its bot is the partner's
        if (fight.atDecision) partner.decide();
        second.apply();
      }
      if (!fight.verdict) return;
      const reward = REWARDS[fight.verdict];
      firstAgent.addReward(reward);
      if (secondAgent.active) secondAgent.addReward(-reward);
      firstAgent.terminate();
      secondAgent.terminate();
    },
  };
}

function createAgent(fight: Duel, i: 0 | 1): Agent {
  const me = fight.bots[i];
  const other = fight.bots[1 - i];
  const agent = new Agent({
    sensors: [createSensor(fight, me, other)],
    actuators: [createActuator(fight, me, other)],
  });
  me.node.addBehavior(agent, true);
  return agent;
}
