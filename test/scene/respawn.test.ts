import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import '@babylonjs/core/Meshes/thinInstanceMesh.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import {
  PhysicsActivationControl,
  PhysicsConstraintAxis,
  PhysicsConstraintMotorType,
  PhysicsMotionType,
  PhysicsPrestepType,
  PhysicsShapeType,
} from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { BallAndSocketConstraint, HingeConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import { PhysicsShapeSphere } from '@babylonjs/core/Physics/v2/physicsShape.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, describe, expect, it } from 'vitest';
import { loadHavok } from '../../plugin/scene/havok.ts';
import { requirePhysics, respawn } from '../../plugin/scene/physics.ts';
import { createBareNode, createBareScene, readMotion, stepScene } from '../../plugin/testing/bare-scene.ts';
import { createLink, join } from '../fixtures/joints.ts';

const scenes: Scene[] = [];
afterEach(() => {
  for (const scene of scenes.splice(0)) scene.getEngine().dispose();
});

async function createScene(gravity = 0): Promise<Scene> {
  const scene = await createBareScene();
  scene.getPhysicsEngine()!.setGravity(new Vector3(0, gravity, 0));
  scenes.push(scene);
  return scene;
}

function pluginOf(scene: Scene): HavokPlugin {
  return requirePhysics(scene, 'the test').getPhysicsPlugin() as HavokPlugin;
}

describe('respawn() of a body with joints', () => {
  /** A pole that is hinged on a cart, 1 m from the middle of either, which nothing but the hinge holds. */
  async function createPole() {
    const scene = await createScene(-9.81);
    const cart = createLink(scene, 'cart', 2);
    const pole = createLink(scene, 'pole', 1, new Vector3(0, 2, 0));
    cart.physicsBody!.setGravityFactor(0);
    const [up, down] = [new Vector3(0, 1, 0), new Vector3(0, -1, 0)];
    const hinge = new HingeConstraint(up, down, Vector3.Forward(), Vector3.Forward(), scene);
    cart.physicsBody!.addConstraint(pole.physicsBody!, hinge);
    return { scene, cart, pole, hinge };
  }

  type Pole = Awaited<ReturnType<typeof createPole>>;

  /** m between the ends that the hinge holds together */
  function gap({ cart, pole }: Pole): number {
    const end = ({ position, rotationQuaternion }: TransformNode, y: number) =>
      new Vector3(0, y, 0).applyRotationQuaternion(rotationQuaternion!).add(position);
    return Vector3.Distance(end(cart, 1), end(pole, -1));
  }

  function begin({ cart, pole }: Pole): void {
    respawn(cart, { position: new Vector3(3, 1, 0) });
    respawn(pole, { position: new Vector3(3, 3, 0), angularVelocity: new Vector3(0, 0, 0.2) });
  }

  function swing(created: Pole): number[][] {
    begin(created);
    return Array.from({ length: 120 }, () => {
      stepScene(created.scene);
      return [...readMotion(created.cart), ...readMotion(created.pole)];
    });
  }

  it('keeps them, whichever of the two bodies is respawned', async () => {
    for (const which of [['cart'], ['pole'], ['cart', 'pole']] as const) {
      const created = await createPole();
      for (const name of which) respawn(created[name], { position: created[name].position.clone() });
      created.pole.physicsBody!.setAngularVelocity(new Vector3(0, 0, 0.2));
      stepScene(created.scene, 90);
      expect(created.pole.position.y, which.join()).toBeLessThan(1.5); // it has swung over
      expect(gap(created), which.join()).toBeLessThan(0.01);
      const pairs = created.hinge.getBodiesUsingConstraint();
      expect(pairs.map(({ parentBody, childBody }) => [parentBody, childBody])).toEqual([
        [created.cart.physicsBody, created.pole.physicsBody],
      ]);
    }
  });

  it('repeats bit for bit what happens in a new world', async () => {
    const fresh = swing(await createPole());
    const used = await createPole();
    used.pole.physicsBody!.applyImpulse(new Vector3(1, 2, 0), new Vector3(0.1, 2, 0));
    stepScene(used.scene, 77);
    expect(swing(used)).toEqual(fresh);
    expect(swing(used)).toEqual(fresh);
  });

  it('keeps limits, motors, friction, collisions and what is switched off', async () => {
    const { ANGULAR_X, ANGULAR_Y } = PhysicsConstraintAxis;
    const scene = await createScene();
    const [upper, lower, other] = ['upper', 'lower', 'other'].map((name) => createLink(scene, name, 1));
    const joint = join(upper, lower, { x: [-2, 2], y: [-0.5, 0.25] });
    joint.setAxisMotorType(ANGULAR_X, PhysicsConstraintMotorType.POSITION);
    joint.setAxisMotorTarget(ANGULAR_X, 1.25);
    joint.setAxisMotorMaxForce(ANGULAR_X, 3.5);
    joint.setAxisFriction(ANGULAR_Y, 0.75);
    joint.isCollisionsEnabled = true;
    const off = join(upper, other, {});
    off.isEnabled = false;
    const havok = await loadHavok(); // some of Babylon's own getters pass it a wrong number
    const { ANGULAR_X: x, ANGULAR_Y: y } = havok.ConstraintAxis;
    const [id, offId] = [joint, off].map(({ _pluginData }) => _pluginData[0]);
    const read = () => [
      havok.HP_Constraint_GetAxisMinLimit(id, y)[1],
      havok.HP_Constraint_GetAxisMaxLimit(id, y)[1],
      havok.HP_Constraint_GetAxisMotorMaxForce(id, x)[1],
      havok.HP_Constraint_GetAxisMotorPositionTarget(id, x)[1],
      havok.HP_Constraint_GetAxisFriction(id, y)[1],
      havok.HP_Constraint_GetCollisionsEnabled(id)[1],
      havok.HP_Constraint_GetEnabled(id)[1],
      havok.HP_Constraint_GetEnabled(offId)[1],
    ];
    const before = read();
    expect(before).toEqual([-0.5, 0.25, 3.5, 1.25, 0.75, 1, 1, 0]);
    for (const node of [upper, lower, other]) respawn(node, { position: node.position.clone() });
    expect(read()).toEqual(before);
    joint.isCollisionsEnabled = false;
    stepScene(scene, 10);
    expect(readMotion(lower)[10]).toBeGreaterThan(0.2); // rad/s: the motor turns it
    joint.dispose();
    respawn(lower, { position: new Vector3(0, 9, 0) });
    stepScene(scene, 30);
    expect(lower.position.y).toBeCloseTo(9, 4); // nothing holds it any more
  });
});

describe('respawn() of a body whose collisions are observed', () => {
  it('goes on telling, as it was told to', async () => {
    const scene = await createScene(-9.81);
    const ground = createBareNode('ground', scene);
    ground.physicsBody!.setMotionType(PhysicsMotionType.STATIC);
    const box = createBareNode('box', scene, 1.1);
    const told: [string, PhysicsBody | undefined][] = [];
    box.physicsBody!.setCollisionCallbackEnabled(true);
    box.physicsBody!.setCollisionEndedCallbackEnabled(true);
    box.physicsBody!.getCollisionObservable().add(({ type, collider }) => told.push([type, collider]));
    box.physicsBody!.getCollisionEndedObservable().add(({ type }) => told.push([type, undefined]));
    const mask = box.physicsBody!.getEventMask();
    for (let i = 0; i < 3; i++) {
      const body = respawn(box, { position: new Vector3(0, 1.1, 0) });
      expect(body.getEventMask()).toBe(mask);
      told.length = 0;
      stepScene(scene, 20);
      expect(told[0]).toEqual(['COLLISION_STARTED', body]);
      body.setLinearVelocity(new Vector3(0, 5, 0));
      stepScene(scene, 20);
      expect(told.at(-1)![0]).toBe('COLLISION_FINISHED');
    }
  });

  it('tells no one of a collision that it had before', async () => {
    const scene = await createScene();
    const gate = createBareNode('gate', scene);
    gate.physicsBody!.setMotionType(PhysicsMotionType.STATIC);
    gate.physicsBody!.shape!.isTrigger = true;
    const box = createBareNode('box', scene, 0.4);
    const told: string[] = [];
    pluginOf(scene).onTriggerCollisionObservable.add(({ type, collider, collidedAgainst }) => {
      expect([collider, collidedAgainst]).toContain(box.physicsBody);
      told.push(type);
    });
    stepScene(scene, 2);
    respawn(box, { position: new Vector3(0, 9, 0) });
    stepScene(scene, 2);
    respawn(box, { position: new Vector3(0, 0.4, 0) });
    stepScene(scene, 2);
    expect(told).toEqual(['TRIGGER_ENTERED', 'TRIGGER_ENTERED']);
  });
});

describe('respawn() of a body', () => {
  it('keeps every member that was set on it', async () => {
    const scene = await createScene();
    const box = createBareNode('box', scene);
    const body = box.physicsBody!;
    const mass = { mass: 3, inertia: new Vector3(1, 2, 3), centerOfMass: new Vector3(0.1, 0.2, 0.3) };
    body.setMassProperties(mass);
    body.setLinearDamping(0.25);
    body.setAngularDamping(0.75);
    body.setGravityFactor(0.5);
    body.setPrestepType(PhysicsPrestepType.ACTION);
    body.setMotionType(PhysicsMotionType.ANIMATED);
    body.disableSync = true;
    body.startAsleep = true;
    body.setEventMask(5);
    body.shape!.filterMembershipMask = 2;
    body.shape!.filterCollideMask = 4;
    body.shape!.isTrigger = true;
    Object.assign(body, { metadata: { team: 'red' } });
    const read = (of: PhysicsBody) => ({
      mass: of.getMassProperties(),
      damping: [of.getLinearDamping(), of.getAngularDamping()],
      gravity: of.getGravityFactor(),
      prestep: of.getPrestepType(),
      motion: of.getMotionType(),
      sync: of.disableSync,
      asleep: of.startAsleep,
      events: of.getEventMask(),
      shape: [of.shape, of.shape!.filterMembershipMask, of.shape!.filterCollideMask, of.shape!.isTrigger],
      bounds: of.getBoundingBox().extendSizeWorld.asArray(),
      own: Object.keys(of).sort(),
      data: of._pluginData.userMassProps,
      metadata: (of as unknown as { metadata: unknown }).metadata,
    });
    const before = read(body);
    expect(before.mass).toMatchObject({ mass: 3, inertia: new Vector3(1, 2, 3) });
    expect(read(respawn(box, { position: new Vector3(1, 2, 3) }))).toEqual(before);
  });

  it('derives its mass from a later shape, where only some of it was set', async () => {
    const scene = await createScene();
    const [kept, respawned] = ['kept', 'respawned'].map((name) => createBareNode(name, scene));
    respawn(respawned, { position: Vector3.Zero() });
    const inertias = [kept, respawned].map((node) => {
      const large = CreateBox('large', { size: 3 }, scene);
      const { shape } = new PhysicsAggregate(large, PhysicsShapeType.BOX, { mass: 1 }, scene);
      node.physicsBody!.shape = shape;
      return node.physicsBody!.getMassProperties().inertia!.asArray();
    });
    expect(inertias[1]).toEqual(inertias[0]);
  });

  it('keeps its activation control: one that is never to sleep stays awake, and one that is always to sleep stays put', async () => {
    const scene = await createScene();
    const plugin = pluginOf(scene);
    const [awake, asleep] = [createBareNode('awake', scene), createBareNode('asleep', scene, 5)];
    plugin.setActivationControl(awake.physicsBody!, PhysicsActivationControl.ALWAYS_ACTIVE);
    plugin.setActivationControl(asleep.physicsBody!, PhysicsActivationControl.ALWAYS_INACTIVE);
    for (const node of [awake, asleep]) respawn(node, { position: node.position.clone() });
    asleep.physicsBody!.applyImpulse(new Vector3(0, 5, 0), asleep.position);
    stepScene(scene, 600);
    const havok = await loadHavok();
    const states = [awake, asleep].map(({ physicsBody }) => {
      return havok.HP_Body_GetActivationState(physicsBody!._pluginData.hpBodyId)[1];
    });
    expect(states).toEqual([havok.ActivationState.ACTIVE, havok.ActivationState.INACTIVE]);
    expect(asleep.position.y).toBe(5);
  });

  it('leaves a PhysicsAggregate in charge of it, and nothing of it behind', async () => {
    const scene = await createScene();
    const havok = await loadHavok();
    const statistics = () => havok.HP_GetStatistics()[1].slice(0, 5);
    const before = statistics();
    const node = new TransformNode('box', scene);
    const aggregate = new PhysicsAggregate(node, PhysicsShapeType.BOX, { mass: 1, extents: Vector3.One() }, scene);
    for (let i = 0; i < 20_000; i++) respawn(node, { position: new Vector3(0, i % 7, 0) });
    aggregate.body.setLinearVelocity(new Vector3(1, 2, 3));
    expect(node.physicsBody!.getLinearVelocity().asArray()).toEqual([1, 2, 3]);
    aggregate.dispose();
    expect(node.physicsBody).toBeNull();
    expect(requirePhysics(scene, 'the test').getBodies()).toEqual([]);
    expect(statistics()).toEqual(before);
    const other = new PhysicsAggregate(node, PhysicsShapeType.BOX, { mass: 1, extents: Vector3.One() }, scene);
    aggregate.body.dispose(); // which was another body
    expect(node.physicsBody).toBe(other.body);
    respawn(node, { position: Vector3.Zero() });
    node.dispose();
    expect(statistics()).toEqual(before);
  });

  it('is the same object as before, for queries and for code that has kept it', async () => {
    const scene = await createScene();
    const box = createBareNode('box', scene);
    const body = box.physicsBody!;
    expect(respawn(box, { position: new Vector3(0, 3, 0) }) === body).toBe(true);
    expect(box.physicsBody === body).toBe(true);
    const hit = requirePhysics(scene, 'the test').raycast(new Vector3(-5, 3, 0), new Vector3(5, 3, 0));
    expect(hit.body === body).toBe(true);
  });

  it('obeys an aggregate’s body that was kept: its shape, its pre-step', async () => {
    const scene = await createScene();
    const node = new TransformNode('box', scene);
    const extents = Vector3.One();
    const { body } = new PhysicsAggregate(node, PhysicsShapeType.BOX, { mass: 1, extents }, scene);
    respawn(node, { position: new Vector3(0, 3, 0) });
    const ball = new PhysicsShapeSphere(Vector3.Zero(), 0.5, scene);
    body.shape = ball;
    body.disablePreStep = false;
    expect(node.physicsBody!.shape === ball).toBe(true);
    node.position.x = 7;
    stepScene(scene);
    expect(node.position.x).toBe(7);
  });

  it('is the one that the events of others name', async () => {
    const scene = await createScene(-9.81);
    const [pad, box] = [createBareNode('pad', scene), createBareNode('box', scene, 1.1)];
    const goal = pad.physicsBody!;
    goal.setMotionType(PhysicsMotionType.STATIC);
    const met: boolean[] = [];
    box.physicsBody!.setCollisionCallbackEnabled(true);
    box.physicsBody!.getCollisionObservable().add(({ collidedAgainst }) => met.push(collidedAgainst === goal));
    respawn(pad, { position: Vector3.Zero() });
    respawn(box, { position: new Vector3(0, 1.1, 0) });
    stepScene(scene, 30);
    expect(new Set(met)).toEqual(new Set([true]));
  });
});

describe('respawn() of instances', () => {
  it('puts each where its matrix says, at rest, with all that was set on it', async () => {
    const scene = await createScene();
    scene.getEngine().getCaps().instancedArrays = true;
    const crates = CreateBox('crates', {}, scene);
    for (let i = 0; i < 3; i++) crates.thinInstanceAdd(Matrix.Translation(3 * i, 1, 0));
    new PhysicsAggregate(crates, PhysicsShapeType.BOX, { mass: 1 }, scene);
    const body = crates.physicsBody!;
    body.setMassProperties({ mass: 7 }, 1);
    body.setMotionType(PhysicsMotionType.ANIMATED, 2);
    body.setLinearDamping(0.5, 0);
    const told: number[] = [];
    body.setCollisionCallbackEnabled(true);
    body.getCollisionObservable(1).add(({ colliderIndex }) => told.push(colliderIndex!));
    const hook = createBareNode('hook', scene, 1);
    hook.physicsBody!.setMotionType(PhysicsMotionType.STATIC);
    const joint = new BallAndSocketConstraint(Vector3.Zero(), Vector3.Zero(), Vector3.Up(), Vector3.Up(), scene);
    hook.physicsBody!.addConstraint(body, joint, undefined, 0);
    body.setLinearVelocity(new Vector3(0, 0, 4));
    stepScene(scene, 30);
    for (let i = 0; i < 3; i++) crates.thinInstanceSetMatrixAt(i, Matrix.Translation(3 * i, 1, 0));
    crates.thinInstanceAdd(Matrix.Translation(9, 1, 0)); // of which the body has not been told
    const renewed = respawn(crates, { position: Vector3.Zero() });
    expect(renewed.numInstances).toBe(4);
    expect([0, 1, 2, 3].map((i) => renewed.getMassProperties(i).mass)).toEqual([1, 7, 1, 1]);
    expect(renewed.getMotionType(2)).toBe(PhysicsMotionType.ANIMATED);
    expect([0, 1].map((i) => renewed.getLinearDamping(i))).toEqual([0.5, 0]);
    stepScene(scene, 30);
    const matrices = crates._thinInstanceDataStorage.matrixData!;
    [0, 1, 2, 3].forEach((i) => {
      expect(
        [...matrices.subarray(16 * i + 12, 16 * i + 15)].map((value) => Math.round(value * 100) / 100 + 0),
      ).toEqual([3 * i, 1, 0]);
    });
    createBareNode('ball', scene, 1).position.set(3, 1, 0.2);
    respawn(scene.getTransformNodeByName('ball')!, { position: new Vector3(3, 1, 0.9) });
    stepScene(scene, 3);
    expect(new Set(told)).toEqual(new Set([1]));
  });
});

describe('respawn() in a scene with a floating origin', () => {
  it('takes a body into the region where it goes', async () => {
    const scene = new Scene(new NullEngine(), { useFloatingOrigin: true });
    scenes.push(scene);
    const plugin = new HavokPlugin(false, await loadHavok(), { floatingOriginWorldRadius: 50 });
    scene.enablePhysics(Vector3.Zero(), plugin);
    const box = createBareNode('box', scene);
    const body = respawn(box, { position: new Vector3(1000, 2, 0), linearVelocity: new Vector3(6, 0, 0) });
    stepScene(scene, 10);
    expect(box.position.x).toBeCloseTo(1001, 1);
    const { floatingOrigin } = body._pluginData.worldRegion;
    expect(floatingOrigin.x).toBe(1000);
    respawn(box, { position: new Vector3(2, 0, 0), rotation: Quaternion.Identity() });
    stepScene(scene, 10);
    expect(box.position.asArray()).toEqual([2, 0, 0]);
  });
});
