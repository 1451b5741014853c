import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { Agent, behaviorsOf } from '../../plugin/scene/agent.ts';
import { buildAreas } from '../../plugin/scene/areas.ts';
import { type AreaContext, defineEnvironment } from '../../plugin/scene/environment.ts';
import { play } from '../../plugin/scene/play.ts';
import { BodySensor } from '../../plugin/scene/sensors/body-sensor.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { createBareNode, createBareScene } from '../../plugin/testing/bare-scene.ts';

let scene: Scene;
let box: TransformNode;
beforeEach(async () => {
  scene = await createBareScene();
  box = createBareNode('box', scene, 5);
  box.parent = new TransformNode('garage', scene);
});
afterEach(() => scene.getEngine().dispose());

/** Pushes a box that the scene has, at whose side a sensor hangs, and puts up a flag of its own. */
function build({ root, find, scene }: AreaContext) {
  const node = find('box');
  new TransformNode('stray', scene);
  new TransformNode('flag', scene).parent = root;
  find('garage').addBehavior(new FunctionSensor('lamp', 1, (out, offset) => out.fill(0, offset, offset + 1)));
  node.addBehavior(
    new Agent({
      sensors: [new BodySensor({ linearVelocity: true })],
      actuators: [new ForceActuator({ maxForce: 10, axes: 'x' })],
    }),
  );
  return { reset: () => {} };
}

const environment = defineEnvironment({
  name: 'garage',
  createScene: () => createBareScene(),
  build: (area) =>
    build({ ...area, root: area.root, scene: area.scene, find: (name) => area.find(name) } as AreaContext),
});
const push = { act: (_: Float32Array, action: Float32Array) => void action.fill(1) };

describe('an environment with createScene, at play', () => {
  it('uses the scene that the game has made, and its nodes wherever they stand', async () => {
    const playback = await play(environment, scene, push);
    expect(playback.clock.areas).toHaveLength(1);
    expect(playback.clock.policyRows[0].agents[0].attachedNode).toBe(box);
    for (let i = 0; i < 60; i++) playback.advance(1 / 60);
    expect(box.physicsBody!.getLinearVelocity().x).toBeGreaterThan(9); // 10 N on 1 kg for 1 s, less damping
    playback.dispose();
  });

  it('takes off what it hung there in the end, and leaves the scene’s nodes where they are', async () => {
    const own = new FunctionSensor('own', 1, () => 0);
    box.addBehavior(own);
    const playback = await play(environment, scene, push);
    expect(behaviorsOf(box)).toHaveLength(4);
    playback.dispose();
    expect(behaviorsOf(box)).toEqual([own]);
    expect(behaviorsOf(scene.getTransformNodeByName('garage')!)).toEqual([]);
    expect(box.isDisposed()).toBe(false);
    expect(box.physicsBody).not.toBeNull();
    expect(scene.getTransformNodeByName('stray')).not.toBeNull();
    expect(scene.getTransformNodeByName('flag')).toBeNull();
    expect(scene.getTransformNodeByName('area-0')).toBeNull();
    const again = await play(environment, scene, push);
    expect(again.clock.policyRows[0].agents).toHaveLength(1);
    again.dispose();
  });

  it('leaves agents alone that hung in the scene before', async () => {
    const other = createBareNode('other', scene, 9);
    const agent = new Agent({
      sensors: [new BodySensor({ linearVelocity: true })],
      actuators: [new ForceActuator({ maxForce: 1 })],
    });
    other.addBehavior(agent);
    const playback = await play(environment, scene, push);
    expect(playback.clock.policyRows[0].agents.map(({ attachedNode }) => attachedNode?.name)).toEqual(['box']);
    playback.dispose();
    expect(behaviorsOf(other)).toContain(agent);
  });

  it('takes off what it hung when build() fails', async () => {
    const failing = defineEnvironment({
      ...environment,
      build(area) {
        environment.build(area);
        throw new Error('no road');
      },
    });
    await expect(play(failing, scene, push)).rejects.toThrow('no road');
    expect(behaviorsOf(box)).toEqual([]);
  });

  it('says of a node that is not there that the scene was still loading, if it was', async () => {
    box.name = 'car';
    await expect(play(environment, scene, push)).rejects.toThrow(
      /has no node "box"\. Its nodes are: .*car[^.]*\. \(From/,
    );
    scene.addPendingData({});
    await expect(play(environment, scene, push)).rejects.toThrow(
      /has no node "box"\. Its nodes are: .*\. The scene was still loading: wait for its files/,
    );
  });

  it('has one area, and says so', async () => {
    await expect(buildAreas(environment, scene, { count: 4 })).rejects.toThrow(
      '[agents] Environment "garage" was asked for 4 areas in one scene. It has createScene, so its one area is the scene itself: leave `count` out.',
    );
  });

  it('stands with its root at the origin', async () => {
    const [area] = await buildAreas(environment, scene);
    expect(area.root.position.asArray()).toEqual([0, 0, 0]);
    area.dispose();
  });
});
