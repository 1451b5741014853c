import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { Random } from '../../../../plugin/index.ts';
import { PALETTE } from './palette.ts';

/** m */
const SKY = 600;
const CLOUDS = -26;
/** where the sun stands, rad around from the x axis: ahead of the person, to the right */
const SUN = 1.15;

/** Paints what lies around the ring: a sky, a sea of clouds, ridges of mountains that stand in it. No light falls on them. */
export function createScenery(scene: Scene): void {
  const material = new StandardMaterial('scenery', scene);
  material.disableLighting = true;
  material.emissiveColor = Color3.White(); // the vertices' colors are all there is
  material.backFaceCulling = false;
  material.fogEnabled = false;
  const random = new Random(7);
  const meshes = [createSky(scene), createClouds(scene)];
  for (let layer = RIDGES.length - 1; layer >= 0; layer--) meshes.push(createRidge(scene, layer, random));
  for (const mesh of meshes) {
    mesh.material = material;
    mesh.isPickable = false;
    mesh.freezeWorldMatrix();
    mesh.doNotSyncBoundingInfo = true;
    mesh.alwaysSelectAsActiveMesh = true;
  }
  material.freeze();
}

/** A mesh in the making: rows of a strip, each vertex with its color. */
class Painting {
  readonly #positions: number[] = [];
  readonly #colors: number[] = [];
  readonly #indices: number[] = [];

  /** Adds a vertex. */
  add(x: number, y: number, z: number, { r, g, b }: Color3): void {
    this.#positions.push(x, y, z);
    this.#colors.push(r, g, b, 1);
  }

  /** Spans quads between rows of `columns` vertices that were added one after another. */
  span(rows: number, columns: number): void {
    for (let row = 0; row + 1 < rows; row++) {
      for (let column = 0; column + 1 < columns; column++) {
        const a = row * columns + column;
        const b = a + columns;
        this.#indices.push(a, b, a + 1, a + 1, b, b + 1);
      }
    }
  }

  finish(name: string, scene: Scene): Mesh {
    const data = new VertexData();
    data.positions = this.#positions;
    data.colors = this.#colors;
    data.indices = this.#indices;
    const mesh = new Mesh(name, scene);
    data.applyToMesh(mesh);
    return mesh;
  }
}

/** Heights of the sky in rad above the horizon, and their colors. */
const SKY_ROWS: readonly (readonly [height: number, color: Color3])[] = [
  [-0.2, PALETTE.haze],
  [0, PALETTE.horizon],
  [0.1, Color3.Lerp(PALETTE.horizon, PALETTE.glow, 0.75)],
  [0.22, PALETTE.glow],
  [0.45, PALETTE.middle],
  [0.9, PALETTE.zenith],
  [Math.PI / 2, PALETTE.zenith],
];

function createSky(scene: Scene): Mesh {
  const painting = new Painting();
  const columns = 49;
  for (const [height, color] of SKY_ROWS) {
    for (let i = 0; i < columns; i++) {
      const angle = (2 * Math.PI * i) / (columns - 1);
      const towardSun = Math.max(Math.cos(angle - SUN), 0) ** 6 * Math.max(1 - Math.abs(height - 0.08) / 0.4, 0);
      painting.add(
        SKY * Math.cos(height) * Math.cos(angle),
        CLOUDS + SKY * Math.sin(height),
        SKY * Math.cos(height) * Math.sin(angle),
        Color3.Lerp(color, PALETTE.sun, 0.8 * towardSun),
      );
    }
  }
  painting.span(SKY_ROWS.length, columns);
  return painting.finish('sky', scene);
}

/** Distances from the ring [m], and the clouds' color there: dark right below, and as the haze far away. */
const CLOUD_ROWS: readonly (readonly [radius: number, color: Color3])[] = [
  [0, PALETTE.cloudShade],
  [45, PALETTE.cloudShade],
  [110, Color3.Lerp(PALETTE.cloudShade, PALETTE.cloud, 0.7)],
  [190, PALETTE.cloud],
  [330, PALETTE.haze],
  [SKY, PALETTE.horizon],
];

function createClouds(scene: Scene): Mesh {
  const painting = new Painting();
  const columns = 49;
  for (const [radius, color] of CLOUD_ROWS) {
    for (let i = 0; i < columns; i++) {
      const angle = (2 * Math.PI * i) / (columns - 1);
      painting.add(radius * Math.cos(angle), CLOUDS, radius * Math.sin(angle), color);
    }
  }
  painting.span(CLOUD_ROWS.length, columns);
  return painting.finish('clouds', scene);
}

/** The clouds' color at a distance from the ring: what the feet of mountains fade into. */
function cloudColor(radius: number): Color3 {
  const next = CLOUD_ROWS.findIndex(([far]) => far > radius);
  const [near, from] = CLOUD_ROWS[next - 1];
  const [far, to] = CLOUD_ROWS[next];
  return Color3.Lerp(from, to, (radius - near) / (far - near));
}

/** m from the ring of each ridge, its usual height above the clouds, and columns of its strip */
const RIDGES: readonly (readonly [radius: number, height: number, columns: number])[] = [
  [52, 3.5, 81],
  [82, 6, 89],
  [125, 10, 97],
  [190, 16, 97],
  [280, 27, 97],
  [400, 38, 97],
];

/** A ring of peaks in the clouds, paler the farther away. */
function createRidge(scene: Scene, layer: number, random: Random): Mesh {
  const painting = new Painting();
  const [radius, usual, columns] = RIDGES[layer];
  const clouds = cloudColor(radius);
  const top = Color3.Lerp(PALETTE.mountain, PALETTE.haze, 0.08 + 0.14 * layer);
  const peaks = Array.from({ length: columns - 1 }, (_, i) => {
    const swell = Math.sin(i * 0.41 + layer * 2.1) * Math.cos(i * 0.13 + layer);
    return usual * (0.25 + 0.9 * swell + random.between(0, 0.8));
  });
  for (const row of [0, 1]) {
    for (let i = 0; i < columns; i++) {
      const angle = (2 * Math.PI * i) / (columns - 1);
      const height = peaks[i % (columns - 1)];
      // Peaks lean outwards, so that the haze at their feet is a slope and not a wall.
      const out = row === 0 ? radius - usual : radius;
      painting.add(
        out * Math.cos(angle),
        CLOUDS + (row === 0 ? -0.5 : height),
        out * Math.sin(angle),
        row === 0 ? clouds : top,
      );
    }
  }
  painting.span(2, columns);
  return painting.finish(`ridge-${layer}`, scene);
}
