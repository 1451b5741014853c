import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { ProximityCastResult } from '@babylonjs/core/Physics/proximityCastResult.js';
import { PhysicsMotionType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { PhysicsShapeBox } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../../plugin/core/random.ts';
import { FunctionActuator } from '../../../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../../../plugin/scene/agent.ts';
import { buildAreas } from '../../../plugin/scene/areas.ts';
import { defineEnvironment } from '../../../plugin/scene/environment.ts';
import { requirePhysics, respawn } from '../../../plugin/scene/physics.ts';
import { GridSensor, type GridSensorOptions } from '../../../plugin/scene/sensors/grid-sensor.ts';
import { createBareNode, createBareScene, stepScene } from '../../../plugin/testing/bare-scene.ts';

let scene: Scene;
let node: TransformNode;
beforeEach(async () => {
  scene = await createBareScene();
  scene.getPhysicsEngine()!.setGravity(Vector3.Zero());
  node = new TransformNode('agent', scene);
});
afterEach(() => scene.getEngine().dispose());

function add(tags: string, x: number, z: number, y = 0): TransformNode {
  const thing = new TransformNode(tags, scene);
  thing.position.set(x, y, z);
  Tags.AddTagsTo(thing, tags);
  return thing;
}

function addBox(tags: string, x: number, z: number, extents = Vector3.One(), rotation?: Quaternion): PhysicsAggregate {
  const thing = add(tags, x, z);
  if (rotation) thing.rotationQuaternion = rotation;
  return new PhysicsAggregate(thing, PhysicsShapeType.BOX, { mass: 1, extents }, scene);
}

/** The grid as a map: the first letter of a tag or a dot for each cell, the far row first, as it is seen from above. */
function draw(sensor: GridSensor, { tags, rows = 3, columns = 3 }: GridSensorOptions): string[] {
  const out = new Float32Array(sensor.size);
  sensor.observe(out, 0);
  const cell = (row: number, column: number) => {
    const at = (row * columns + column) * tags.length;
    const floats = [...out.subarray(at, at + tags.length)];
    expect(floats.filter((value) => value !== 0 && value !== 1)).toEqual([]);
    expect(floats.filter((value) => value === 1).length).toBeLessThan(2);
    return tags[floats.indexOf(1)]?.[0] ?? '.';
  };
  const map = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => cell(row, column)).join(''),
  );
  return map.reverse();
}

/** The map that a sensor of 3 × 3 cells of 1 m draws, unless it is said otherwise. */
function look(options: Partial<GridSensorOptions> = {}, from = node): string[] {
  const complete = { tags: ['food', 'wall'], rows: 3, columns: 3, ...options };
  const sensor = new GridSensor(complete);
  from.addBehavior(sensor, true);
  const map = draw(sensor, complete);
  from.removeBehavior(sensor);
  return map;
}

describe('GridSensor', () => {
  it('writes rows from the rear to ahead, in each columns from left to right, in each tags', () => {
    add('wall', 1, -1); // rear, right
    add('food', -1, 0); // beside, left
    const sensor = new GridSensor({ tags: ['food', 'wall'], rows: 2, columns: 3, cellSize: 1 });
    node.position.z = -0.5; // two rows: the node stands on the line between them
    node.addBehavior(sensor, true);
    const out = new Float32Array(12);
    sensor.observe(out, 0);
    expect([...out]).toEqual([0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
  });

  it('sees nodes without bodies where they are, at any height', () => {
    add('food', 0.4, 1.4, 50);
    add('wall', -1, -1);
    add('tree', 1, 1);
    add('food', 1.6, 0); // outside
    expect(look()).toEqual(['.f.', '...', 'w..']);
    expect(look({ cellSize: 3 })).toEqual(['...', '.wf', '...']); // of those in the middle the lower is nearer
  });

  it('needs no physics', () => {
    scene.disablePhysicsEngine();
    add('food', 1, 1);
    expect(look()).toEqual(['..f', '...', '...']);
  });

  it('turns with its node about the vertical, or lies along the axes of the world', () => {
    add('food', 0, 1);
    add('wall', 1, 1);
    node.rotationQuaternion = Quaternion.RotationAxis(Vector3.Up(), Math.PI / 2); // looks along x
    expect(look()).toEqual(['w..', 'f..', '...']);
    expect(look({ frame: 'world' })).toEqual(['.fw', '...', '...']);
  });

  it('stays level, with its node’s nose up, down or to the ground', () => {
    add('food', 0, 1);
    add('wall', 1, 1);
    for (const pitch of [-89.9, -45, 60, 89.9]) {
      node.rotationQuaternion = Quaternion.RotationAxis(Vector3.Right(), (pitch * Math.PI) / 180);
      expect(look(), `${pitch}°`).toEqual(['.fw', '...', '...']);
    }
    node.rotationQuaternion = Quaternion.RotationAxis(Vector3.Right(), Math.PI / 2);
    expect(look()).toEqual(['.fw', '...', '...']);
  });

  it('marks every cell that a body’s shadow reaches into', () => {
    addBox('wall', 0, 1, new Vector3(2.2, 1, 0.5));
    expect(look()).toEqual(['www', '...', '...']);
  });

  it('marks one cell for a body that fills it exactly', () => {
    addBox('food', -1, 0);
    expect(look()).toEqual(['...', 'f..', '...']);
  });

  it('sees how boxes are turned', () => {
    // Half of its diagonal is 0.707 m: over the sides of its cell, 0.5 m away, but not to the corners.
    addBox('wall', 0, 0, Vector3.One(), Quaternion.RotationAxis(Vector3.Up(), Math.PI / 4));
    expect(look()).toEqual(['.w.', 'www', '.w.']);
    node.rotationQuaternion = Quaternion.RotationAxis(Vector3.Up(), Math.PI / 4); // the grid with it
    expect(look()).toEqual(['...', '.w.', '...']);
  });

  it('sees the shadow of a box that stands on edge or lies aslant', () => {
    const upright = addBox('wall', 0, 0, new Vector3(0.2, 2.8, 0.2));
    expect(look()).toEqual(['...', '.w.', '...']);
    respawn(upright.transformNode, {
      position: Vector3.Zero(),
      rotation: Quaternion.RotationAxis(Vector3.Forward(), Math.PI / 2), // it lies along x
    });
    expect(look()).toEqual(['...', 'www', '...']);
    respawn(upright.transformNode, {
      position: Vector3.Zero(),
      rotation: Quaternion.RotationAxis(Vector3.Right(), Math.PI / 6), // sin 30° · 2.8 m along z
    });
    expect(look()).toEqual(['.w.', '.w.', '.w.']);
  });

  it('sees balls as round, however they have rolled', () => {
    for (const rotation of [Quaternion.Identity(), Quaternion.RotationYawPitchRoll(0.5, 0.7, 0.9)]) {
      const ball = add('food', 0, 0); // of 0.6 m: over the sides of its cell, but not to the corners at 0.707 m
      ball.rotationQuaternion = rotation;
      new PhysicsAggregate(ball, PhysicsShapeType.SPHERE, { mass: 1, radius: 0.6 }, scene);
      expect(look()).toEqual(['.f.', 'fff', '.f.']);
      ball.dispose();
    }
  });

  it('shows the nearest of several in a cell, wherever they stand in the scene', () => {
    add('food', 0, 1, 0.5);
    const far = add('wall', 0.2, 1.4);
    addBox('food', 0, 0, new Vector3(0.5, 0.5, 0.5));
    expect(look()).toEqual(['.f.', '.f.', '...']);
    far.position.set(0, 0, 0.9);
    expect(look()).toEqual(['.w.', '.f.', '...']);
  });

  it('takes the first of its own tags where a node carries several, and notices tags that change', () => {
    const thing = add('wall food', 1, 1);
    expect(look()).toEqual(['..f', '...', '...']);
    expect(look({ tags: ['wall', 'food'] })).toEqual(['..w', '...', '...']);
    Tags.RemoveTagsFrom(thing, 'food');
    expect(look()).toEqual(['..w', '...', '...']);
  });

  it('leaves out its own node, those below it and the body that it belongs to', () => {
    const body = createBareNode('body', scene);
    node.parent = body;
    node.position.x = 1;
    for (const own of [node, body, add('food', 0, 0)]) Tags.AddTagsTo(own, 'food');
    scene.getTransformNodesById('food')[0].parent = node;
    add('wall', 1, 1);
    expect(look()).toEqual(['.w.', '...', '...']);
  });

  it('leaves out nodes that are disabled', () => {
    const thing = add('food', 1, 1);
    const group = new TransformNode('group', scene);
    thing.parent = group;
    group.setEnabled(false);
    expect(look()).toEqual(['...', '...', '...']);
    group.setEnabled(true);
    expect(look()).toEqual(['..f', '...', '...']);
  });

  it('sees at once what came, went, moved or got another shape', () => {
    const sensor = new GridSensor({ tags: ['food', 'wall'], rows: 3, columns: 3 });
    node.addBehavior(sensor, true);
    const map = () => draw(sensor, { tags: ['food', 'wall'] });
    expect(map()).toEqual(['...', '...', '...']);
    const box = CreateBox('box', {}, scene);
    Tags.AddTagsTo(box, 'food');
    box.position.set(1, 0, 1);
    const other = add('wall', -1, -1);
    expect(map()).toEqual(['..f', '...', 'w..']);
    const next = CreateBox('next', {}, scene);
    Tags.AddTagsTo(next, 'wall');
    box.dispose(); // as many meshes as before
    expect(map()).toEqual(['...', '.w.', 'w..']);
    other.position.x = 1;
    expect(map()).toEqual(['...', '.w.', '..w']);
    const { body, shape } = new PhysicsAggregate(next, PhysicsShapeType.BOX, { mass: 1 }, scene);
    body.shape = new PhysicsShapeBox(Vector3.Zero(), Quaternion.Identity(), new Vector3(3, 1, 0.5), scene);
    shape.dispose();
    expect(map()).toEqual(['...', 'www', '..w']);
  });

  it('sees a shape that lies beside its node, where that turns it to', () => {
    const aside = add('wall', 0, 0);
    aside.rotationQuaternion = Quaternion.RotationAxis(Vector3.Up(), Math.PI / 2); // takes x to −z
    const options = { mass: 1, extents: new Vector3(0.5, 0.5, 0.5), center: new Vector3(1, 0, 0) };
    new PhysicsAggregate(aside, PhysicsShapeType.BOX, options, scene);
    expect(look()).toEqual(['...', '...', '.w.']);
  });

  it('sees what stands under parents that turn and scale it', () => {
    const parent = new TransformNode('parent', scene);
    parent.scaling.setAll(2);
    parent.rotationQuaternion = Quaternion.RotationAxis(Vector3.Up(), Math.PI / 2);
    const box = add('wall', 0.5, 0); // at (0, 0, −1) of the world, 1 m along x and 2.8 along z
    box.parent = parent;
    box.computeWorldMatrix(true);
    new PhysicsAggregate(box, PhysicsShapeType.BOX, { mass: 1, extents: new Vector3(2.8, 1, 1) }, scene);
    expect(look()).toEqual(['...', '.w.', '.w.']);
  });

  it('draws what Havok says that columns over the cells touch', () => {
    const random = new Random(4);
    const plugin = requirePhysics(scene, 'the test').getPhysicsPlugin() as HavokPlugin;
    const upright = Quaternion.Identity();
    const column = new PhysicsShapeBox(Vector3.Zero(), upright, new Vector3(1, 40, 1), scene);
    const [onColumn, onBody] = [new ProximityCastResult(), new ProximityCastResult()];
    let [touched, free] = [0, 0];
    for (let i = 0; i < 60; i++) {
      const thing = add('wall', random.between(-3, 3), random.between(-3, 3));
      const turn = () => random.between(-Math.PI, Math.PI);
      thing.rotationQuaternion = Quaternion.RotationYawPitchRoll(turn(), turn(), turn());
      const edge = () => random.between(0.2, 3);
      const ball = { mass: 1, radius: random.between(0.2, 2) };
      const box = { mass: 1, extents: new Vector3(edge(), edge(), edge()) };
      if (i % 4 === 0) new PhysicsAggregate(thing, PhysicsShapeType.SPHERE, ball, scene);
      else new PhysicsAggregate(thing, PhysicsShapeType.BOX, box, scene);
      thing.physicsBody!.setMotionType(PhysicsMotionType.STATIC);
      stepScene(scene);
      const map = look({ tags: ['wall'], rows: 9, columns: 9 }).reverse();
      for (let cell = 0; cell < 81; cell++) {
        const [row, col] = [Math.floor(cell / 9), cell % 9];
        const query = { shape: column, position: new Vector3(col - 4, 0, row - 4), rotation: upright, maxDistance: 9 };
        plugin.shapeProximity({ ...query, shouldHitTriggers: false }, onColumn, onBody);
        if (Math.abs(onBody.hitDistance) < 0.02) continue; // too near to call
        const touches = onBody.hitDistance < 0;
        expect(map[row][col], `figure ${i}, cell ${cell}, ${onBody.hitDistance} m`).toBe(touches ? 'w' : '.');
        if (touches) touched++;
        else free++;
      }
      thing.dispose();
    }
    expect(touched).toBeGreaterThan(300);
    expect(free).toBeGreaterThan(2000);
  });

  it('does not see other areas of its scene, however near', async () => {
    const sensors: GridSensor[] = [];
    const environment = defineEnvironment({
      name: 'plots',
      spacing: 1,
      build(area) {
        const seer = new TransformNode('seer', scene);
        seer.parent = area.root;
        const sensor = new GridSensor({ tags: ['food', 'wall'], rows: 3, columns: 3 });
        sensors.push(sensor);
        const still = new FunctionActuator({ name: 'still', continuous: 1, apply() {} });
        seer.addBehavior(new Agent({ sensors: [sensor], actuators: [still] }), true);
        add('food', sensors.length - 2, 1).parent = area.root;
        return { reset() {} };
      },
    });
    await buildAreas(environment, scene, { count: 2 });
    add('wall', 0, 0);
    expect(sensors.map((sensor) => draw(sensor, { tags: ['food', 'wall'] }))).toEqual([
      ['f..', '...', '...'],
      ['.f.', '...', '...'],
    ]);
  });

  it('refuses grids without cells or tags', () => {
    expect(() => new GridSensor({ tags: [] })).toThrow('[agents] Sensor "grid" has 0 tags. Give it 1 to 255 tags.');
    expect(() => new GridSensor({ tags: ['a'], rows: 0 })).toThrow(
      '[agents] Sensor "grid" has rows 0. It must be an integer ≥ 1.',
    );
    expect(() => new GridSensor({ tags: ['a'], cellSize: 0 })).toThrow(
      '[agents] Sensor "grid" has cellSize 0. It must be a finite number above 0.',
    );
  });
});
