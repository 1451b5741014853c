import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import '@babylonjs/core/Meshes/thinInstanceMesh.js';
import { Logger } from '@babylonjs/core/Misc/logger.js';
import {
  PhysicsMotionType,
  PhysicsPrestepType,
  PhysicsShapeType,
} from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterEach, describe, expect, it } from 'vitest';
import { loadHavok } from '../../plugin/scene/havok.ts';
import { requirePhysics } from '../../plugin/scene/physics.ts';
import { nodesOf } from '../../plugin/scene/scene-nodes.ts';
import { SteppedScene } from '../../plugin/scene/stepped-scene.ts';

const scenes: Scene[] = [];
afterEach(() => {
  for (const scene of scenes.splice(0)) scene.getEngine().dispose();
});

interface Options {
  readonly useFloatingOrigin?: boolean;
  /** of Babylon's plugin */
  readonly useDelta?: boolean;
  readonly worldRadius?: number;
}

async function createScene({
  useFloatingOrigin = false,
  useDelta = false,
  worldRadius = 1e5,
}: Options): Promise<Scene> {
  Logger.LogLevels = Logger.WarningLogLevel | Logger.ErrorLogLevel;
  const engine = new NullEngine();
  engine.getCaps().instancedArrays = true; // as in every browser
  const scene = new Scene(engine, { useFloatingOrigin });
  const havok = await loadHavok();
  const plugin = new HavokPlugin(useDelta, havok, { floatingOriginWorldRadius: worldRadius });
  scene.enablePhysics(new Vector3(0, -9.81, 0), plugin);
  scenes.push(scene);
  return scene;
}

/** What a case does before each step, and what it saw; built alike in two scenes. */
interface Case {
  act?(step: number): void;
  readonly told?: readonly unknown[];
}

const STEPS = 48;

/** Lives through a case by Babylon's own step and by ours, and expects both to leave all nodes alike after every step. */
async function expectAlike(build: (scene: Scene) => Case, options: Options = {}): Promise<void> {
  const [babylons, ours] = [await createScene(options), await createScene(options)];
  const cases = [babylons, ours].map(build);
  const stepped = new SteppedScene(ours, requirePhysics(ours, 'the test'));
  const start = stand(ours);
  for (let step = 0; step < STEPS; step++) {
    for (const { act } of cases) act?.(step);
    babylons._advancePhysicsEngineStep(1000 / 60);
    babylons.incrementRenderId();
    stepped.step(1 / 60);
    const [expected, found] = [stand(babylons), stand(ours)];
    expect(found.length).toBe(expected.length);
    for (let i = 0; i < found.length; i++)
      expect(found[i], `float ${i} after step ${step}`).toBeCloseTo(expected[i], 3);
  }
  expect(stand(ours)).not.toEqual(start);
  expect(cases[1].told).toEqual(cases[0].told);
}

/** The world matrices of all nodes, those of thin instances behind them. */
function stand(scene: Scene): number[] {
  return nodesOf(scene).flatMap((node) => {
    const { _thinInstanceDataStorage: instances } = node as unknown as Partial<Mesh>;
    const count = 16 * (instances?.instancesCount ?? 0);
    return [...node.computeWorldMatrix(true).m, ...(instances?.matrixData?.subarray(0, count) ?? [])];
  });
}

/** A turning, flying box of 1 kg. */
function addBox(scene: Scene, name: string, x: number, parent: TransformNode | null = null): TransformNode {
  const node = new TransformNode(name, scene);
  node.parent = parent;
  node.position.set(x, 5, 0);
  node.computeWorldMatrix(true);
  const { body } = new PhysicsAggregate(node, PhysicsShapeType.BOX, { mass: 1, extents: Vector3.One() }, scene);
  body.setAngularVelocity(new Vector3(1, 2, 3));
  body.setLinearVelocity(new Vector3(0.5, 0, -1));
  return node;
}

function addParent(scene: Scene, name: string, place: (parent: TransformNode) => void): TransformNode {
  const parent = new TransformNode(name, scene);
  place(parent);
  parent.computeWorldMatrix(true);
  return parent;
}

function addParents(scene: Scene): readonly (TransformNode | null)[] {
  return [
    null,
    addParent(scene, 'unmoved', () => {}),
    addParent(scene, 'shifted', ({ position }) => position.set(3, 0, 40)),
    addParent(scene, 'turned', (parent) => parent.rotation.set(0.3, 1, -0.2)),
    addParent(scene, 'scaled', ({ scaling }) => scaling.set(2, 1, 0.5)),
    addParent(scene, 'mirrored', ({ scaling }) => scaling.set(1, 1, -1)),
  ];
}

function addGround(scene: Scene): TransformNode {
  const ground = new TransformNode('ground', scene);
  new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0, extents: new Vector3(400, 1, 400) }, scene);
  return ground;
}

/** A mesh of 1 m with `count` thin instances. */
function addInstances(scene: Scene, count: number, mass: number): Mesh {
  const mesh = CreateBox('crates', {}, scene);
  for (let i = 0; i < count; i++) mesh.thinInstanceAdd(Matrix.Translation(2 * i, 4 + i, 1), i === count - 1);
  if (count > 0) mesh.thinInstanceRefreshBoundingInfo();
  new PhysicsAggregate(mesh, PhysicsShapeType.BOX, { mass, extents: Vector3.One() }, scene);
  return mesh;
}

describe('a step of a SteppedScene leaves nodes where Babylon’s own step leaves them', () => {
  it('whatever their parents do, however far from the origin', () =>
    expectAlike((scene) => {
      addParents(scene).forEach((parent, i) => {
        addBox(scene, `box-${i}`, 4 * i, parent);
      });
      return {};
    }));

  it('when they are turned by Euler angles after they got their bodies', () =>
    expectAlike((scene) => {
      const boxes = addParents(scene).map((parent, i) => addBox(scene, `box-${i}`, 4 * i, parent));
      return {
        act(step) {
          if (step === 3) for (const box of boxes) box.rotation = Vector3.Zero();
          if (step === 9) for (const box of boxes) box.rotation = new Vector3(1, 2, 3);
        },
      };
    }));

  it('when their Euler angles drive their bodies', () =>
    expectAlike((scene) => {
      const boxes = addParents(scene).map((parent, i) => addBox(scene, `box-${i}`, 4 * i, parent));
      for (const { physicsBody } of boxes) {
        physicsBody!.setMotionType(PhysicsMotionType.ANIMATED);
        physicsBody!.disablePreStep = false;
      }
      return {
        act(step) {
          for (const box of boxes) box.rotation = new Vector3(0.1 * step, 0.05 * step, 0);
        },
      };
    }));

  it('when nodes drive their bodies by a target', () =>
    expectAlike((scene) => {
      const boxes = addParents(scene).map((parent, i) => addBox(scene, `box-${i}`, 4 * i, parent));
      for (const { physicsBody } of boxes) physicsBody!.setPrestepType(PhysicsPrestepType.ACTION);
      return {
        act(step) {
          for (const box of boxes) {
            box.position.x += 0.1;
            if (step % 5 === 0) box.rotation = new Vector3(0, 0.01 * step, 0);
          }
        },
      };
    }));

  it('across changes of motion type and of who is in charge', () =>
    expectAlike((scene) => {
      const box = addBox(
        scene,
        'box',
        0,
        addParent(scene, 'shifted', ({ position }) => position.set(3, 0, 40)),
      );
      const other = addBox(scene, 'other', 8);
      const body = box.physicsBody!;
      return {
        act(step) {
          if (step === 6) body.setMotionType(PhysicsMotionType.STATIC);
          if (step === 12) body.setMotionType(PhysicsMotionType.DYNAMIC);
          if (step === 18) body.setMotionType(PhysicsMotionType.ANIMATED);
          if (step === 24) body.setLinearVelocity(new Vector3(0, 1, 2));
          if (step === 30) body.setMotionType(PhysicsMotionType.DYNAMIC);
          if (step === 10) other.physicsBody!.disableSync = true;
          if (step === 20) other.physicsBody!.disableSync = false;
          if (step === 25) other.physicsBody!.disablePreStep = false;
          if (step === 28) other.position.y = 9;
          if (step === 32) other.physicsBody!.disablePreStep = true;
        },
      };
    }));

  it('when they get other parents on the way, a camera among them, and when parents move', () =>
    expectAlike((scene) => {
      const parents = addParents(scene);
      const camera = new FreeCamera('camera', new Vector3(1, 2, 3), scene);
      camera.rotation.y = 0.7;
      const moving = parents[2]!;
      const box = addBox(scene, 'box', 0);
      const rider = addBox(scene, 'rider', 4, box); // whose parent is moved by a body
      return {
        act(step) {
          if (step % 6 === 0) box.setParent(parents[(step / 6) % parents.length]);
          if (step === 40) box.parent = camera;
          if (step > 40) camera.position.x += 0.1;
          moving.position.x += 0.2;
          if (step === 20) rider.parent = null;
        },
      };
    }));

  it('when they are mirrored, pivoted, frozen or disabled themselves', () =>
    expectAlike((scene) => {
      const shifted = addParent(scene, 'shifted', ({ position }) => position.set(3, 0, 40));
      const boxes = [null, shifted].flatMap((parent, k) =>
        ['mirrored', 'pivoted', 'disabled', 'frozen'].map((name, i) => addBox(scene, name, 4 * i + 20 * k, parent)),
      );
      for (const box of boxes) {
        if (box.name === 'mirrored') box.scaling.x = -1;
        if (box.name === 'pivoted') box.setPivotPoint(new Vector3(0.2, 0.3, 0.4));
        if (box.name === 'disabled') box.setEnabled(false);
        if (box.name === 'frozen') box.freezeWorldMatrix();
      }
      return {};
    }));

  it('in a right-handed scene', () =>
    expectAlike((scene) => {
      scene.useRightHandedSystem = true;
      addParents(scene).forEach((parent, i) => {
        addBox(scene, `box-${i}`, 4 * i, parent);
      });
      addGround(scene);
      return {};
    }));

  it('when they are thin instances, whose number changes', () =>
    expectAlike((scene) => {
      addGround(scene);
      const single = addBox(scene, 'single', -9);
      const crates = addInstances(scene, 3, 1);
      const driven = addInstances(scene, 2, 1);
      driven.physicsBody!.setMotionType(PhysicsMotionType.ANIMATED);
      driven.physicsBody!.disablePreStep = false;
      return {
        act(step) {
          driven.thinInstanceSetMatrixAt(0, Matrix.Translation(0.1 * step, 20, 0));
          if (step === 8) crates.thinInstanceAdd(Matrix.Translation(9, 6, 1));
          if (step === 8) crates.physicsBody!.updateBodyInstances();
          if (step === 16) crates.thinInstanceCount = 2;
          if (step === 16) crates.physicsBody!.updateBodyInstances();
          if (step === 24) single.position.y = 4;
        },
      };
    }));

  it('when a body gets its instances after it was made', () =>
    expectAlike((scene) => {
      const crates = addInstances(scene, 0, 1);
      const other = addBox(scene, 'other', 9);
      return {
        act(step) {
          if (step !== 5) return;
          for (let i = 0; i < 3; i++) crates.thinInstanceAdd(Matrix.Translation(2 * i, 4 + i, 1));
          crates.physicsBody!.updateBodyInstances();
          other.physicsBody!.applyImpulse(new Vector3(0, 3, 0), other.absolutePosition);
        },
      };
    }));

  it('when nodes and bodies come and go', () =>
    expectAlike((scene) => {
      const boxes = [0, 1, 2, 3, 4].map((i) => addBox(scene, `box-${i}`, 3 * i));
      return {
        act(step) {
          if (step === 5) boxes[1].dispose();
          if (step === 10) boxes[3].physicsBody!.dispose();
          if (step === 15) addBox(scene, 'late', -4);
          if (step === 20) boxes[0].dispose();
          if (step === 20) addBox(scene, 'later', -8);
        },
      };
    }));

  it.each([1, 3])('in %i regions of a floating origin, which bodies enter and leave', (regions) =>
    expectAlike(
      (scene) => {
        const parents = addParents(scene);
        const boxes = Array.from({ length: regions }, (_, i) =>
          addBox(scene, `box-${i}`, 200 * i, parents[2 * (i % 2)]),
        );
        const driven = addBox(scene, 'driven', 9);
        driven.physicsBody!.disablePreStep = false;
        return {
          act(step) {
            if (step === 5 && regions > 1) boxes[0].physicsBody!.setLinearVelocity(new Vector3(150, 0, 0));
            if (step === 20) boxes[0].rotation = new Vector3(0, 1, 0);
            if (step === 25 && regions > 1) driven.position.x = 600;
          },
        };
      },
      { useFloatingOrigin: true, worldRadius: 40 },
    ),
  );

  it('whether or not Babylon’s plugin takes its own time step', () =>
    expectAlike(
      (scene) => {
        addGround(scene);
        addBox(scene, 'box', 0);
        return {};
      },
      { useDelta: true },
    ));

  it('when the observers of collisions and triggers are notified, and before those of the step', () =>
    expectAlike((scene) => {
      const ground = addGround(scene);
      const box = addBox(scene, 'box', 0);
      box.position.y = 1.3;
      box.physicsBody!.disablePreStep = false;
      const gate = new TransformNode('gate', scene);
      gate.position.set(0, 1, 0);
      new PhysicsAggregate(
        gate,
        PhysicsShapeType.BOX,
        { mass: 0, extents: Vector3.One(), isTriggerShape: true },
        scene,
      );
      const told: unknown[] = [];
      const tell = (what: string) => told.push(what, ...box.position.asArray().map((value) => Math.round(value * 1e4)));
      const plugin = scene.getPhysicsEngine()!.getPhysicsPlugin() as HavokPlugin;
      box.physicsBody!.setCollisionCallbackEnabled(true);
      ground.physicsBody!.setCollisionEndedCallbackEnabled(true);
      plugin.onTriggerCollisionObservable.add(({ type }) => tell(type));
      plugin.onCollisionObservable.add(({ type }) => tell(`any ${type}`));
      box.physicsBody!.getCollisionObservable().add(({ type }) => tell(type));
      ground.physicsBody!.getCollisionEndedObservable().add(({ type }) => tell(type));
      scene.onBeforePhysicsObservable.add(() => tell('before'));
      scene.onAfterPhysicsObservable.add(() => tell('after'));
      return {
        told,
        act(step) {
          if (step === 4) box.physicsBody!.disablePreStep = true;
          if (step === 24) box.physicsBody!.applyImpulse(new Vector3(0, 6, 0), box.absolutePosition);
        },
      };
    }));
});

describe('SteppedScene', () => {
  it('refuses a sub time step, in which Babylon would divide its steps', async () => {
    const scene = await createScene({});
    const engine = requirePhysics(scene, 'the test');
    engine.setSubTimeStep(5);
    expect(() => new SteppedScene(scene, engine)).toThrow(
      '[agents] The physics of the scene has a sub time step of 5 ms, and agents need steps that are not divided. Call `physicsEngine.setSubTimeStep(0)`; for finer steps, lower `timeStep` (to 0.005 s) and raise `decisionPeriod`.',
    );
    engine.setSubTimeStep(0);
    expect(() => new SteppedScene(scene, engine)).not.toThrow();
  });
});
