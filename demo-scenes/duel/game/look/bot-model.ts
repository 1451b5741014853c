import type { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import { CreateLathe } from '@babylonjs/core/Meshes/Builders/latheBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { createRim } from './rim.ts';
import { createMaterial, type Stage } from './stage.ts';

/** Radius and height of the hull's outline, from the ground up [m]; the ball that Havok knows has a radius of 0.75. */
const HULL: readonly (readonly [radius: number, height: number])[] = [
  [0.5, -0.72],
  [0.74, -0.62],
  [0.78, -0.38],
  [0.66, -0.18],
  [0.6, 0.14],
  [0.46, 0.4],
  [0.2, 0.54],
  [0, 0.57],
];

/** The parts of a bot's figure that change: its colors, its eyes and the cap that shows its dash. */
export interface BotModel {
  readonly root: TransformNode;
  /** of the hull */
  readonly paint: StandardMaterial;
  /** of bumper, cap and eyes, which glow */
  readonly light: StandardMaterial;
  /** left and right */
  readonly eyes: readonly Mesh[];
  readonly cap: Mesh;
}

/** Builds a bot's figure: it looks along z, its middle is that of the ball. */
export function createBotModel(stage: Stage): BotModel {
  const { scene } = stage;
  const paint = createMaterial(scene, 'hull', Color3.White());
  paint.specularColor = new Color3(0.5, 0.5, 0.5);
  const light = createMaterial(scene, 'light', Color3.Black(), Color3.White());
  const hull = CreateLathe('hull', { shape: HULL.map(([x, y]) => new Vector3(x, y, 0)), tessellation: 28 }, scene);
  hull.material = paint;
  const bumper = createRim(scene, 'bumper', 0.76, 0.17);
  bumper.position.y = -0.42;
  const visor = CreateSphere('visor', { diameterX: 0.94, diameterY: 0.54, diameterZ: 0.66, segments: 10 }, scene);
  visor.position.set(0, 0.2, 0.31);
  visor.material = createMaterial(scene, 'visor', new Color3(0.06, 0.06, 0.12));
  const cap = CreateCylinder('cap', { diameter: 0.34, height: 0.1, tessellation: 16 }, scene);
  cap.position.y = 0.56;
  const eyes = [-1, 1].map((side) => createEye(scene, side));
  for (const mesh of [bumper, cap, ...eyes]) mesh.material = light;
  const root = new TransformNode('bot', scene);
  for (const mesh of [hull, bumper, visor, cap, ...eyes]) mesh.parent = root;
  for (const mesh of [hull, visor]) stage.castShadow(mesh);
  return { root, paint, light, eyes, cap };
}

/** @param side −1 for the left one, 1 for the right one */
function createEye(scene: Scene, side: number): Mesh {
  const eye = CreateSphere('eye', { diameterX: 0.26, diameterY: 0.26, diameterZ: 0.1, segments: 8 }, scene);
  eye.position.set(0.2 * side, 0.27, 0.57);
  eye.rotation.set(-0.25, 0.3 * side, 0);
  return eye;
}
