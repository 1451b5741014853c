import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { PhysicsShapeBox } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actuator } from '../../../plugin/scene/actuator.ts';
import { ForceActuator } from '../../../plugin/scene/actuators/force-actuator.ts';
import type { ActuatedAxes } from '../../../plugin/scene/actuators/vector-actuator.ts';
import { requirePhysics, respawn, setTimeStep, stepPhysics } from '../../../plugin/scene/physics.ts';
import { createBareNode, createBareScene, stepScene } from '../../../plugin/testing/bare-scene.ts';

const FORCE = 120; // fast enough: Havok brings bodies to rest that move at less than about 0.2 m/s

describe('ForceActuator', () => {
  let scene: Scene;
  let node: TransformNode;

  beforeEach(async () => {
    scene = await createBareScene();
    node = createBareNode('box', scene);
    float(node, 2);
  });

  afterEach(() => scene.getEngine().dispose());

  function push(actuator: Actuator, action: readonly number[]): void {
    node.addBehavior(actuator, true);
    actuator.apply(Float32Array.from(action), 0);
    stepScene(scene);
  }

  it('changes the velocity by F·dt/m', () => {
    push(new ForceActuator({ maxForce: FORCE }), [1, -0.5, 0.25]);
    expectVector(linearVelocity(), [FORCE / 60 / 2, (-0.5 * FORCE) / 60 / 2, (0.25 * FORCE) / 60 / 2]);
  });

  it('takes one action for each of its axes', () => {
    const actuator = new ForceActuator({ maxForce: FORCE, axes: 'xz' });
    expect(actuator.continuous).toBe(2);
    push(actuator, [0, 1]);
    expectVector(linearVelocity(), [0, 0, FORCE / 60 / 2]);
  });

  it('pushes along the axes of its own node', () => {
    const root = new TransformNode('root', scene);
    root.rotationQuaternion = Quaternion.RotationAxis(Vector3.Up(), Math.PI / 2); // z becomes world x
    root.position.set(30, 0, 0);
    node.parent = root;
    respawn(node, { position: Vector3.Zero() });
    push(new ForceActuator({ maxForce: FORCE, axes: 'z', frame: 'own' }), [1]);
    expectVector(linearVelocity(), [FORCE / 60 / 2, 0, 0]);
    expectVector(angularVelocity(), [0, 0, 0]);
  });

  it('does not turn a body whose center of mass lies beside its node', () => {
    const lopsided = new TransformNode('lopsided', scene);
    lopsided.position.set(5, 0, 0);
    lopsided.rotationQuaternion = Quaternion.RotationAxis(Vector3.Up(), 1);
    const body = new PhysicsBody(lopsided, PhysicsMotionType.DYNAMIC, false, scene);
    body.shape = new PhysicsShapeBox(new Vector3(0.5, 0, 0.3), Quaternion.Identity(), Vector3.One(), scene);
    float(lopsided, 2);
    node = lopsided;
    push(new ForceActuator({ maxForce: FORCE }), [0, 0, 1]);
    expectVector(linearVelocity(), [0, 0, FORCE / 60 / 2]);
    expectVector(angularVelocity(), [0, 0, 0]);
  });

  it('scales with the time step of the world', () => {
    const physics = requirePhysics(scene, 'test');
    setTimeStep(physics, 0.02);
    const actuator = new ForceActuator({ maxForce: FORCE, axes: 'x' });
    node.addBehavior(actuator, true);
    actuator.apply(Float32Array.of(1), 0);
    stepPhysics(physics, 0.02);
    expectVector(linearVelocity(), [(FORCE * 0.02) / 2, 0, 0]);
  });

  it('wakes a body that sleeps', () => {
    const ground = new TransformNode('ground', scene);
    ground.position.y = -1;
    ground.computeWorldMatrix(true);
    new PhysicsAggregate(ground, PhysicsShapeType.BOX, { mass: 0, extents: new Vector3(20, 1, 20) }, scene);
    node.physicsBody?.setGravityFactor(1);
    stepScene(scene, 400);
    expectVector(linearVelocity(), [0, 0, 0]);
    push(new ForceActuator({ maxForce: 100, axes: 'y' }), [1]);
    expect(node.physicsBody?.getLinearVelocity().y).toBeGreaterThan(0.5);
  });

  it('pushes a body after its respawn()', () => {
    const actuator = new ForceActuator({ maxForce: FORCE, axes: 'x' });
    push(actuator, [1]);
    respawn(node, { position: Vector3.Zero() });
    push(actuator, [1]);
    expectVector(linearVelocity(), [FORCE / 60 / 2, 0, 0]);
  });

  it('refuses a node without a body, and axes that are none', () => {
    expect(() => new TransformNode('bare', scene).addBehavior(new ForceActuator({ maxForce: 1 }), true)).toThrow(
      '[agents] Actuator "force" needs a physics body, and node "bare" has none. Create a PhysicsAggregate for it before attaching the agent.',
    );
    for (const axes of ['', 'zx', 'xx', 'w'] as string[] as ActuatedAxes[]) {
      expect(() => new ForceActuator({ maxForce: 1, axes })).toThrow(
        `[agents] Actuator "force" has axes "${axes}". It must be one to three of x, y and z in this order, such as "xz".`,
      );
    }
  });

  function linearVelocity(): number[] {
    return node.physicsBody?.getLinearVelocity().asArray() ?? [];
  }

  function angularVelocity(): number[] {
    return node.physicsBody?.getAngularVelocity().asArray() ?? [];
  }
});

/** Gives a body a mass [kg] and takes gravity and damping away. */
function float(node: TransformNode, mass: number): void {
  node.physicsBody?.setMassProperties({ mass });
  node.physicsBody?.setGravityFactor(0);
  node.physicsBody?.setLinearDamping(0);
  node.physicsBody?.setAngularDamping(0);
}

function expectVector(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(3);
  expected.forEach((value, i) => {
    expect(actual[i], 'xyz'[i]).toBeCloseTo(value, 5);
  });
}
