import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import {
  PhysicsConstraintAxis,
  PhysicsConstraintMotorType,
  PhysicsShapeType,
} from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import { PhysicsShapeSphere } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { HavokPhysicsWithBindings } from '@babylonjs/havok';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../plugin/core/random.ts';
import { DirectHavokCalls } from '../../plugin/scene/direct-havok-calls.ts';
import { loadHavok } from '../../plugin/scene/havok.ts';
import { babylonCalls, type HavokCalls, havokCalls, type RayHit } from '../../plugin/scene/havok-calls.ts';
import { requirePhysics } from '../../plugin/scene/physics.ts';
import { createBareNode, createBareScene, readMotion, stepScene } from '../../plugin/testing/bare-scene.ts';
import { createLink, join } from '../fixtures/joints.ts';

let scenes: Scene[];
beforeEach(() => {
  scenes = [];
});
afterEach(() => {
  for (const scene of scenes) scene.getEngine().dispose();
});

async function createScene(): Promise<Scene> {
  const scene = await createBareScene();
  scenes.push(scene);
  return scene;
}

/** Does something to a turning box by one kind of calls and by the other, each in a world of its own, and returns what came of it. */
async function both(act: (calls: HavokCalls, body: PhysicsBody, node: TransformNode) => void): Promise<number[][]> {
  const outcomes: number[][] = [];
  for (const direct of [true, false]) {
    const scene = await createScene();
    const node = createBareNode('box', scene, 5);
    const body = node.physicsBody!;
    body.setMassProperties({ mass: 3, inertia: new Vector3(1, 2, 3), inertiaOrientation: Quaternion.Identity() });
    body.setAngularVelocity(new Vector3(1, -2, 3));
    stepScene(scene, 20);
    act(direct ? havokCalls(scene) : babylonCalls, body, node);
    const before = readMotion(node);
    stepScene(scene, 3);
    outcomes.push([...before, ...readMotion(node)]);
  }
  return outcomes;
}

const A = new Vector3(0.1, 0.7, -1.3);
const B = new Vector3(2.2, 4.9, 0.3);
const TILT = Quaternion.RotationYawPitchRoll(0.3, 0.4, 0.5);

describe('havokCalls', () => {
  it('go to the installed Havok directly', async () => {
    expect(havokCalls(await createScene())).toBeInstanceOf(DirectHavokCalls);
  });

  it('go through Babylon in a scene with floating origins, where each body has an offset', async () => {
    const scene = await createScene();
    Object.defineProperty(scene, 'floatingOriginMode', { value: true });
    expect(havokCalls(scene)).toBe(babylonCalls);
  });

  it('go through Babylon where the physics engine is not Havok', async () => {
    const scene = await createScene();
    const plugin = requirePhysics(scene, 'the test').getPhysicsPlugin() as HavokPlugin;
    const { _hknp: havok } = plugin;
    plugin._hknp = undefined;
    expect(havokCalls(scene)).toBe(babylonCalls);
    plugin._hknp = havok;
  });

  it.each<[string, (calls: HavokCalls, body: PhysicsBody, node: TransformNode) => void]>([
    ['setLinearVelocity', (calls, body) => calls.setLinearVelocity(body, A)],
    ['setAngularVelocity', (calls, body) => calls.setAngularVelocity(body, A)],
    ['setTarget', (calls, body) => calls.setTarget(body, B, TILT)],
    ['applyImpulse', (calls, body) => calls.applyImpulse(body, A, B)],
    ['applyAngularImpulse', (calls, body) => calls.applyAngularImpulse(body, A)],
    [
      'moveToNode',
      (calls, body, node) => {
        node.position.copyFrom(B);
        node.rotationQuaternion!.copyFrom(TILT);
        calls.moveToNode(body);
      },
    ],
  ])('%s does what Babylon’s method does, to the last bit', async (_, act) => {
    const untouched = (await both(() => {}))[0];
    const [direct, babylons] = await both(act);
    expect(direct).toEqual(babylons);
    expect(direct).not.toEqual(untouched);
  });

  it('drive joints as Babylon’s methods do, to the last bit', async () => {
    const { ANGULAR_X } = PhysicsConstraintAxis;
    const swing = async (tell: (plugin: HavokPlugin, joint: Physics6DoFConstraint, calls: HavokCalls) => void) => {
      const scene = await createScene();
      const plugin = requirePhysics(scene, 'the test').getPhysicsPlugin() as HavokPlugin;
      const [upper, lower] = [createLink(scene, 'upper', 0), createLink(scene, 'lower', 1)];
      const joint = join(upper, lower, { x: [-2, 2] });
      joint.setAxisMotorType(ANGULAR_X, PhysicsConstraintMotorType.POSITION);
      tell(plugin, joint, havokCalls(scene));
      stepScene(scene, 10);
      return readMotion(lower);
    };
    const motions = [
      await swing((_, joint) => {
        joint.setAxisMotorTarget(ANGULAR_X, 1.25);
        joint.setAxisMotorMaxForce(ANGULAR_X, 3.5);
      }),
      await swing((plugin, joint, calls) => {
        calls.setMotorTarget(plugin, joint, ANGULAR_X, 1.25);
        calls.setMotorMaxForce(joint, ANGULAR_X, 3.5);
      }),
      await swing((plugin, joint) => {
        babylonCalls.setMotorTarget(plugin, joint, ANGULAR_X, 1.25);
        babylonCalls.setMotorMaxForce(joint, ANGULAR_X, 3.5);
      }),
    ];
    expect(motions[1]).toEqual(motions[0]);
    expect(motions[2]).toEqual(motions[0]);
    expect(motions[0][10]).toBeCloseTo((10 * 3.5) / 60, 3); // rad/s about x
  });

  it('wake a body that sleeps', async () => {
    const scene = await createScene();
    const plugin = requirePhysics(scene, 'the test').getPhysicsPlugin() as HavokPlugin;
    scene.getPhysicsEngine()!.setGravity(Vector3.Zero());
    const body = createBareNode('box', scene).physicsBody!;
    const { _hknp: havok } = plugin;
    const awake = () => havok.HP_Body_GetActivationState(body._pluginData.hpBodyId)[1] === havok.ActivationState.ACTIVE;
    for (const calls of [havokCalls(scene), babylonCalls]) {
      stepScene(scene, 400);
      expect(awake()).toBe(false);
      calls.wake(plugin, body);
      expect(awake()).toBe(true);
    }
  });

  it('puts a body under a turned parent where Babylon puts it', async () => {
    const place = async (calls: (scene: Scene) => HavokCalls) => {
      const scene = await createScene();
      const parent = new TransformNode('parent', scene);
      parent.position.set(7, 1, -2);
      parent.rotationQuaternion = TILT.clone();
      const node = createBareNode('box', scene);
      node.parent = parent;
      node.position.copyFrom(B);
      node.rotationQuaternion!.copyFrom(TILT);
      node.computeWorldMatrix(true);
      calls(scene).moveToNode(node.physicsBody!);
      return (await loadHavok()).HP_Body_GetQTransform(node.physicsBody!._pluginData.hpBodyId)[1].flat();
    };
    const direct = await place(havokCalls);
    expect(direct).toEqual(await place(() => babylonCalls));
    expect(direct[0]).not.toBeCloseTo(B.x, 1);
  });

  it('read the velocities that Babylon reads', async () => {
    const scene = await createScene();
    const body = createBareNode('box', scene, 5).physicsBody!;
    body.setLinearVelocity(A);
    body.setAngularVelocity(B);
    stepScene(scene, 7);
    const read = (calls: HavokCalls) => {
      const [linear, angular] = [new Vector3(), new Vector3()];
      calls.getLinearVelocity(body, linear);
      calls.getAngularVelocity(body, angular);
      return [...linear.asArray(), ...angular.asArray()];
    };
    expect(read(havokCalls(scene))).toEqual(read(babylonCalls));
    expect(read(havokCalls(scene)).every((value) => value !== 0)).toBe(true);
  });
});

describe('castRay', () => {
  let scene: Scene;
  let plugin: HavokPlugin;
  const nodes: TransformNode[] = [];

  beforeEach(async () => {
    scene = await createScene();
    plugin = requirePhysics(scene, 'the test').getPhysicsPlugin() as HavokPlugin;
    nodes.length = 0;
  });

  function addBox(position: Vector3): PhysicsAggregate {
    const node = new TransformNode(`box-${nodes.length}`, scene);
    node.position.copyFrom(position);
    nodes.push(node);
    return new PhysicsAggregate(node, PhysicsShapeType.BOX, { mass: 0, extents: Vector3.One() }, scene);
  }

  /** Name of the body that was met, and how far away. */
  function look(calls: HavokCalls, from: Vector3, to: Vector3, ignored: PhysicsBody | null = null) {
    const hit: RayHit = { body: null, distance: -1 };
    return calls.castRay(plugin, from, to, ignored, hit) ? [hit.body?.transformNode.name, hit.distance] : 'nothing';
  }

  it('meets what Babylon’s ray meets, as far away to the last bit, whichever body it ignores', () => {
    const random = new Random(5);
    const anywhere = () => new Vector3(random.between(-6, 6), random.between(-6, 6), random.between(-6, 6));
    for (let i = 0; i < 70; i++) addBox(anywhere());
    stepScene(scene);
    let [met, ignored] = [0, 0];
    for (let i = 0; i < 400; i++) {
      const [from, to] = [anywhere(), anywhere()];
      const seen = look(babylonCalls, from, to);
      expect(look(havokCalls(scene), from, to)).toEqual(seen);
      if (seen === 'nothing') continue;
      met++;
      const { physicsBody } = nodes.find(({ name }) => name === seen[0])!;
      const behind = look(babylonCalls, from, to, physicsBody);
      expect(look(havokCalls(scene), from, to, physicsBody)).toEqual(behind);
      if (behind !== 'nothing') ignored++;
    }
    expect(met).toBeGreaterThan(100);
    expect(ignored).toBeGreaterThan(20);
  });

  it('passes through triggers', () => {
    addBox(new Vector3(0, 0, 3)).shape.isTrigger = true;
    addBox(new Vector3(0, 0, 6));
    stepScene(scene);
    const ends = [Vector3.Zero(), new Vector3(0, 0, 9)] as const;
    expect(look(havokCalls(scene), ...ends)).toEqual(['box-1', 5.5]);
    expect(look(babylonCalls, ...ends)).toEqual(['box-1', 5.5]);
  });

  it('leaves the last hit as it was when it meets nothing', () => {
    const hit: RayHit = { body: null, distance: 42 };
    for (const calls of [havokCalls(scene), babylonCalls]) {
      expect(calls.castRay(plugin, Vector3.Zero(), Vector3.Up(), null, hit)).toBe(false);
      expect(hit).toEqual({ body: null, distance: 42 });
    }
  });

  it('names a body that took the memory of one that is gone', () => {
    const ends = [Vector3.Zero(), new Vector3(0, 0, 9)] as const;
    for (const name of ['box-0', 'box-1', 'box-2']) {
      addBox(new Vector3(0, 0, 3));
      stepScene(scene);
      expect(look(havokCalls(scene), ...ends)).toEqual([name, 2.5]);
      nodes.at(-1)?.dispose();
    }
  });
});

describe('castBall', () => {
  it('meets what Babylon’s shape cast meets, as far away to the last bit, whichever body it ignores', async () => {
    const scene = await createScene();
    const plugin = requirePhysics(scene, 'the test').getPhysicsPlugin() as HavokPlugin;
    const random = new Random(6);
    const anywhere = () => new Vector3(random.between(-6, 6), random.between(-6, 6), random.between(-6, 6));
    const nodes = Array.from({ length: 60 }, (_, i) => {
      const node = new TransformNode(`box-${i}`, scene);
      node.position.copyFrom(anywhere());
      const { shape } = new PhysicsAggregate(node, PhysicsShapeType.BOX, { mass: 0, extents: Vector3.One() }, scene);
      if (i % 3 === 0) shape.isTrigger = true;
      if (i % 3 === 1) shape.filterMembershipMask = 2;
      return node;
    });
    stepScene(scene);
    const hit: RayHit = { body: null, distance: -1 };
    let [met, behind] = [0, 0];
    for (let i = 0; i < 300; i++) {
      const ball = new PhysicsShapeSphere(Vector3.Zero(), random.between(0.05, 0.7), scene);
      const [from, to] = [anywhere(), anywhere()];
      const cast = (calls: HavokCalls, ignored: PhysicsBody | null) =>
        calls.castBall(plugin, ball, from, to, ignored, hit) ? ([hit.body, hit.distance] as const) : 'nothing';
      const seen = cast(babylonCalls, null);
      expect(cast(havokCalls(scene), null)).toEqual(seen);
      if (seen !== 'nothing') {
        met++;
        expect(nodes).toContain(seen[0]?.transformNode);
        const further = cast(babylonCalls, seen[0]);
        expect(cast(havokCalls(scene), seen[0])).toEqual(further);
        if (further !== 'nothing') behind++;
      }
      ball.dispose();
    }
    expect(met).toBeGreaterThan(100);
    expect(behind).toBeGreaterThan(20);
  });

  it('leaves the last hit as it was when it meets nothing', async () => {
    const scene = await createScene();
    const plugin = requirePhysics(scene, 'the test').getPhysicsPlugin() as HavokPlugin;
    const ball = new PhysicsShapeSphere(Vector3.Zero(), 1, scene);
    const hit: RayHit = { body: null, distance: 42 };
    for (const calls of [havokCalls(scene), babylonCalls]) {
      expect(calls.castBall(plugin, ball, Vector3.Zero(), Vector3.Up(), null, hit)).toBe(false);
      expect(hit).toEqual({ body: null, distance: 42 });
    }
  });
});

describe('DirectHavokCalls', () => {
  /** Havok, with some of its exports replaced. */
  async function havokWith(changes: Record<string, unknown>): Promise<HavokPhysicsWithBindings> {
    return new Proxy(await loadHavok(), {
      get: (havok, key) => (key in changes ? changes[key as string] : Reflect.get(havok, key)),
    });
  }

  it('leaves nothing behind in Havok but one query collector', async () => {
    const havok = await loadHavok();
    const before = havok.HP_GetStatistics()[1];
    expect(DirectHavokCalls.open(havok)).toBeDefined();
    const [bodies, shapes, constraints, geometries, worlds] = havok.HP_GetStatistics()[1];
    expect([bodies, shapes, constraints, geometries, worlds]).toEqual(before.slice(0, 5));
  });

  it.each([
    '_HP_Body_GetLinearVelocity',
    '_HP_Body_SetAngularVelocity',
    '_HP_Body_SetTargetQTransform',
    '_HP_Body_ApplyImpulse',
    '_HP_Body_ApplyAngularImpulse',
    '_HP_Body_SetQTransform',
    '_HP_Constraint_SetAxisMotorPositionTarget',
    '_HP_Constraint_SetAxisMotorMaxForce',
    '_HP_Body_SetActivationState',
    '_HP_World_CastRayWithCollector',
    '_HP_QueryCollector_GetCastRayResult',
    '_HP_World_ShapeCastWithCollector',
    '_HP_QueryCollector_GetShapeCastResult',
  ])('are not used with a Havok whose %s is missing or does nothing', async (name) => {
    expect(DirectHavokCalls.open(await havokWith({ [name]: undefined }))).toBeUndefined();
    expect(DirectHavokCalls.open(await havokWith({ [name]: () => 0 }))).toBeUndefined();
    expect(DirectHavokCalls.open(await havokWith({}))).toBeDefined();
  });

  it('are not used with a Havok that keeps its vectors in another order', async () => {
    const havok = (await loadHavok()) as unknown as Record<string, (...args: unknown[]) => number> & {
      HEAPF32: Float32Array;
    };
    const reversed = (body: unknown, out: number) => {
      const result = havok._HP_Body_GetLinearVelocity(body, out);
      havok.HEAPF32.subarray(out / 4, out / 4 + 3).reverse();
      return result;
    };
    expect(DirectHavokCalls.open(await havokWith({ _HP_Body_GetLinearVelocity: reversed }))).toBeUndefined();
  });
});
