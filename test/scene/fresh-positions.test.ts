import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { describe, expect, it } from 'vitest';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { defineEnvironment } from '../../plugin/scene/environment.ts';
import { play } from '../../plugin/scene/play.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { createBareScene } from '../../plugin/testing/bare-scene.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

/** A ball that falls, and whether `absolutePosition` said so after every step. */
function createFall() {
  const fresh: boolean[] = [];
  const environment = defineEnvironment({
    name: 'fall',
    decisionPeriod: 3,
    build({ root, scene }) {
      const ball = CreateSphere('ball', {}, scene);
      ball.parent = root;
      new PhysicsAggregate(ball, PhysicsShapeType.SPHERE, { mass: 1 }, scene);
      const sensors = [new FunctionSensor('nothing', 1, (out, offset) => void out.fill(0, offset, offset + 1))];
      ball.addBehavior(new Agent({ sensors, actuators: [new ForceActuator({ maxForce: 1 })] }), true);
      let before = ball.absolutePosition.y;
      return {
        reset() {},
        afterStep() {
          fresh.push(ball.absolutePosition.y === ball.position.y && ball.position.y < before);
          before = ball.position.y;
        },
      };
    },
  });
  return { environment, fresh };
}

describe('absolutePosition after a physics step', () => {
  it('is that of the step in training, where nothing is rendered', async () => {
    const { environment, fresh } = createFall();
    const world = await HeadlessWorld.create(environment, {});
    world.clock.observe();
    world.step();
    expect(fresh).toEqual([true, true, true]);
    world.dispose();
  });

  it('is that of the step at play, in every step of a frame', async () => {
    const { environment, fresh } = createFall();
    const scene = await createBareScene();
    new FreeCamera('camera', Vector3.Zero(), scene);
    const playback = await play(environment, scene, { act: (_, action) => void action.fill(0) });
    playback.advance(3.5 / 60);
    expect(fresh).toEqual([true, true, true]);
    scene.getEngine().dispose();
  });
});
