import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, describe, expect, it } from 'vitest';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { MoveActuator } from '../../plugin/scene/actuators/move-actuator.ts';
import { TorqueActuator } from '../../plugin/scene/actuators/torque-actuator.ts';
import { currentWorldMatrix } from '../../plugin/scene/physics.ts';
import { BodySensor } from '../../plugin/scene/sensors/body-sensor.ts';
import { GridSensor } from '../../plugin/scene/sensors/grid-sensor.ts';
import { RaySensor } from '../../plugin/scene/sensors/ray-sensor.ts';
import { RelativePositionSensor } from '../../plugin/scene/sensors/relative-position-sensor.ts';
import { createBareScene, stepScene } from '../../plugin/testing/bare-scene.ts';

const scenes: Scene[] = [];
afterEach(() => {
  for (const scene of scenes.splice(0)) scene.getEngine().dispose();
});

/**
 * A file's nodes as Babylon's glTF loader leaves them: a craft and a post, 6 m ahead of it and 2 m along its x. In a
 * left-handed scene they are below a root that is turned and mirrored; in a right-handed one they stand as in the file.
 */
async function load(hands: 'left' | 'right', mirrored: boolean) {
  const scene = await createBareScene();
  scenes.push(scene);
  scene.useRightHandedSystem = hands === 'right';
  scene.getPhysicsEngine()!.setGravity(Vector3.Zero());
  const root = new TransformNode('__root__', scene);
  if (mirrored) {
    root.rotationQuaternion = new Quaternion(0, 1, 0, 0);
    root.scaling.z = -1;
  }
  const add = (name: string, mass: number, position: Vector3) => {
    const node = new TransformNode(name, scene);
    node.parent = root;
    node.position.copyFrom(position);
    currentWorldMatrix(node);
    Tags.AddTagsTo(node, name);
    new PhysicsAggregate(node, PhysicsShapeType.BOX, { mass, extents: Vector3.One() }, scene);
    return node;
  };
  const craft = add('craft', 2, new Vector3(1, 0, 3));
  return { scene, craft, post: add('post', 0, new Vector3(3, 0, 9)) };
}

/** What the craft's parts read before it does something and 30 steps after. */
async function fly(hands: 'left' | 'right', mirrored: boolean, act: (craft: TransformNode) => void): Promise<number[]> {
  const { scene, craft, post } = await load(hands, mirrored);
  const sensors = [
    new RelativePositionSensor({ target: post }),
    new BodySensor({ linearVelocity: true, frame: craft }),
    new RaySensor({ tags: ['post'], raysPerDirection: 4, maxAngle: Math.PI / 2, length: 20 }),
    new GridSensor({ tags: ['post'], rows: 21, columns: 21 }),
  ];
  for (const sensor of sensors) craft.addBehavior(sensor);
  const read = () =>
    sensors.flatMap((sensor) => {
      const out = new Float32Array(sensor.size);
      sensor.observe(out, 0);
      return [...out];
    });
  stepScene(scene);
  const before = read();
  act(craft);
  stepScene(scene, 30);
  return [...before, ...read()];
}

const acts: [string, (craft: TransformNode) => void][] = [
  ['a force', (craft) => push(craft, new ForceActuator({ maxForce: 30, frame: 'own' }), [0.2, 0.4, 0.9])],
  ['a move', (craft) => push(craft, new MoveActuator({ choices: [[{ forward: 1 }]], velocityChange: 2 }), [0])],
  ['a turn', (craft) => push(craft, new MoveActuator({ choices: [[{ turn: 1 }]], turnSpeed: 1 }), [0])],
];

function push(craft: TransformNode, actuator: ForceActuator | MoveActuator | TorqueActuator, action: number[]): void {
  craft.addBehavior(actuator);
  actuator.apply(Float32Array.from(action), 0);
}

describe('parts in a right-handed scene', () => {
  it.each(acts)('read after %s what they read in a left-handed scene of the same coordinates', async (_, act) => {
    expect(await fly('right', false, act)).toEqual(await fly('left', false, act));
  });

  it.each(acts)(
    'read of a file’s nodes after %s what they read below the mirror of a left-handed scene',
    async (_, act) => {
      const [right, left] = [await fly('right', false, act), await fly('left', true, act)];
      expect(right.slice(0, 3)).toEqual([2, 0, 6]);
      left.forEach((value, i) => {
        expect(value, `float ${i}`).toBeCloseTo(right[i], 3);
      });
    },
  );

  it('turn about an axis by the rule of the world that they are in', async () => {
    const turn = (craft: TransformNode) =>
      push(craft, new TorqueActuator({ maxTorque: 1, axes: 'y', frame: 'own' }), [1]);
    for (const hands of ['left', 'right'] as const) {
      const { scene, craft } = await load(hands, false);
      turn(craft);
      stepScene(scene, 10);
      expect(craft.physicsBody!.getAngularVelocity().y).toBeGreaterThan(0.01);
    }
  });
});
