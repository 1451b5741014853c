import { type Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { AgentsError } from '../../core/errors.ts';
import { aboveZero, integerFrom, oneOf, optional } from '../../core/options.ts';
import { AgentPart } from '../agent-part.ts';
import { requirePartOptions, someTags } from '../part-options.ts';
import type { Pen } from '../pen.ts';
import { bodyAround, currentWorldMatrix } from '../physics.ts';
import type { Sensor } from '../sensor.ts';
import { type Surrounding, Surroundings } from '../surroundings.ts';
import { GridRaster } from './grid-raster.ts';
import { NOT_ANYWHERE } from './nan-remedies.ts';
import { findTag } from './tags.ts';

/** Options of a {@link GridSensor}. */
export interface GridSensorOptions {
  /** the Babylon tags to detect; set them as in `Tags.AddTagsTo(mesh, 'food')` */
  readonly tags: readonly string[];
  /** `grid` by default */
  readonly name?: string;
  /** cells along x, to the right; 16 by default */
  readonly columns?: number;
  /** cells along z, ahead; 16 by default */
  readonly rows?: number;
  /** m, side length of a cell; 1 by default */
  readonly cellSize?: number;
  /** `own`, the default: the grid turns with the node about the vertical; `world`: it stays aligned with the world's axes */
  readonly frame?: 'own' | 'world';
}

/**
 * A top-down grid map around its node, like ML-Agents' GridSensor, with the node in the center [rows, columns, tags]:
 * row 0 is the rearmost, column 0 the leftmost, and the float of row r, column c and tag t is at index
 * (r · columns + c) · tags + t. It is 1 for the first tag of the list that the node in this cell has; if there are several
 * nodes, the nearest one counts. Height does not matter.
 *
 * A node with a body occupies every cell that its outline from above overlaps: exactly for boxes and spheres, and by the
 * bounding box for other shapes. A node without a body occupies the cell of its position, so the sensor also works without
 * physics. It ignores its own node and all nodes below, the node of the body it belongs to, disabled nodes, thin
 * instances, and other areas.
 */
export class GridSensor extends AgentPart implements Sensor {
  readonly nanRemedy: string = NOT_ANYWHERE;
  readonly size: number;
  /** the tags it detects, in the order of its floats */
  readonly tags: readonly string[];
  readonly #columns: number;
  readonly #rows: number;
  readonly #cellSize: number;
  readonly #frame: 'own' | 'world';
  readonly #raster: GridRaster;
  #surroundings: Surroundings | undefined;
  /** m, the center of the grid; and its level unit axes */
  readonly #origin = new Vector3();
  readonly #right = new Vector3();
  readonly #ahead = new Vector3();
  readonly #place = new Vector3();
  readonly #corner = new Vector3();
  readonly #middle = new Vector3();

  constructor(options: GridSensorOptions) {
    const {
      tags,
      name = 'grid',
      columns = 16,
      rows = 16,
      cellSize = 1,
      frame = 'own',
    } = requirePartOptions('Sensor', 'grid', options, RULES);
    super(name);
    const who = `Sensor "${name}"`;
    if (tags.length === 0 || tags.length > 255)
      throw new AgentsError(`${who} has ${tags.length} tags. Give it 1 to 255 tags.`);
    this.size = rows * columns * tags.length;
    this.tags = [...tags];
    this.#columns = columns;
    this.#rows = rows;
    this.#cellSize = cellSize;
    this.#frame = frame;
    this.#raster = new GridRaster(rows, columns);
  }

  override detach(): void {
    super.detach();
    this.#surroundings?.release();
    this.#surroundings = undefined;
  }

  observe(out: Float32Array, offset: number): void {
    this.#look();
    const { marked, kind, count } = this.#raster;
    out.fill(0, offset, offset + this.size);
    for (let i = 0; i < count; i++) out[offset + marked[i] * this.tags.length + kind[marked[i]]] = 1;
  }

  /** Draws the edges of the grid and a point in every occupied cell. */
  draw(pen: Pen): void {
    this.#look();
    this.#drawEdge(pen, 0, 0, this.#columns, 0);
    this.#drawEdge(pen, this.#columns, 0, this.#columns, this.#rows);
    this.#drawEdge(pen, this.#columns, this.#rows, 0, this.#rows);
    this.#drawEdge(pen, 0, this.#rows, 0, 0);
    const { marked, count } = this.#raster;
    for (let i = 0; i < count; i++) {
      const row = Math.floor(marked[i] / this.#columns);
      pen.point(this.#locate(marked[i] - row * this.#columns + 0.5, row + 0.5, this.#place), 'hit');
    }
  }

  #drawEdge(pen: Pen, fromColumn: number, fromRow: number, toColumn: number, toRow: number): void {
    this.#locate(fromColumn, fromRow, this.#corner);
    pen.line(this.#corner, this.#locate(toColumn, toRow, this.#place), 'clear');
  }

  /** The world position of grid coordinates, in cells. */
  #locate(column: number, row: number, out: Vector3): Vector3 {
    out.copyFrom(this.#origin);
    this.#right.scaleAndAddToRef((column - this.#columns / 2) * this.#cellSize, out);
    this.#ahead.scaleAndAddToRef((row - this.#rows / 2) * this.#cellSize, out);
    return out;
  }

  /** Draws the surrounding nodes into the raster. */
  #look(): void {
    this.#aim(this.node);
    this.#raster.clear();
    this.#surroundings ??= Surroundings.hold(this.node); // late, since the node may get its parent after its sensors
    const { nodes } = this.#surroundings;
    const own = bodyAround(this.node)?.transformNode;
    for (let i = 0; i < nodes.length; i++) {
      const { node } = nodes[i];
      const tag = findTag(node, this.tags);
      if (tag < 0 || node === own || !node.isEnabled() || isOrIsBelow(node, this.node)) continue;
      if (node.physicsBody && node.physicsBody.numInstances > 0) continue;
      this.#rasterise(nodes[i], tag);
    }
  }

  /** Finds the grid's center and axes: ahead is the node's z axis projected to the ground, right is on the side of its x axis. */
  #aim(node: TransformNode): void {
    currentWorldMatrix(node).getTranslationToRef(this.#origin);
    this.#right.set(1, 0, 0);
    this.#ahead.set(0, 0, 1);
    if (this.#frame === 'world') return;
    this.#right.applyRotationQuaternionInPlace(node.absoluteRotationQuaternion);
    this.#ahead.applyRotationQuaternionInPlace(node.absoluteRotationQuaternion);
    const { x, z } = this.#right;
    if (1 - Math.abs(this.#ahead.y) < STEEP) this.#ahead.set(-z, 0, x); // it points straight up or down
    this.#ahead.y = 0;
    this.#ahead.normalize();
    const side = this.#ahead.z * x - this.#ahead.x * z < 0 ? -1 : 1;
    this.#right.set(side * this.#ahead.z, 0, -side * this.#ahead.x);
  }

  #rasterise(thing: Surrounding, tag: number): void {
    const { extents, place, rotation } = thing;
    const raster = this.#raster;
    thing.locate();
    this.#measureDistance(place);
    if (!extents) {
      this.#toCells(place);
      raster.drawPoint(tag);
      return;
    }
    const { center, half, radius, round } = extents;
    this.#toCells(center.applyRotationQuaternionToRef(rotation, this.#middle).addInPlace(place));
    raster.figure[2] = radius / this.#cellSize;
    if (!raster.reachesIn()) return;
    if (round) raster.drawDisc(tag);
    else {
      this.#castShadow(rotation, half);
      raster.drawBox(tag);
    }
  }

  /** Stores the squared distance of a world position. */
  #measureDistance(place: Vector3): void {
    const x = place.x - this.#origin.x;
    const y = place.y - this.#origin.y;
    const z = place.z - this.#origin.z;
    this.#raster.figure[3] = x * x + y * y + z * z;
  }

  /** Stores the grid coordinates of a world position, in cells. */
  #toCells({ x, z }: Vector3): void {
    const { figure } = this.#raster;
    const east = (x - this.#origin.x) / this.#cellSize;
    const north = (z - this.#origin.z) / this.#cellSize;
    figure[0] = east * this.#right.x + north * this.#right.z + this.#columns / 2;
    figure[1] = east * this.#ahead.x + north * this.#ahead.z + this.#rows / 2;
  }

  /** Turns the half edges of a box into the grid's axes, seen from above. */
  #castShadow({ x, y, z, w }: Quaternion, half: Vector3): void {
    this.#castEdge(0, half.x, 1 - 2 * (y * y + z * z), 2 * (x * z - w * y));
    this.#castEdge(2, half.y, 2 * (x * y - w * z), 2 * (y * z + w * x));
    this.#castEdge(4, half.z, 2 * (x * z + w * y), 1 - 2 * (x * x + y * y));
  }

  #castEdge(at: number, length: number, east: number, north: number): void {
    const { sides } = this.#raster;
    const cells = length / this.#cellSize;
    sides[at] = cells * (east * this.#right.x + north * this.#right.z);
    sides[at + 1] = cells * (east * this.#ahead.x + north * this.#ahead.z);
  }
}

const RULES = {
  tags: someTags,
  columns: optional(integerFrom(1)),
  rows: optional(integerFrom(1)),
  cellSize: optional(aboveZero),
  frame: optional(oneOf('own', 'world')),
};

/** A node whose z axis is this close to vertical (1 − |y|) has no direction on the ground. */
const STEEP = 1e-8;

/** Whether `node` is `other` or any node below it. */
function isOrIsBelow(node: TransformNode, other: TransformNode): boolean {
  for (let at: TransformNode | null = node; at; at = at.parent as TransformNode | null) if (at === other) return true;
  return false;
}
