import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import {
  Agent,
  type AreaContext,
  BodySensor,
  defineEnvironment,
  FunctionSensor,
  JointSensor,
  type Random,
  type Sensor,
} from '../../plugin/index.ts';
import { type CrawlerBody, createCrawlerBody, createGround, standUp } from './crawler-body.ts';
import { bodyClearance, CONTACT, footClearance, hasFallen } from './ground-contact.ts';
import { jointsOf, LegMotors } from './leg-motors.ts';
import { createRhythmSensor } from './rhythm.ts';
import { Walk } from './walk.ts';

const TIME_STEP = 1 / 75;
const DECISION_PERIOD = 5;
/** side of the ground [m] */
const GROUND = 24;
/** a target's largest distance from the middle in x and in z, and its smallest from the crawler [m] */
const FIELD = 9;
const NEAREST = 3;
/** horizontal distance between the centers of body and target at which the crawler touches it [m] */
const TOUCH = 1;

/** Unity's Crawler: four legs of two segments each walk to one target after another, at the speed they are told. */
export const crawler = defineEnvironment({
  name: 'crawler',
  timeStep: TIME_STEP,
  decisionPeriod: DECISION_PERIOD,
  maxDecisions: 1000,
  spacing: GROUND,
  parameters: { slowest: 0.4, fastest: 1.2, reflex: 0 },

  build(area) {
    createGround(area, GROUND);
    const crawler = createCrawlerBody(area);
    const target = createTarget(area);
    const walk = new Walk(area, crawler.parts, target, TIME_STEP);
    const agent: Agent = new Agent({
      sensors: [
        ...createSensors(crawler, walk),
        new JointSensor({ joints: jointsOf(crawler.legs), speeds: true }),
        createRhythmSensor(() => agent.decisions * DECISION_PERIOD),
      ],
      actuators: [new LegMotors(crawler.legs, () => area.parameters.reflex)],
    });
    crawler.body.addBehavior(agent, true);
    let chance: Random;

    return {
      reset(random) {
        chance = random;
        standUp(crawler, random.between(-Math.PI, Math.PI));
        moveTarget(target, crawler.body, random);
        const { slowest, fastest } = area.parameters;
        walk.begin(random.between(slowest, fastest));
      },

      afterStep() {
        walk.step();
        if (hasFallen(crawler)) {
          agent.setReward(-1);
          agent.terminate();
          return;
        }
        agent.addReward(walk.reward());
        if (walk.distance >= TOUCH) return;
        agent.addReward(1);
        moveTarget(target, crawler.body, chance);
        walk.look();
      },
    };
  },
});

function createTarget({ root, scene }: AreaContext): Mesh {
  const target = CreateSphere('target', { diameter: 0.8, segments: 24 }, scene);
  target.parent = root;
  target.position.y = 0.4;
  return target;
}

/** Places it anywhere in the field except near the body. */
function moveTarget({ position }: Mesh, { position: from }: Mesh, random: Random): void {
  do {
    position.x = random.between(-FIELD, FIELD);
    position.z = random.between(-FIELD, FIELD);
  } while (Math.hypot(position.x - from.x, position.z - from.z) < NEAREST);
}

/** The walk, the body and its feet: 21 floats. */
function createSensors({ body, legs }: CrawlerBody, walk: Walk): Sensor[] {
  return [
    new FunctionSensor('walk', 6, (out, offset) => walk.observe(out, offset)),
    new BodySensor({ name: 'body', frame: walk.heading, rotation: true, linearVelocity: true, angularVelocity: true }),
    new FunctionSensor('height', 1, (out, offset) => {
      out[offset] = bodyClearance(body);
    }),
    new FunctionSensor('feet', legs.length, (out, offset) => {
      for (let i = 0; i < legs.length; i++) out[offset + i] = footClearance(legs[i]) < CONTACT ? 1 : 0;
    }),
  ];
}
