import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import {
  Agent,
  type AreaContext,
  defineEnvironment,
  MoveActuator,
  type Random,
  RaySensor,
  respawn,
  StackedSensor,
} from '../../plugin/index.ts';
import { Court, GOAL_EDGE } from './court.ts';

/** m, edges of the block; the agent is a cube of 1 m */
const BLOCK = new Vector3(2, 0.75, 2);
/** kg, of both */
const MASS = 10;
/** drag of a body [1/s] */
const AGENT_DRAG = 4;
const BLOCK_DRAG = 0.5;
/** times the world's gravity */
const GRAVITY = 2.5;
/** m from the center of the court, along both axes, within which agent and block begin */
const START = 6.25;
/** m between a start and the goal, and between both starts' edges, along an axis, at least */
const CLEARANCE = 2.5;
/** m at which bodies touch */
const TOUCH = 0.05;
const STEPS = 5000;

/** Unity's PushBlock: a cube that senses with rays pushes a block into the goal along one side of its court. */
export const pushBlock = defineEnvironment({
  name: 'push-block',
  timeStep: 0.02,
  decisionPeriod: 5,
  maxDecisions: STEPS / 5,
  spacing: 30,

  build(area) {
    const court = new Court(area);
    const block = createSlider(area, 'block', BLOCK, BLOCK_DRAG);
    Tags.AddTagsTo(block, 'block');
    const cube = createSlider(area, 'cube', Vector3.One(), AGENT_DRAG);
    createVisor(area, cube);
    const agent = new Agent({
      sensors: [createRays('low', 0), createRays('high', 1.5)],
      actuators: [createMoves()],
    });
    cube.addBehavior(agent, true);

    const place = new Vector3();
    const taken = new Vector3();
    const rotation = new Quaternion();
    return {
      reset(random) {
        court.turnGoal(random.integer(4));
        do drawPlace(random, place);
        while (court.towardGoal(place) > GOAL_EDGE - CLEARANCE);
        taken.copyFrom(place);
        place.y = BLOCK.y / 2;
        respawn(block, { position: place });
        do drawPlace(random, place);
        while (court.towardGoal(place) > GOAL_EDGE - CLEARANCE || isNear(place, taken));
        place.y = 0.5;
        Quaternion.RotationYawPitchRollToRef(random.between(-Math.PI, Math.PI), 0, 0, rotation);
        respawn(cube, { position: place, rotation });
      },

      afterStep() {
        agent.addReward(-1 / STEPS);
        if (court.towardGoal(block.position) + BLOCK.z / 2 < GOAL_EDGE - TOUCH) return;
        agent.addReward(5);
        agent.terminate();
      },
    };
  },
});

/** A box that slides on the ground and never tips over. */
function createSlider({ root, scene }: AreaContext, name: string, size: Vector3, drag: number): Mesh {
  const slider = CreateBox(name, { width: size.x, height: size.y, depth: size.z }, scene);
  slider.parent = root;
  slider.position.y = size.y / 2;
  const surface = { mass: MASS, friction: 0.6, restitution: 0 };
  const { body } = new PhysicsAggregate(slider, PhysicsShapeType.BOX, surface, scene);
  body.setMassProperties({ mass: MASS, inertia: Vector3.Zero() }); // how Havok is told that nothing rotates it
  body.setLinearDamping(drag);
  body.setGravityFactor(GRAVITY);
  return slider;
}

/** Shows people which way it faces. */
function createVisor({ scene }: AreaContext, cube: Mesh): void {
  const visor = CreateBox('visor', { width: 0.7, height: 0.22, depth: 0.12 }, scene);
  visor.parent = cube;
  visor.position.set(0, 0.2, 0.5);
}

/** 7 thick rays, straight ahead and every 30° to both sides, as observed at the last three decisions. */
function createRays(name: string, height: number): StackedSensor {
  const rays = new RaySensor({
    name,
    tags: ['block', 'goal', 'wall'],
    raysPerDirection: 3,
    maxAngle: Math.PI / 2,
    length: 12,
    sphereRadius: 0.5,
    startOffset: height,
    endOffset: height,
  });
  return new StackedSensor(rays, { count: 3 });
}

function createMoves(): MoveActuator {
  return new MoveActuator({
    choices: [[{}, { forward: 1 }, { forward: -1 }, { turn: 1 }, { turn: -1 }, { right: -0.75 }, { right: 0.75 }]],
    velocityChange: 3,
    turnSpeed: (200 * Math.PI) / 180,
  });
}

function drawPlace(random: Random, out: Vector3): void {
  out.set(random.between(-START, START), 0, random.between(-START, START));
}

function isNear(place: Vector3, block: Vector3): boolean {
  const free = CLEARANCE + BLOCK.x / 2;
  return Math.abs(place.x - block.x) < free && Math.abs(place.z - block.z) < free;
}
