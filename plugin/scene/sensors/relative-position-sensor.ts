import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { aboveZero, optional } from '../../core/options.ts';
import { AgentPart } from '../agent-part.ts';
import { aNode, requirePartOptions } from '../part-options.ts';
import type { Pen } from '../pen.ts';
import { currentWorldMatrix } from '../physics.ts';
import { requireNotDisposed } from '../require-node.ts';
import type { Sensor } from '../sensor.ts';
import { Frame } from './frame.ts';
import { NOT_ANYWHERE } from './nan-remedies.ts';

/** Options of a {@link RelativePositionSensor}. */
export interface RelativePositionSensorOptions {
  /** the node whose position is observed */
  readonly target: TransformNode;
  /** `relative-position` by default */
  readonly name?: string;
  /** the axes to express it in; `own`, the default, are those of the sensor's node */
  readonly frame?: 'own' | 'world' | TransformNode;
  /** m per unit: a distance of `scale` gives 1; 1 by default */
  readonly scale?: number;
}

/** The vector from its node to a target: three floats x, y, z along the axes of `frame`, in units of `scale` meters. */
export class RelativePositionSensor extends AgentPart implements Sensor {
  readonly nanRemedy: string = NOT_ANYWHERE;
  readonly size = 3;
  readonly #target: TransformNode;
  readonly #axes: 'own' | 'world' | TransformNode;
  readonly #share: number;
  #frame = new Frame('world');
  readonly #way = new Vector3();
  readonly #from = new Vector3();

  constructor(options: RelativePositionSensorOptions) {
    const {
      target,
      name = 'relative-position',
      frame = 'own',
      scale = 1,
    } = requirePartOptions('Sensor', 'relative-position', options, RULES);
    super(name);
    this.#target = target;
    this.#axes = frame;
    this.#share = 1 / scale;
  }

  protected override onAttach(node: TransformNode): void {
    this.#frame = new Frame(this.#axes === 'own' ? node : this.#axes);
  }

  observe(out: Float32Array, offset: number): void {
    if (this.#target.isDisposed()) requireNotDisposed(this.#target, `Sensor "${this.name}"`);
    currentWorldMatrix(this.node).getTranslationToRef(this.#from);
    currentWorldMatrix(this.#target).getTranslationToRef(this.#way).subtractInPlace(this.#from);
    this.#frame.update();
    this.#frame.express(this.#way);
    this.#way.scaleInPlace(this.#share).toArray(out, offset);
  }

  draw(pen: Pen): void {
    currentWorldMatrix(this.node).getTranslationToRef(this.#from);
    pen.arrow(this.#from, currentWorldMatrix(this.#target).getTranslationToRef(this.#way), 'target');
  }
}

const RULES = {
  target: aNode,
  frame: optional((value) =>
    value === 'own' || value === 'world' ? undefined : aNode(value) && '"own", "world" or a node of the scene',
  ),
  scale: optional(aboveZero),
};
