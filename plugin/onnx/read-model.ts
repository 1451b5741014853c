import { AgentsError } from '../core/errors.ts';
import { Fields, type ReadField } from './fields.ts';
import { recognizeFile } from './file-kind.ts';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model.ts';

/**
 * Maximum number of nodes, tensors, attributes, names and listed numbers in a file. A dense actor has a few hundred; a forged
 * file could have one in every two bytes, and each would take a hundred bytes of memory.
 */
const MOST_PARTS = 10_000;

/** Longest metadata entry that is kept, in bytes. */
const LONGEST_METADATA = 1 << 18;

/** Reads an .onnx file; `who` names it in messages. Tensors point into the file. Skips what a policy does not need. */
export function readModel(file: Uint8Array, who: string): OnnxModel {
  try {
    return new ModelReader().readModel(file);
  } catch (error) {
    const why = error instanceof Refusal ? error.message : 'is not an ONNX file, or is damaged';
    const kind = recognizeFile(file, who);
    const said = kind ? `${kind.is}, not an ONNX file. ${kind.advice}` : `${why}. Export it again`;
    throw new AgentsError(`${who} ${said}.`, { cause: error });
  }
}

/** Why a file is rejected; completed with its name. */
class Refusal extends Error {}

/** Reads the messages of onnx.proto by field number, and counts their parts. */
class ModelReader {
  #parts = 0;

  readModel(bytes: Uint8Array): OnnxModel {
    let graph: OnnxGraph | undefined;
    const model = { irVersion: 0, opset: 0, producer: '', metadata: new Map<string, string>() };
    this.#read(bytes, (field, fields) => {
      if (field === 1) model.irVersion = fields.integer();
      else if (field === 2) model.producer = this.#text(fields);
      else if (field === 7) graph = this.#only(graph, () => this.#readGraph(fields.bytes()));
      else if (field === 8) model.opset = this.#readOpset(fields.bytes()) ?? model.opset;
      else if (field === 14) this.#readMetadata(fields.bytes(), model.metadata);
    });
    if (!graph || model.irVersion === 0) throw new Refusal('is not an ONNX file: it has no graph');
    return { ...model, graph };
  }

  #readGraph(bytes: Uint8Array): OnnxGraph {
    let name = '';
    const nodes: OnnxNode[] = [];
    const initializers: OnnxTensor[] = [];
    const inputs: OnnxValue[] = [];
    const outputs: OnnxValue[] = [];
    this.#read(bytes, (field, fields) => {
      if (field === 1) nodes.push(this.#readNode(fields.bytes()));
      else if (field === 2) name = this.#text(fields);
      else if (field === 5) initializers.push(this.#readTensor(fields.bytes()));
      else if (field === 11) inputs.push(this.#readValue(fields.bytes()));
      else if (field === 12) outputs.push(this.#readValue(fields.bytes()));
    });
    return { name, nodes, initializers, inputs, outputs };
  }

  #readNode(bytes: Uint8Array): OnnxNode {
    const node = { op: '', domain: '', name: '' };
    const inputs: string[] = [];
    const outputs: string[] = [];
    const attributes = new Map<string, OnnxAttribute>();
    this.#read(bytes, (field, fields) => {
      if (field === 1) inputs.push(this.#text(fields));
      else if (field === 2) outputs.push(this.#text(fields));
      else if (field === 3) node.name = this.#text(fields);
      else if (field === 4) node.op = this.#text(fields);
      else if (field === 5) this.#addTo(attributes, this.#readAttribute(fields.bytes()));
      else if (field === 7) node.domain = this.#text(fields);
    });
    if (!node.op || outputs.length === 0) throw new Refusal('is damaged: a node has no operator or no output');
    return { ...node, inputs, outputs, attributes };
  }

  #readAttribute(bytes: Uint8Array): OnnxAttribute {
    const attribute: { -readonly [Key in keyof OnnxAttribute]: OnnxAttribute[Key] } = { name: '' };
    const floats: number[] = [];
    const ints: number[] = [];
    this.#read(bytes, (field, fields) => {
      if (field === 1) attribute.name = this.#text(fields);
      else if (field === 2) attribute.float = fields.float();
      else if (field === 3) attribute.int = fields.integer();
      else if (field === 4) attribute.text = this.#text(fields);
      else if (field === 5) attribute.tensor = this.#readTensor(fields.bytes());
      else if (field === 6 || field === 11)
        attribute.graph = true; // recorded, not read
      else if (field === 7) fields.eachFloat((value) => this.#push(floats, value));
      else if (field === 8) fields.eachInteger((value) => this.#push(ints, value));
    });
    if (floats.length > 0) attribute.floats = floats;
    if (ints.length > 0) attribute.ints = ints;
    return attribute;
  }

  #readTensor(bytes: Uint8Array): OnnxTensor {
    const tensor = { name: '', type: 0 };
    let external: string | undefined;
    const dims: number[] = [];
    const pieces: Uint8Array[] = [];
    let encoding: OnnxTensor['encoding'] = 'fixed';
    this.#read(bytes, (field, fields) => {
      if (field === 1) fields.eachInteger((value) => this.#push(dims, value));
      else if (field === 2) tensor.type = fields.integer();
      else if (field === 8) tensor.name = this.#text(fields);
      else if (field === 13) external = this.#readLocation(fields.bytes()) ?? external ?? '';
      else if (field === 14 && fields.integer() !== 0) external = external ?? '';
      else if (field === 4 || field === 9 || field === 10) this.#push(pieces, fields.numbers());
      else if (field === 5 || field === 7) {
        this.#push(pieces, fields.numbers());
        encoding = 'varint';
      }
    });
    return { ...tensor, dims, pieces, encoding, external };
  }

  #readValue(bytes: Uint8Array): OnnxValue {
    let name = '';
    let tensorType: Uint8Array | undefined;
    this.#read(bytes, (field, fields) => {
      if (field === 1) name = this.#text(fields);
      else if (field === 2) tensorType = this.#field(fields.bytes(), 1);
    });
    let type = 0;
    const dims: (number | string | undefined)[] = [];
    this.#read(tensorType ?? new Uint8Array(), (field, fields) => {
      if (field === 1) type = fields.integer();
      else if (field === 2) this.#readShape(fields.bytes(), dims);
    });
    return { name, type, dims };
  }

  #readShape(bytes: Uint8Array, dims: (number | string | undefined)[]): void {
    this.#read(bytes, (field, fields) => {
      if (field !== 1) return;
      let size: number | string | undefined;
      this.#read(fields.bytes(), (inner, dimension) => {
        if (inner === 1) size = dimension.integer();
        else if (inner === 2) size = this.#text(dimension);
      });
      this.#push(dims, size);
    });
  }

  /** The version of ONNX's own operators; undefined for other domains. */
  #readOpset(bytes: Uint8Array): number | undefined {
    let domain = '';
    let version = 0;
    this.#read(bytes, (field, fields) => {
      if (field === 1) domain = this.#text(fields);
      else if (field === 2) version = fields.integer();
    });
    return domain === '' || domain === 'ai.onnx' ? version : undefined;
  }

  #readMetadata(bytes: Uint8Array, metadata: Map<string, string>): void {
    if (bytes.length <= LONGEST_METADATA) metadata.set(...this.#readEntry(bytes));
  }

  /** The name of the external file that holds a tensor, if this entry gives it. */
  #readLocation(bytes: Uint8Array): string | undefined {
    const [key, value] = this.#readEntry(bytes);
    return key === 'location' ? value : undefined;
  }

  #readEntry(bytes: Uint8Array): [key: string, value: string] {
    let key = '';
    let value = '';
    this.#read(bytes, (field, fields) => {
      if (field === 1) key = this.#text(fields);
      else if (field === 2) value = this.#text(fields);
    });
    return [key, value];
  }

  /** The last occurrence of a message within a message. */
  #field(bytes: Uint8Array, wanted: number): Uint8Array | undefined {
    let found: Uint8Array | undefined;
    this.#read(bytes, (field, fields) => {
      if (field === wanted) found = fields.bytes();
    });
    return found;
  }

  #read(bytes: Uint8Array, readField: ReadField): void {
    this.#count();
    new Fields(bytes).each(readField);
  }

  #text(fields: Fields): string {
    this.#count();
    return fields.text();
  }

  #push<Part>(list: Part[], part: Part): void {
    this.#count();
    list.push(part);
  }

  #addTo(attributes: Map<string, OnnxAttribute>, attribute: OnnxAttribute): void {
    attributes.set(attribute.name, attribute);
  }

  #only<Part>(first: Part | undefined, read: () => Part): Part {
    if (first !== undefined) throw new Refusal('has two graphs');
    return read();
  }

  #count(): void {
    if (++this.#parts > MOST_PARTS)
      throw new Refusal(`has more than ${MOST_PARTS} parts, but a dense policy has a few hundred`);
  }
}
