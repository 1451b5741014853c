/** The element types of ONNX's TensorProto that a policy needs. */
export const ELEMENT = { float: 1, int32: 6, int64: 7, bool: 9, float16: 10, double: 11 } as const;

/** A tensor as it lies in a file; decodeTensor() turns it into numbers. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** one of ELEMENT, or a type that is not read */
  readonly type: number;
  /** its numbers, piece after piece, still in the file's bytes */
  readonly pieces: readonly Uint8Array[];
  /** whether the pieces are varints, or numbers of fixed width, little-endian */
  readonly encoding: 'fixed' | 'varint';
  /** the name of another file that holds its numbers, '' if the model does not say which */
  readonly external: string | undefined;
}

/** What a node is told besides its inputs; which field counts depends on the operator. */
export interface OnnxAttribute {
  readonly name: string;
  readonly float?: number;
  readonly int?: number;
  readonly text?: string;
  readonly tensor?: OnnxTensor;
  readonly floats?: readonly number[];
  readonly ints?: readonly number[];
  /** it holds a graph of its own, as loops and conditions do */
  readonly graph?: boolean;
}

/** One operation of a graph. */
export interface OnnxNode {
  readonly op: string;
  /** '' for ONNX's own operators */
  readonly domain: string;
  readonly name: string;
  /** names of values; '' for an input that is left out */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
}

/** The name, element type and shape of a graph's input or output. A dimension without a number has a name or nothing. */
export interface OnnxValue {
  readonly name: string;
  readonly type: number;
  readonly dims: readonly (number | string | undefined)[];
}

/** What computes a model's outputs from its inputs; every node stands after those whose outputs it reads. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** An ONNX file, as far as a policy needs it. */
export interface OnnxModel {
  readonly irVersion: number;
  /** version of ONNX's own operators */
  readonly opset: number;
  readonly producer: string;
  readonly graph: OnnxGraph;
  readonly metadata: ReadonlyMap<string, string>;
}
