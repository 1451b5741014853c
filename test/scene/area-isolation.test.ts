import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import '@babylonjs/core/Culling/ray.js';
import { Ray } from '@babylonjs/core/Culling/ray.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsRaycastResult } from '@babylonjs/core/Physics/physicsRaycastResult.js';
import { ProximityCastResult } from '@babylonjs/core/Physics/proximityCastResult.js';
import { ShapeCastResult } from '@babylonjs/core/Physics/shapeCastResult.js';
import { PhysicsMotionType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import {
  type PhysicsShape,
  PhysicsShapeContainer,
  PhysicsShapeSphere,
} from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  Agent,
  type AreaContext,
  type AreaLogic,
  defineEnvironment,
  type EnvironmentSpec,
  FunctionActuator,
  FunctionSensor,
  type Playback,
  play,
  RaySensor,
  type RaySensorOptions,
  respawn,
  type Sensor,
} from '../../plugin/index.ts';
import { createBareScene, stepScene } from '../../plugin/testing/bare-scene.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const SPACING = 20;
const worlds: HeadlessWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
});

/** A world of so many areas, each with an agent on a ball of 1 m at its middle, without gravity. */
async function open(count: number, build: EnvironmentSpec['build'], spec: Partial<EnvironmentSpec> = {}) {
  const environment = defineEnvironment({ name: 'field', spacing: SPACING, decisionPeriod: 1, ...spec, build });
  const world = await HeadlessWorld.create(environment, { count });
  worlds.push(world);
  return world;
}

interface Thing {
  readonly node: TransformNode;
  readonly body: PhysicsBody;
  readonly shape: PhysicsShape;
}

function addBall({ root, scene }: AreaContext, name: string, position = Vector3.Zero(), diameter = 1, mass = 1): Thing {
  const node = new TransformNode(name, scene);
  node.parent = root;
  node.position.copyFrom(position);
  const { body, shape } = new PhysicsAggregate(node, PhysicsShapeType.SPHERE, { mass, radius: diameter / 2 }, scene);
  body.setGravityFactor(0);
  Tags.AddTagsTo(node, name);
  return { node, body, shape };
}

function addAgent(node: TransformNode, ...sensors: Sensor[]): Agent {
  const eye = new FunctionSensor('eye', 1, (out, at) => out.fill(1, at, at + 1));
  const still = new FunctionActuator({ name: 'still', continuous: 1, apply: () => {} });
  const agent = new Agent({ sensors: sensors.length > 0 ? sensors : [eye], actuators: [still] });
  node.addBehavior(agent, true);
  return agent;
}

/** What each agent observes after some steps, rounded to what float32 keeps anywhere in a world. */
function look(world: HeadlessWorld, steps = 3): number[][] {
  for (let i = 0; i < steps; i++) world.step();
  world.clock.observe();
  const { observation, sizes, agents } = world.rows;
  return agents.map((_, n) =>
    [...observation.subarray(n * sizes.observation, (n + 1) * sizes.observation)].map((x) => Math.round(x * 1e4) / 1e4),
  );
}

const nothing: AreaLogic = { reset: () => {} };

describe('areas of one world', () => {
  it.each([
    [2, {}],
    [4, {}],
    [9, { sphereRadius: 0.5 }],
    [33, { length: 200 }],
    [40, { length: 200, sphereRadius: 0.5 }],
  ])('of which there are %d are not seen by rays of another: %o', async (count, options: Partial<RaySensorOptions>) => {
    const build = (area: AreaContext) => {
      const { node } = addBall(area, 'player');
      addAgent(node, new RaySensor({ tags: ['player'], raysPerDirection: 2, maxAngle: Math.PI, ...options }));
      return nothing;
    };
    const [alone] = look(await open(1, build));
    expect(alone).toEqual(new Array(5).fill([0, 1, 1]).flat());
    expect(look(await open(count, build))).toEqual(new Array(count).fill(alone));
  });

  it('see what is their own behind what is not', async () => {
    const build = (area: AreaContext) => {
      const { node } = addBall(area, 'player');
      addBall(area, 'goal', new Vector3(0, 0, 4.5 * SPACING), 2);
      addAgent(node, new RaySensor({ tags: ['player', 'goal'], raysPerDirection: 0, length: 100 }));
      return nothing;
    };
    const seen = [0, 1, 0, 0.89];
    expect(look(await open(1, build))).toEqual([seen]);
    expect(look(await open(9, build))).toEqual(new Array(9).fill(seen));
    expect(look(await open(36, build))).toEqual(new Array(36).fill(seen)); // more than bits
  });

  it('do not stop or trigger the bodies of another that come by', async () => {
    let told = 0;
    const build = (area: AreaContext) => {
      const { node } = addBall(area, 'flyer');
      const zone = addBall(area, 'zone', new Vector3(0, 0, 3), 4, 0);
      zone.shape.isTrigger = true;
      addBall(area, 'block', new Vector3(3, 0, 0), 2, 0);
      (area.scene.getPhysicsEngine()!.getPhysicsPlugin() as HavokPlugin).onTriggerCollisionObservable.add(() => told++);
      const place = new FunctionSensor('place', 3, (out, at) => node.position.toArray(out, at));
      addAgent(node, place);
      // Over its own zone and out of the area, through all to the north of it.
      const reset = () => void respawn(node, { position: new Vector3(0, 0, 0), linearVelocity: new Vector3(0, 0, 60) });
      return { reset };
    };
    const [alone] = look(await open(1, build), 60);
    const toldAlone = told;
    expect(toldAlone).toBe(2); // in and out
    expect(alone[2]).toBeGreaterThan(50);
    told = 0;
    const together = look(await open(9, build), 60);
    for (const row of together) row.forEach((x, i) => void expect(x).toBeCloseTo(alone[i], 3));
    expect(told).toBe(9 * toldAlone);
  });

  it('stay out of each other’s way with bodies that are made in mid-episode, under the root or not yet', async () => {
    const shots: TransformNode[] = [];
    const build = (area: AreaContext): AreaLogic => {
      const { node } = addBall(area, 'shooter', new Vector3(0, 5, 0));
      addBall(area, 'target', new Vector3(0, 0, -2), 2, 0);
      addAgent(node);
      let steps = 0;
      const shoot = (parent: TransformNode | null) => {
        const shot = new TransformNode('shot', area.scene);
        shot.parent = parent;
        shot.position.copyFrom(parent ? Vector3.Zero() : area.root.position);
        const options = { mass: 1, radius: 0.5 };
        const { body } = new PhysicsAggregate(shot, PhysicsShapeType.SPHERE, options, area.scene);
        body.setGravityFactor(0);
        body.setLinearDamping(0);
        body.setLinearVelocity(new Vector3(0, 0, 60));
        shot.setParent(area.root);
        shots.push(shot);
      };
      return {
        reset: () => {},
        afterStep() {
          steps++;
          if (steps === 2) shoot(area.root);
          if (steps === 12) shoot(null);
        },
      };
    };
    const world = await open(9, build);
    for (let i = 0; i < 72; i++) world.step();
    const gone = shots.map((shot, i) => shot.getAbsolutePosition().z - world.clock.areas[i % 9].root.position.z);
    expect(gone.slice(0, 9).map((z) => Math.round(z))).toEqual(new Array(9).fill(70));
    expect(gone.slice(9).map((z) => Math.round(z))).toEqual(new Array(9).fill(60));
  });

  it('meet bodies that stand outside all areas, and their own', async () => {
    const build = (area: AreaContext) => {
      const { node } = addBall(area, 'player', new Vector3(0, 1, 0));
      addBall(area, 'wall', new Vector3(6, 1, 0), 2, 0);
      addAgent(node, new RaySensor({ tags: ['wall'], raysPerDirection: 2, maxAngle: Math.PI, length: 8 }));
      return nothing;
    };
    const scene = await createBareScene();
    const outside = new TransformNode('outside', scene);
    outside.position.set(-SPACING / 2, 1, -SPACING / 2 - 5);
    Tags.AddTagsTo(outside, 'wall');
    new PhysicsAggregate(outside, PhysicsShapeType.SPHERE, { mass: 0, radius: 1 }, scene);
    const environment = defineEnvironment({ name: 'field', spacing: SPACING, build });
    const playback = await play(environment, scene, { act: () => {} }, { count: 4 });
    stepScene(scene);
    playback.clock.observe();
    const rays = playback.clock.areas.map((_, n) => [
      ...playback.clock.policyRows[0].observation.subarray(15 * n, 15 * n + 15),
    ]);
    const right = rays.map((row) => row.slice(3, 6)); // of ahead, right, left, back, back
    const back = rays.map((row) => row.slice(9, 12));
    expect(right).toEqual(new Array(4).fill([1, 0, 0.625].map(Math.fround)));
    expect(back).toEqual([
      [1, 0, 0.5],
      [0, 1, 1],
      [0, 1, 1],
      [0, 1, 1],
    ]);
    scene.getEngine().dispose();
  });
});

describe('areas that are not kept apart in all', () => {
  /** With so many boxes, far from each other, each with a mask of its own. */
  const masked = (count: number) => (area: AreaContext) => {
    addAgent(addBall(area, 'player').node);
    for (let i = 0; i < count; i++)
      addBall(area, `post-${i}`, new Vector3(0, 50 + 5 * i, 0)).shape.filterMembershipMask = 1 << i;
    return nothing;
  };

  it('are a warning where masks leave bits for so few that those with the same are near each other, told once', async () => {
    const world = await open(4, masked(11));
    world.step();
    expect(world.notices.take()).toEqual([
      'The collision masks of environment "field" tell 12 kinds of things apart, which leaves bits of Havok\'s for 2 areas to a world. This one has 4, so areas 1.4 spacings apart have the same, and their bodies meet where they come near. Use at most 8 kinds, at most 2 areas per worker, or a `spacing` so large that areas stay out of each other\'s reach.',
    ]);
    world.step();
    expect(world.notices.take()).toEqual([]);
    const crowded = await open(9, masked(17));
    expect(crowded.notices.take()).toEqual([
      expect.stringMatching(
        /tell 18 kinds .* for 1 area to a world. This one has 9, so areas 1 spacings .* at most 6 kinds, at most 1 area per worker/,
      ),
    ]);
  });

  it.each([
    [1, 17], // alone
    [2, 11], // 2 slots
    [4, 7], // 8 kinds, 4 slots
    [16, 5], // 6 kinds, 5 slots: √5 spacings
    [40, 0],
  ])('are none where %d areas have %d masks', async (count, masks) => {
    expect((await open(count, masked(masks))).notices.take()).toEqual([]);
  });

  it('are a warning where their bodies share a shape, or a part of one, told once with the nodes', async () => {
    let shared: PhysicsShape | undefined;
    let part: PhysicsShape | undefined;
    const world = await open(3, (area) => {
      shared ??= new PhysicsShapeSphere(Vector3.Zero(), 1, area.scene);
      part ??= new PhysicsShapeSphere(Vector3.Zero(), 1, area.scene);
      const { node, body } = addBall(area, 'player');
      addAgent(node);
      body.shape = shared;
      const whole = new PhysicsShapeContainer(area.scene);
      addBall(area, 'buggy', new Vector3(0, 9, 0)).body.shape = whole;
      whole.addChild(part);
      return nothing;
    });
    expect(world.notices.take()).toEqual([
      'Areas of environment "field" share a physics shape: that of node "player", "buggy" is on bodies of several areas. These bodies collide across areas, and rays of all areas see them. Make one PhysicsShape for each area, in build().',
    ]);
    world.step();
    expect(world.notices.take()).toEqual([]);
  });
});

describe('what the code of an area asks of its world', () => {
  const far = 30;

  it('meets its own bodies alone, whatever it is asked with', async () => {
    const build = (area: AreaContext) => {
      const { node, body } = addBall(area, 'player');
      const engine =
        area.scene.getPhysicsEngine() as import('@babylonjs/core/Physics/v2/physicsEngine.js').PhysicsEngine;
      const plugin = engine.getPhysicsPlugin() as HavokPlugin;
      const ball = new PhysicsShapeSphere(Vector3.Zero(), 0.5, area.scene);
      const [ray, shape, met] = [new PhysicsRaycastResult(), new ShapeCastResult(), new ShapeCastResult()];
      const [point, near, other] = [new ProximityCastResult(), new ProximityCastResult(), new ProximityCastResult()];
      const ask = (out: Float32Array, at: number) => {
        const from = node.absolutePosition;
        for (const direction of [Vector3.Left(), Vector3.Right(), Vector3.Forward(), Vector3.Backward()]) {
          const to = from.add(direction.scale(far));
          engine.raycastToRef(from, to, ray, { ignoreBody: body });
          const cast = { shape: ball, rotation: Quaternion.Identity(), ignoreBody: body, shouldHitTriggers: false };
          plugin.shapeCast({ ...cast, startPosition: from, endPosition: to }, shape, met);
          plugin.shapeProximity({ ...cast, position: to, maxDistance: far / 2 }, near, other);
          plugin.pointProximity(
            { position: to, maxDistance: far / 2, ignoreBody: body, shouldHitTriggers: false, collisionFilter: {} },
            point,
          );
          const { length } = engine.getBodies();
          for (const { hasHit } of [ray, met, other, point]) out[at++] = Number(hasHit) + length - 1;
        }
      };
      addAgent(node, new FunctionSensor('asks', 16, ask));
      return nothing;
    };
    expect(look(await open(1, build))).toEqual([new Array(16).fill(0)]);
    expect(look(await open(4, build))).toEqual(new Array(4).fill(new Array(16).fill(0)));
  });

  it('meets them in reset(), afterStep(), apply() and observers of the steps as well', async () => {
    const seen: Record<string, boolean[]> = { reset: [], afterStep: [], apply: [], observer: [] };
    const build = (area: AreaContext): AreaLogic => {
      const { node } = addBall(area, 'player');
      const engine =
        area.scene.getPhysicsEngine() as import('@babylonjs/core/Physics/v2/physicsEngine.js').PhysicsEngine;
      const looks = (when: string) => {
        const from = node.getAbsolutePosition().add(new Vector3(0, 0, 2));
        seen[when].push(engine.raycast(from, from.add(new Vector3(0, 0, far))).hasHit);
      };
      area.scene.onBeforePhysicsObservable.add(() => looks('observer'));
      const act = new FunctionActuator({ name: 'act', continuous: 1, apply: () => looks('apply') });
      const eye = new FunctionSensor('eye', 1, (out, at) => out.fill(1, at, at + 1));
      node.addBehavior(new Agent({ sensors: [eye], actuators: [act] }), true);
      return { reset: () => looks('reset'), afterStep: () => looks('afterStep') };
    };
    const world = await open(4, build, { maxDecisions: 2 });
    for (let i = 0; i < 4; i++) {
      world.step();
      world.restart();
    }
    for (const hits of Object.values(seen)) {
      expect(hits.length).toBeGreaterThan(4);
      expect(hits).not.toContain(true);
    }
  });
});

describe('nodes that the code of an area looks for', () => {
  it('are its own and those outside all areas, by name, id, tags and picking rays', async () => {
    const found: unknown[][] = [];
    const build = (area: AreaContext): AreaLogic => {
      const { root, scene } = area;
      const { node } = addBall(area, 'player');
      const box = CreateBox('goal', { size: 1 }, scene);
      box.parent = root;
      box.position.z = 3;
      Tags.AddTagsTo(box, 'target');
      addAgent(node);
      const reset = () => {
        const nodes: unknown[] = [scene.getMeshByName('goal'), scene.getMeshById('goal'), scene.getNodeByName('goal')];
        nodes.push(...scene.getMeshesByTags('target'), ...scene.getMeshesById('goal'));
        const ray = new Ray(root.position.add(new Vector3(-30, 0, 3)), Vector3.Right(), 100);
        nodes.push(scene.pickWithRay(ray)?.pickedMesh);
        found.push(
          nodes.map((it) => it === box),
          [scene.getTransformNodeByName('player') === node],
        );
      };
      return { reset };
    };
    await open(4, build);
    expect(found).toEqual(new Array(4).fill([new Array(6).fill(true), [true]]).flat());
  });
});

describe('collisions that an area observes', () => {
  /** Counts, by area, what is told of a ball that falls on a floor. */
  async function tell(count: number, listen: (plugin: HavokPlugin, hear: (name: string) => void) => void) {
    const told: string[][] = [];
    const build = (area: AreaContext): AreaLogic => {
      const { node, body } = addBall(area, 'ball', new Vector3(0, 1, 0));
      addBall(area, 'floor', new Vector3(0, -1, 0), 2, 0);
      body.setCollisionCallbackEnabled(true);
      const heard: string[] = [];
      told.push(heard);
      listen(area.scene.getPhysicsEngine()!.getPhysicsPlugin() as HavokPlugin, (name) => heard.push(name));
      addAgent(node);
      return {
        reset: () => void respawn(node, { position: new Vector3(0, 1, 0) }).setLinearVelocity(new Vector3(0, -5, 0)),
      };
    };
    const world = await open(count, build);
    for (const area of world.clock.areas) area.find('ball').physicsBody!.setCollisionCallbackEnabled(true);
    for (let i = 0; i < 20; i++) world.step();
    return told;
  }

  it('are its own', async () => {
    const listen = (plugin: HavokPlugin, hear: (name: string) => void) =>
      void plugin.onCollisionObservable.add(({ collider, type }) => hear(`${collider.transformNode.name} ${type}`));
    const [alone] = await tell(1, listen);
    expect(alone.length).toBeGreaterThan(0);
    expect(await tell(4, listen)).toEqual(new Array(4).fill(alone));
  });

  it('are told once to who asked for one, and no more to who took his callback back', async () => {
    const once = (plugin: HavokPlugin, hear: (name: string) => void) =>
      void plugin.onCollisionObservable.addOnce(() => hear('once'));
    expect(await tell(3, once)).toEqual([['once'], ['once'], ['once']]);
    const takeBack = (plugin: HavokPlugin, hear: (name: string) => void) => {
      const callback = () => hear('never');
      plugin.onCollisionObservable.add(callback);
      expect(plugin.onCollisionObservable.removeCallback(callback)).toBe(true);
    };
    expect(await tell(3, takeBack)).toEqual([[], [], []]);
  });
});

describe('collision masks of shapes', () => {
  let scene: Scene;
  let playback: Playback | undefined;
  beforeEach(async () => {
    scene = await createBareScene();
  });
  afterEach(() => {
    playback?.dispose();
    playback = undefined;
    scene.getEngine().dispose();
  });

  async function build(count: number, make: (area: AreaContext) => void) {
    const environment = defineEnvironment({
      name: 'field',
      spacing: SPACING,
      build(area) {
        addAgent(addBall(area, 'player', new Vector3(0, 50, 0)).node);
        make(area);
        return nothing;
      },
    });
    playback = await play(environment, scene, { act: () => {} }, { count });
  }

  it('read as they were set, and hold within an area as they do alone', async () => {
    const rest = async (count: number) => {
      const balls: TransformNode[] = [];
      await build(count, (area) => {
        const floor = addBall(area, 'floor', new Vector3(0, -10, 0), 20, 0);
        floor.shape.filterMembershipMask = 4;
        floor.shape.filterCollideMask = ~2;
        expect([floor.shape.filterMembershipMask, floor.shape.filterCollideMask]).toEqual([4, ~2]);
        [
          [-1, -1],
          [2, -1],
          [1, 4],
          [1, 8],
        ].forEach(([membership, collide], i) => {
          const { node, body, shape } = addBall(area, `ball-${i}`, new Vector3(0, 1 + 1.5 * i, 0));
          shape.filterMembershipMask = membership;
          shape.filterCollideMask = collide;
          body.setGravityFactor(1);
          balls.push(node);
        });
      });
      stepScene(scene, 20);
      playback?.dispose();
      return balls.map((node) => Math.round(node.position.y * 100) / 100);
    };
    const alone = await rest(1);
    expect(alone[0]).toBeGreaterThan(0.3);
    expect(alone[1]).toBeLessThan(2);
    const together = await rest(5);
    expect(together).toEqual(new Array(5).fill(alone).flat());
  });

  it('are as users set them once the areas are gone', async () => {
    const outside = new PhysicsShapeSphere(Vector3.Zero(), 1, scene);
    outside.filterMembershipMask = 6;
    const plugin = scene.getPhysicsEngine()!.getPhysicsPlugin() as HavokPlugin;
    const raw = () => plugin._hknp.HP_Shape_GetFilterInfo(outside._pluginData)[1];
    await build(4, () => {});
    expect(outside.filterMembershipMask).toBe(6);
    expect(raw()).not.toEqual([6, -1]);
    playback?.dispose();
    expect(raw()).toEqual([6, -1]);
    expect(Object.keys(plugin)).not.toContain('setShape');
  });

  it('of the parts of compound shapes keep areas apart as well', async () => {
    const flyers: TransformNode[] = [];
    await build(4, ({ root, scene: world }) => {
      const node = new TransformNode('flyer', world);
      node.parent = root;
      const body = new PhysicsBody(node, PhysicsMotionType.DYNAMIC, false, world);
      const whole = new PhysicsShapeContainer(world);
      const first = new PhysicsShapeSphere(Vector3.Zero(), 1, world);
      whole.addChild(first);
      body.shape = whole;
      whole.addChild(new PhysicsShapeSphere(new Vector3(0, 2, 0), 1, world)); // when it is on a body
      body.setMassProperties({ mass: 1 });
      body.setGravityFactor(0);
      body.setLinearVelocity(new Vector3(root.position.x < 0 ? 60 : 0, 0, 0));
      flyers.push(node);
    });
    stepScene(scene, 60);
    const [west, east] = flyers;
    expect(west.position.x).toBeCloseTo(60, 0);
    expect(east.position.x).toBe(0);
  });

  it('of a shape on bodies of several areas leave these bodies there for all', async () => {
    const shared = new PhysicsShapeSphere(Vector3.Zero(), 1, scene);
    await build(2, ({ root, scene: world }) => {
      const node = new TransformNode('post', world);
      node.parent = root;
      new PhysicsBody(node, PhysicsMotionType.STATIC, false, world).shape = shared;
    });
    const plugin = scene.getPhysicsEngine()!.getPhysicsPlugin() as HavokPlugin;
    expect(plugin._hknp.HP_Shape_GetFilterInfo(shared._pluginData)[1]).toEqual([-1, -1]);
  });
});
