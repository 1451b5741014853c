import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsMotionType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ForceActuator } from '../../plugin/scene/actuators/force-actuator.ts';
import { MoveActuator } from '../../plugin/scene/actuators/move-actuator.ts';
import { TorqueActuator } from '../../plugin/scene/actuators/torque-actuator.ts';
import { currentWorldMatrix, respawn, setTarget, teleport } from '../../plugin/scene/physics.ts';
import type { Sensor } from '../../plugin/scene/sensor.ts';
import { BodySensor } from '../../plugin/scene/sensors/body-sensor.ts';
import { GridSensor } from '../../plugin/scene/sensors/grid-sensor.ts';
import { RaySensor } from '../../plugin/scene/sensors/ray-sensor.ts';
import { RelativePositionSensor } from '../../plugin/scene/sensors/relative-position-sensor.ts';
import { createBareScene, stepScene } from '../../plugin/testing/bare-scene.ts';

const HALF = Math.SQRT1_2;

let scene: Scene;
beforeEach(async () => {
  scene = await createBareScene();
  scene.getPhysicsEngine()!.setGravity(Vector3.Zero());
});
afterEach(() => scene.getEngine().dispose());

/**
 * A craft in a file as Babylon's glTF loader leaves it: below a root that is turned by 180° about y and mirrored in z,
 * and below a group that is shifted by (4, 0, 0), turned by 90° about y and scaled by 2. By hand: the group takes its
 * child's x to −z, y to y and z to x, each doubled; the root takes x to −x and keeps y and z. So of the craft's own axes
 * x points along the world's −z, y up, and z along the world's −x, and a point p of the group lies at
 * (−4 − 2 p.z, 2 p.y, −2 p.x).
 */
function importCraft(name = 'craft', place: (craft: TransformNode) => void = () => {}): TransformNode {
  const root = new TransformNode('__root__', scene);
  root.rotationQuaternion = new Quaternion(0, 1, 0, 0);
  root.scaling.z = -1;
  const group = new TransformNode('group', scene);
  group.parent = root;
  group.position.x = 4;
  group.rotationQuaternion = new Quaternion(0, HALF, 0, HALF);
  group.scaling.setAll(2);
  const craft = new TransformNode(name, scene);
  craft.parent = group;
  craft.rotationQuaternion = Quaternion.Identity();
  place(craft);
  currentWorldMatrix(craft);
  new PhysicsAggregate(craft, PhysicsShapeType.BOX, { mass: 2, extents: Vector3.One() }, scene);
  return craft;
}

function read(sensor: Sensor): number[] {
  const out = new Float32Array(sensor.size);
  sensor.observe(out, 0);
  return [...out].map((value) => Math.round(value * 1000) / 1000 + 0);
}

const worldOf = (node: TransformNode): number[] => {
  const { x, y, z } = currentWorldMatrix(node).getTranslation();
  return [x, y, z].map((value) => Math.round(value * 1000) / 1000 + 0);
};

describe('parts on nodes of a glTF file, whose parents are turned, scaled and mirrored', () => {
  it('stand where the file says', () => {
    const craft = importCraft('craft', ({ position }) => position.set(1, 2, 3));
    expect(worldOf(craft)).toEqual([-10, 4, -2]);
  });

  it('see the way to a target along the axes of their own node', () => {
    const target = new TransformNode('target', scene);
    target.position.set(-4 - 7, 5, 3); // 7 m ahead, 5 up, and 3 against the craft's own x
    const sensor = new RelativePositionSensor({ target });
    importCraft().addBehavior(sensor);
    expect(read(sensor)).toEqual([-3, 5, 7]);
  });

  it('read velocities along the axes of a mirrored frame', () => {
    const craft = importCraft();
    const body = craft.physicsBody!;
    body.setLinearVelocity(new Vector3(-7, 5, 3));
    body.setAngularVelocity(new Vector3(-0.3, 0.2, 0.1));
    const sensor = new BodySensor({ linearVelocity: true, angularVelocity: true, frame: craft });
    craft.addBehavior(sensor);
    expect(read(sensor)).toEqual([-3, 5, 7, -0.1, 0.2, 0.3]);
  });

  it('read a quarter turn about the roof as one about y', () => {
    const craft = importCraft();
    const wheel = new TransformNode('wheel', scene);
    wheel.parent = craft;
    // The body of a mirrored node turns by what its world matrix turns: here 90° about the world's y.
    const sensor = new BodySensor({ of: wheel, rotation: true, frame: craft });
    craft.addBehavior(sensor);
    expect(read(sensor)).toEqual([0, 0, 0, 1]);
    // Local +y in a mirrored node turns the world the other way round.
    wheel.rotationQuaternion = new Quaternion(0, HALF, 0, HALF);
    expect(read(sensor)).toEqual([0, -HALF, 0, HALF].map((value) => Math.round(value * 1000) / 1000));
  });

  it('push along their own node’s axes', () => {
    for (const [axes, expected] of [
      ['x', [0, 0, -1]],
      ['y', [0, 1, 0]],
      ['z', [-1, 0, 0]],
    ] as const) {
      const craft = importCraft();
      const force = new ForceActuator({ maxForce: 120, axes, frame: 'own' });
      craft.addBehavior(force);
      force.apply(Float32Array.of(1), 0);
      stepScene(scene);
      const { x, y, z } = craft.physicsBody!.getLinearVelocity(); // 120 N for 1/60 s on 2 kg: 1 m/s
      [x, y, z].forEach((value, i) => {
        expect(value, axes).toBeCloseTo(expected[i], 2);
      });
      craft.dispose();
    }
  });

  it('turn about their own node’s axes, in the sense that the world has', () => {
    const craft = importCraft();
    const torque = new TorqueActuator({ maxTorque: 10, axes: 'y', frame: 'own' });
    const gyroscope = new BodySensor({ angularVelocity: true, frame: craft });
    craft.addBehavior(torque);
    craft.addBehavior(gyroscope);
    torque.apply(Float32Array.of(1), 0);
    stepScene(scene);
    expect(craft.physicsBody!.getAngularVelocity().y).toBeGreaterThan(0.1);
    expect(read(gyroscope)[1]).toBeCloseTo(craft.physicsBody!.getAngularVelocity().y, 2);
  });

  it('look ahead along their own z and to their own x, and from above along their own y', () => {
    const addPost = (at: Vector3, tag: string) => {
      const post = new TransformNode(tag, scene);
      post.position.copyFrom(at);
      Tags.AddTagsTo(post, tag);
      new PhysicsAggregate(post, PhysicsShapeType.BOX, { mass: 0, extents: Vector3.One() }, scene);
    };
    addPost(new Vector3(-4 - 5, 0, 0), 'ahead');
    addPost(new Vector3(-4, 0, -4), 'beside'); // along the craft's own +x
    addPost(new Vector3(-4 - 5, 3, 0), 'above');
    const craft = importCraft();
    const rays = new RaySensor({ tags: ['ahead', 'beside'], raysPerDirection: 1, maxAngle: Math.PI / 2, length: 10 });
    const high = { name: 'high', tags: ['above'], raysPerDirection: 0, startOffset: 3, endOffset: 3, length: 10 };
    const highRay = new RaySensor(high);
    craft.addBehavior(rays);
    craft.addBehavior(highRay);
    stepScene(scene);
    expect(read(rays)).toEqual([1, 0, 0, 0.45, 0, 1, 0, 0.35, 0, 0, 1, 1]);
    expect(read(highRay)).toEqual([1, 0, 0.45]);
  });

  it('map what lies ahead along their own z and to their own x', () => {
    const addMark = (x: number, z: number, tag: string) => {
      const mark = new TransformNode(tag, scene);
      mark.position.set(-4 + x, 0, z);
      Tags.AddTagsTo(mark, tag);
    };
    addMark(-1, 0, 'ahead');
    addMark(0, -1, 'beside'); // along the craft's own +x
    const craft = importCraft();
    const grid = new GridSensor({ tags: ['ahead', 'beside'], rows: 3, columns: 3 });
    craft.addBehavior(grid);
    const cell = (row: number, column: number) => read(grid).slice(2 * (3 * row + column), 2 * (3 * row + column) + 2);
    expect([cell(2, 1), cell(1, 2), cell(1, 0)]).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
    expect(read(grid).reduce((sum, value) => sum + value)).toBe(2);
  });

  it('move along their own axes, and turn their nose toward their own x', () => {
    const moves = [{ forward: 1 }, { right: 1 }, { up: 1 }, { turn: 1 }];
    const velocities = moves.map((move) => {
      const craft = importCraft();
      const actuator = new MoveActuator({ choices: [[move]], velocityChange: 2, turnSpeed: 3 });
      craft.addBehavior(actuator);
      actuator.apply(Float32Array.of(0), 0);
      const { physicsBody: body } = craft;
      const [linear, angular] = [body!.getLinearVelocity(), body!.getAngularVelocity()];
      craft.dispose();
      return [...linear.asArray(), ...angular.asArray()].map((value) => Math.round(value * 1000) / 1000 + 0);
    });
    expect(velocities).toEqual([
      [-2, 0, 0, 0, 0, 0],
      [0, 0, -2, 0, 0, 0],
      [0, 2, 0, 0, 0, 0],
      [0, 0, 0, 0, -3, 0], // from −x to −z: against the sense of the world, where x comes after z
    ]);
  });

  it('are moved by teleport() and respawn() to a pose in their parent’s coordinates, body and all', () => {
    const rotation = Quaternion.RotationAxis(Vector3.Up(), 0.5);
    for (const move of [teleport, respawn]) {
      const craft = importCraft();
      craft.physicsBody!.setLinearVelocity(new Vector3(1, 2, 3));
      move(craft, { position: new Vector3(1, 2, 3), rotation });
      stepScene(scene, 2);
      expect(worldOf(craft)).toEqual([-10, 4, -2]); // its body's place, which the steps have copied to it
      expect(craft.rotationQuaternion!.y).toBeCloseTo(Math.sin(0.25), 4);
      craft.dispose();
    }
  });

  it('keep their pose in the file while Havok moves them', () => {
    const craft = importCraft();
    craft.physicsBody!.setLinearVelocity(new Vector3(-6, 3, 0)); // 0.1 and 0.05 m a step
    craft.physicsBody!.setLinearDamping(0);
    stepScene(scene, 10);
    const [x, y, z] = craft.position.asArray();
    expect([x, y, z].map((value) => Math.round(value * 1000) / 1000 + 0)).toEqual([0, 0.25, 0.5]);
    expect(craft.scaling.asArray()).toEqual([1, 1, 1]);
    craft.rotationQuaternion!.asArray().forEach((value, i) => {
      expect(value).toBeCloseTo([0, 0, 0, 1][i], 4);
    });
  });

  it('are taken by setTarget() to a pose of the world', () => {
    const craft = importCraft();
    const body = craft.physicsBody!;
    body.setMotionType(PhysicsMotionType.ANIMATED);
    body.disableSync = false;
    setTarget(body, new Vector3(-4.5, 0.25, 1), craft.absoluteRotationQuaternion);
    stepScene(scene);
    expect(worldOf(craft)).toEqual([-4.5, 0.25, 1]);
  });
});
