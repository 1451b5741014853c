import {
  Agent,
  type AreaContext,
  type AreaLogic,
  defineEnvironment,
  type Environment,
  FunctionActuator,
  FunctionSensor,
  type Random,
} from '../../../plugin/index.ts';
import { Articulation, type ArticulationSpec } from './articulation.ts';

/** One copy of a task around its articulation. The articulation's state is as of the last physics step. */
export interface PlanarTask {
  /** Puts the articulation at the start of an episode. */
  reset(random: Random): void;
  /** Acts on it for the coming physics step, with the held action [A] in [−1, 1]. */
  act(action: Float64Array): void;
  /** After every physics step. */
  afterStep?(): void;
  /** What a decision was worth, with the action that was held. */
  reward(action: Float64Array): number;
  /** Whether the state that a decision led to ends the episode. */
  terminated?(): boolean;
  /** Writes the observation [O]. */
  observe(out: Float32Array, offset: number): void;
}

export interface PlanarTaskSpec {
  readonly name: string;
  /** s of a physics step */
  readonly timeStep: number;
  readonly decisionPeriod: number;
  readonly maxDecisions: number;
  /** m between areas, which must not reach one another */
  readonly spacing: number;
  readonly articulation: ArticulationSpec;
  readonly observationSize: number;
  readonly actions: number;
  create(body: Articulation, area: AreaContext): PlanarTask;
}

/** An environment of one articulation that is rewarded, and may end, at the end of decisions alone, as MuJoCo's tasks do. */
export function definePlanarTask(spec: PlanarTaskSpec): Environment {
  const { name, timeStep, decisionPeriod, maxDecisions, spacing } = spec;
  return defineEnvironment({
    name,
    timeStep,
    decisionPeriod,
    maxDecisions,
    spacing,
    build: (area) => build(area, spec),
  });
}

function build(
  area: AreaContext,
  { name, articulation, timeStep, decisionPeriod, observationSize, actions, create }: PlanarTaskSpec,
): AreaLogic {
  const body = new Articulation(area, timeStep, articulation);
  const task = create(body, area);
  const held = new Float64Array(actions);
  let steps = 0;
  const agent = new Agent({
    name,
    sensors: [new FunctionSensor('state', observationSize, (out, offset) => task.observe(out, offset))],
    actuators: [
      new FunctionActuator({
        name: 'motors',
        continuous: actions,
        apply(action, offset) {
          for (let i = 0; i < actions; i++) held[i] = action[offset + i];
          task.act(held);
        },
      }),
    ],
  });
  body.links[0].node.addBehavior(agent, true);
  return {
    reset(random) {
      steps = 0;
      task.reset(random);
    },
    afterStep() {
      body.read();
      task.afterStep?.();
      steps++;
      if (steps % decisionPeriod !== 0) return;
      agent.addReward(task.reward(held));
      if (task.terminated?.()) agent.terminate();
    },
  };
}
