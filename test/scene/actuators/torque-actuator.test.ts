import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TorqueActuator } from '../../../plugin/scene/actuators/torque-actuator.ts';
import { teleport } from '../../../plugin/scene/physics.ts';
import { createBareNode, createBareScene, stepScene } from '../../../plugin/testing/bare-scene.ts';

const INERTIA = 1 / 6; // of a cube of 1 kg and 1 m, m·a²/6

describe('TorqueActuator', () => {
  let scene: Scene;
  let node: TransformNode;

  beforeEach(async () => {
    scene = await createBareScene();
    node = createBareNode('cube', scene);
    node.physicsBody?.setAngularDamping(0);
  });

  afterEach(() => scene.getEngine().dispose());

  function turn(actuator: TorqueActuator, action: readonly number[]): number[] {
    node.addBehavior(actuator, true);
    actuator.apply(Float32Array.from(action), 0);
    stepScene(scene);
    return (node.physicsBody?.getAngularVelocity().asArray() ?? []).map((value) => Math.round(value * 1e4) / 1e4 + 0);
  }

  it('changes the angular velocity by M·dt/I', () => {
    expect(turn(new TorqueActuator({ maxTorque: 2 }), [1, -0.5, 0.25])).toEqual(
      [2, -1, 0.5].map((torque) => torque / 60 / INERTIA),
    );
  });

  it('turns around the axes of its own node', () => {
    teleport(node, { position: Vector3.Zero(), rotation: Quaternion.RotationAxis(Vector3.Up(), Math.PI / 2) }); // z becomes world x
    expect(turn(new TorqueActuator({ maxTorque: 2, axes: 'z', frame: 'own' }), [1])).toEqual([2 / 60 / INERTIA, 0, 0]);
  });

  it('does not move the body', () => {
    turn(new TorqueActuator({ maxTorque: 2, axes: 'x' }), [1]);
    const { x, z } = node.physicsBody?.getLinearVelocity() ?? Vector3.One();
    expect([x, z]).toEqual([0, 0]);
  });
});
