import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { PhysicsShapeSphere } from '@babylonjs/core/Physics/v2/physicsShape.js';
import { Scene } from '@babylonjs/core/scene.js';
import { BodySync } from '../plugin/scene/body-sync.ts';
import { enablePhysics } from '../plugin/scene/havok.ts';
import { babylonCalls, type HavokCalls, havokCalls, type RayHit } from '../plugin/scene/havok-calls.ts';
import { requirePhysics, stepPhysics } from '../plugin/scene/physics.ts';
import { createWalkerBody, driveJoint, FRICTION, type Joint, standUp } from './environments/walker-body.ts';
import { createGround } from './ground.ts';
import { interleave } from './interleave.ts';

const WALKERS = 16;
/** calls of each body in a timed run */
const REPEATS = 5;

/** µs of one call: through Babylon, and as sensors and actuators make it. */
export interface CallMicroseconds {
  readonly babylon: number;
  readonly ours?: number;
}

/** What a call of Havok costs, body after body of some walkers: mostly the way there and back, not the work. */
export async function benchHavokCalls(seconds: number): Promise<Record<string, CallMicroseconds>> {
  const { scene, bodies, joints } = await createWalkers();
  const engine = requirePhysics(scene, 'the benchmark');
  const sync = new BodySync(engine);
  const plugin = engine.getPhysicsPlugin() as HavokPlugin;
  const ball = new PhysicsShapeSphere(Vector3.Zero(), 0.1, scene);
  const [ways, targets] = [{ babylon: babylonCalls, ours: havokCalls(scene) }, new Float32Array(joints.length)];
  const variants: Record<string, () => number> = {
    'transform babylon': () => timeEach(bodies, (body) => plugin.sync(body)),
    'transform ours': () => time(bodies.length, () => sync.sync()),
    'motorTarget babylon': () => timeEach(joints, (joint, i) => driveJoint(joint, targets[i])),
  };
  for (const [way, calls] of Object.entries(ways)) {
    for (const [name, call] of Object.entries(callsOf(calls, plugin, ball)))
      variants[`${name} ${way}`] = () => timeEach(bodies, call);
  }
  try {
    const times = await interleave(variants, { seconds, warmUp: 10, least: 15 });
    const found: Record<string, Record<string, number>> = {};
    for (const [variant, µs] of Object.entries(times)) {
      const [name, way] = variant.split(' ');
      found[name] = { ...found[name], [way]: µs };
    }
    return found as unknown as Record<string, CallMicroseconds>;
  } finally {
    scene.getEngine().dispose();
  }
}

/** One function for each kind of call, all without an effect that lasts. */
function callsOf(
  calls: HavokCalls,
  plugin: HavokPlugin,
  ball: PhysicsShapeSphere,
): Record<string, (body: PhysicsBody) => void> {
  const [zero, out, upright, from] = [Vector3.Zero(), new Vector3(), Quaternion.Identity(), new Vector3()];
  const hit: RayHit = { body: null, distance: 0 };
  return {
    nothing: () => {}, // what the loop costs, which is in all of them
    getLinearVelocity: (body) => calls.getLinearVelocity(body, out),
    setLinearVelocity: (body) => calls.setLinearVelocity(body, zero),
    setTarget: (body) => calls.setTarget(body, body.transformNode.absolutePosition, upright),
    moveToNode: (body) => calls.moveToNode(body),
    applyImpulse: (body) => calls.applyImpulse(body, zero, body.transformNode.absolutePosition),
    applyAngularImpulse: (body) => calls.applyAngularImpulse(body, zero),
    castRay: (body) => {
      body.transformNode.absolutePosition.addToRef(Vector3.UpReadOnly, from);
      calls.castRay(plugin, from, body.transformNode.absolutePosition, null, hit);
    },
    castBall: (body) => {
      body.transformNode.absolutePosition.addToRef(Vector3.UpReadOnly, from);
      calls.castBall(plugin, ball, from, body.transformNode.absolutePosition, null, hit);
    },
  };
}

/** µs of one call for each of `subjects`. */
function timeEach<Subject>(subjects: readonly Subject[], call: (subject: Subject, i: number) => void): number {
  return time(subjects.length, () => {
    for (let i = 0; i < subjects.length; i++) call(subjects[i], i);
  });
}

function time(calls: number, run: () => void): number {
  const began = performance.now();
  for (let i = 0; i < REPEATS; i++) run();
  return (1000 * (performance.now() - began)) / (REPEATS * calls);
}

async function createWalkers(): Promise<{ scene: Scene; bodies: readonly PhysicsBody[]; joints: readonly Joint[] }> {
  const scene = new Scene(new NullEngine());
  await enablePhysics(scene);
  const joints: Joint[] = [];
  const bodies: PhysicsBody[] = [];
  for (let i = 0; i < WALKERS; i++) {
    const root = new TransformNode(`area-${i}`, scene);
    root.position.z = 5 * i;
    root.computeWorldMatrix(true);
    root.freezeWorldMatrix();
    const area = { root, scene, parameters: {}, find: () => root, end: () => {} };
    createGround(area, { length: 4, width: 4, friction: FRICTION });
    const body = createWalkerBody(area);
    standUp(body, 0, new Float32Array(8).fill(-0.3));
    joints.push(...body.joints);
    bodies.push(...[body.torso, ...body.joints.map(({ child }) => child)].map((node) => node.physicsBody!));
  }
  stepPhysics(requirePhysics(scene, 'the benchmark'), 1 / 60);
  return { scene, bodies, joints };
}
