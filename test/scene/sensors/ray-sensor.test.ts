import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadHavok } from '../../../plugin/scene/havok.ts';
import { respawn } from '../../../plugin/scene/physics.ts';
import { RaySensor, type RaySensorOptions } from '../../../plugin/scene/sensors/ray-sensor.ts';
import { createBareNode, createBareScene } from '../../../plugin/testing/bare-scene.ts';

const LENGTH = 20;
const TAGS = ['goal', 'wall'];
const MISS = [0, 0, 1, 1];

describe('RaySensor', () => {
  let scene: Scene;
  let node: TransformNode;

  beforeEach(async () => {
    scene = await createBareScene();
    node = createBareNode('agent', scene);
  });

  afterEach(() => scene.getEngine().dispose());

  /** A static box of 1 m: whoever looks at it from `distance` m away hits it half a meter earlier. */
  function addBox(position: Vector3, tags = ''): PhysicsAggregate {
    const box = new TransformNode('box', scene);
    box.position.copyFrom(position);
    box.computeWorldMatrix(true);
    Tags.AddTagsTo(box, tags);
    return new PhysicsAggregate(box, PhysicsShapeType.BOX, { mass: 0, extents: Vector3.One() }, scene);
  }

  /** One row of tags, miss flag and share for each ray. */
  function look(
    raysPerDirection: number,
    { from = node, tags = TAGS, ...options }: { from?: TransformNode } & Partial<RaySensorOptions> = {},
  ): number[][] {
    const sensor = new RaySensor({ tags, raysPerDirection, maxAngle: Math.PI / 2, length: LENGTH, ...options });
    from.addBehavior(sensor, true);
    const out = new Float32Array(sensor.size);
    sensor.observe(out, 0);
    from.removeBehavior(sensor);
    const width = tags.length + 2;
    const row = (ray: number) =>
      [...out.subarray(ray * width, (ray + 1) * width)].map((value) => Math.round(value * 1e4) / 1e4);
    return Array.from({ length: 2 * raysPerDirection + 1 }, (_, ray) => row(ray));
  }

  it('has one row of tags, miss flag and share for each ray', () => {
    expect(new RaySensor({ tags: TAGS }).size).toBe((1 + 2 * 3) * (2 + 2));
    expect(new RaySensor({ tags: [], raysPerDirection: 0 }).size).toBe(2);
  });

  it('tells what it hits ahead and how far away', () => {
    addBox(new Vector3(0, 0, 9.5), 'wall');
    expect(look(0)).toEqual([[0, 1, 0, 9 / LENGTH]]);
  });

  it('flags a ray that hits nothing within its length', () => {
    addBox(new Vector3(0, 0, LENGTH + 1), 'wall');
    expect(look(0)).toEqual([MISS]);
  });

  it('tells how far away a node with none of its tags is, and no more', () => {
    addBox(new Vector3(0, 0, 9.5), 'tree');
    expect(look(0)).toEqual([[0, 0, 0, 9 / LENGTH]]);
  });

  it('takes the first of its own tags where a node carries several', () => {
    addBox(new Vector3(0, 0, 9.5), 'wall goal');
    expect(look(0)).toEqual([[1, 0, 0, 9 / LENGTH]]);
    expect(look(0, { tags: ['wall', 'goal'] })).toEqual([[1, 0, 0, 9 / LENGTH]]);
  });

  it('notices tags that change', () => {
    const { transformNode } = addBox(new Vector3(0, 0, 9.5), 'wall');
    Tags.RemoveTagsFrom(transformNode, 'wall');
    expect(look(0)).toEqual([[0, 0, 0, 9 / LENGTH]]);
    Tags.AddTagsTo(transformNode, 'goal');
    expect(look(0)).toEqual([[1, 0, 0, 9 / LENGTH]]);
  });

  it('looks ahead, then to the right and to the left by turns', () => {
    addBox(new Vector3(0, 0, 2.5));
    addBox(new Vector3(4.5, 0, 0));
    addBox(new Vector3(-5.5, 0, 0));
    // 45° to the right a corner would be hit first: the box is turned so that it shows its face
    const oblique = addBox(new Vector3(5 * Math.SQRT1_2, 0, 5 * Math.SQRT1_2)).transformNode;
    respawn(oblique, { position: oblique.position.clone(), rotation: yaw(45) });
    const shares = look(2).map((row) => row[3]);
    expect(shares).toEqual([2 / LENGTH, 4.5 / LENGTH, 1, 4 / LENGTH, 5 / LENGTH]);
  });

  it('turns and moves with its node and with the nodes above, whatever their scaling', () => {
    const root = new TransformNode('root', scene);
    const eye = new TransformNode('eye', scene);
    eye.parent = root;
    eye.position.z = 1;
    root.scaling.setAll(2);
    root.position.set(50, 3, 0);
    root.rotationQuaternion = yaw(90);
    addBox(new Vector3(50 + 1 * 2 + 6.5, 3, 0), 'goal'); // the eye stands at (52, 3, 0) and looks along x
    expect(look(0, { from: eye })).toEqual([[1, 0, 0, 6 / LENGTH]]);
  });

  it('tilts with its node', () => {
    const eye = new TransformNode('eye', scene);
    eye.position.y = 10;
    eye.rotationQuaternion = Quaternion.RotationAxis(Vector3.Right(), Math.PI / 2); // nose down
    addBox(new Vector3(0, 5.5, 0), 'goal');
    expect(look(0, { from: eye })).toEqual([[1, 0, 0, 4 / LENGTH]]);
  });

  it('passes through the body that its node belongs to, also after a respawn', () => {
    const eye = new TransformNode('eye', scene);
    eye.parent = node;
    eye.position.z = -3;
    addBox(new Vector3(0, 0, 9.5), 'wall');
    expect(look(0, { from: eye })).toEqual([[0, 1, 0, 12 / LENGTH]]);
    respawn(node, { position: Vector3.Zero() });
    expect(look(0, { from: eye })).toEqual([[0, 1, 0, 12 / LENGTH]]);
  });

  it('passes through triggers', () => {
    addBox(new Vector3(0, 0, 9.5), 'wall').shape.isTrigger = true;
    expect(look(0)).toEqual([MISS]);
  });

  it('sends a ball along a thick ray, and tells how far its middle got', () => {
    addBox(new Vector3(0, 0, 9.5), 'wall');
    expect(look(0, { sphereRadius: 0.5 })).toEqual([[0, 1, 0, (9 - 0.5) / LENGTH]]);
    expect(look(0, { sphereRadius: 2 })).toEqual([[0, 1, 0, (9 - 2) / LENGTH]]);
  });

  it('touches with a ball what a thin ray passes by', () => {
    addBox(new Vector3(0.9, 0, 9.5), 'wall'); // its edge lies 0.4 m beside the ray
    expect(look(0)).toEqual([MISS]);
    const [[, wall, , share]] = look(0, { sphereRadius: 0.5 });
    expect(wall).toBe(1);
    expect(share * LENGTH - (9 - Math.sqrt(0.5 ** 2 - 0.4 ** 2))).toBeCloseTo(0, 1); // Havok is 1 cm off on an edge
    expect(look(0, { sphereRadius: 0.39 })).toEqual([MISS]);
  });

  it('got 0 of the way where a body blocks the ball from the start, other than its own', () => {
    addBox(new Vector3(0, 0, 1.2), 'wall'); // begins 0.7 m ahead
    expect(look(0, { sphereRadius: 0.8 })).toEqual([[0, 1, 0, 0]]);
    expect(look(0, { sphereRadius: 0.6 })).toEqual([[0, 1, 0, 0.1 / LENGTH]]);
  });

  it('rolls along the ground that the ball touches', () => {
    const ground = new TransformNode('ground', scene);
    ground.position.y = -1;
    new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0, extents: new Vector3(50, 1, 50) }, scene);
    addBox(new Vector3(0, 0, 9.5), 'wall');
    expect(look(0, { sphereRadius: 0.5 })).toEqual([[0, 1, 0, 8.5 / LENGTH]]);
    expect(look(0, { sphereRadius: 0.5, endOffset: -0.1 })).toEqual([[0, 0, 0, 0]]);
  });

  it('passes through triggers with a ball too', () => {
    addBox(new Vector3(0, 0, 9.5), 'wall').shape.isTrigger = true;
    expect(look(0, { sphereRadius: 0.5 })).toEqual([MISS]);
  });

  it('looks over what is low from above', () => {
    addBox(new Vector3(0, 0, 4.5), 'goal');
    addBox(new Vector3(0, 1, 9.5), 'wall');
    expect(look(0)).toEqual([[1, 0, 0, 4 / LENGTH]]);
    expect(look(0, { startOffset: 1.2, endOffset: 1.2 })).toEqual([[0, 1, 0, 9 / LENGTH]]);
    expect(look(0, { startOffset: 1.2, endOffset: 1.2, sphereRadius: 0.5 })).toEqual([[0, 1, 0, 8.5 / LENGTH]]);
    expect(look(0, { startOffset: 2, endOffset: 2 })).toEqual([MISS]);
  });

  it('counts the way from the raised start to the lowered end', () => {
    addBox(new Vector3(0, 1 - 3.5, 4), 'goal'); // its upper side is met 4 m ahead and 3 m below the start
    const down = { startOffset: 1, endOffset: 1 - 15 };
    expect(look(0, down)).toEqual([[1, 0, 0, 5 / Math.hypot(20, 15)]]);
    addBox(new Vector3(4, 1 - 3.5, 0), 'wall');
    expect(look(1, down)[1]).toEqual([0, 1, 0, 5 / 25]); // 90° to the right
  });

  it('raises its ends along the y axis of its node', () => {
    const eye = new TransformNode('eye', scene);
    eye.rotationQuaternion = Quaternion.RotationAxis(Vector3.Forward(), Math.PI / 2); // its roof points to −x
    addBox(new Vector3(-2, 0, 9.5), 'goal');
    expect(look(0, { from: eye, startOffset: 2, endOffset: 2 })).toEqual([[1, 0, 0, 9 / LENGTH]]);
    expect(look(0, { from: eye, startOffset: -2, endOffset: -2 })).toEqual([MISS]);
  });

  it('leaves no ball behind in Havok', async () => {
    const shapes = async () => (await loadHavok()).HP_GetStatistics()[1][1];
    const before = await shapes();
    expect(look(0, { sphereRadius: 0.5 })).toEqual([MISS]);
    expect(await shapes()).toBe(before);
    node.addBehavior(new RaySensor({ tags: [], sphereRadius: 0.5 }), true);
    expect(await shapes()).toBe(before + 1);
    node.dispose();
    expect(await shapes()).toBeLessThanOrEqual(before);
  });

  it('refuses rays without length, broken counts, radii and offsets', () => {
    expect(() => new RaySensor({ tags: [], sphereRadius: -0.5 })).toThrow(
      '[agents] Sensor "rays" has sphereRadius -0.5. It must be a finite number of meters ≥ 0.',
    );
    expect(() => new RaySensor({ tags: [], endOffset: Number.NaN })).toThrow(
      '[agents] Sensor "rays" has endOffset NaN. It must be a finite number.',
    );
    expect(() => new RaySensor({ tags: [], length: 0 })).toThrow(
      '[agents] Sensor "rays" has length 0. It must be a finite number above 0.',
    );
    expect(() => new RaySensor({ tags: [], raysPerDirection: 1.5 })).toThrow(
      '[agents] Sensor "rays" has raysPerDirection 1.5. It must be an integer ≥ 0.',
    );
  });

  it('needs a scene with physics', () => {
    scene.disablePhysicsEngine();
    expect(() => look(0)).toThrow(
      '[agents] Sensor "rays" needs physics, and its scene has none. Call `await enablePhysics(scene)` first.',
    );
  });
});

function yaw(degrees: number): Quaternion {
  return Quaternion.RotationAxis(Vector3.Up(), (degrees * Math.PI) / 180);
}
