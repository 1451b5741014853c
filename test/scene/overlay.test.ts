import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { balanceBall } from '../../demo-scenes/balance-ball/environment.ts';
import { Policy } from '../../plugin/policy/policy.ts';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { FunctionActuator } from '../../plugin/scene/actuators/function-actuator.ts';
import { JointMotorActuator } from '../../plugin/scene/actuators/joint-motor-actuator.ts';
import { MoveActuator } from '../../plugin/scene/actuators/move-actuator.ts';
import { TorqueActuator } from '../../plugin/scene/actuators/torque-actuator.ts';
import { Agent } from '../../plugin/scene/agent.ts';
import type { Ink, Pen } from '../../plugin/scene/pen.ts';
import { requirePhysics, setTimeStep } from '../../plugin/scene/physics.ts';
import { play } from '../../plugin/scene/play.ts';
import { playPolicy } from '../../plugin/scene/play-policy.ts';
import { BodySensor } from '../../plugin/scene/sensors/body-sensor.ts';
import { FunctionSensor } from '../../plugin/scene/sensors/function-sensor.ts';
import { GridSensor } from '../../plugin/scene/sensors/grid-sensor.ts';
import { JointSensor } from '../../plugin/scene/sensors/joint-sensor.ts';
import { RaySensor } from '../../plugin/scene/sensors/ray-sensor.ts';
import { RelativePositionSensor } from '../../plugin/scene/sensors/relative-position-sensor.ts';
import { showOverlay } from '../../plugin/scene/show-overlay.ts';
import { countObservers, createBareNode, createBareScene, stepScene } from '../../plugin/testing/bare-scene.ts';
import { createLink, join as joinLinks } from '../fixtures/joints.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await createBareScene();
});
afterEach(() => scene.getEngine().dispose());

interface Stroke {
  readonly kind: keyof Pen;
  readonly points: readonly (readonly number[])[];
  readonly ink: Ink;
}

/** Writes down what it is asked to draw, in millimeters. */
function record(draw: (pen: Pen) => void): Stroke[] {
  const strokes: Stroke[] = [];
  const read = ({ x, y, z }: Vector3) => [x, y, z].map((value) => Math.round(value * 1000) / 1000 + 0);
  draw({
    line: (from, to, ink) => strokes.push({ kind: 'line', points: [read(from), read(to)], ink }),
    arrow: (from, to, ink) => strokes.push({ kind: 'arrow', points: [read(from), read(to)], ink }),
    point: (at, ink) => strokes.push({ kind: 'point', points: [read(at)], ink }),
  });
  return strokes;
}

describe('draw()', () => {
  it('of a RaySensor shows every ray as far as it got, and what it met', () => {
    const eye = new TransformNode('eye', scene);
    const wall = CreateBox('wall', { size: 1 }, scene);
    wall.position.z = 5;
    new PhysicsAggregate(wall, PhysicsShapeType.BOX, { mass: 0 }, scene);
    stepScene(scene);
    const sensor = new RaySensor({ tags: [], raysPerDirection: 1, maxAngle: Math.PI / 2, length: 10 });
    eye.addBehavior(sensor, true);
    expect(record((pen) => sensor.draw(pen))).toEqual([
      {
        kind: 'line',
        points: [
          [0, 0, 0],
          [0, 0, 4.5],
        ],
        ink: 'hit',
      },
      { kind: 'point', points: [[0, 0, 4.5]], ink: 'hit' },
      {
        kind: 'line',
        points: [
          [0, 0, 0],
          [10, 0, 0],
        ],
        ink: 'clear',
      },
      {
        kind: 'line',
        points: [
          [0, 0, 0],
          [-10, 0, 0],
        ],
        ink: 'clear',
      },
    ]);
  });

  it('of a RaySensor with thick rays shows how wide they are, where they ended', () => {
    const eye = new TransformNode('eye', scene);
    const wall = CreateBox('wall', { size: 1 }, scene);
    wall.position.set(5, 0.5, 0);
    new PhysicsAggregate(wall, PhysicsShapeType.BOX, { mass: 0 }, scene);
    stepScene(scene);
    const options = { raysPerDirection: 1, maxAngle: Math.PI / 2, length: 10, sphereRadius: 0.25, startOffset: 0.5 };
    const sensor = new RaySensor({ tags: [], ...options, endOffset: 0.5 });
    eye.addBehavior(sensor, true);
    const strokes = record((pen) => sensor.draw(pen)).map(({ kind, points, ink }) => [kind, ink, ...points]);
    expect(strokes).toEqual([
      ['line', 'clear', [0, 0.5, 0], [0, 0.5, 10]],
      ['line', 'clear', [-0.25, 0.5, 10], [0.25, 0.5, 10]],
      ['line', 'hit', [0, 0.5, 0], [4.25, 0.5, 0]],
      ['point', 'hit', [4.25, 0.5, 0]],
      ['line', 'hit', [4.25, 0.5, 0.25], [4.25, 0.5, -0.25]],
      ['line', 'clear', [0, 0.5, 0], [-10, 0.5, 0]],
      ['line', 'clear', [-10, 0.5, -0.25], [-10, 0.5, 0.25]],
    ]);
  });

  it('of a GridSensor shows its edges, and a point in the middle of each cell where something is', () => {
    const node = new TransformNode('node', scene);
    node.position.set(10, 1, 0);
    node.rotationQuaternion = Quaternion.RotationAxis(Vector3.Up(), Math.PI / 2); // looks along x
    const food = new TransformNode('food', scene);
    food.position.set(11.9, 5, 0.3); // ahead, to the left
    Tags.AddTagsTo(food, 'food');
    const sensor = new GridSensor({ tags: ['food'], columns: 3, rows: 2, cellSize: 2 });
    node.addBehavior(sensor, true);
    const strokes = record((pen) => sensor.draw(pen)).map(({ kind, points, ink }) => [kind, ink, ...points]);
    expect(strokes).toEqual([
      ['line', 'clear', [8, 1, 3], [8, 1, -3]],
      ['line', 'clear', [8, 1, -3], [12, 1, -3]],
      ['line', 'clear', [12, 1, -3], [12, 1, 3]],
      ['line', 'clear', [12, 1, 3], [8, 1, 3]],
      ['point', 'hit', [11, 1, 0]],
    ]);
  });

  it('of a RelativePositionSensor points at the target', () => {
    const [node, target] = [new TransformNode('node', scene), new TransformNode('target', scene)];
    node.position.set(1, 2, 3);
    target.position.set(4, 0, 3);
    const sensor = new RelativePositionSensor({ target, scale: 10 });
    node.addBehavior(sensor, true);
    expect(record((pen) => sensor.draw(pen))).toEqual([
      {
        kind: 'arrow',
        points: [
          [1, 2, 3],
          [4, 0, 3],
        ],
        ink: 'target',
      },
    ]);
  });

  it('of a BodySensor shows where it counts from, and where the body will be in a quarter of a second', () => {
    const node = createBareNode('body', scene, 3);
    const origin = new TransformNode('origin', scene);
    node.physicsBody!.setLinearVelocity(new Vector3(4, 0, -2));
    const sensor = new BodySensor({ position: origin, linearVelocity: true });
    node.addBehavior(sensor, true);
    expect(record((pen) => sensor.draw(pen))).toEqual([
      {
        kind: 'line',
        points: [
          [0, 0, 0],
          [0, 3, 0],
        ],
        ink: 'target',
      },
      {
        kind: 'arrow',
        points: [
          [0, 3, 0],
          [1, 3, -0.5],
        ],
        ink: 'motion',
      },
    ]);
  });

  it('of a JointSensor shows the way from one body over the joint to the other', () => {
    const upper = createLink(scene, 'upper', 0, new Vector3(0, 2, 0));
    const lower = createLink(scene, 'lower', 1, new Vector3(1, 1, 0));
    upper.rotationQuaternion = Quaternion.RotationAxis(Vector3.Forward(), -Math.PI / 2); // takes −y to −x, x to −y
    const sensor = new JointSensor({
      joints: [joinLinks(upper, lower, { z: [-1, 1] }, { pivotA: new Vector3(1, 0, 0) })],
    });
    upper.addBehavior(sensor, true);
    const strokes = record((pen) => sensor.draw(pen)).map(({ kind, points, ink }) => [kind, ink, ...points]);
    expect(strokes).toEqual([
      ['line', 'target', [0, 2, 0], [0, 1, 0]],
      ['line', 'target', [0, 1, 0], [1, 1, 0]],
    ]);
  });

  it('of a JointMotorActuator is an arrow from the joint along each axis, of 0.5 m for an action of 1', () => {
    const upper = createLink(scene, 'upper', 0, new Vector3(0, 2, 0));
    const lower = createLink(scene, 'lower', 1);
    upper.rotationQuaternion = Quaternion.RotationAxis(Vector3.Up(), Math.PI / 2); // takes z to x, x to −z
    const place = { pivotA: new Vector3(0, -1, 0) };
    const joints = [
      joinLinks(upper, lower, { x: [-1, 1], z: [-1, 1] }, place),
      joinLinks(upper, lower, { y: [-1, 1] }, place),
    ];
    const actuator = new JointMotorActuator({ joints, maxTorque: 1, strength: true });
    upper.addBehavior(actuator, true);
    const action = Float32Array.of(9, 1, -0.5, 0.1, 0.2, 0.1);
    const strokes = record((pen) => actuator.draw(pen, action, 1)).map(({ kind, points, ink }) => [
      kind,
      ink,
      ...points,
    ]);
    expect(strokes).toEqual([
      ['arrow', 'action', [0, 1, 0], [0, 1, -0.5]],
      ['arrow', 'action', [0, 1, 0], [-0.25, 1, 0]],
      ['arrow', 'action', [0, 1, 0], [0, 1.1, 0]],
    ]);
  });

  it('of a MoveActuator is an arrow along the push, and one ahead to the side that it turns to', () => {
    const node = createBareNode('body', scene, 3);
    node.rotationQuaternion!.copyFromFloats(0, Math.SQRT1_2, 0, Math.SQRT1_2); // a quarter turn: it looks along x
    const choices = [[{}, { forward: 1, turn: -0.5 }]];
    const actuator = new MoveActuator({ choices, axes: [{ right: 1 }], velocityChange: 1, turnSpeed: 1 });
    node.addBehavior(actuator, true);
    const strokes = record((pen) => actuator.draw(pen, Float32Array.of(9, 0.25, 1), 1));
    expect(strokes.map(({ kind, points, ink }) => [kind, ink, ...points])).toEqual([
      ['arrow', 'action', [0, 3, 0], [2, 3, -0.5]],
      ['arrow', 'action', [2, 3, 0], [2, 3, 1]],
    ]);
  });

  it.each([
    ['force', (frame: 'own' | 'world') => new ForceActuator({ maxForce: 50, axes: 'xz', frame })],
    ['torque', (frame: 'own' | 'world') => new TorqueActuator({ maxTorque: 50, axes: 'xz', frame })],
  ] as const)('of a %s actuator is an arrow of 2 m for an action of 1, in its own axes or the world’s', (_, create) => {
    setTimeStep(requirePhysics(scene, 'the test'), 1 / 60);
    const node = createBareNode('body', scene, 3);
    node.rotationQuaternion!.copyFromFloats(0, Math.SQRT1_2, 0, Math.SQRT1_2); // a quarter turn: its x axis is −z
    const action = Float32Array.of(9, 1, -0.5);
    for (const [frame, end] of [
      ['world', [2, 3, -1]],
      ['own', [-1, 3, -2]],
    ] as const) {
      const actuator = create(frame);
      node.addBehavior(actuator, true);
      expect(record((pen) => actuator.draw(pen, action, 1))).toEqual([
        { kind: 'arrow', points: [[0, 3, 0], end], ink: 'action' },
      ]);
      node.removeBehavior(actuator);
    }
  });
});

describe('showOverlay', () => {
  const hold = { act: (_: Float32Array, action: Float32Array) => void action.fill(0.5) };

  beforeEach(() => {
    new FreeCamera('camera', new Vector3(0, 5, -30), scene);
  });

  it('draws sensors, and bars for an actuator that does not draw, before every frame', async () => {
    const playback = await play(balanceBall, scene, hold, { count: 4 });
    const overlay = (await showOverlay(playback, scene))!;
    scene.render();
    // The ball's place and velocity, two scales, two bars and their two ends, for each of 4 agents; at rest no velocity.
    expect(overlay.strokes).toBe(4 * (1 + 2 + 2 + 2));
    playback.stepDecision();
    scene.render();
    expect(overlay.strokes).toBe(4 * (2 + 2 + 2 + 2));
  });

  it('draws agents of playPolicy(), those that join later as well, and none that left', async () => {
    const createAgent = (name: string) => {
      const node = createBareNode(name, scene);
      const agent = new Agent({
        sensors: [new FunctionSensor('nothing', 1, () => 0)],
        actuators: [new FunctionActuator({ name: 'lean', continuous: 1, apply() {} })],
      });
      node.addBehavior(agent, true);
      return agent;
    };
    const [first, second] = [createAgent('first'), createAgent('second')];
    const policy = new Policy({
      name: 'agent',
      layout: first.layout,
      network: { hidden: [], activation: 'tanh', critic: 'none' },
      observationClip: 10,
      bounds: 'clip',
      timeStep: 0.02,
      decisionPeriod: 5,
    });
    policy.update(policy.weights.slice().fill(1, 1, 2)); // the deviation of its one float
    const playback = playPolicy(policy, scene, { agents: [first] });
    const overlay = (await showOverlay(playback, scene))!;
    const strokes = () => {
      playback.stepDecision();
      scene.render();
      return overlay.strokes;
    };
    expect(strokes()).toBe(3); // a scale, a bar and its end
    playback.add(second);
    expect(strokes()).toBe(6);
    playback.remove(first);
    expect(strokes()).toBe(3);
  });

  it('leaves out agents whose episode is over', async () => {
    const playback = await play(balanceBall, scene, hold, { count: 2 });
    const overlay = (await showOverlay(playback, scene))!;
    playback.clock.policyRows[0].agents[0].terminate();
    scene.render();
    expect(overlay.strokes).toBe(1 + 2 + 2 + 2);
  });

  it('leaves nothing in the scene when it is disposed', async () => {
    const playback = await play(balanceBall, scene, hold, { count: 4 });
    scene.render();
    const node = playback.clock.areas[0].root;
    const before = [scene.meshes.length, scene.materials.length, scene.geometries.length, await countObservers(node)];
    const overlay = (await showOverlay(playback, scene))!;
    scene.render();
    overlay.dispose();
    const after = [scene.meshes.length, scene.materials.length, scene.geometries.length, await countObservers(node)];
    expect(after).toEqual(before);
  });

  it('refuses options and colors that are none', async () => {
    const playback = await play(balanceBall, scene, hold);
    for (const [options, message] of [
      [{ ink: {} }, 'showOverlay() has no option "ink". Did you mean "inks"?'],
      [{ inks: { hits: '#ff0000' } }, 'showOverlay() has no option "hits". Did you mean "hit"?'],
      [{ inks: { hit: 'red' } }, 'showOverlay() has hit "red". It must be a color such as "#d55e00".'],
    ] as const)
      await expect(showOverlay(playback, scene, options as never)).rejects.toThrow(`[agents] ${message}`);
  });

  it('draws nothing for a playback that was disposed while its code was loaded', async () => {
    const playback = await play(balanceBall, scene, hold);
    const overlay = showOverlay(playback, scene);
    playback.dispose();
    expect(await overlay).toBeUndefined();
    scene.render();
    expect(scene.meshes).toHaveLength(0);
  });

  it('is not loaded by a worker, nor by a game that does not ask for it', () => {
    for (const entry of ['workers/headless-world.ts', 'plugin/index.ts', 'demo-scenes/balance-ball/environment.ts']) {
      const loaded = loadedAtOnce(entry);
      expect(loaded).toContain('plugin/scene/agent.ts');
      expect(
        loaded.filter((file) =>
          /scene\/(overlay|stroke-)|core\/(Materials\/(?!Textures\/internalTexture)|Cameras)/.test(file),
        ),
      ).toEqual([]);
    }
    expect(loadedAtOnce('plugin/scene/overlay.ts')).toContain('plugin/scene/stroke-pen.ts');
  });
});

/** Files of ours and modules of Babylon that are loaded with `entry`, those that it imports later left out. */
function loadedAtOnce(entry: string): string[] {
  const root = join(import.meta.dirname, '../..');
  const loaded = new Set([entry]);
  for (const file of loaded) {
    if (!file.endsWith('.ts')) continue;
    const code = readFileSync(join(root, file), 'utf8');
    for (const [, type, from, bare] of code.matchAll(
      /^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm,
    )) {
      const target = from ?? bare;
      if (!type) loaded.add(target.startsWith('.') ? normalize(join(dirname(file), target)) : target);
    }
  }
  return [...loaded];
}
