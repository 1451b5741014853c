import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsConstraintAxis, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { HingeConstraint, Physics6DoFConstraint } from '@babylonjs/core/Physics/v2/physicsConstraint.js';
import {
  Agent,
  type AreaContext,
  BodySensor,
  defineEnvironment,
  ForceActuator,
  JointSensor,
  teleport,
} from 'babylon-agents';

const TRACK = 2.4; // m from the middle to an end
const FALLEN = 0.21; // rad, 12°
const PLACES = { cart: new Vector3(0, 0.5, 0), pole: new Vector3(0, 1.1, 0) };

// snippet: joints
function createCart({ root, scene }: AreaContext) {
  const rail = new TransformNode('rail', scene);
  const cart = CreateBox('cart', { width: 0.5, height: 0.2, depth: 0.3 }, scene);
  const pole = CreateBox('pole', { width: 0.06, height: 1, depth: 0.06 }, scene);
  rail.position.y = 0.5;
  cart.position.copyFrom(PLACES.cart);
  pole.position.copyFrom(PLACES.pole);
  for (const node of [rail, cart, pole]) node.parent = root;
  new PhysicsAggregate(rail, PhysicsShapeType.BOX, { mass: 0, extents: new Vector3(0.1, 0.1, 0.1) }, scene);
  new PhysicsAggregate(cart, PhysicsShapeType.BOX, { mass: 1 }, scene);
  new PhysicsAggregate(pole, PhysicsShapeType.BOX, { mass: 0.1 }, scene);
  for (const { physicsBody } of [cart, pole]) {
    physicsBody!.setLinearDamping(0); // Babylon's default of 0.1 would brake both
    physicsBody!.setAngularDamping(0);
  }

  // The cart slides along the rail's x: the other five axes are locked.
  const { LINEAR_X, LINEAR_Y, LINEAR_Z, ANGULAR_X, ANGULAR_Y, ANGULAR_Z } = PhysicsConstraintAxis;
  const locked = [LINEAR_Y, LINEAR_Z, ANGULAR_X, ANGULAR_Y, ANGULAR_Z].map((axis) => ({
    axis,
    minLimit: 0,
    maxLimit: 0,
  }));
  const ends = { axis: LINEAR_X, minLimit: -TRACK - 0.5, maxLimit: TRACK + 0.5 };
  const slide = new Physics6DoFConstraint({ collision: false }, [ends, ...locked], scene);
  rail.physicsBody!.addConstraint(cart.physicsBody!, slide);

  // The pole turns about z, at the top of the cart and the bottom of the pole. Both pivots are in their node's own axes.
  const hinge = new HingeConstraint(
    new Vector3(0, 0.1, 0),
    new Vector3(0, -0.5, 0),
    Vector3.Forward(),
    Vector3.Forward(),
    scene,
  );
  cart.physicsBody!.addConstraint(pole.physicsBody!, hinge);
  hinge.isCollisionsEnabled = false; // after addConstraint: Havok's joint exists only then
  return { rail, cart, pole, hinge };
}
// snippet end

// snippet: environment
export const pole = defineEnvironment({
  name: 'pole',
  decisionPeriod: 2, // 30 decisions a second
  maxDecisions: 500,
  spacing: 8,
  build(area) {
    const { rail, cart, pole, hinge } = createCart(area);
    const agent = new Agent({
      sensors: [
        new BodySensor({ position: rail, linearVelocity: true }), // of the cart
        new JointSensor({ joints: [hinge], speeds: true }), // angle and speed of the pole
      ],
      actuators: [new ForceActuator({ maxForce: 10, axes: 'x' })],
    });
    cart.addBehavior(agent, true);
    return {
      reset(random) {
        teleport(cart, { position: PLACES.cart });
        teleport(pole, { position: PLACES.pole, angularVelocity: new Vector3(0, 0, random.between(-0.3, 0.3)) });
      },
      afterStep() {
        agent.addReward(0.5); // two steps a decision: 1 for each decision that it lives
        const fallen = Math.abs(pole.rotationQuaternion!.toEulerAngles().z) > FALLEN;
        if (fallen || Math.abs(cart.position.x) > TRACK) agent.terminate();
      },
    };
  },
});
// snippet end
