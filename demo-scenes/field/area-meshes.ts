import '@babylonjs/core/Meshes/thinInstanceMesh.js';
import type { Material } from '@babylonjs/core/Materials/material.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { currentWorldMatrix, type DecisionClock } from '../../plugin/index.ts';

/** m per step above which a node was placed elsewhere, not moved */
const JUMP = 1;

/** One mesh of an area, drawn for all areas at once: copy i belongs to area i. */
export interface AreaMesh {
  /** the node's name */
  readonly name: string;
  readonly mesh: Mesh;
  /** [areas] what `build` created, hidden */
  readonly nodes: readonly Mesh[];
  /** [areas, 4] red, green, blue, 1; write, then call color() */
  readonly colors: Float32Array;
  /** [areas, 16] world matrices as drawn */
  readonly shown: Float32Array;
}

interface Drawn extends AreaMesh {
  /** [areas, 16] world matrices after the last physics step, and after the one before */
  readonly now: Float32Array;
  readonly before: Float32Array;
}

/**
 * Draws the meshes of all areas, with one draw call for each mesh that all areas share, and moves them smoothly from one
 * physics step to the next, at any display rate and in slow motion. The nodes themselves are hidden, and physics alone
 * moves them.
 */
export class AreaMeshes {
  readonly all: readonly AreaMesh[];
  readonly #drawn: readonly Drawn[];

  constructor(scene: Scene, { areas }: DecisionClock, material: (name: string) => Material) {
    const meshes = areas.map(({ root }) => root.getChildMeshes(false).filter((mesh) => mesh instanceof Mesh));
    this.#drawn = meshes[0].flatMap((model, k) => {
      const nodes = meshes.map((list) => list[k]);
      const alike = model.geometry && nodes.every((node) => node?.getTotalVertices() === model.getTotalVertices());
      return alike ? [draw(scene, model, nodes, material(model.name))] : [];
    });
    this.all = this.#drawn;
    this.step();
    this.step();
  }

  /** Reads the nodes' positions; called after every physics step. */
  step(): void {
    for (const { nodes, now, before } of this.#drawn) {
      before.set(now);
      for (let i = 0; i < nodes.length; i++) {
        const at = 16 * i;
        if (nodes[i].isEnabled())
          currentWorldMatrix(nodes[i]).copyToArray(now, at); // a frame may have several steps
        else now.fill(0, at, at + 16);
        if (hasJumped(now, before, at)) for (let j = at; j < at + 16; j++) before[j] = now[j];
      }
    }
  }

  /** Draws them between their positions at the last two steps, from 0 to 1. */
  show(progress: number): void {
    for (const { mesh, now, before, shown } of this.#drawn) {
      for (let i = 0; i < now.length; i++) shown[i] = before[i] + (now[i] - before[i]) * progress;
      mesh.thinInstanceBufferUpdated('matrix');
    }
  }

  /** Sends the colors of a mesh to the GPU. */
  color({ mesh }: AreaMesh): void {
    mesh.thinInstanceBufferUpdated('color');
  }

  dispose(): void {
    for (const { mesh } of this.#drawn) mesh.dispose();
  }
}

function draw(scene: Scene, model: Mesh, nodes: readonly Mesh[], material: Material): Drawn {
  const mesh = new Mesh(`${model.name}-in-all-areas`, scene);
  model.geometry!.applyToMesh(mesh);
  mesh.material = material;
  mesh.isPickable = false;
  mesh.receiveShadows = true;
  mesh.doNotSyncBoundingInfo = true;
  mesh.alwaysSelectAsActiveMesh = true; // its bounds are those of one copy
  for (const node of nodes) node.isVisible = false;
  const shown = new Float32Array(16 * nodes.length);
  const colors = new Float32Array(4 * nodes.length).fill(1);
  mesh.thinInstanceSetBuffer('matrix', shown, 16, false);
  mesh.thinInstanceSetBuffer('color', colors, 4, false);
  const [now, before] = [shown.slice(), shown.slice()];
  return { name: model.name, mesh, colors, nodes, now, before, shown };
}

function hasJumped(now: Float32Array, before: Float32Array, at: number): boolean {
  const x = now[at + 12] - before[at + 12];
  const y = now[at + 13] - before[at + 13];
  const z = now[at + 14] - before[at + 14];
  return x * x + y * y + z * z > JUMP * JUMP;
}
