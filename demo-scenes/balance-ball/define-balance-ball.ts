import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PhysicsMotionType, PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import {
  Agent,
  type AreaContext,
  defineEnvironment,
  type Environment,
  FunctionActuator,
  type Sensor,
  setTarget,
  teleport,
} from '../../plugin/index.ts';

/** m */
export const PLATFORM_SIZE = 5;
/** rad that a full action rotates the platform in one physics step */
const TURN = (2 * Math.PI) / 180;
/** the platform's quaternion x and z stay within ± this, about 29° */
const TILT_LIMIT = 0.25;
/** m across, and kg */
const parameters = { ballScale: 1, ballMass: 1 };

/** Creates the sensors for platform and ball, which already have bodies; may add to their looks. */
type Equip = (platform: Mesh, ball: Mesh) => readonly Sensor[];

/** A platform that tilts about two axes and must keep a ball from falling off: a task for any sensors. */
export function defineBalanceBall(name: string, equip: Equip): Environment<typeof parameters> {
  return defineEnvironment({
    name,
    timeStep: 0.02,
    decisionPeriod: 5,
    maxDecisions: 1000,
    parameters,

    build(area) {
      const platform = createPlatform(area);
      const ball = createBall(area);
      const agent = new Agent({ sensors: equip(platform, ball), actuators: [createTilt(platform)] });
      platform.addBehavior(agent, true);

      const rotation = new Quaternion();
      const position = new Vector3();
      return {
        reset(random) {
          rotation.copyFromFloats(0, 0, 0, 1);
          turnAboutX(rotation, random.between(-10, 10) * (Math.PI / 180));
          turnAboutZ(rotation, random.between(-10, 10) * (Math.PI / 180));
          teleport(platform, { position: Vector3.ZeroReadOnly, rotation });
          position.set(random.between(-1.5, 1.5), 4, random.between(-1.5, 1.5));
          teleport(ball, { position });
        },

        afterStep() {
          const { x, y, z } = ball.position;
          if (y < -2 || Math.abs(x) > 3 || Math.abs(z) > 3) {
            agent.setReward(-1);
            agent.terminate();
          } else {
            agent.setReward(0.1);
          }
        },
      };
    },
  });
}

/** The platform's rotation, at `out[offset]` and the next: z and x of its quaternion. */
export function writeTilt({ rotationQuaternion }: Mesh, out: Float32Array, offset: number): void {
  out[offset] = rotationQuaternion!.z;
  out[offset + 1] = rotationQuaternion!.x;
}

function createPlatform({ root, scene }: AreaContext): Mesh {
  const platform = CreateBox('platform', { size: PLATFORM_SIZE }, scene);
  platform.parent = root;
  const { body } = new PhysicsAggregate(
    platform,
    PhysicsShapeType.BOX,
    { mass: 0, friction: 0.6, restitution: 0 },
    scene,
  );
  body.setMotionType(PhysicsMotionType.ANIMATED);
  return platform;
}

function createBall({ root, scene, parameters: { ballScale, ballMass } }: AreaContext<typeof parameters>): Mesh {
  const ball = CreateSphere('ball', { diameter: ballScale, segments: 16 }, scene);
  ball.parent = root;
  ball.position.y = 4;
  new PhysicsAggregate(ball, PhysicsShapeType.SPHERE, { mass: ballMass, friction: 0.6, restitution: 0 }, scene);
  return ball;
}

/** Rotates the platform about its own z axis by the first action and about its own x axis by the second. */
function createTilt(platform: Mesh): FunctionActuator {
  const rotation = platform.rotationQuaternion!;
  return new FunctionActuator({
    name: 'tilt',
    continuous: 2,
    apply(action, offset) {
      const aboutZ = action[offset];
      const aboutX = action[offset + 1];
      if (mayTurn(rotation.z, aboutZ)) turnAboutZ(rotation, aboutZ * TURN);
      if (mayTurn(rotation.x, aboutX)) turnAboutX(rotation, aboutX * TURN);
      setTarget(platform.physicsBody!, platform.absolutePosition, rotation);
    },
  });
}

function mayTurn(tilt: number, action: number): boolean {
  return (tilt < TILT_LIMIT && action > 0) || (tilt > -TILT_LIMIT && action < 0);
}

/** rotation ← rotation · (a rotation by `angle` about its own x axis), number by number, because arguments would be boxed */
function turnAboutX(rotation: Quaternion, angle: number): void {
  const sine = Math.sin(angle / 2);
  const cosine = Math.cos(angle / 2);
  const { x, y, z, w } = rotation;
  rotation.x = x * cosine + w * sine;
  rotation.y = y * cosine + z * sine;
  rotation.z = z * cosine - y * sine;
  rotation.w = w * cosine - x * sine;
}

/** The same about its own z axis. */
function turnAboutZ(rotation: Quaternion, angle: number): void {
  const sine = Math.sin(angle / 2);
  const cosine = Math.cos(angle / 2);
  const { x, y, z, w } = rotation;
  rotation.x = x * cosine + y * sine;
  rotation.y = y * cosine - x * sine;
  rotation.z = z * cosine + w * sine;
  rotation.w = w * cosine - z * sine;
}
