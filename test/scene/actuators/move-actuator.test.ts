import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsShapeBox } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Move, MoveActuator, type MoveActuatorOptions } from '../../../plugin/scene/actuators/move-actuator.ts';
import { respawn } from '../../../plugin/scene/physics.ts';
import { createBareNode, createBareScene, stepScene } from '../../../plugin/testing/bare-scene.ts';

const DEGREES = Math.PI / 180;

/** PushBlock's of Unity ML-Agents. */
const PUSH_BLOCK: readonly Move[] = [
  {},
  { forward: 1 },
  { forward: -1 },
  { turn: 1 },
  { turn: -1 },
  { right: -0.75 },
  { right: 0.75 },
];

let scene: Scene;
let node: TransformNode;
beforeEach(async () => {
  scene = await createBareScene();
  scene.getPhysicsEngine()!.setGravity(Vector3.Zero());
  node = createBareNode('agent', scene);
});
afterEach(() => scene.getEngine().dispose());

function hang(options: MoveActuatorOptions): MoveActuator {
  const actuator = new MoveActuator(options);
  node.addBehavior(actuator, true);
  return actuator;
}

function hold(actuator: MoveActuator, steps: number, ...action: number[]): void {
  for (let i = 0; i < steps; i++) {
    actuator.apply(Float32Array.of(77, ...action), 1);
    stepScene(scene);
  }
}

const rounded = ({ x, y, z }: Vector3) => [x, y, z].map((value) => Math.round(value * 1e4) / 1e4 + 0);
const velocity = () => rounded(node.physicsBody!.getLinearVelocity());
const spin = () => rounded(node.physicsBody!.getAngularVelocity());

/** ° that it has turned to the right. */
function heading(): number {
  const { y, w } = node.rotationQuaternion!;
  return (2 * Math.atan2(y, w)) / DEGREES;
}

describe('MoveActuator', () => {
  it('takes one integer for each list of moves, after one float for each axis', () => {
    const { continuous, branches } = new MoveActuator({
      choices: [PUSH_BLOCK, [{}, { up: 1 }]],
      axes: [{ forward: 1 }, { right: 1 }, { turn: 1 }],
      velocityChange: 1,
      turnSpeed: 1,
    });
    expect([continuous, branches]).toEqual([3, [7, 2]]);
  });

  it('adds to the velocity in every step, along the node’s own axes and whatever the mass', () => {
    const actuator = hang({ choices: [PUSH_BLOCK], velocityChange: 2, turnSpeed: 1 });
    node.physicsBody!.setMassProperties({ mass: 50 });
    node.rotationQuaternion!.copyFrom(Quaternion.RotationAxis(Vector3.Up(), Math.PI / 2)); // looks along x
    const changes = PUSH_BLOCK.map((_, choice) => {
      node.physicsBody!.setLinearVelocity(new Vector3(1, 0, 0));
      actuator.apply(Float32Array.of(choice), 0);
      return velocity();
    });
    expect(changes).toEqual([
      [1, 0, 0],
      [1 + 2, 0, 0],
      [1 - 2, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
      [1, 0, 0.75 * 2], // to its left is +z
      [1, 0, -0.75 * 2],
    ]);
  });

  it('pushes by a force, at the center of mass', () => {
    const actuator = hang({ choices: [[{}, { forward: 0.5, up: 1 }]], force: 120 });
    node.physicsBody!.shape = new PhysicsShapeBox(new Vector3(1, 0, 0), Quaternion.Identity(), Vector3.One(), scene);
    node.physicsBody!.setMassProperties({ mass: 2, centerOfMass: new Vector3(1, 0, 0) });
    hold(actuator, 1, 1);
    expect(velocity()).toEqual([0, 1, 0.5]); // 120 N for 1/60 s on 2 kg
    expect(spin()).toEqual([0, 0, 0]);
    hold(actuator, 1, 0);
    expect(velocity()).toEqual([0, 1, 0.5]);
  });

  it('turns as fast as it is told, to its right or left, and then stands', () => {
    const actuator = hang({ choices: [PUSH_BLOCK], velocityChange: 2, turnSpeed: 200 * DEGREES });
    hold(actuator, 9, 3);
    expect(heading()).toBeCloseTo((9 * 200) / 60, 2);
    hold(actuator, 3, 4);
    expect(heading()).toBeCloseTo((6 * 200) / 60, 2);
    hold(actuator, 10, 0);
    expect(heading()).toBeCloseTo((6 * 200) / 60, 2);
  });

  it('turns about its own y axis, and leaves the body its turning about the others', () => {
    const actuator = hang({ axes: [{ turn: 1 }], turnSpeed: 2 });
    node.rotationQuaternion!.copyFrom(Quaternion.RotationAxis(Vector3.Forward(), -Math.PI / 2)); // its roof points to x
    node.physicsBody!.setAngularVelocity(new Vector3(5, 3, 1));
    actuator.apply(Float32Array.of(0.25), 0);
    expect(spin()).toEqual([0.25 * 2, 3, 1]);
  });

  it('does not steer where no move turns', () => {
    const actuator = hang({ choices: [[{}, { forward: 1 }]], velocityChange: 1 });
    node.physicsBody!.setAngularVelocity(new Vector3(1, 2, 3));
    actuator.apply(Float32Array.of(1), 0);
    expect(spin()).toEqual([1, 2, 3]);
  });

  it('adds up what is chosen and how much of each axis', () => {
    const actuator = hang({
      axes: [{ forward: 2 }, { turn: 1, right: 1 }],
      choices: [
        [{}, { forward: 1 }, { forward: -1 }],
        [{}, { turn: -1 }, { turn: 1 }],
        [{}, { right: -1 }, { right: 1 }],
      ],
      velocityChange: 1,
      turnSpeed: 3,
    });
    actuator.apply(Float32Array.of(0.25, -0.5, 2, 1, 2), 0);
    expect(velocity()).toEqual([-0.5 + 1, 0, 0.25 * 2 - 1]);
    expect(spin()).toEqual([0, 3 * (-0.5 - 1), 0]);
  });

  it('moves a body that has come to rest, and the body of a respawn', () => {
    const actuator = hang({ choices: [PUSH_BLOCK], velocityChange: 1, turnSpeed: 1 });
    hold(actuator, 400, 0);
    hold(actuator, 6, 1);
    expect(node.position.z).toBeCloseTo((1 + 2 + 3 + 4 + 5 + 6) / 60, 3);
    respawn(node, { position: Vector3.Zero() });
    hold(actuator, 1, 1);
    expect(velocity()).toEqual([0, 0, 1]);
  });

  it('refuses to have nothing to do, or nothing to do it with', () => {
    expect(() => new MoveActuator({})).toThrow(
      '[agents] Actuator "moves" has no moves, or an empty branch. List moves in `choices` or `axes`.',
    );
    expect(() => new MoveActuator({ choices: [[{}], []] })).toThrow('has no moves, or an empty branch.');
    expect(() => new MoveActuator({ axes: [{ forward: 1 }] })).toThrow(
      '[agents] Actuator "moves" pushes with velocityChange 0 and force 0. Set exactly one of the two.',
    );
    expect(() => new MoveActuator({ axes: [{ forward: 1 }], velocityChange: 2, force: 3 })).toThrow(
      'pushes with velocityChange 2 and force 3.',
    );
    expect(() => new MoveActuator({ axes: [{ turn: 1 }] })).toThrow(
      '[agents] Actuator "moves" has moves that turn, but no turnSpeed. Set it, in rad/s.',
    );
    expect(() => new MoveActuator({ axes: [{ turn: Number.NaN }], turnSpeed: 1 })).toThrow(
      '[agents] A move of Actuator "moves" has turn NaN. It must be a finite number.',
    );
  });

  it('needs a body', () => {
    node.physicsBody!.dispose();
    expect(() => hang({ axes: [{ forward: 1 }], force: 1 })).toThrow(
      '[agents] Actuator "moves" needs a physics body, and node "agent" has none. Create a PhysicsAggregate for it before attaching the agent.',
    );
  });
});
