import { RandomRange } from '@babylonjs/core/Maths/math.scalar.functions.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { RandomGUID } from '@babylonjs/core/Misc/guid.js';
import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { PhysicsShapeBox, PhysicsShapeSphere } from '@babylonjs/core/Physics/v2/physicsShape.js';
import { afterEach, describe, expect, it } from 'vitest';
import {
  Agent,
  type AreaContext,
  defineEnvironment,
  FunctionActuator,
  FunctionSensor,
  type Random,
  respawn,
  teleport,
} from '../../plugin/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

const native = Math.random;
const worlds: HeadlessWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
  expect(Math.random).toBe(native);
});

interface Calls {
  readonly build?: (area: AreaContext) => void;
  readonly reset?: (crate: TransformNode, random: Random) => void;
  readonly observe?: () => void;
  readonly afterStep?: (crate: TransformNode, step: number) => void;
  readonly decisionPeriod?: number;
}

/** Lives through some episodes of a crate that falls for 20 decisions of 0.1 s, far above a floor; gives what its user is told. */
async function noticesOf(
  { build, reset, observe, afterStep, decisionPeriod = 1 }: Calls,
  episodes = 6,
): Promise<readonly string[]> {
  const environment = defineEnvironment({
    name: 'falling',
    timeStep: 0.1,
    decisionPeriod,
    maxDecisions: 20,
    build(area) {
      build?.(area);
      const floor = new TransformNode('floor', area.scene);
      floor.parent = area.root;
      floor.position.y = -1000;
      const crate = new TransformNode('crate', area.scene);
      crate.parent = area.root;
      new PhysicsBody(floor, PhysicsMotionType.STATIC, false, area.scene).shape = new PhysicsShapeBox(
        Vector3.Zero(),
        Quaternion.Identity(),
        new Vector3(100, 1, 100),
        area.scene,
      );
      const body = new PhysicsBody(crate, PhysicsMotionType.DYNAMIC, false, area.scene);
      body.shape = new PhysicsShapeSphere(Vector3.Zero(), 0.5, area.scene);
      body.setMassProperties({ mass: 1 });
      const agent = new Agent({
        sensors: [
          new FunctionSensor('height', 1, (out, at) => {
            observe?.();
            out[at] = crate.position.y;
          }),
        ],
        actuators: [new FunctionActuator({ name: 'wait', continuous: 1, apply() {} })],
      });
      crate.addBehavior(agent, true);
      let step = 0;
      return {
        reset(random) {
          step = 0;
          reset?.(crate, random);
        },
        afterStep: () => afterStep?.(crate, ++step),
      };
    },
  });
  const world = await HeadlessWorld.create(environment, { count: 2 });
  worlds.push(world);
  for (let decision = 0; decision < 20 * episodes; decision++) {
    world.clock.observe();
    world.step();
    world.restart();
  }
  return world.notices.take();
}

const respawns = (crate: TransformNode) => void respawn(crate, { position: new Vector3(0, 5, 0) });

describe('what a world tells of chance that no seed fixes', () => {
  it.each<[string, Calls]>([
    ['reset', { reset: (crate) => teleport(crate, { position: new Vector3(Math.random(), 5, 0) }) }],
    ['build', { build: (area) => area.root.position.set(0, Math.random(), 0), reset: respawns }],
    ['a sensor', { observe: () => void Math.random(), reset: respawns }],
    [
      'reset, after Babylon drew many ids',
      {
        build: () => {
          for (let i = 0; i < 20; i++) RandomGUID();
        },
        reset: (crate) => teleport(crate, { position: new Vector3(Math.random(), 5, 0) }),
      },
    ],
    ['Vector3.Random()', { reset: (crate) => teleport(crate, { position: Vector3.Random() }) }],
    [
      'Vector3.RandomToRef()',
      { reset: (crate) => teleport(crate, { position: Vector3.RandomToRef(0, 1, new Vector3()) }) },
    ],
    [
      'Quaternion.Random()',
      {
        reset: (crate) =>
          teleport(crate, { position: new Vector3(0, 5, 0), rotation: Quaternion.Random().normalize() }),
      },
    ],
    [
      'a built-in function',
      { reset: (crate) => teleport(crate, { position: Vector3.FromArray([0, 5, 0].map(Math.random)) }) },
    ],
    ['Babylon’s helper', { reset: (crate) => void respawn(crate, { position: new Vector3(RandomRange(0, 1), 5, 0) }) }],
  ])('is the line that draws it, once: %s', async (_, calls) => {
    expect(await noticesOf(calls)).toEqual([
      expect.stringMatching(
        /^Math\.random\(\) is called at test\/workers\/reset-notices\.test\.ts:\d+:\d+: it ignores the seed/,
      ),
    ]);
  });

  it('is nothing where Babylon draws an id', async () => {
    expect(await noticesOf({ build: () => void RandomGUID(), reset: respawns })).toEqual([]);
  });

  it('is nothing where chance comes from the random of reset()', async () => {
    const reset: Calls['reset'] = (crate, random) =>
      void respawn(crate, { position: new Vector3(random.between(0, 1), 5, 0) });
    expect(await noticesOf({ reset })).toEqual([]);
  });
});

describe('what a world tells of bodies that reset() forgets', () => {
  it('is the one that it leaves where physics moved it, after three episodes', async () => {
    const told = [
      expect.stringMatching(
        /^reset\(\) of environment "falling" leaves node "crate" where the episode has moved it, so in area 0 after each of its first 3 episodes, last at \(0, -[\d.]+, 0\)\. Put it back by respawn\(\) or teleport\(\)/,
      ),
    ];
    expect(await noticesOf({}, 2)).toEqual([]);
    expect(await noticesOf({})).toEqual(told);
  });

  it('is the one whose node alone it moves, which the next step puts back', async () => {
    expect(await noticesOf({ reset: (crate) => crate.position.set(0, 5, 0) })).toEqual([
      'reset() of environment "falling" moves node "crate" but not its physics body, so the next step puts the node back. Move both by respawn() or teleport().',
    ]);
  });

  it('is the one whose node alone it turns', async () => {
    const turns: Calls = {
      reset: (crate) => {
        teleport(crate, { position: new Vector3(0, 5, 0) });
        crate.rotation = new Vector3(0, 1.5, 0);
      },
    };
    expect(await noticesOf(turns)).toEqual([
      'reset() of environment "falling" turns node "crate" but not its physics body, so the next step puts the node back. Turn both by respawn() or teleport().',
    ]);
  });

  it('is nothing of a body that falls back to where it was within one decision', async () => {
    const drop: Calls = {
      build: ({ root, scene }) => {
        const floor = new TransformNode('floor', scene);
        floor.parent = root;
        const body = new PhysicsBody(floor, PhysicsMotionType.STATIC, false, scene);
        body.shape = new PhysicsShapeBox(new Vector3(0, -0.5, 0), Quaternion.Identity(), new Vector3(9, 1, 9), scene);
      },
      reset: (crate) => void respawn(crate, { position: new Vector3(0, 1.2, 0) }),
      decisionPeriod: 30,
    };
    expect(await noticesOf(drop)).toEqual([]);
  });

  it.each<[string, Calls]>([
    ['disabled until then', { reset: (crate) => crate.setEnabled(false) }],
    [
      'fired by teleport()',
      {
        afterStep: (crate, step) => {
          if (step === 10)
            teleport(crate, {
              position: new Vector3(3 - crate.position.x, 5, 0),
              linearVelocity: new Vector3(5, 0, 0),
            });
        },
      },
    ],
  ])('is nothing of a body in a pool, %s', async (_, calls) => {
    expect(await noticesOf(calls)).toEqual([]);
  });

  it.each<[string, NonNullable<Calls['reset']>]>([
    ['respawn()', respawns],
    ['teleport()', (crate) => teleport(crate, { position: new Vector3(0, 5, 0) })],
    [
      'its node, with a pre-step',
      (crate) => {
        crate.physicsBody!.disablePreStep = false;
        crate.position.set(0, 5, 0);
      },
    ],
  ])('is nothing where it is put back by %s', async (_, reset) => {
    expect(await noticesOf({ reset })).toEqual([]);
  });
});
