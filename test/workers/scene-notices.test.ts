import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateGround } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import { GroundMesh } from '@babylonjs/core/Meshes/groundMesh.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { afterEach, describe, expect, it } from 'vitest';
import {
  Agent,
  type AreaContext,
  defineEnvironment,
  FunctionActuator,
  FunctionSensor,
  respawn,
} from '../../plugin/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const worlds: HeadlessWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
});

interface World {
  readonly build?: (area: AreaContext, ball: TransformNode) => void;
  readonly start?: { readonly position: Vector3; readonly linearVelocity?: Vector3 };
  readonly maxDecisions?: number;
  readonly decisions?: number;
  readonly count?: number;
}

/** What is told of a ball that starts 5 m up in what `build` adds, in decisions of 0.1 s. */
async function noticesOf({
  build,
  start = { position: new Vector3(0, 5, 0) },
  maxDecisions = 100,
  decisions = 60,
  count = 1,
}: World): Promise<readonly string[]> {
  const environment = defineEnvironment({
    name: 'drop',
    decisionPeriod: 6,
    maxDecisions,
    build(area) {
      const ball = CreateSphere('ball', { diameter: 1 }, area.scene);
      ball.parent = area.root;
      ball.position.copyFrom(start.position);
      new PhysicsAggregate(ball, PhysicsShapeType.SPHERE, { mass: 1 }, area.scene);
      build?.(area, ball);
      const place = new FunctionSensor('height', 1, (out, at) => {
        out[at] = ball.position.y;
      });
      const rest = new FunctionActuator({ name: 'rest', continuous: 1, apply() {} });
      ball.addBehavior(new Agent({ name: 'runner', sensors: [place], actuators: [rest] }), true);
      return { reset: () => void respawn(ball, start) };
    },
  });
  const world = await HeadlessWorld.create(environment, { count });
  worlds.push(world);
  for (let decision = 0; decision < decisions; decision++) {
    world.clock.observe();
    world.step();
    world.restart();
  }
  return world.notices.take();
}

function addGround({ root, scene }: AreaContext): void {
  const ground = CreateGround('ground', { width: 10, height: 10 }, scene);
  ground.parent = root;
  new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0 }, scene);
}

function addBodilessGround({ root, scene }: AreaContext): void {
  CreateGround('ground', { width: 10, height: 10 }, scene).parent = root;
}

/** A box that falls with the agent, 1 m below it. */
function addLimb({ root, scene }: AreaContext): void {
  const limb = CreateBox('limb', { size: 0.3 }, scene);
  limb.parent = root;
  limb.position.y = 4;
  new PhysicsAggregate(limb, PhysicsShapeType.BOX, { mass: 1 }, scene);
}

const FALLS =
  /^Agent "runner" on node "ball" falls from the start of its episode, \d(\.\d)? m in [\d.]+ s, and nothing is below it\. Give the ground a physics body/;

describe('what a world tells of agents without a ground', () => {
  it.each<[string, World]>([
    ['there is none', {}],
    ['there is none but in the mesh, which has no body', { build: addBodilessGround }],
    ['a part of the agent falls below it', { build: addLimb }],
    ['episodes are shorter than a second', { maxDecisions: 6 }],
    ['there are neighbors', { count: 3 }],
  ])('is that they fall from the start, once: %s', async (_, world) => {
    expect(await noticesOf(world)).toEqual([expect.stringMatching(FALLS)]);
  });

  it('is that one fell off, and its episode goes on', async () => {
    const start = { position: new Vector3(4.5, 0.6, 0), linearVelocity: new Vector3(3, 0, 0) };
    expect(await noticesOf({ build: addGround, start })).toEqual([
      expect.stringMatching(
        /^Agent "runner" on node "ball" has fallen for 3 s, 4\d(\.\d)? m deep, nothing is below it, and its episode continues\. End it: call terminate\(\)/,
      ),
    ]);
  });

  it('is that one was thrown away', async () => {
    const start = { position: new Vector3(0, 5, 0), linearVelocity: new Vector3(150, 0, 0) };
    const build = (_: AreaContext, ball: TransformNode) => ball.physicsBody?.setGravityFactor(0);
    expect(await noticesOf({ build, start, decisions: 80 })).toEqual([
      expect.stringMatching(/^Agent "runner" on node "ball" is 1,\d\d\d m from where its episode began\. Check forces/),
    ]);
  });

  it.each<[string, World]>([
    ['it lands', { build: addGround }],
    ['it falls for long, onto something', { build: addGround, start: { position: new Vector3(0, 200, 0) } }],
    [
      'it jumps, and lands',
      { build: addGround, start: { position: new Vector3(0, 1, 0), linearVelocity: new Vector3(0, 12, 0) } },
    ],
    [
      'its episode ends soon after it fell off',
      {
        build: addGround,
        start: { position: new Vector3(4.5, 0.6, 0), linearVelocity: new Vector3(3, 0, 0) },
        maxDecisions: 15,
      },
    ],
    ['nothing pulls it', { build: (_, ball) => ball.physicsBody?.setGravityFactor(0) }],
  ])('is nothing where all is well: %s', async (_, world) => {
    expect(await noticesOf(world)).toEqual([]);
  });
});

describe('what a world tells of nodes that nothing meets', () => {
  it('is that a ground has no vertices, as one whose image was not found', async () => {
    const build = (area: AreaContext) => {
      addGround(area);
      new GroundMesh('hills', area.scene).parent = area.root;
    };
    expect(await noticesOf({ build })).toEqual([
      expect.stringMatching(/^Node "hills" has no vertices in environment "drop": .* If it is made from a height map/),
    ]);
  });

  it('is that bodies were made of meshes without vertices', async () => {
    const build = (area: AreaContext) => {
      addGround(area);
      for (const name of ['ramp', 'wall']) {
        const mesh = new Mesh(name, area.scene);
        mesh.parent = area.root;
        new PhysicsAggregate(mesh, PhysicsShapeType.BOX, { mass: 0 }, area.scene);
      }
    };
    expect(await noticesOf({ build, count: 2 })).toEqual([
      expect.stringMatching(
        /^Each of the nodes "ramp", "wall" has a physics body of size 0 in environment "drop": nothing collides with it\./,
      ),
    ]);
  });
});
