import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import {
  Agent,
  type AreaContext,
  type AreaLogic,
  defineEnvironment,
  type Environment,
  FunctionActuator,
  FunctionSensor,
} from '../../plugin/index.ts';
import type { Dynamics } from './dynamics.ts';

/** An environment of one agent whose world is `dynamics` alone: one step a decision, and no bodies for the physics to move. */
export function defineTask(dynamics: Dynamics): Environment {
  const { name, timeStep, maxDecisions } = dynamics;
  return defineEnvironment({
    name,
    timeStep,
    decisionPeriod: 1,
    maxDecisions,
    build: (area) => buildTask(area, dynamics),
  });
}

function buildTask(area: AreaContext, dynamics: Dynamics): AreaLogic {
  const { name, stateSize, observationSize, choices } = dynamics;
  const state = new Float64Array(stateSize);
  let chosen = 0;
  const agent = new Agent({
    sensors: [new FunctionSensor('state', observationSize, (out, offset) => dynamics.observe(state, out, offset))],
    actuators: [
      new FunctionActuator({
        name: 'action',
        ...(choices > 0 ? { branches: [choices] } : { continuous: 1 }),
        apply(action, offset) {
          chosen = action[offset];
        },
      }),
    ],
  });
  const node = new TransformNode(name, area.scene);
  node.parent = area.root;
  node.addBehavior(agent, true);
  return {
    reset(random) {
      dynamics.reset(state, random);
    },
    afterStep() {
      agent.addReward(dynamics.step(state, chosen));
      if (dynamics.terminated(state)) agent.terminate();
    },
  };
}
