import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { AreaContext } from '../../plugin/index.ts';

/** cells per side of the board */
export const SIZE = 5;
/** side of a cell [m]; less than the meter above which the page treats a move as a jump */
export const CELL = 0.95;
/** the symbols on the board, by name and tag */
export const SYMBOLS = ['plus', 'ex'] as const;

type SymbolName = (typeof SYMBOLS)[number];

/** a symbol's arms: length and thickness [m] */
const ARM = 0.7;
const THICK = 0.2;

/** Places a piece in the middle of a cell, counted from the corner at −x and −z. */
export function placeOn(piece: TransformNode, column: number, row: number): void {
  piece.position.x = (column - (SIZE - 1) / 2) * CELL;
  piece.position.z = (row - (SIZE - 1) / 2) * CELL;
}

/** The cells of the board as two meshes, `tiles` and `other-tiles`, as on a chessboard. */
export function createTiles({ root, scene }: AreaContext): void {
  for (const [color, name] of ['tiles', 'other-tiles'].entries()) {
    const tiles: Mesh[] = [];
    for (let cell = color; cell < SIZE * SIZE; cell += 2) {
      const tile = CreateBox(name, { width: CELL, depth: CELL, height: 0.2 }, scene);
      placeOn(tile, cell % SIZE, Math.floor(cell / SIZE));
      tile.position.y = -0.1;
      tiles.push(tile);
    }
    const merged = merge(name, tiles);
    merged.parent = root;
  }
}

/** The walker: a cube small enough to show what it stands on. */
export function createWalker({ root, scene }: AreaContext): Mesh {
  const walker = CreateBox('walker', { size: 0.5 }, scene);
  walker.position.y = 0.45;
  walker.parent = root;
  return walker;
}

/** A symbol flat on the board, which grid sensors identify by its name. */
export function createSymbol(name: SymbolName, { root, scene }: AreaContext): Mesh {
  const symbol = createCross(name, scene);
  symbol.position.y = THICK / 2;
  symbol.parent = root;
  Tags.AddTagsTo(symbol, name);
  return symbol;
}

/** The same, small and upright above the walker, which carries it: `plus-sign` or `ex-sign`. */
export function createSign(name: SymbolName, walker: Mesh): Mesh {
  const sign = createCross(name, walker.getScene());
  sign.name = `${name}-sign`;
  sign.scaling.setAll(0.7);
  sign.rotation.x = Math.PI / 2;
  sign.position.y = 0.6;
  sign.parent = walker;
  return sign;
}

/** Two arms; those of the ex are diagonal. */
function createCross(name: SymbolName, scene: Scene): Mesh {
  const arms = [0, 1].map((arm) => {
    const box = CreateBox(name, { width: ARM, height: THICK, depth: THICK }, scene);
    box.rotation.y = (arm * Math.PI) / 2 + (name === 'ex' ? Math.PI / 4 : 0);
    return box;
  });
  return merge(name, arms);
}

/** Merges meshes into one and disposes them. */
function merge(name: string, meshes: Mesh[]): Mesh {
  const merged = Mesh.MergeMeshes(meshes)!;
  merged.name = name;
  return merged;
}
