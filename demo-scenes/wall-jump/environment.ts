import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import {
  Agent,
  type AreaContext,
  defineEnvironment,
  FunctionActuator,
  FunctionSensor,
  RaySensor,
  StackedSensor,
} from '../../plugin/index.ts';
import { Court } from './court.ts';
import { Jumper, TIME_STEP } from './jumper.ts';
import { covers, overlaps } from './surface.ts';

/** stacked observations */
const STACKED = 6;
/** unit of positions [m] */
const LENGTH = 20;
const STEPS = 2000;

/** Unity's WallJump: a cube jumps over a low wall, and over a high one from a block that it pushed there. */
export const wallJump = defineEnvironment({
  name: 'wall-jump',
  timeStep: TIME_STEP,
  decisionPeriod: 5,
  maxDecisions: STEPS / 5,
  spacing: 45,
  /** the walls' heights above the floor, and the depth of the strip in which the block begins [m] */
  parameters: { smallWall: 1.55, bigWall: 3.55, blockDepth: 7 },

  build(area) {
    const court = new Court(area);
    const jumper = new Jumper(area, court.surfaces);
    const agent = createAgent(area, jumper);
    return {
      reset(random) {
        const kind = random.integer(5);
        agent.policy = kind < 2 ? 'small-wall' : 'big-wall';
        const { smallWall, bigWall, blockDepth } = area.parameters;
        court.begin(kind === 0 ? 0 : kind === 1 ? smallWall : bigWall, blockDepth, random);
        jumper.begin(random);
      },

      afterStep() {
        agent.addReward(-1 / STEPS);
        jumper.look();
        const fell = !covers(court.floor, jumper.x, jumper.z) || !covers(court.floor, court.block.x, court.block.z);
        const arrived = overlaps(jumper, court.goal) && jumper.mayJump;
        if (!fell && !arrived) return;
        agent.setReward(fell ? -1 : 1);
        agent.terminate();
      },
    };
  },
});

function createAgent(area: AreaContext, jumper: Jumper): Agent {
  const agent = new Agent({
    policy: ['small-wall', 'big-wall'],
    sensors: [createRays('low', 0, 0), createRays('high', 2.5, 5), createPlace(jumper)],
    actuators: [
      new FunctionActuator({
        name: 'moves',
        branches: [3, 3, 3, 2],
        apply: (action, at) => jumper.act(action[at], action[at + 1], action[at + 2], action[at + 3]),
      }),
    ],
  });
  jumper.node.addBehavior(agent, true);
  createVisor(area, jumper);
  return agent;
}

/** 7 thick rays, straight ahead and every 30° to both sides. */
function createRays(name: string, startOffset: number, endOffset: number): StackedSensor {
  const rays = new RaySensor({
    name,
    tags: ['wall', 'goal', 'block'],
    raysPerDirection: 3,
    maxAngle: Math.PI / 2,
    length: 20,
    sphereRadius: 0.5,
    startOffset,
    endOffset,
  });
  return new StackedSensor(rays, { count: STACKED });
}

/** The cube's position relative to the center of the floor, and whether it can jump. */
function createPlace(jumper: Jumper): StackedSensor {
  const place = new FunctionSensor('place', 4, (out, offset) => {
    const { x, y, z } = jumper.node.position;
    out[offset] = x / LENGTH;
    out[offset + 1] = y / LENGTH;
    out[offset + 2] = z / LENGTH;
    out[offset + 3] = jumper.mayJump ? 1 : 0;
  });
  return new StackedSensor(place, { count: STACKED });
}

/** Shows people which way it faces. */
function createVisor({ scene }: AreaContext, { node }: Jumper): void {
  const visor = CreateBox('visor', { width: 0.7, height: 0.22, depth: 0.12 }, scene);
  visor.parent = node;
  visor.position.set(0, 0.2, 0.5);
}
