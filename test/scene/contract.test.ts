import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { JointMotorActuator } from '../../plugin/scene/actuators/joint-motor-actuator.ts';
import { MoveActuator } from '../../plugin/scene/actuators/move-actuator.ts';
import { TorqueActuator } from '../../plugin/scene/actuators/torque-actuator.ts';
import { BodySensor } from '../../plugin/scene/sensors/body-sensor.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { GridSensor } from '../../plugin/scene/sensors/grid-sensor.ts';
import { JointSensor } from '../../plugin/scene/sensors/joint-sensor.ts';
import { RaySensor } from '../../plugin/scene/sensors/ray-sensor.ts';
import { RelativePositionSensor } from '../../plugin/scene/sensors/relative-position-sensor.ts';
import { StackedSensor } from '../../plugin/scene/sensors/stacked-sensor.ts';
import { describeActuatorContract } from '../../plugin/testing/actuator.ts';
import { createBareNode } from '../../plugin/testing/bare-scene.ts';
import { describeSensorContract } from '../../plugin/testing/sensor.ts';
import { createLink, join } from '../fixtures/joints.ts';

describeSensorContract('BodySensor', (scene) => {
  const position = new TransformNode('origin', scene);
  return new BodySensor({ position, rotation: true, linearVelocity: true, angularVelocity: true, frame: position });
});

describeSensorContract('RelativePositionSensor', (scene) => {
  return new RelativePositionSensor({ target: new TransformNode('target', scene) });
});

describeSensorContract('RaySensor', (scene) => {
  createBareNode('wall', scene, 3).physicsBody?.setLinearVelocity(new Vector3(0, 0, 1));
  return new RaySensor({ tags: ['goal', 'wall'] });
});

describeSensorContract('RaySensor with thick rays', (scene) => {
  createBareNode('wall', scene, 3).physicsBody?.setLinearVelocity(new Vector3(0, 0, 1));
  return new RaySensor({ tags: ['goal', 'wall'], sphereRadius: 0.5, startOffset: 1, endOffset: -2 });
});

describeSensorContract('GridSensor', (scene) => {
  Tags.AddTagsTo(createBareNode('food', scene, 3), 'food');
  return new GridSensor({ tags: ['food', 'wall'], columns: 4, rows: 5 });
});

describeSensorContract('JointSensor', (scene, node) => {
  const joints = [join(node, createLink(scene, 'arm', 1, node.position), { x: [-1, 1], y: [-1, 1] })];
  return new JointSensor({ joints, speeds: true });
});

describeSensorContract('StackedSensor', () => {
  const motion = new BodySensor({ rotation: true, linearVelocity: true });
  return new StackedSensor(motion, { count: 3 });
});

describeSensorContract('StackedSensor of one', () => {
  return new StackedSensor(new BodySensor({ linearVelocity: true }), { count: 1 });
});

describeSensorContract('FunctionSensor', (_, node) => {
  return new FunctionSensor('height', 1, (out, offset) => {
    out[offset] = node.position.y;
  });
});

describeActuatorContract('ForceActuator', () => new ForceActuator({ maxForce: 10 }));
describeActuatorContract(
  'ForceActuator in its own frame',
  () => new ForceActuator({ maxForce: 10, axes: 'xz', frame: 'own' }),
);
describeActuatorContract('TorqueActuator', () => new TorqueActuator({ maxTorque: 10 }));
describeActuatorContract(
  'TorqueActuator in its own frame',
  () => new TorqueActuator({ maxTorque: 10, axes: 'y', frame: 'own' }),
);

describeActuatorContract('JointMotorActuator', (scene, node) => {
  const joints = [join(node, createLink(scene, 'arm', 1, node.position), { x: [-1, 1], z: [-1, 1] })];
  return new JointMotorActuator({ joints, maxTorque: 10, strength: true });
});
describeActuatorContract('JointMotorActuator of springs', (scene, node) => {
  const joints = [join(node, createLink(scene, 'arm', 1, node.position), { x: [-1, 1] })];
  return new JointMotorActuator({ joints, maxTorque: 10, spring: { stiffness: 20, damping: 2 } });
});

describeActuatorContract('MoveActuator', () => {
  const choices = [
    [{}, { forward: 1 }, { up: 1 }],
    [{}, { turn: 1 }, { turn: -1 }],
  ];
  return new MoveActuator({ choices, axes: [{ right: 1 }, { turn: 0.5 }], velocityChange: 2, turnSpeed: 3 });
});
describeActuatorContract('MoveActuator by force', () => {
  return new MoveActuator({ axes: [{ forward: 1 }, { right: 1 }], force: 50 });
});

describeActuatorContract('FunctionActuator', (_, node) => {
  return new FunctionActuator({
    name: 'hop',
    continuous: 1,
    branches: [2, 3],
    apply: (action, offset) =>
      node.physicsBody?.applyForce(new Vector3(action[offset], 10 * action[offset + 2], 0), node.position),
    mask: (out, offset) => out.fill(0, offset + 3, offset + 5),
  });
});
