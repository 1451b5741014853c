import { ELEMENT, type OnnxAttribute, type OnnxNode, type OnnxTensor, type OnnxValue } from './model.ts';

/** An attribute's value, by field. */
export type AttributeValue = Omit<OnnxAttribute, 'name'>;

/** Collects the nodes and constants of a graph in order. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];

  /** Adds an operation with one output; returns the output's name. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    output = `${op.toLowerCase()}_${this.nodes.length}`,
  ): string {
    this.nodes.push({
      op,
      domain: '',
      name: `${op}_${this.nodes.length}`,
      inputs,
      outputs: [output],
      attributes: new Map(Object.entries(attributes).map(([name, value]) => [name, { name, ...value }])),
    });
    return output;
  }

  /** Adds a float32 constant [dims]; returns its name. */
  floats(name: string, dims: readonly number[], values: ArrayLike<number>): string {
    this.initializers.push(createTensor(name, dims, ELEMENT.float, Float32Array.from(values)));
    return name;
  }

  /** Adds an int64 constant [n]; returns its name. */
  integers(name: string, values: readonly number[]): string {
    const data = BigInt64Array.from(values, (value) => BigInt(value));
    this.initializers.push(createTensor(name, [values.length], ELEMENT.int64, data));
    return name;
  }
}

/** A graph's input or output: [batch, size] with a free batch dimension, or a fixed shape. */
export function createValue(name: string, dims: OnnxValue['dims'], type: number = ELEMENT.float): OnnxValue {
  return { name, type, dims };
}

function createTensor(
  name: string,
  dims: readonly number[],
  type: number,
  data: Float32Array | BigInt64Array,
): OnnxTensor {
  const pieces = [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
  return { name, dims, type, pieces, encoding: 'fixed', external: undefined };
}
