import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import {
  Agent,
  type AreaContext,
  BodySensor,
  defineEnvironment,
  FunctionSensor,
  JointMotorActuator,
  JointSensor,
  type Random,
  type Sensor,
} from '../../plugin/index.ts';
import { type CrawlerBody, createCrawlerBody, createGround, standUp } from './crawler-body.ts';
import { bodyClearance, CONTACT, footClearance, hasFallen } from './ground-contact.ts';
import { Walk } from './walk.ts';

const TIME_STEP = 1 / 75;
/** m of a side of the ground */
const GROUND = 24;
/** m that a target is off the middle in x and in z at most, and away from the crawler at least */
const FIELD = 9;
const NEAREST = 3;
/** decisions of a cycle of the rhythm that it walks to */
const PACE = 8;
/** m between the middles of body and target, seen from above, at which the crawler touches it */
const TOUCH = 1;

/** Unity's Crawler: four legs of two segments each walk to one target after another, as fast as they are told. */
export const crawler = defineEnvironment({
  name: 'crawler',
  timeStep: TIME_STEP,
  decisionPeriod: 5,
  maxDecisions: 1000,
  spacing: GROUND,
  parameters: { slowest: 0.3, fastest: 2 },

  build(area) {
    createGround(area, GROUND);
    const crawler = createCrawlerBody(area);
    const target = createTarget(area);
    const walk = new Walk(area, crawler.parts, target, TIME_STEP);
    const joints = crawler.legs.flatMap(({ hip, knee }) => [hip, knee]);
    const spring = { stiffness: 800, damping: 40 };
    const agent: Agent = new Agent({
      sensors: [
        ...createSensors(crawler, walk),
        new JointSensor({ joints, speeds: true }),
        createRhythm(() => agent.decisions),
      ],
      actuators: [new JointMotorActuator({ joints, maxTorque: 800, strength: true, spring })],
    });
    crawler.body.addBehavior(agent, true);
    const { slowest, fastest } = area.parameters;
    let chance: Random;

    return {
      reset(random) {
        chance = random;
        standUp(crawler, random.between(-Math.PI, Math.PI));
        moveTarget(target, crawler.body, random);
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

/** Puts it anywhere in the field but near the body. */
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

/** Sine and cosine of a clock that starts with the episode: without one, what sets the legs in motion is chance alone. */
function createRhythm(decisions: () => number): Sensor {
  return new FunctionSensor('rhythm', 2, (out, offset) => {
    const phase = (2 * Math.PI * decisions()) / PACE;
    out[offset] = Math.sin(phase);
    out[offset + 1] = Math.cos(phase);
  });
}
