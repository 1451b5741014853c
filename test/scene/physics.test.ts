import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { BallAndSocketConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadHavok } from '../../plugin/scene/havok.ts';
import {
  currentWorldMatrix,
  requireBody,
  requirePhysics,
  respawn,
  setTarget,
  stepPhysics,
  teleport,
} from '../../plugin/scene/physics.ts';
import type { Pose } from '../../plugin/scene/pose.ts';
import { createBareNode, createBareScene, readMotion, stepScene } from '../../plugin/testing/bare-scene.ts';

const TILT = Quaternion.RotationYawPitchRoll(0.3, 0.4, 0.5);
const scenes: Scene[] = [];

afterEach(() => {
  for (const scene of scenes.splice(0)) scene.getEngine().dispose();
});

async function createScene(): Promise<Scene> {
  const scene = await createBareScene();
  scenes.push(scene);
  return scene;
}

/** Whose body a ray along x, `height` m above the origin, hits. */
function hitAt(scene: Scene, height: number): string | undefined {
  const hit = requirePhysics(scene, 'hitAt()').raycast(new Vector3(-9, height, 0), new Vector3(9, height, 0));
  return hit.body?.transformNode.name;
}

/** What the modules under test take for the wall clock when they are loaded. */
const wallClock = vi.hoisted(() => {
  const clock = { now: performance.now.bind(performance) };
  performance.now = () => clock.now();
  return clock;
});

describe('loadHavok', () => {
  it('finds the installed WebAssembly file in Node, and loads it once', async () => {
    expect(loadHavok()).toBe(loadHavok());
    expect(await loadHavok()).toHaveProperty('HP_World_Create');
  });
});

describe('requirePhysics', () => {
  it('gives the engine of the scene, or says how to get one', async () => {
    const scene = await createScene();
    expect(requirePhysics(scene, 'Sensor "rays"')).toBe(scene.getPhysicsEngine());
    scene.disablePhysicsEngine();
    expect(() => requirePhysics(scene, 'Sensor "rays"')).toThrow(
      '[agents] Sensor "rays" needs physics, and its scene has none. Call `await enablePhysics(scene)` first.',
    );
  });
});

describe('requireBody', () => {
  it('gives the body of the node, or says how to get one', async () => {
    const scene = await createScene();
    const box = createBareNode('box', scene);
    expect(requireBody(box, 'Actuator "force"')).toBe(box.physicsBody);
    expect(() => requireBody(new TransformNode('bare', scene), 'Actuator "force"')).toThrow(
      '[agents] Actuator "force" needs a physics body, and node "bare" has none. Create a PhysicsAggregate for it before attaching the agent.',
    );
  });
});

describe('currentWorldMatrix', () => {
  it('takes in every ancestor that moved since the matrices were computed', async () => {
    const scene = await createScene();
    const [root, middle, leaf] = ['root', 'middle', 'leaf'].map((name) => new TransformNode(name, scene));
    leaf.parent = middle;
    middle.parent = root;
    leaf.position.x = 1;
    currentWorldMatrix(leaf);
    root.position.set(10, 0, 0);
    middle.rotationQuaternion = Quaternion.RotationAxis(Vector3.Up(), Math.PI / 2); // x becomes world −z
    const { x, y, z } = currentWorldMatrix(leaf).getTranslation();
    expect([x, y, Math.round(z * 1e6) / 1e6]).toEqual([10, 0, -1]);
  });
});

describe('stepPhysics', () => {
  /** A box above a ground that it will touch within a second, and all that Babylon told of it in 90 steps. */
  async function fall(listen: (scene: Scene, box: TransformNode, tell: (what: string) => void) => void) {
    const scene = await createScene();
    createBareNode('ground', scene).physicsBody?.setMotionType(PhysicsMotionType.STATIC);
    const box = createBareNode('box', scene, 2);
    const told: string[] = [];
    listen(scene, box, (what) => told.push(what));
    stepScene(scene, 90);
    return { told, height: box.position.y };
  }

  it('tells those who listen to all collisions', async () => {
    const { told } = await fall((scene, box, tell) => {
      box.physicsBody?.setCollisionCallbackEnabled(true);
      const plugin = requirePhysics(scene, 'test').getPhysicsPlugin() as HavokPlugin;
      plugin.onCollisionObservable.add(({ collider, collidedAgainst, type }) =>
        tell(`${type} ${[collider, collidedAgainst].map((body) => body.transformNode.name).sort()}`),
      );
    });
    expect(told[0]).toBe('COLLISION_STARTED box,ground');
  });

  it('tells those who listen to the collisions of one body', async () => {
    const { told } = await fall((_, box, tell) => {
      box.physicsBody?.setCollisionCallbackEnabled(true);
      box.physicsBody?.getCollisionObservable().add(({ type }) => tell(type));
    });
    expect(told[0]).toBe('COLLISION_STARTED');
  });

  it('tells those who listen to triggers', async () => {
    const { told, height } = await fall((scene, box, tell) => {
      requirePhysics(scene, 'test').getBodies()[0].shape!.isTrigger = true;
      const plugin = requirePhysics(scene, 'test').getPhysicsPlugin() as HavokPlugin;
      plugin.onTriggerCollisionObservable.add(({ type }) => tell(`${type} below ${Math.ceil(box.position.y)}`));
    });
    expect(told[0]).toBe('TRIGGER_ENTERED below 2');
    expect(height).toBeLessThan(-1); // triggers stop nobody
  });

  it('moves bodies alike whether or not somebody listens', async () => {
    const deaf = await fall(() => {});
    const told = await fall((_, box) => void box.physicsBody?.getCollisionObservable().add(() => {}));
    expect(told.height).toBe(deaf.height);
    expect(deaf.height).toBeCloseTo(1, 1);
  });

  it('reads the nodes that drive bodies', async () => {
    const scene = await createScene();
    const box = createBareNode('box', scene);
    box.physicsBody?.setMotionType(PhysicsMotionType.ANIMATED);
    box.physicsBody!.disablePreStep = false;
    box.position.x = 3;
    stepPhysics(requirePhysics(scene, 'test'), 1 / 60);
    expect(hitAt(scene, 0)).toBe('box');
    const { _pluginData } = box.physicsBody!;
    expect((await loadHavok()).HP_Body_GetPosition(_pluginData.hpBodyId)[1]).toEqual([3, 0, 0]);
  });

  it('times Havok’s step and nothing around it', async () => {
    const scene = await createScene();
    const engine = requirePhysics(scene, 'test');
    const body = createBareNode('box', scene).physicsBody!;
    body.disablePreStep = false;
    const calls: string[] = [];
    const { _hknp } = engine.getPhysicsPlugin() as HavokPlugin;
    const spies = [
      vi.spyOn(wallClock, 'now').mockImplementation(() => 10 * calls.push('now') ** 2), // at 40 ms, then at 160 ms
      vi.spyOn(_hknp, 'HP_Body_SetQTransform').mockImplementation(() => calls.push('place')),
      vi.spyOn(_hknp, 'HP_World_Step').mockImplementation(() => calls.push('step')),
    ];
    try {
      calls.length = 0;
      const ms = stepPhysics(engine, 1 / 60);
      expect(calls).toEqual(['place', 'now', 'step', 'now']);
      expect(ms).toBe(120);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });
});

describe('setTarget', () => {
  it('takes an animated body to a pose within one step', async () => {
    const scene = await createScene();
    const platform = createBareNode('platform', scene);
    platform.physicsBody?.setMotionType(PhysicsMotionType.ANIMATED);
    setTarget(platform.physicsBody!, new Vector3(0.1, 0.2, 0), Quaternion.RotationAxis(Vector3.Up(), 0.05));
    stepScene(scene);
    const [x, y, z, , turned] = readMotion(platform);
    expect([x, y, z].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([0.1, 0.2, 0]);
    expect(turned).toBeCloseTo(Math.sin(0.025), 4);
  });
});

describe('teleport', () => {
  it('moves node and body at once and leaves the body at rest', async () => {
    const scene = await createScene();
    const box = createBareNode('box', scene);
    stepScene(scene, 30);
    teleport(box, { position: new Vector3(1, 2, 3), rotation: TILT });
    expect(readMotion(box)).toEqual([1, 2, 3, ...TILT.asArray(), 0, 0, 0, 0, 0, 0]);
    stepScene(scene);
    expect(box.position.x).toBe(1);
    expect(box.position.y).toBeLessThan(2);
    expect(box.position.y).toBeGreaterThan(1.99);
  });

  it('places the body in the coordinates of the node above', async () => {
    const scene = await createScene();
    const root = new TransformNode('root', scene);
    const box = createBareNode('box', scene);
    box.parent = root;
    root.position.x = 50;
    teleport(box, { position: new Vector3(1, 2, 3) });
    stepScene(scene);
    expect(box.position.x).toBeCloseTo(1, 4);
    expect(box.absolutePosition.x).toBeCloseTo(51, 4);
  });

  it('sets the velocities it is given', async () => {
    const box = createBareNode('box', await createScene());
    teleport(box, {
      position: Vector3.Zero(),
      linearVelocity: new Vector3(1, 2, 3),
      angularVelocity: new Vector3(4, 5, 6),
    });
    expect(readMotion(box).slice(7)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('keeps the joints of the body', async () => {
    const scene = await createScene();
    const [hook, weight] = [createBareNode('hook', scene, 8), createBareNode('weight', scene, 6.5)];
    teleport(hook, { position: new Vector3(0, 8, 0) });
    hook.physicsBody?.setGravityFactor(0);
    hook.physicsBody?.setMassProperties({ mass: 1000 });
    const joint = new BallAndSocketConstraint(
      new Vector3(0, -0.75, 0),
      new Vector3(0, 0.75, 0),
      Vector3.Up(),
      Vector3.Up(),
      scene,
    );
    hook.physicsBody?.addConstraint(requireBody(weight, 'test'), joint);
    stepScene(scene, 10);
    teleport(weight, { position: new Vector3(0, 6.5, 0) });
    stepScene(scene, 60);
    expect(Vector3.Distance(weight.position, hook.position)).toBeCloseTo(1.5, 1);
  });

  it('hides the body from rays until the next physics step', async () => {
    const scene = await createScene();
    const box = createBareNode('box', scene);
    box.physicsBody?.setGravityFactor(0);
    stepScene(scene);
    teleport(box, { position: new Vector3(0, 5, 0) });
    expect([hitAt(scene, 0), hitAt(scene, 5)]).toEqual([undefined, undefined]);
    stepScene(scene);
    expect([hitAt(scene, 0), hitAt(scene, 5)]).toEqual([undefined, 'box']);
  });
});

describe('respawn', () => {
  let scene: Scene;
  let lower: TransformNode;
  let upper: TransformNode;

  const LOWER: Pose = { position: new Vector3(0.2, 1, 0), rotation: TILT };
  const UPPER: Pose = { position: new Vector3(0, 2.6, 0.1), linearVelocity: new Vector3(0, -1, 0) };

  beforeEach(async () => {
    ({ scene, lower, upper } = await createStack());
  });

  /** Two boxes that fall onto the ground and each other. */
  async function createStack() {
    const scene = await createScene();
    const ground = new TransformNode('ground', scene);
    ground.position.y = -0.5;
    ground.computeWorldMatrix(true);
    new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0, extents: new Vector3(20, 1, 20) }, scene);
    return { scene, lower: createBareNode('lower', scene, 0.6), upper: createBareNode('upper', scene, 1.8) };
  }

  function respawnBoth(): number[][] {
    respawn(lower, LOWER);
    respawn(upper, UPPER);
    return Array.from({ length: 200 }, () => {
      stepScene(scene);
      return [...readMotion(lower), ...readMotion(upper)];
    });
  }

  it('leaves no velocity, and the node its body, as the last of the engine’s', () => {
    const bodies = requirePhysics(scene, 'test').getBodies() as PhysicsBody[];
    const [ground, old, other] = bodies;
    stepScene(scene, 20);
    const body = respawn(lower, { position: new Vector3(1, 2, 3), rotation: TILT });
    expect([lower.physicsBody === old, body === old]).toEqual([true, true]);
    expect(readMotion(lower)).toEqual([1, 2, 3, ...TILT.asArray(), 0, 0, 0, 0, 0, 0]);
    expect(bodies.map((of) => of.transformNode.name)).toEqual([ground, other, old].map((of) => of.transformNode.name));
  });

  it('keeps mass, damping and gravity factor', () => {
    lower.physicsBody?.setMassProperties({ mass: 7 });
    lower.physicsBody?.setLinearDamping(0.25);
    lower.physicsBody?.setGravityFactor(0.5);
    const body = respawn(lower, LOWER);
    expect([body.getMassProperties().mass, body.getLinearDamping(), body.getGravityFactor()]).toEqual([7, 0.25, 0.5]);
  });

  it('shows the body to rays at once', () => {
    stepScene(scene, 10);
    respawn(lower, { position: new Vector3(0, 9, 0) });
    expect(hitAt(scene, 9)).toBe('lower');
  });

  it.each([
    ['in motion', 40],
    ['asleep', 600],
  ])('repeats bit for bit what happens in a new world, from bodies %s', async (_, steps) => {
    const fresh = respawnBoth();
    ({ scene, lower, upper } = await createStack());
    lower.physicsBody?.applyImpulse(new Vector3(1, 2, 0.5), new Vector3(0.3, 1, 0));
    stepScene(scene, steps);
    expect(respawnBoth()).toEqual(fresh);
    expect(respawnBoth()).toEqual(fresh);
  });
});
