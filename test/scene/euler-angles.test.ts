import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TorqueActuator } from '../../plugin/scene/actuators/torque-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { defineEnvironment } from '../../plugin/scene/environment.ts';
import { currentWorldMatrix, moveBodyToNode, readPose, respawn, teleport } from '../../plugin/scene/physics.ts';
import { play } from '../../plugin/scene/play.ts';
import { rememberPoses } from '../../plugin/scene/remember-poses.ts';
import { BodySensor } from '../../plugin/scene/sensors/body-sensor.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { createBareNode, createBareScene, stepScene } from '../../plugin/testing/bare-scene.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

/** Babylon takes a node its quaternion when `rotation` is set. */
const TURNED = new Vector3(0.3, 0.4, 0.5);

const scenes: Scene[] = [];
afterEach(() => {
  for (const scene of scenes.splice(0)) scene.getEngine().dispose();
});

async function createScene(): Promise<Scene> {
  const scene = await createBareScene();
  scene.getPhysicsEngine()!.setGravity(Vector3.Zero());
  scenes.push(scene);
  return scene;
}

/** Boxes below no parent, one at the origin, one that shifts, one that turns and one that scales them. */
function addBoxes(scene: Scene): readonly TransformNode[] {
  const parents = ['none', 'unmoved', 'shifted', 'turned', 'scaled'].map((name) => new TransformNode(name, scene));
  parents[2].position.set(3, 0, 40);
  parents[3].rotation.set(0.3, 1, -0.2);
  parents[4].scaling.set(2, 1, 0.5);
  return parents.map((parent, i) => {
    const box = createBareNode(`box-${i}`, scene);
    box.position.set(9 * i, 5, 0);
    if (i > 0) box.parent = parent;
    currentWorldMatrix(box);
    moveBodyToNode(box.physicsBody!);
    box.physicsBody!.setAngularDamping(0);
    return box;
  });
}

/** Where boxes are and how they are turned in the world; the quaternion's sign fixed. */
function read(boxes: readonly TransformNode[]): number[] {
  const [position, rotation] = [new Vector3(), new Quaternion()];
  return boxes.flatMap((box) => {
    readPose(box, position, rotation);
    return [...position.asArray(), ...rotation.scale(Math.sign(rotation.w)).asArray()];
  });
}

describe('a node with a body that is turned by Euler angles', () => {
  let boxes: readonly TransformNode[];
  let twins: readonly TransformNode[];
  let spaces: readonly Scene[];

  beforeEach(async () => {
    spaces = [await createScene(), await createScene()];
    [boxes, twins] = spaces.map(addBoxes);
  });

  /** Turns the boxes by Euler angles, and their twins of another scene by quaternions. */
  function turn(angles: Vector3): void {
    for (const box of boxes) box.rotation = angles.clone();
    for (const twin of twins) twin.rotationQuaternion = Quaternion.FromEulerVector(angles);
  }

  function expectAlike(): void {
    const [found, expected] = [read(boxes), read(twins)];
    found.forEach((value, i) => {
      expect(value, `float ${i}`).toBeCloseTo(expected[i], 4);
    });
  }

  it('keeps them, up to date, wherever its parent shifts it', () => {
    const [free, unmoved, shifted] = boxes;
    for (const box of [free, unmoved, shifted]) {
      box.rotation = Vector3.Zero();
      box.physicsBody!.setAngularVelocity(new Vector3(0, 0.6, 0));
    }
    stepScene(spaces[0], 60);
    for (const { rotation, rotationQuaternion } of [free, unmoved, shifted]) {
      expect(rotationQuaternion).toBeNull();
      expect(rotation.x).toBeCloseTo(0, 4);
      expect(rotation.y).toBeCloseTo(0.6, 4); // 0.6 rad/s for 1 s
    }
  });

  it('takes its body along like one that is turned by a quaternion', () => {
    turn(TURNED);
    for (const box of [...boxes, ...twins]) {
      currentWorldMatrix(box);
      moveBodyToNode(box.physicsBody!, { angularVelocity: new Vector3(0, 1, 0) });
    }
    expectAlike();
    for (const scene of spaces) stepScene(scene, 9);
    expectAlike();
  });

  it('is put back by rememberPoses(), to the last bit', () => {
    turn(TURNED);
    const starts = spaces.map((scene) => rememberPoses(scene));
    const before = read(boxes);
    turn(Vector3.One());
    for (const start of starts) start.restore();
    expect(read(boxes)).toEqual(before);
    for (const scene of spaces) stepScene(scene);
    expectAlike();
  });

  it('is put back by rememberPoses() that remembers its quaternion, and the other way round', () => {
    const [withQuaternion] = spaces.map((scene) => rememberPoses(scene));
    const before = read(boxes);
    turn(Vector3.One());
    withQuaternion.restore();
    expect(read(boxes)).toEqual(before);
    turn(TURNED);
    const withAngles = rememberPoses(spaces[0]);
    for (const box of boxes) box.rotationQuaternion = Quaternion.Identity();
    withAngles.restore();
    turn(TURNED); // the twins
    expectAlike();
  });

  it('can be teleported and respawned', () => {
    turn(Vector3.One());
    for (const nodes of [boxes, twins]) {
      nodes.forEach((node, i) => {
        const pose = { position: new Vector3(9 * i, 2, 3), rotation: Quaternion.FromEulerVector(TURNED) };
        if (i % 2 === 0) teleport(node, pose);
        else respawn(node, pose);
      });
    }
    expectAlike();
    for (const scene of spaces) stepScene(scene, 5);
    expectAlike();
  });
});

describe('an environment whose reset turns a node by Euler angles', () => {
  const environment = defineEnvironment({
    name: 'top',
    decisionPeriod: 3,
    spacing: 30,
    build({ root, scene }) {
      const top = new TransformNode('top', scene);
      top.parent = root;
      new PhysicsAggregate(top, PhysicsShapeType.BOX, { mass: 1, extents: Vector3.One() }, scene);
      top.physicsBody!.setGravityFactor(0);
      const sensors = [
        new BodySensor({ rotation: true, angularVelocity: true }),
        new FunctionSensor('yaw', 1, (out, offset) => out.fill(top.rotation.y, offset, offset + 1)),
      ];
      top.addBehavior(new Agent({ sensors, actuators: [new TorqueActuator({ maxTorque: 2, axes: 'y' })] }), true);
      return {
        reset() {
          top.rotation = Vector3.Zero();
        },
      };
    },
  });

  /** What the first agent observes after some decisions, of all those of a world. */
  async function train(count: number): Promise<number[]> {
    const world = await HeadlessWorld.create(environment, { count });
    world.rows.action.fill(1);
    for (let i = 0; i < 8; i++) {
      world.clock.observe();
      world.step();
    }
    world.clock.observe();
    const observed = [...world.rows.observation.subarray(0, world.rows.observation.length / count)];
    world.dispose();
    return observed;
  }

  it('trains, and its agents observe the same however many areas there are', async () => {
    const [alone, among] = [await train(1), await train(4)];
    expect(alone.at(-1)).toBeGreaterThan(0.5);
    among.forEach((value, i) => {
      expect(value, `float ${i}`).toBeCloseTo(alone[i], 4);
    });
  });

  it('plays', async () => {
    const scene = await createScene();
    new FreeCamera('camera', Vector3.Zero(), scene);
    const playback = await play(environment, scene, { act: (_, action) => void action.fill(1) });
    for (let i = 0; i < 24; i++) playback.advance(1 / 60);
    const { physicsBody, rotation } = playback.clock.areas[0].find('top');
    expect(physicsBody!.getAngularVelocity().y).toBeGreaterThan(1);
    expect(rotation.y).toBeGreaterThan(0.5);
    playback.dispose();
  });
});
