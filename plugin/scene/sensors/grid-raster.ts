/** An overlap of less than this fraction of a cell does not count, so that rounding cannot decide. */
const SEAM = 0.001;
/** from the center of a cell to its edges, less the seam */
const HALF = 0.5 - SEAM;
/** an edge that rises by less than this counts as level: it excludes a whole row or nothing */
const LEVEL = 1e-9;
/** numbers in `sides`: two for each of the three half edges of a box */
const SIDES = 6;

/**
 * A grid of [rows, columns] cells that figures are drawn into by kind. If several figures overlap a cell, the nearest
 * wins. Lengths are in cells; x runs over columns and y over rows, both from 0.
 */
export class GridRaster {
  /** cells that something was drawn into, `count` of them, in any order */
  readonly marked: Int32Array;
  count = 0;
  /** [cells] what was drawn into a marked cell */
  readonly kind: Uint8Array;
  /** the current figure: center x, center y, bounding radius, distance; an array, since V8 allocates for arguments */
  readonly figure = new Float64Array(4);
  /** [3, 2] the half edges of the current box, seen from above */
  readonly sides = new Float64Array(SIDES);
  /** [3] for each half edge, how far across it the box and a cell reach together */
  readonly #reach = new Float64Array(SIDES / 2);
  /** [2] the first and the last column of a row to mark */
  readonly #span = new Int32Array(2);
  /** [cells] its distance */
  readonly #distance: Float64Array;
  /** [cells] 1: it is marked */
  readonly #taken: Uint8Array;
  readonly #columns: number;
  readonly #rows: number;

  constructor(rows: number, columns: number) {
    const cells = rows * columns;
    this.marked = new Int32Array(cells);
    this.kind = new Uint8Array(cells);
    this.#distance = new Float64Array(cells);
    this.#taken = new Uint8Array(cells);
    this.#columns = columns;
    this.#rows = rows;
  }

  clear(): void {
    for (let i = 0; i < this.count; i++) this.#taken[this.marked[i]] = 0;
    this.count = 0;
  }

  /** Whether the figure's bounding radius overlaps the grid. */
  reachesIn(): boolean {
    const x = this.figure[0];
    const y = this.figure[1];
    const radius = this.figure[2];
    return x > -radius && y > -radius && x < this.#columns + radius && y < this.#rows + radius;
  }

  /** Marks the cell of the figure's center. */
  drawPoint(kind: number): void {
    const column = Math.floor(this.figure[0]);
    const row = Math.floor(this.figure[1]);
    if (column < 0 || row < 0 || column >= this.#columns || row >= this.#rows) return;
    this.#mark(row * this.#columns + column, kind);
  }

  /** Marks the cells that a disc of the figure's radius overlaps. */
  drawDisc(kind: number): void {
    this.drawPoint(kind);
    const x = this.figure[0];
    const y = this.figure[1];
    const radius = this.figure[2];
    const lastColumn = lastCell(x, radius, this.#columns);
    const lastRow = lastCell(y, radius, this.#rows);
    for (let row = firstCell(y, radius); row <= lastRow; row++) {
      const dy = Math.max(Math.abs(row + 0.5 - y) - HALF, 0);
      for (let column = firstCell(x, radius); column <= lastColumn; column++) {
        const dx = Math.max(Math.abs(column + 0.5 - x) - HALF, 0);
        if (dx * dx + dy * dy < radius * radius) this.#mark(row * this.#columns + column, kind);
      }
    }
  }

  /**
   * Marks the cells that a box with any rotation overlaps, seen from above: those that no edge of the outline or of the cell
   * separates from it. In each row they are contiguous.
   */
  drawBox(kind: number): void {
    this.drawPoint(kind);
    const { sides } = this;
    const x = this.figure[0];
    const y = this.figure[1];
    const reachX = Math.abs(sides[0]) + Math.abs(sides[2]) + Math.abs(sides[4]);
    const reachY = Math.abs(sides[1]) + Math.abs(sides[3]) + Math.abs(sides[5]);
    for (let edge = 0; edge < SIDES; edge += 2) this.#reach[edge / 2] = this.#reachAcross(sides[edge], sides[edge + 1]);
    const lastRow = lastCell(y, reachY, this.#rows);
    for (let row = firstCell(y, reachY); row <= lastRow; row++) {
      this.#span[0] = firstCell(x, reachX);
      this.#span[1] = lastCell(x, reachX, this.#columns);
      for (let edge = 0; edge < SIDES; edge += 2) this.#narrow(edge, row + 0.5 - y);
      for (let column = this.#span[0]; column <= this.#span[1]; column++)
        this.#mark(row * this.#columns + column, kind);
    }
  }

  /** How far box and cell reach together across an edge, times its length; 0 for an edge seen end-on. */
  #reachAcross(x: number, y: number): number {
    const { sides } = this;
    let reach = HALF * (Math.abs(x) + Math.abs(y));
    for (let side = 0; side < SIDES; side += 2) reach += Math.abs(x * sides[side + 1] - y * sides[side]);
    return reach;
  }

  /** Removes the cells that an edge separates from the box from the row at `dy` from the center: where |x · dy − y · dx| > reach. */
  #narrow(edge: number, dy: number): void {
    const reach = this.#reach[edge / 2];
    const across = this.sides[edge] * dy;
    const y = this.sides[edge + 1];
    if (Math.abs(y) < LEVEL) {
      if (Math.abs(across) > reach) this.#span[1] = -1;
      return;
    }
    const from = this.figure[0] - 0.5;
    const spread = reach / Math.abs(y);
    this.#span[0] = Math.max(this.#span[0], Math.ceil(from + across / y - spread));
    this.#span[1] = Math.min(this.#span[1], Math.floor(from + across / y + spread));
  }

  #mark(cell: number, kind: number): void {
    const distance = this.figure[3];
    if (this.#taken[cell] === 0) {
      this.#taken[cell] = 1;
      this.marked[this.count++] = cell;
    } else if (this.#distance[cell] <= distance) return;
    this.kind[cell] = kind;
    this.#distance[cell] = distance;
  }
}

/** The first cell of a line that is touched from `at - reach`. */
function firstCell(at: number, reach: number): number {
  return Math.max(0, Math.floor(at - 0.5 - reach - HALF) + 1);
}

/** The last one of `cells` that is touched up to `at + reach`. */
function lastCell(at: number, reach: number, cells: number): number {
  return Math.min(cells, Math.ceil(at - 0.5 + reach + HALF)) - 1;
}
