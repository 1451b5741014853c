import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate, type PhysicsAggregateParameters } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import { Scene } from '@babylonjs/core/scene.js';
import { Random } from '../plugin/core/random.ts';
import {
  type AreaContext,
  defineEnvironment,
  GridSensor,
  RaySensor,
  type Sensor,
  StackedSensor,
} from '../plugin/index.ts';
import { FunctionActuator } from '../plugin/scene/actuators/function-actuator.ts';
import { Agent } from '../plugin/scene/agent.ts';
import { buildAreas } from '../plugin/scene/areas.ts';
import { enablePhysics } from '../plugin/scene/havok.ts';
import { requirePhysics, stepPhysics } from '../plugin/scene/physics.ts';
import { interleave } from './interleave.ts';

const AREAS = 16;
/** m of a side of an area */
const SIDE = 40;
/** bodies of an area: walls around it, agents, and food; FoodCollector's of Unity ML-Agents, about */
const WALLS = 4;
const AGENTS = 5;
const FOOD = 41;
const TAGS = ['food', 'bad', 'agent', 'frozen', 'wall'];

const SENSORS: Readonly<Record<string, () => Sensor>> = {
  '7 rays': () => new RaySensor({ tags: TAGS, name: 'rays' }),
  '7 thick rays': () => new RaySensor({ tags: TAGS, name: 'thick-rays', sphereRadius: 0.5 }),
  '7 rays, 3 times': () => new StackedSensor(new RaySensor({ tags: TAGS, name: 'stacked' }), { count: 3 }),
  'grid of 40 × 40': () => new GridSensor({ tags: TAGS, columns: 40, rows: 40 }),
};

/** µs of one observation of one agent, of five in each of some areas with 50 bodies. */
export async function benchSensors(seconds: number): Promise<Readonly<Record<string, number>>> {
  const scene = new Scene(new NullEngine());
  try {
    await enablePhysics(scene);
    const found = Object.fromEntries(Object.keys(SENSORS).map((name) => [name, [] as Sensor[]]));
    const environment = defineEnvironment({
      name: 'pasture',
      spacing: 2 * SIDE,
      build: (area) => buildPasture(area, found),
    });
    await buildAreas(environment, scene, { count: AREAS });
    stepPhysics(requirePhysics(scene, 'the benchmark'), environment.timeStep);
    const variants = Object.entries(found).map(([name, sensors]) => [name, () => timeEach(sensors)] as const);
    return await interleave(Object.fromEntries(variants), { seconds, warmUp: 10, least: 15 });
  } finally {
    scene.getEngine().dispose();
  }
}

/** µs of one observation. */
function timeEach(sensors: readonly Sensor[]): number {
  const out = new Float32Array(sensors[0].size);
  const began = performance.now();
  for (const sensor of sensors) sensor.observe(out, 0);
  return (1000 * (performance.now() - began)) / sensors.length;
}

function buildPasture(area: AreaContext, found: Readonly<Record<string, Sensor[]>>) {
  const random = new Random(1);
  const anywhere = () => new Vector3(random.between(-18, 18), 0.5, random.between(-18, 18));
  for (let i = 0; i < WALLS; i++) {
    const turn = (i * Math.PI) / 2;
    const place = new Vector3((SIDE / 2) * Math.cos(turn), 0.5, (SIDE / 2) * Math.sin(turn));
    addBody(area, 'wall', place, -turn, PhysicsShapeType.BOX, { mass: 0, extents: new Vector3(1, 2, SIDE) });
  }
  for (let i = 0; i < FOOD; i++)
    addBody(area, i % 2 ? 'food' : 'bad', anywhere(), 0, PhysicsShapeType.SPHERE, { mass: 1, radius: 0.5 });
  for (let i = 0; i < AGENTS; i++) {
    const box = { mass: 1, extents: Vector3.One() };
    const node = addBody(area, 'agent', anywhere(), random.between(-3, 3), PhysicsShapeType.BOX, box);
    const sensors = Object.entries(SENSORS).map(([name, create]) => {
      const sensor = create();
      found[name].push(sensor);
      return sensor;
    });
    const still = new FunctionActuator({ name: 'still', continuous: 1, apply() {} });
    node.addBehavior(new Agent({ sensors, actuators: [still] }), true);
  }
  return { reset() {} };
}

function addBody(
  { root, scene }: AreaContext,
  tag: string,
  place: Vector3,
  yaw: number,
  type: PhysicsShapeType,
  options: PhysicsAggregateParameters,
): TransformNode {
  const node = new TransformNode(tag, scene);
  node.parent = root;
  node.position.copyFrom(place);
  node.rotationQuaternion = Quaternion.RotationAxis(Vector3.Up(), yaw);
  Tags.AddTagsTo(node, tag);
  new PhysicsAggregate(node, type, options, scene);
  return node;
}
