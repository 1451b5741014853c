import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, describe, expect, it } from 'vitest';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { defineEnvironment } from '../../plugin/scene/environment.ts';
import { enablePhysics } from '../../plugin/scene/havok.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const opened: { dispose(): void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.dispose();
});

interface Rules {
  readonly frames?: number;
  /** of every frame, if any */
  frame?(ball: Mesh, goal: Mesh): void;
  /** of every step */
  step?(ball: Mesh, goal: Mesh): void;
}

/** A box of 1 m that falls from 3 m above another, in a scene of its own. */
async function open({ frames, frame, step }: Rules): Promise<HeadlessWorld> {
  const environment = defineEnvironment({
    name: 'fall',
    decisionPeriod: 1,
    ...(frames === undefined ? {} : { frames }),
    async createScene(engine: AbstractEngine) {
      const scene = new Scene(engine);
      await enablePhysics(scene);
      const ball = CreateBox('ball', {}, scene);
      const goal = CreateBox('goal', {}, scene);
      ball.position.y = 3;
      new PhysicsAggregate(ball, PhysicsShapeType.BOX, { mass: 1 }, scene);
      if (frame) scene.onBeforeRenderObservable.add(() => frame(ball, goal));
      return scene;
    },
    build(area) {
      const [ball, goal] = [area.find('ball') as Mesh, area.find('goal') as Mesh];
      const sensors = [new FunctionSensor('nothing', 1, (out, offset) => void out.fill(0, offset, offset + 1))];
      const rest = new FunctionActuator({ name: 'rest', continuous: 1, apply() {} });
      ball.addBehavior(new Agent({ sensors, actuators: [rest] }), true);
      return { reset() {}, afterStep: () => step?.(ball, goal) };
    },
  });
  const world = await HeadlessWorld.create(environment, {});
  opened.push(world);
  world.restart();
  return world;
}

describe('intersectsMesh() in training', () => {
  it('knows where physics has moved a body', async () => {
    const touched: boolean[] = [];
    const near: boolean[] = [];
    const world = await open({
      step(ball, goal) {
        touched.push(ball.intersectsMesh(goal));
        near.push(Math.abs(ball.position.y) <= 1);
      },
    });
    for (let i = 0; i < 70; i++) world.step();
    expect(near).toContain(true);
    expect(touched).toEqual(near);
  });

  it('knows where a rule of frames has moved a mesh, twice in one frame as well', async () => {
    const touched: boolean[][] = [];
    const world = await open({
      frames: 1,
      frame(ball, goal) {
        const touches = (y: number) => {
          goal.position.y = ball.position.y + y;
          return ball.intersectsMesh(goal);
        };
        touched.push([touches(2), touches(0.5), touches(-2)]);
      },
    });
    for (let i = 0; i < 3; i++) world.step();
    expect(touched).toEqual([
      [false, true, false],
      [false, true, false],
      [false, true, false],
    ]);
  });

  it('leaves what it read to be read again after a move in the same step', async () => {
    const seen: number[] = [];
    const world = await open({
      step(ball, goal) {
        ball.intersectsMesh(goal);
        goal.position.x++;
        seen.push(goal.absolutePosition.x);
      },
    });
    for (let i = 0; i < 3; i++) world.step();
    expect(seen).toEqual([1, 2, 3]);
  });

  it("leaves Babylon's own behind when the world is gone", async () => {
    const native = AbstractMesh.prototype.getBoundingInfo;
    const world = await open({});
    expect(AbstractMesh.prototype.getBoundingInfo).not.toBe(native);
    world.dispose();
    expect(AbstractMesh.prototype.getBoundingInfo).toBe(native);
  });
});
