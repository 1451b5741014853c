// snippet: agent
import { Axis, Space } from '@babylonjs/core/Maths/math.axis.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { Agent, FunctionActuator, FunctionSensor, setTarget } from 'babylon-agents';

const TURN = (2 * Math.PI) / 180; // 2° a step, as Ball3DAgent turns
const place = new Vector3();
const velocity = new Vector3();

/** Unity's Ball3DAgent: what CollectObservations adds, in its order, and what OnActionReceived does. */
export function createBallAgent(platform: Mesh, ball: Mesh): Agent {
  const tilt = platform.rotationQuaternion!;
  const mayTurn = (angle: number, action: number) => (action > 0 ? angle < 0.25 : angle > -0.25);
  return new Agent({
    policy: '3dball',
    sensors: [
      new FunctionSensor('obs_0', 8, (out, offset) => {
        out[offset] = tilt.z;
        out[offset + 1] = tilt.x;
        ball.position.subtractToRef(platform.position, place);
        place.toArray(out, offset + 2);
        ball.physicsBody!.getLinearVelocityToRef(velocity);
        velocity.toArray(out, offset + 5);
      }),
    ],
    actuators: [
      new FunctionActuator({
        name: 'actions',
        continuous: 2,
        apply(action, offset) {
          if (mayTurn(tilt.z, action[offset])) platform.rotate(Axis.Z, action[offset] * TURN, Space.LOCAL);
          if (mayTurn(tilt.x, action[offset + 1])) platform.rotate(Axis.X, action[offset + 1] * TURN, Space.LOCAL);
          setTarget(platform.physicsBody!, platform.absolutePosition, tilt);
        },
      }),
    ],
  });
}
// snippet end
