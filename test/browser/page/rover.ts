import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { View } from '../../../demo-scenes/view.ts';
import {
  Agent,
  BodySensor,
  defineEnvironment,
  ForceActuator,
  FunctionActuator,
  RaySensor,
  RelativePositionSensor,
  teleport,
} from '../../../plugin/index.ts';

/** A box that sees a ball among walls, with every kind of sensor and actuator that draws, and one that does not. */
export const rover = defineEnvironment({
  name: 'rover',
  maxDecisions: 200,

  build({ root, scene }) {
    const block = (name: string, size: Vector3, at: Vector3, mass: number) => {
      const box = CreateBox(name, { width: size.x, height: size.y, depth: size.z }, scene);
      box.parent = root;
      box.position.copyFrom(at);
      new PhysicsAggregate(box, PhysicsShapeType.BOX, { mass }, scene);
      return box;
    };
    block('ground', new Vector3(10, 0.2, 10), new Vector3(0, -0.1, 0), 0);
    block('wall', new Vector3(10, 1, 0.3), new Vector3(0, 0.5, 4.8), 0);
    const goal = CreateSphere('goal', { diameter: 0.8 }, scene);
    goal.parent = root;
    goal.position.set(2, 0.4, 2.5);
    new PhysicsAggregate(goal, PhysicsShapeType.SPHERE, { mass: 0 }, scene);
    Tags.AddTagsTo(goal, 'goal');
    const body = block('rover', new Vector3(1, 0.6, 1.4), new Vector3(0, 0.4, -2), 1);
    const agent = new Agent({
      sensors: [
        new RaySensor({ tags: ['goal'], length: 8 }),
        new RelativePositionSensor({ target: goal }),
        new BodySensor({ linearVelocity: true }),
      ],
      actuators: [
        new ForceActuator({ maxForce: 8, axes: 'xz' }),
        new FunctionActuator({ name: 'horn', continuous: 1, branches: [3], apply: () => {} }),
      ],
    });
    body.addBehavior(agent, true);
    const start = new Vector3(0, 0.4, -2);
    return {
      reset: () => teleport(body, { position: start }),
      afterStep: () => agent.addReward(0.01 * body.position.z),
    };
  },
});

export const roverView: View = {
  spacing: 12,
  floor: -0.2,
  near: { target: [0, 0.5, 0], distance: 24 },
  colors: { goal: { light: '#2f8f4e', dark: '#58c27d' } },
};
