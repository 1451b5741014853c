import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { AreaContext, Random } from '../../plugin/index.ts';
import { createSign, createSymbol, createTiles, createWalker, placeOn, SIZE, SYMBOLS } from './board.ts';

/** cells that each choice moves right and forward: none, up, down, left, right */
const RIGHT = [0, 0, 0, -1, 1] as const;
const AHEAD = [0, 1, -1, 0, 0] as const;
export const CHOICES = RIGHT.length;

/** A board at play: the positions of walker and symbols, and the symbol to reach. */
export class Walk {
  readonly walker: Mesh;
  /** the symbol to reach, as an index in SYMBOLS */
  wanted = 0;
  readonly #symbols: readonly Mesh[];
  /** what the walker carries to show which symbol it wants */
  readonly #signs: readonly Mesh[];
  /** all cells, in the episode's random order: the walker starts on the first, the symbols are on the next */
  readonly #cells = Int32Array.from({ length: SIZE * SIZE }, (_, cell) => cell);
  #column = 0;
  #row = 0;

  constructor(area: AreaContext) {
    createTiles(area);
    this.walker = createWalker(area);
    this.#symbols = SYMBOLS.map((name) => createSymbol(name, area));
    this.#signs = SYMBOLS.map((name) => createSign(name, this.walker));
  }

  /** Begins an episode: walker and symbols on different cells, and one of the symbols to reach. */
  begin(random: Random): void {
    random.shuffle(this.#cells);
    this.#column = this.#cells[0] % SIZE;
    this.#row = Math.floor(this.#cells[0] / SIZE);
    placeOn(this.walker, this.#column, this.#row);
    this.wanted = random.integer(SYMBOLS.length);
    for (let i = 0; i < SYMBOLS.length; i++) {
      const cell = this.#cells[1 + i];
      placeOn(this.#symbols[i], cell % SIZE, Math.floor(cell / SIZE));
      this.#signs[i].setEnabled(i === this.wanted);
    }
  }

  /** Whether a choice stays on the board. */
  allows(choice: number): boolean {
    const column = this.#column + RIGHT[choice];
    const row = this.#row + AHEAD[choice];
    return column >= 0 && column < SIZE && row >= 0 && row < SIZE;
  }

  move(choice: number): void {
    this.#column += RIGHT[choice];
    this.#row += AHEAD[choice];
    placeOn(this.walker, this.#column, this.#row);
  }

  /** Which of SYMBOLS the walker stands on. */
  get reached(): number | undefined {
    const cell = this.#row * SIZE + this.#column;
    for (let i = 0; i < SYMBOLS.length; i++) if (this.#cells[1 + i] === cell) return i;
    return undefined;
  }
}
