/** The element types of ONNX's TensorProto that a policy needs. */
export const ELEMENT = { float: 1, int32: 6, int64: 7, bool: 9, float16: 10, double: 11 } as const;

/** A tensor as stored in a file; decodeTensor() converts it to numbers. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** one of ELEMENT, or an unsupported type */
  readonly type: number;
  /** its numbers in pieces that still point into the file */
  readonly pieces: readonly Uint8Array[];
  /** varints, or little-endian numbers of fixed width */
  readonly encoding: 'fixed' | 'varint';
  /** the name of the external file with its numbers, '' if the model does not name it */
  readonly external: string | undefined;
}

/** A node's attribute; which field counts depends on the operator. */
export interface OnnxAttribute {
  readonly name: string;
  readonly float?: number;
  readonly int?: number;
  readonly text?: string;
  readonly tensor?: OnnxTensor;
  readonly floats?: readonly number[];
  readonly ints?: readonly number[];
  /** it contains a graph, as loops and conditions do */
  readonly graph?: boolean;
}

/** One operation of a graph. */
export interface OnnxNode {
  readonly op: string;
  /** '' for ONNX's own operators */
  readonly domain: string;
  readonly name: string;
  /** names of values; '' for an omitted input */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** The name, element type and shape of a graph's input or output. A dimension is a number, a name or unknown. */
export interface OnnxValue {
  readonly name: string;
  readonly type: number;
  readonly dims: readonly (number | string | undefined)[];
}

/** What computes a model's outputs from its inputs; every node comes after those whose outputs it reads. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** The parts of an ONNX file that a policy needs. */
export interface OnnxModel {
  readonly irVersion: number;
  /** version of ONNX's own operators */
  readonly opset: number;
  readonly producer: string;
  readonly graph: OnnxGraph;
  readonly metadata: ReadonlyMap<string, string>;
}
