import type { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { RADII } from '../../round.ts';
import { PALETTE } from './palette.ts';
import { createRim } from './rim.ts';
import { createSector } from './sector.ts';
import { createMaterial } from './stage.ts';

/** pieces that a ring breaks into */
const PIECES = 12;
/** s before a ring falls from which it glows */
const WARNING = 2.2;
/** m/s² */
const GRAVITY = 14;

interface Piece {
  readonly mesh: Mesh;
  /** rad around the middle, of the piece's own middle */
  readonly angle: number;
  /** s after the others that it lets go */
  readonly delay: number;
}

/** An outer ring that glows, breaks and falls. */
interface FallingRing {
  readonly pieces: readonly Piece[];
  readonly rim: Mesh;
  readonly light: StandardMaterial;
  readonly stone: StandardMaterial;
  /** s since it let go; negative while it holds */
  fallen: number;
}

/** What is seen of the platform: a stone disc on a spire, and rings around it that break off piece by piece. */
export class RingLook {
  readonly #rings: readonly FallingRing[];
  #time = 0;

  constructor(scene: Scene) {
    const stone = createMaterial(scene, 'stone', PALETTE.stone);
    const dark = createMaterial(scene, 'stone-dark', PALETTE.stoneDark);
    createCore(scene, stone, dark);
    this.#rings = RADII.slice(0, -1).map((outer, i) =>
      createRing(scene, outer, RADII[i + 1], (i % 2 ? stone : dark).clone(`stone-${i}`)),
    );
  }

  /** Lets `seconds` pass; `drops` rings have fallen, and the next does in `left` s. */
  update(seconds: number, drops: number, left: number): void {
    this.#time += seconds;
    this.#rings.forEach((ring, i) => {
      if (i < drops) this.#fall(ring, seconds);
      else this.#hold(ring, i === drops && left < WARNING);
    });
  }

  /** Keeps a ring in place, or lets it tremble and glow when it is about to fall. */
  #hold(ring: FallingRing, warned: boolean): void {
    if (ring.fallen >= 0) this.#mend(ring);
    const pulse = warned ? 0.5 + 0.5 * Math.sin(16 * this.#time) : 0;
    Color3.LerpToRef(PALETTE.edge, PALETTE.danger, warned ? 0.5 + 0.5 * pulse : 0, ring.light.emissiveColor);
    PALETTE.danger.scaleToRef(0.3 * pulse, ring.stone.emissiveColor);
    const tremble = warned ? 0.03 : 0;
    for (const { mesh, delay } of ring.pieces)
      mesh.position.y = -tremble * Math.abs(Math.sin(30 * this.#time + 20 * delay));
  }

  /** Puts a ring back. */
  #mend(ring: FallingRing): void {
    ring.fallen = -1;
    ring.rim.setEnabled(true);
    for (const { mesh } of ring.pieces) {
      mesh.setEnabled(true);
      mesh.position.setAll(0);
      mesh.rotation.setAll(0);
    }
  }

  #fall(ring: FallingRing, seconds: number): void {
    if (ring.fallen > 4) return;
    ring.fallen = Math.max(ring.fallen, 0) + seconds;
    ring.rim.setEnabled(false);
    for (const { mesh, angle, delay } of ring.pieces) {
      const t = Math.max(ring.fallen - delay, 0);
      mesh.position.set(0.9 * t * Math.cos(angle), -0.5 * GRAVITY * t * t, 0.9 * t * Math.sin(angle));
      mesh.rotation.set(0.25 * t * Math.sin(angle), 0, -0.25 * t * Math.cos(angle));
      if (ring.fallen > 4) mesh.setEnabled(false);
    }
  }
}

function createCore(scene: Scene, stone: StandardMaterial, dark: StandardMaterial): void {
  const radius = RADII[RADII.length - 1];
  const disc = CreateCylinder('core', { diameter: 2 * radius, height: 0.7, tessellation: 64 }, scene);
  disc.position.y = -0.35;
  disc.material = stone;
  disc.receiveShadows = true;
  const spire = CreateCylinder(
    'spire',
    { diameterTop: 2 * radius - 0.8, diameterBottom: 3.2, height: 30, tessellation: 9 },
    scene,
  );
  spire.position.y = -15.6;
  spire.material = dark;
  spire.convertToFlatShadedMesh();
  const light = createMaterial(scene, 'core-light', Color3.Black(), PALETTE.edge.scale(0.9));
  createRim(scene, 'core-rim', radius, 0.09).material = light;
  createRim(scene, 'middle', 0.75, 0.05).material = light;
}

function createRing(scene: Scene, outer: number, inner: number, stone: StandardMaterial): FallingRing {
  const light = createMaterial(scene, 'edge', Color3.Black(), PALETTE.edge.clone());
  const rim = createRim(scene, 'edge', outer, 0.09);
  rim.material = light;
  const pieces = Array.from({ length: PIECES }, (_, i): Piece => {
    const width = (2 * Math.PI) / PIECES;
    const mesh = createSector(scene, {
      inner,
      outer,
      from: i * width + 0.012,
      to: (i + 1) * width - 0.012,
      thickness: 0.55,
    });
    mesh.material = stone;
    mesh.receiveShadows = true;
    return { mesh, angle: (i + 0.5) * width, delay: ((i * 5) % PIECES) * 0.045 };
  });
  return { pieces, rim, light, stone, fallen: -1 };
}
