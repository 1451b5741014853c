import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Handles one field; a field that it does not read is skipped. */
export type ReadField = (field: number, fields: Fields) => void;

/** The fields of one message. Each must have the type that onnx.proto defines, or the file is rejected. */
export class Fields {
  readonly #reader: BinaryReader;
  #wire: WireType = WireType.Varint;

  constructor(bytes: Uint8Array) {
    this.#reader = new BinaryReader(bytes);
  }

  /** Goes through the message; `readField` reads each field with the methods below, or skips it. */
  each(readField: ReadField): void {
    const reader = this.#reader;
    while (reader.pos < reader.len) {
      const [field, wire] = reader.tag();
      const at = reader.pos;
      this.#wire = wire;
      readField(field, this);
      if (reader.pos === at) reader.skip(wire, field); // reading takes at least one byte
    }
  }

  integer(): number {
    this.#require(WireType.Varint);
    return Number(this.#reader.int64());
  }

  float(): number {
    this.#require(WireType.Bit32);
    this.#requireRest(4);
    return this.#reader.float();
  }

  bytes(): Uint8Array {
    this.#require(WireType.LengthDelimited);
    return this.#reader.bytes();
  }

  text(): string {
    this.#require(WireType.LengthDelimited);
    return this.#reader.string();
  }

  /** The bytes of one number or a list of numbers. */
  numbers(): Uint8Array {
    return this.#wire === WireType.LengthDelimited ? this.#reader.bytes() : this.#reader.skip(this.#wire);
  }

  /** One number, or a packed list. */
  eachFloat(take: (value: number) => void): void {
    if (this.#wire !== WireType.LengthDelimited) return take(this.float());
    const packed = this.#reader.bytes();
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
    for (let at = 0; at + 4 <= packed.length; at += 4) take(view.getFloat32(at, true));
  }

  /** One number, or a packed list. */
  eachInteger(take: (value: number) => void): void {
    if (this.#wire !== WireType.LengthDelimited) return take(this.integer());
    const packed = new BinaryReader(this.#reader.bytes());
    while (packed.pos < packed.len) take(Number(packed.int64()));
  }

  #require(wire: WireType): void {
    if (this.#wire !== wire) throw new Error(`Wire type ${this.#wire} instead of ${wire}.`);
  }

  #requireRest(bytes: number): void {
    if (this.#reader.pos + bytes > this.#reader.len) throw new RangeError('premature EOF');
  }
}
