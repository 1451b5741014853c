import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { afterEach, describe, expect, it } from 'vitest';
import {
  Agent,
  type AreaContext,
  defineEnvironment,
  FunctionActuator,
  GridSensor,
  RaySensor,
  type Sensor,
  StackedSensor,
} from '../../plugin/index.ts';
import { HeadlessWorld } from '../../workers/headless-world.ts';

let world: HeadlessWorld | undefined;
afterEach(() => {
  world?.dispose();
  world = undefined;
});

interface Scenery {
  /** tags of nodes with bodies, and of nodes without */
  readonly bodies?: readonly string[];
  readonly others?: readonly string[];
  /** after every step, with the number of it */
  readonly afterStep?: (area: AreaContext, step: number) => void;
}

/** What is said after so many decisions in two areas whose agents have some sensors. */
async function listen(decisions: number, create: () => Sensor[], { bodies = [], others = [], afterStep }: Scenery) {
  const environment = defineEnvironment({
    name: 'field',
    decisionPeriod: 1,
    build(area) {
      const add = (name: string, tag: string) => {
        const node = new TransformNode(name, area.scene);
        node.parent = area.root;
        if (tag) Tags.AddTagsTo(node, tag);
        return node;
      };
      for (const tag of others) add(`bare-${tag}`, tag);
      const nodes = ['', ...bodies].map((tag) => add(tag || 'body', tag));
      for (const node of nodes)
        new PhysicsAggregate(node, PhysicsShapeType.SPHERE, { mass: 0, radius: 0.5 }, area.scene);
      const still = new FunctionActuator({ name: 'still', continuous: 1, apply: () => {} });
      nodes[0].addBehavior(new Agent({ name: 'scout', sensors: create(), actuators: [still] }), true);
      let step = 0;
      return { reset: () => {}, afterStep: () => afterStep?.(area, ++step) };
    },
  });
  world = await HeadlessWorld.create(environment, { count: 2 });
  for (let i = 0; i < decisions; i++) {
    world.step();
    world.restart();
  }
  return world.notices.take();
}

describe('a tag that a sensor looks for', () => {
  it('and that is misspelled is said once, after 64 decisions, with what was meant', async () => {
    const rays = () => [new RaySensor({ tags: ['palyer', 'goal'] })];
    const scenery = { bodies: ['player', 'goal'], others: ['sky'] };
    expect(await listen(63, rays, scenery)).toEqual([]);
    world?.dispose();
    expect(await listen(1100, rays, scenery)).toEqual([
      'Sensor "rays" of agent "scout" on node "body" looks for tag "palyer", but in 64 decisions no node has had it. Did you mean "player"? Tags in use: goal, player, sky.',
    ]);
  });

  it('and that resembles none is said after 300 decisions, of grids and stacked sensors too', async () => {
    const sensors = () => [
      new GridSensor({ tags: ['food', 'wolf'] }),
      new StackedSensor(new RaySensor({ tags: ['tree'] }), { count: 2 }),
    ];
    expect(await listen(299, sensors, { others: ['food'] })).toEqual([]);
    world?.dispose();
    expect(await listen(300, sensors, { others: ['food'] })).toEqual([
      'Sensor "grid" of agent "scout" on node "body" looks for tag "wolf", but in 300 decisions no node has had it. If a node gets it later, all is well. Tags in use: food.',
      'Sensor "rays-x2" of agent "scout" on node "body" looks for tag "tree", but in 300 decisions no node has had it. If a node gets it later, all is well. Tags in use: food.',
    ]);
  });

  it.each([
    ['enemy2', ['enemy1', 'enemy2']],
    ['closed', ['close', 'closed']],
    ['enemy2', ['enemy2']],
  ])('and that appears late, %s, is not taken for another of %j, nor judged early', async (late, tags) => {
    const first = late === 'closed' ? 'close' : 'enemy1';
    const afterStep = (area: AreaContext, step: number) => {
      if (step === 100) Tags.AddTagsTo(area.find(first), late);
    };
    const rays = () => [new RaySensor({ tags })];
    expect(await listen(299, rays, { bodies: [first], afterStep })).toEqual([]);
    world?.dispose();
    expect(await listen(300, rays, { bodies: [first] })).toEqual([
      `Sensor "rays" of agent "scout" on node "body" looks for tag "${late}", but in 300 decisions no node has had it. If a node gets it later, all is well. Tags in use: ${first}.`,
    ]);
  });

  it('and that only nodes without a body have is said of rays, which meet bodies, and not of grids', async () => {
    const sensors = () => [new RaySensor({ tags: ['goal'] }), new GridSensor({ tags: ['goal'] })];
    expect(await listen(1000, sensors, { others: ['goal'] })).toEqual([
      'Sensor "rays" of agent "scout" on node "body" looks for tag "goal", but in 64 decisions only nodes without a physics body have had it, such as "bare-goal". Rays meet bodies: tag the node that has the body.',
    ]);
  });

  it('and that some node has for a while, in any area, is none to speak of', async () => {
    const afterStep = (area: AreaContext, step: number) => {
      const node = area.find('goal');
      if (area.root.name === 'area-1' && step === 200) Tags.AddTagsTo(node, 'frozen');
      if (step === 202) Tags.RemoveTagsFrom(node, 'frozen');
    };
    const rays = () => [new RaySensor({ tags: ['frozen', 'goal'] })];
    expect(await listen(1100, rays, { bodies: ['goal'], afterStep })).toEqual([]);
  });
});
