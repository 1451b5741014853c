import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { JointMotorActuator } from '../../plugin/scene/actuators/joint-motor-actuator.ts';
import { MoveActuator } from '../../plugin/scene/actuators/move-actuator.ts';
import { TorqueActuator } from '../../plugin/scene/actuators/torque-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { respawn, teleport } from '../../plugin/scene/physics.ts';
import { rememberPoses } from '../../plugin/scene/remember-poses.ts';
import { BodySensor } from '../../plugin/scene/sensors/body-sensor.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { GridSensor } from '../../plugin/scene/sensors/grid-sensor.ts';
import { JointSensor } from '../../plugin/scene/sensors/joint-sensor.ts';
import { RaySensor } from '../../plugin/scene/sensors/ray-sensor.ts';
import { RelativePositionSensor } from '../../plugin/scene/sensors/relative-position-sensor.ts';
import { StackedSensor } from '../../plugin/scene/sensors/stacked-sensor.ts';
import { createBareNode, createBareScene } from '../../plugin/testing/bare-scene.ts';
import { createLink, join } from '../fixtures/joints.ts';

let scene: Scene;
let node: TransformNode;
beforeEach(async () => {
  scene = await createBareScene();
  node = createBareNode('body', scene);
});
afterEach(() => scene.getEngine().dispose());

/** Options as a JavaScript user may write them. */
type Loose = never;

describe('options of parts', () => {
  const eye = () => new FunctionSensor('eye', 1, () => 0);

  it.each([
    [
      () => new ForceActuator({ force: 20 } as Loose),
      'Actuator "force" has no option "force". Did you mean "maxForce"?',
    ],
    [
      () => new ForceActuator({ maxForce: Number.NaN }),
      'Actuator "force" has maxForce NaN. It must be a finite number',
    ],
    [() => new ForceActuator(undefined as Loose), 'Actuator "force" was given undefined as its options.'],
    [
      () => new ForceActuator({ maxForce: 1, frame: 'local' as Loose }),
      'has frame "local". It must be "own" or "world".',
    ],
    [() => new ForceActuator({ maxForce: 1, name: 7 as Loose }), 'Actuator "force" has name 7. It must be a non-empty'],
    [() => new TorqueActuator({ torque: 1 } as Loose), 'has no option "torque". Did you mean "maxTorque"?'],
    [() => new TorqueActuator({} as Loose), 'Actuator "torque" has no maxTorque. It must be a finite number above 0.'],
    [() => new MoveActuator({ axis: [] } as Loose), 'Actuator "moves" has no option "axis". Did you mean "axes"?'],
    [
      () => new MoveActuator({ choices: [[{}, { foward: 1 } as Loose]], velocityChange: 1 }),
      'A move of Actuator "moves" has no option "foward". Did you mean "forward"?',
    ],
    [() => new MoveActuator({ choices: [{ forward: 1 }] as Loose }), 'has choices [{ forward }]. It must be a list of'],
    [() => new MoveActuator({ axes: [{ up: 1 }], force: '3' as Loose }), 'has force "3". It must be a finite number.'],
    [() => new JointMotorActuator({ joint: [] } as Loose), 'has no option "joint". Did you mean "joints"?'],
    [
      () => new JointMotorActuator({ maxTorque: 1 } as Loose),
      'has no joints. It must be a list of physics constraints.',
    ],
    [
      () => new FunctionActuator({ name: 'a', aply: () => {} } as Loose),
      'Actuator "a" has no option "aply". Did you mean "apply"?',
    ],
    [
      () => new FunctionActuator({ name: 'a', branches: 3 as Loose, apply: () => {} }),
      'has branches 3. It must be a list',
    ],
    [
      () => new FunctionActuator({ name: 'a', branches: [0], apply: () => {} }),
      'has branches [0]. It must be a list of',
    ],
    [
      () => new FunctionActuator({ name: 'a', continuous: 1.5, apply: () => {} }),
      'has continuous 1.5. It must be an int',
    ],
    [
      () => new FunctionActuator({ continuous: 1, apply: () => {} } as Loose),
      'has no name. It must be a non-empty string.',
    ],
    [() => new FunctionSensor(2 as Loose, 1, () => {}), 'has name 2. It must be a non-empty string.'],
    [() => new FunctionSensor('a', Number.NaN, () => {}), 'Sensor "a" has size NaN. It must be an integer ≥ 1.'],
    [() => new FunctionSensor('a', 1, undefined as Loose), 'Sensor "a" has no observe. It must be a function.'],
    [
      () => new BodySensor({ velocity: true } as Loose),
      'Sensor "body" has no option "velocity". Did you mean "linearVelocity"?',
    ],
    [() => new BodySensor({ rotation: 1 as Loose }), 'Sensor "body" has rotation 1. It must be true or false.'],
    [
      () => new BodySensor({ position: {} as Loose }),
      'Sensor "body" has position {  }. It must be a node of the scene',
    ],
    [() => new BodySensor({ rotation: true, frame: 'own' as Loose }), 'has frame "own". It must be "world" or a node'],
    [() => new GridSensor({ tags: ['a'], column: 3 } as Loose), 'has no option "column". Did you mean "columns"?'],
    [() => new GridSensor({ tags: 'food' as Loose }), 'has tags "food". It must be a list of tags without spaces'],
    [() => new RaySensor({ tags: ['a'], raysPerDirecton: 3 } as Loose), 'Did you mean "raysPerDirection"?'],
    [
      () => new RaySensor({ tags: ['a'], maxAngle: 70 }),
      'has maxAngle 70. It must be an angle in radians, from 0 to π',
    ],
    [() => new RaySensor({ tags: ['a b'] }), 'has tags ["a b"]. It must be a list of tags without spaces'],
    [() => new RaySensor({} as Loose), 'Sensor "rays" has no tags. It must be a list of tags'],
    [() => new JointSensor({ joints: [], speed: true } as Loose), 'has no option "speed". Did you mean "speeds"?'],
    [
      () => new RelativePositionSensor({ target: 'ball' as Loose }),
      'has target "ball". It must be a node of the scene',
    ],
    [() => new StackedSensor(eye(), { cuont: 2 } as Loose), 'has no option "cuont". Did you mean "count"?'],
    [() => new StackedSensor(undefined as Loose, { count: 2 }), 'A StackedSensor was given undefined to stack.'],
    [() => new Agent({ sensor: [] } as Loose), 'Agent "agent" has no option "sensor". Did you mean "sensors"?'],
    [
      () => new Agent({ name: 'a', policy: 3 as Loose }),
      'Agent "a" has policy 3. It must be a name, or a list of names.',
    ],
    [
      () => new Agent({ sensors: eye() as Loose }),
      'Agent "agent" has sensors an instance of FunctionSensor. It must be a list.',
    ],
    [
      () => new Agent({ sensors: [undefined as Loose] }),
      'Agent "agent" was given undefined among its sensors. Pass new Ray',
    ],
    [() => new Agent({ actuators: [eye() as Loose] }), 'was given an instance of FunctionSensor among its actuators.'],
    [
      () => new Agent({ sensors: [FunctionSensor as Loose] }),
      'was given the function FunctionSensor among its sensors.',
    ],
    [
      () => new Agent({ sensors: [{ name: 'eye', size: 1, observe: () => {} } as Loose] }),
      'was given { name, size, observe } among its sensors.',
    ],
  ])('are refused by %s', (create, message) => {
    expect(create).toThrow(message);
    expect(create).toThrow(/^\[agents\] /);
  });
});

describe('bodies that an actuator could never move', () => {
  const attach = (actuator: ForceActuator | TorqueActuator | MoveActuator | JointMotorActuator) => () =>
    node.addBehavior(actuator, true);
  const force = () => new ForceActuator({ maxForce: 1 });
  const torque = () => new TorqueActuator({ maxTorque: 1 });
  const push = () => new MoveActuator({ axes: [{ forward: 1 }], force: 1 });
  const move = () => new MoveActuator({ axes: [{ forward: 1 }], velocityChange: 1 });

  it('are static ones, as Babylon makes them where no mass is given', () => {
    node.physicsBody?.dispose();
    new PhysicsAggregate(node, PhysicsShapeType.BOX, undefined, scene);
    for (const actuator of [force(), torque(), push(), move()])
      expect(attach(actuator)).toThrow(
        `[agents] Actuator "${actuator.name}" cannot move the body of node "body", which is static, as an aggregate without a mass is. Make it dynamic and give it a mass before attaching the agent: \`new PhysicsAggregate(node, type, { mass: 1 }, scene)\`.`,
      );
  });

  it('are animated ones, except by velocities', () => {
    node.physicsBody?.setMotionType(PhysicsMotionType.ANIMATED);
    expect(attach(force())).toThrow('which is animated, so that forces do not move it.');
    expect(attach(push())).toThrow('which is animated, so that forces do not move it.');
    expect(attach(torque())).toThrow('which is animated, so that torques do not move it.');
    expect(attach(move())).not.toThrow();
  });

  it('are dynamic ones without a mass, by forces, and without an inertia, by torques', () => {
    node.physicsBody?.setMassProperties({ mass: 0 });
    expect(attach(force())).toThrow('which has a mass of 0.');
    expect(attach(torque())).not.toThrow();
    node.physicsBody?.setMassProperties({ mass: 1, inertia: Vector3.Zero() });
    expect(attach(force())).not.toThrow();
    expect(() => node.addBehavior(new TorqueActuator({ maxTorque: 1, name: 'spin' }), true)).toThrow(
      'which has an inertia of 0.',
    );
  });

  it('are joints of two bodies of which neither is dynamic', () => {
    const arm = createLink(scene, 'arm', 1, node.position);
    const motors = () => new JointMotorActuator({ joints: [join(node, arm, { x: [-1, 1] })], maxTorque: 1 });
    arm.physicsBody?.setMotionType(PhysicsMotionType.STATIC);
    expect(attach(motors())).not.toThrow();
    node.physicsBody?.setMotionType(PhysicsMotionType.ANIMATED);
    expect(() => new TransformNode('brain', scene).addBehavior(motors(), true)).toThrow(
      '[agents] Joint 0 of Actuator "joint-motors" cannot turn: the body of node "arm" is static, as an aggregate without a mass is, and that of node "body" is animated, so that torques do not move it. Make one of them dynamic and give it a mass.',
    );
  });
});

describe('poses', () => {
  it.each([
    [{}, 'has no position. It must be a Vector3 of finite numbers.'],
    [undefined, 'was given undefined as its options. Pass an object with any of: position, rotation,'],
    [
      { position: new Vector3(0, Number.NaN, 0) },
      'has position {X: 0 Y: NaN Z: 0}. It must be a Vector3 of finite numbers.',
    ],
    [{ position: [0, 1, 0] }, 'has position 0,1,0. It must be a Vector3 of finite numbers.'],
    [{ position: Vector3.Zero(), rotation: Vector3.Zero() }, 'It must be a Quaternion of finite numbers.'],
    [{ position: Vector3.Zero(), linearVelocity: null }, 'has linearVelocity null. It must be a Vector3'],
    [
      { position: Vector3.Zero(), velocity: Vector3.Zero() },
      'has no option "velocity". Did you mean "linearVelocity"? Its options are: position, rotation, linearVelocity, angularVelocity.',
    ],
    [
      { position: { x: 2, y: 2 } },
      'of node "body" has position { x: 2, y: 2 }. It must be a Vector3 of finite numbers.',
    ],
  ])('of teleport() and respawn() are refused like %o, and nothing moves', (pose, message) => {
    node.position.set(1, 2, 3);
    const body = node.physicsBody;
    expect(() => teleport(node, pose as Loose)).toThrow('[agents] teleport() ');
    expect(() => teleport(node, pose as Loose)).toThrow(message);
    expect(() => respawn(node, pose as Loose)).toThrow(message);
    expect(node.position.asArray()).toEqual([1, 2, 3]);
    expect(node.physicsBody).toBe(body);
  });

  it('may be plain objects of numbers', () => {
    const pose = {
      position: { x: 2, y: 3, z: 4 },
      rotation: { x: 0, y: 1, z: 0, w: 0 },
      linearVelocity: { x: 0, y: 0, z: 3 },
    };
    for (const move of [teleport, respawn]) {
      node.position.setAll(0);
      move(node, pose as Loose);
      expect(node.position.asArray()).toEqual([2, 3, 4]);
      expect(node.rotationQuaternion!.asArray()).toEqual([0, 1, 0, 0]);
      expect(node.physicsBody!.getLinearVelocity().asArray()).toEqual([0, 0, 3]);
    }
  });

  it('are for a node that is there, and memories for a scene', () => {
    const body = node.physicsBody;
    expect(() => rememberPoses(node as Loose)).toThrow(
      '[agents] rememberPoses() got an instance of TransformNode instead of a scene. Write `rememberPoses(scene, options)`.',
    );
    for (const move of [teleport, respawn])
      expect(() => move(body as Loose, { position: Vector3.Zero() })).toThrow('() got a PhysicsBody; pass its node.');
    node.dispose();
    for (const move of [teleport, respawn])
      expect(() => move(node, { position: Vector3.Zero() })).toThrow('() got node "body", which was disposed.');
  });
});
