import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsMotionType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { PhysicsShapeBox, PhysicsShapeContainer } from '@babylonjs/core/Physics/v2/physicsShape.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { defineEnvironment } from '../../plugin/scene/environment.ts';
import { enablePhysics } from '../../plugin/scene/havok.ts';
import { respawn, teleport } from '../../plugin/scene/physics.ts';
import { RaySensor } from '../../plugin/scene/sensors/ray-sensor.ts';
import { createBareScene, stepScene } from '../../plugin/testing/bare-scene.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await createBareScene();
  scene.getPhysicsEngine()!.setGravity(Vector3.Zero());
});
afterEach(() => scene.getEngine().dispose());

/** A dumbbell along x: boxes of 1 m, 4 m apart, and between them a trigger of 1 m. */
function addDumbbell(): TransformNode {
  const node = new TransformNode('dumbbell', scene);
  Tags.AddTagsTo(node, 'dumbbell');
  const body = new PhysicsBody(node, PhysicsMotionType.DYNAMIC, false, scene);
  const shape = new PhysicsShapeContainer(scene);
  for (const x of [-2, 0, 2]) {
    const part = new PhysicsShapeBox(Vector3.Zero(), Quaternion.Identity(), Vector3.One(), scene);
    part.isTrigger = x === 0;
    shape.addChild(part, new Vector3(x, 0, 0));
  }
  body.shape = shape;
  body.setMassProperties({ mass: 2 });
  return node;
}

/** Share of 20 m that a ray along z gets at some x, from z = −10 on; and whether it met the dumbbell. */
function look(x: number): number[] {
  const eye = new TransformNode('eye', scene);
  eye.position.set(x, 0, -10);
  const rays = new RaySensor({ tags: ['dumbbell'], raysPerDirection: 0, length: 20, sphereRadius: 0 });
  eye.addBehavior(rays);
  const out = new Float32Array(rays.size);
  rays.observe(out, 0);
  eye.dispose();
  return [...out].map((value) => Math.round(value * 1000) / 1000);
}

describe('a body of a compound shape', () => {
  it('is met by rays where its parts are, and not in its trigger', () => {
    addDumbbell();
    stepScene(scene);
    expect([-2, 0, 1, 2].map(look)).toEqual([
      [1, 0, 0.475], // 9.5 m of 20
      [0, 1, 1],
      [0, 1, 1],
      [1, 0, 0.475],
    ]);
  });

  it.each([
    ['teleport', teleport],
    ['respawn', respawn],
  ])('keeps its parts when it is moved by %s()', (_, move) => {
    const node = addDumbbell();
    stepScene(scene);
    move(node, { position: new Vector3(1, 0, 3) });
    stepScene(scene);
    expect([-1, 1, 3].map(look)).toEqual([
      [1, 0, 0.625], // 12.5 m of 20
      [0, 1, 1],
      [1, 0, 0.625],
    ]);
  });

  it('turns as a whole', () => {
    const node = addDumbbell();
    teleport(node, { position: Vector3.Zero(), rotation: Quaternion.RotationAxis(Vector3.Up(), Math.PI / 2) });
    stepScene(scene);
    expect(look(0)).toEqual([1, 0, 0.375]); // the first of its boxes, 2 m nearer
    expect(look(2)).toEqual([0, 1, 1]);
  });
});

describe('a trigger on a node below a body', () => {
  /** A car that drives along z over a coin at z = 3, felt by a trigger that reaches 1.2 m ahead of the car. */
  function createDrive(told: string[]) {
    return defineEnvironment({
      name: 'drive',
      async createScene(engine: AbstractEngine) {
        const own = new Scene(engine);
        await enablePhysics(own, { gravity: 0 });
        const car = new TransformNode('car', own);
        new PhysicsAggregate(car, PhysicsShapeType.BOX, { mass: 1, extents: Vector3.One() }, own);
        const feeler = new TransformNode('feeler', own);
        feeler.parent = car;
        feeler.position.z = 1.2;
        const options = { mass: 0, extents: Vector3.One(), isTriggerShape: true };
        const { body } = new PhysicsAggregate(feeler, PhysicsShapeType.BOX, options, own);
        body.setMotionType(PhysicsMotionType.ANIMATED);
        body.disablePreStep = false;
        body.disableSync = true; // its node leads
        const coin = new TransformNode('coin', own);
        coin.position.z = 3;
        new PhysicsAggregate(coin, PhysicsShapeType.BOX, { mass: 1, extents: Vector3.One().scale(0.2) }, own);
        coin.physicsBody!.setMassProperties({ mass: 1e-3 });
        const plugin = own.getPhysicsEngine()!.getPhysicsPlugin() as HavokPlugin;
        plugin.onTriggerCollisionObservable.add(({ type, collider, collidedAgainst }) => {
          const names = [collider, collidedAgainst].map(({ transformNode }) => transformNode.name).sort();
          told.push(`${type} ${names} at ${car.position.z.toFixed(1)}`);
        });
        return own;
      },
      build(area) {
        const car = area.find('car');
        const rays = new RaySensor({ tags: [], raysPerDirection: 0, length: 20, sphereRadius: 0 });
        car.addBehavior(new Agent({ sensors: [rays], actuators: [new ForceActuator({ maxForce: 1 })] }));
        return { reset: () => void respawn(car, { position: Vector3.Zero(), linearVelocity: new Vector3(0, 0, 3) }) };
      },
    });
  }

  it('moves with it, feels what it meets, and is not in the way of its rays', async () => {
    const told: string[] = [];
    const world = await HeadlessWorld.create(createDrive(told), {});
    world.restart();
    world.clock.observe();
    expect(world.rows.observation[1] * 20).toBeCloseTo(2.9, 1); // the coin, through the feeler
    for (let i = 0; i < 12; i++) world.step();
    expect(told[0]).toMatch(/^TRIGGER_ENTERED coin,feeler at 1\.[23]$/); // 3 − 0.1 − 1.7, within two steps
    world.dispose();
  });
});
