import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import { type AreasOptions, buildAreas } from '../../plugin/scene/areas.ts';
import {
  type AreaContext,
  type AreaLogic,
  defineEnvironment,
  type EnvironmentSpec,
} from '../../plugin/scene/environment.ts';
import { enablePhysics } from '../../plugin/scene/havok.ts';
import { requirePhysics } from '../../plugin/scene/physics.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { createBareScene } from '../../plugin/testing/bare-scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await createBareScene();
});
afterEach(() => scene.getEngine().dispose());

function addAgent({ root }: AreaContext, { size = 1, policy = 'agent' } = {}): AreaLogic {
  const node = new TransformNode('body', root.getScene());
  node.parent = root;
  const agent = new Agent({
    policy,
    sensors: [new FunctionSensor('eyes', size, (out, offset) => out.fill(0, offset, offset + size))],
    actuators: [new FunctionActuator({ name: 'legs', continuous: 1, apply: () => {} })],
  });
  node.addBehavior(agent);
  return nothing;
}

const define = (build: EnvironmentSpec['build'], changes: Partial<EnvironmentSpec> = {}) =>
  defineEnvironment({ name: 'field', build, ...changes });
const nothing = { reset: () => {} };

/** A build() that gives what may be no AreaLogic. */
const returning = (logic: object) => (area: AreaContext) => {
  addAgent(area);
  return logic as AreaLogic;
};

class Slip {
  reset() {}
  onAfterStep() {}
}

describe('buildAreas', () => {
  it('lays the areas out in a square, spacing meters apart, and numbers them from `first` on', async () => {
    const environment = define((area) => addAgent(area), { spacing: 10 });
    const areas = await buildAreas(environment, scene, { count: 4, first: 6 });
    expect(areas.map(({ index, root }) => [index, root.position.x, root.position.z])).toEqual([
      [6, -5, -5],
      [7, 5, -5],
      [8, -5, 5],
      [9, 5, 5],
    ]);
  });

  it('waits for a build that loads something', async () => {
    const environment = define(async (area) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      addAgent(area);
      return nothing;
    });
    expect((await buildAreas(environment, scene))[0].agents).toHaveLength(1);
  });

  it('attaches agents that Babylon leaves waiting while the scene loads', async () => {
    scene.addPendingData('texture');
    const [area] = await buildAreas(
      define((a) => addAgent(a)),
      scene,
    );
    expect(area.agents[0].attachedNode?.name).toBe('body');
  });

  it('hands parameters to build, the caller’s over the environment’s', async () => {
    const seen: unknown[] = [];
    const environment = define(
      (area) => {
        seen.push(area.parameters);
        return addAgent(area);
      },
      {
        parameters: { mass: 1, drag: 2 },
      },
    );
    await buildAreas(environment, scene, { parameters: { mass: 5 } });
    expect(seen).toEqual([{ mass: 5, drag: 2 }]);
  });

  it('draws parameters anew before every reset, from the area’s own chance, into the object that build() got', async () => {
    const run = async (seed: number) => {
      const seen: number[] = [];
      const environment = define(
        (area) => {
          const { parameters } = area;
          seen.push(parameters.wall);
          addAgent(area);
          return { reset: () => void seen.push(parameters.wall) };
        },
        { parameters: { wall: 1 } },
      );
      const areas = await buildAreas(environment, scene, {
        count: 2,
        seeds: [seed],
        parameters: { wall: { sampler: 'uniform', min: 4, max: 8 } },
      });
      for (let episode = 0; episode < 2; episode++) for (const area of areas) area.begin();
      for (const area of areas) area.dispose();
      return seen;
    };
    const seen = await run(1);
    expect(seen.every((wall) => wall >= 4 && wall < 8)).toBe(true);
    expect(new Set(seen).size).toBe(6); // two areas, each built once and begun twice
    expect(await run(1)).toEqual(seen);
    expect(await run(2)).not.toEqual(seen);
  });

  it('changes what parameters are drawn from with the next episode, and no sooner', async () => {
    const environment = define((area) => addAgent(area), { parameters: { wall: 1, mass: 2 } });
    const [area] = await buildAreas(environment, scene);
    area.begin();
    area.setParameters({ wall: 3 });
    expect(area.parameters).toEqual({ wall: 1, mass: 2 });
    area.begin();
    expect(area.parameters).toEqual({ wall: 3, mass: 2 });
    expect(() => area.setParameters({ wal: 3 })).toThrow(
      '[agents] Environment "field" has no parameter "wal". Did you mean "wall"? It has: wall, mass.',
    );
  });

  it('refuses a parameter that comes to no number', async () => {
    const environment = define((area) => addAgent(area), { parameters: { wall: 1 } });
    const parameters = { wall: { sampler: 'uniform', min: 0, max: Number.NaN } } as const;
    await expect(buildAreas(environment, scene, { parameters })).rejects.toThrow(
      '[agents] Environment "field" drew NaN for its parameter "wall", from {"sampler":"uniform","min":0,"max":null}. Give it a finite number, or a sampler of finite numbers.',
    );
  });

  it('gives every area a stream of chance of its own, by its number in the run', async () => {
    /** What each area draws at its first reset, by its number. */
    async function draw(options: AreasOptions): Promise<Map<number, number>> {
      const draws = new Map<number, number>();
      const environment = define((area) => {
        addAgent(area);
        return { reset: (random) => void draws.set(Number(area.root.name.slice('area-'.length)), random.uniform()) };
      });
      for (const area of await buildAreas(environment, scene, options)) area.begin();
      return draws;
    }
    const together = await draw({ count: 3, seeds: [1] });
    const alone = await draw({ count: 1, first: 2, seeds: [1] });
    const otherSeed = await draw({ count: 3, seeds: [2] });
    expect(new Set(together.values()).size).toBe(3);
    expect(alone.get(2)).toBe(together.get(2));
    expect(otherSeed.get(2)).not.toBe(together.get(2));
  });

  it.each([
    [
      'a node outside its area',
      (area: AreaContext) => {
        new TransformNode('stray', area.scene);
        return addAgent(area);
      },
      'Environment "field" made node "stray" outside its area. Set its parent to area.root or to a node below.',
    ],
    [
      'no agent',
      () => nothing,
      'Environment "field" built an area without an agent. Add an Agent behavior to a node under area.root.',
    ],
    [
      'no reset',
      (area: AreaContext) => void addAgent(area) as never,
      'Environment "field" returned no reset(random) from build(). Return an object with it.',
    ],
    [
      'a build() that is a generator',
      // biome-ignore lint/correctness/useYield: the mistake is the star
      function* (area: AreaContext) {
        return addAgent(area);
      } as never,
      'build() of environment "field" returned a generator in area 0. Nothing runs it: make the function a plain one (no `*`).',
    ],
    ...Object.entries({ reset: 5, afterStep: 'x' }).map(
      ([name, value]): [string, (area: AreaContext) => AreaLogic, string] => [
        `${name} that is no function`,
        returning({ ...nothing, [name]: value }),
        `Environment "field" returned ${name} ${JSON.stringify(value)} from build(). It must be a function.`,
      ],
    ),
    ...['afterstep', 'afterStpe', 'onAfterStep', 'afterStep_', 'step', 'onStep', 'update', 'fixedUpdate'].map(
      (name): [string, (area: AreaContext) => AreaLogic, string] => [
        `${name}() without afterStep()`,
        returning({ ...nothing, [name]() {} }),
        `Environment "field" returned ${name}() from build(), which is never called. Did you mean "afterStep"?`,
      ],
    ),
    ...['Reset', 'onReset', 'rest', 'resetEpisode'].map((name): [string, (area: AreaContext) => AreaLogic, string] => [
      `${name}() without reset()`,
      returning({ [name]() {}, afterStep() {} }),
      `Environment "field" returned ${name}() from build(), which is never called. Did you mean "reset"?`,
    ]),
    [
      'a class with a slip in the name of a function',
      returning(new (class extends Slip {})()),
      'Environment "field" returned onAfterStep() from build(), which is never called. Did you mean "afterStep"?',
    ],
    [
      'agents of one policy that differ',
      (area: AreaContext) => {
        addAgent(area, { size: 1 });
        return addAgent(area, { size: 2 });
      },
      'Agents of policy "agent" differ: agent "agent" on node "body" observes 1 floats (eyes 1) and acts with legs 1 continuous, but agent "agent" on node "body" observes 2 floats (eyes 2) and acts with legs 1 continuous. Make them equal, or give one of them another `policy` name.',
    ],
  ])('refuses %s', async (_, build, message) => {
    await expect(buildAreas(define(build), scene)).rejects.toThrow(`[agents] ${message}`);
  });

  it('takes a class with functions and fields of its own, like reset() or not', async () => {
    class Logic {
      update = 5;
      reset() {
        this.resetBall();
      }
      afterStep() {
        this.step();
      }
      resetBall() {}
      step() {}
      score() {}
    }
    const environment = define(returning(new Logic()));
    expect(await buildAreas(environment, scene)).toHaveLength(1);
  });

  it('takes agents that differ under two policy names', async () => {
    const environment = define((area) => {
      addAgent(area, { size: 1 });
      return addAgent(area, { size: 2, policy: 'goalie' });
    });
    expect((await buildAreas(environment, scene))[0].agents.map((agent) => agent.policy)).toEqual(['agent', 'goalie']);
  });

  it('refuses a parameter that the environment does not have', async () => {
    const environment = define((area) => addAgent(area), { parameters: { mass: 1 } });
    await expect(buildAreas(environment, scene, { parameters: { mas: 1 } })).rejects.toThrow(
      '[agents] Environment "field" has no parameter "mas". Did you mean "mass"? It has: mass.',
    );
  });

  it('keeps the environment’s time step, whatever build() sets, and for physics that build() turns on', async () => {
    const physics = requirePhysics(scene, 'the test');
    const timeStep = 1 / 50;
    const meddling = (area: AreaContext) => {
      physics.setTimeStep(1 / 30);
      return addAgent(area);
    };
    await buildAreas(define(meddling, { timeStep }), scene);
    expect(physics.getTimeStep()).toBe(timeStep);
    const bare = new Scene(new NullEngine());
    const late = async (area: AreaContext) => {
      await enablePhysics(area.scene);
      return addAgent(area);
    };
    await buildAreas(define(late, { timeStep, createScene: () => bare }), bare);
    expect(requirePhysics(bare, 'the test').getTimeStep()).toBe(timeStep);
    bare.getEngine().dispose();
  });

  it('refuses a scene without physics', async () => {
    const bare = new Scene(new NullEngine());
    await expect(
      buildAreas(
        define(() => nothing),
        bare,
      ),
    ).rejects.toThrow(
      '[agents] Environment "field" needs physics, and its scene has none. Call `await enablePhysics(scene)` first.',
    );
    bare.getEngine().dispose();
  });
});
