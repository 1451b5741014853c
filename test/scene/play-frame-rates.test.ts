import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { PhysicsMotionType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { describe, expect, it, vi } from 'vitest';
import { balanceBall } from '../../demo-scenes/balance-ball/environment.ts';
import { Random } from '../../plugin/core/random.ts';
import type { Policy } from '../../plugin/policy/policy.ts';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { play } from '../../plugin/scene/play.ts';
import { playPolicy } from '../../plugin/scene/play-policy.ts';
import { BodySensor } from '../../plugin/scene/sensors/body-sensor.ts';
import { createBareNode, createBareScene } from '../../plugin/testing/bare-scene.ts';
import { createPolicy, createSpec } from '../policy/fixtures.ts';

/** s of the wall clock that each run shows */
const SHOWN = 3;

/** How long frames take [s], one after another. */
const DISPLAYS: Readonly<Record<string, () => () => number>> = {
  '30 frames a second': () => () => 1 / 30,
  '60 frames a second': () => () => 1 / 60,
  '144 frames a second': () => () => 1 / 144,
  'frames of 2 to 95 ms': () => {
    const random = new Random(4);
    return () => random.between(0.002, 0.095);
  },
};

/** What every decision of a run saw and did. */
interface Decision {
  readonly observation: Float32Array;
  readonly action: Float32Array;
}

/** A policy of this layout that writes down all that it decides. */
function createDiarist(layout: Policy['spec']['layout'], decisionPeriod: number, decisions: Decision[]): Policy {
  const policy = createPolicy({ ...createSpec(layout), timeStep: 0.02, decisionPeriod });
  const act = policy.act.bind(policy);
  policy.act = (observation, action, mask, random) => {
    act(observation, action, mask, random);
    decisions.push({ observation: observation.slice(), action: action.slice() });
  };
  return policy;
}

/** Runs a scene as a display would: frame after frame, of lengths that are not the wall clock's. */
function show(scene: Scene, frameTime: () => number): void {
  const engine = scene.getEngine();
  const clock = vi.spyOn(engine, 'getDeltaTime');
  for (let shown = 0; shown < SHOWN; ) {
    const seconds = frameTime();
    shown += seconds;
    clock.mockReturnValue(1000 * seconds);
    scene.render();
  }
}

async function createScene(): Promise<Scene> {
  const scene = await createBareScene();
  new FreeCamera('camera', Vector3.Zero(), scene);
  return scene;
}

/** Three boxes on a floor that push themselves about and into one another. */
function createBoxes(scene: Scene): Agent[] {
  const floor = createBareNode('floor', scene, -1);
  floor.scaling.set(20, 1, 20);
  floor.physicsBody?.dispose();
  new PhysicsAggregate(floor, PhysicsShapeType.BOX, { mass: 0, extents: new Vector3(20, 1, 20) }, scene);
  floor.physicsBody?.setMotionType(PhysicsMotionType.STATIC);
  return [0, 1, 2].map((i) => {
    const node = createBareNode(`box ${i}`, scene, 0.2 + 1.1 * i);
    const agent = new Agent({
      name: node.name,
      sensors: [new BodySensor({ position: floor, rotation: true, linearVelocity: true, angularVelocity: true })],
      actuators: [new ForceActuator({ maxForce: 30 })],
    });
    node.addBehavior(agent, true);
    return agent;
  });
}

/** The decisions of one run of three boxes. */
async function playBoxes(frameTime: () => number): Promise<Decision[]> {
  const scene = await createScene();
  const agents = createBoxes(scene);
  const decisions: Decision[] = [];
  playPolicy(createDiarist(agents[0].layout, 4, decisions), scene, { agents, seed: 5 });
  show(scene, frameTime);
  scene.getEngine().dispose();
  return decisions;
}

/** The decisions of one run of two areas of balance-ball. */
async function playBalls(frameTime: () => number): Promise<Decision[]> {
  const scene = await createScene();
  const decisions: Decision[] = [];
  const layout = {
    sensors: [
      { name: 'tilt', size: 2 },
      { name: 'ball', size: 6 },
    ],
    actuators: [{ name: 'tilt', continuous: 2, branches: [] }],
  };
  const policy = createDiarist(layout, balanceBall.decisionPeriod, decisions).sampleWith(new Random(5));
  await play(balanceBall, scene, policy, { count: 2, seeds: [3] });
  show(scene, frameTime);
  scene.getEngine().dispose();
  return decisions;
}

describe.each([
  { what: 'playPolicy', run: playBoxes, period: 0.08 },
  { what: 'play', run: playBalls, period: 0.1 },
])('$what', ({ run, period }) => {
  it('sees and does the same, decision for decision and bit for bit, whatever the display', async () => {
    const runs = await Promise.all(Object.values(DISPLAYS).map((display) => run(display())));
    const [first, ...others] = runs;
    const due = SHOWN / period;
    for (const decisions of runs) {
      expect(decisions.length).toBeGreaterThanOrEqual(Math.floor(due));
      expect(decisions.length).toBeLessThanOrEqual(Math.ceil(due + 0.095 / period));
    }
    for (const decisions of others) {
      const shared = Math.min(first.length, decisions.length);
      expect(decisions.slice(0, shared)).toEqual(first.slice(0, shared));
    }
    const [{ observation }] = first.slice(-1);
    expect(observation).not.toEqual(first[0].observation); // something happened
  });
});
