/** What is drawn over the course of a run: fields of every update. */
export const CURVES = [
  'meanReturn',
  'returnDeviation',
  'episodeLength',
  'approximateKl',
  'clipFraction',
  'entropy',
  'valueLoss',
  'explainedVariance',
  'decisionsPerSecond',
  'learningRate',
] as const;

export type CurveName = (typeof CURVES)[number];

/** One point of every curve; an UpdateEvent is one. */
export type CurvePoint = { readonly decisions: number; readonly seconds: number } & {
  readonly [name in CurveName]: number | null;
};

/** The x axes and the curves: the columns of the file, in this order. */
const COLUMNS = ['decisions', 'seconds', ...CURVES] as const;
type Column = (typeof COLUMNS)[number];

/** Bytes before the columns: the header's length, as a number of 32 bits, and padding. */
const PREFIX = 8;

/** The curves of a policy: columns of numbers that grow by one point an update, without garbage in between. */
export class Curves {
  #length = 0;
  #capacity = 256;
  #columns = emptyColumns(this.#capacity);

  /** points */
  get length(): number {
    return this.#length;
  }

  /** [length] decisions of the run at each point, ascending; a view that is valid until the next point */
  get decisions(): Float64Array {
    return this.#view('decisions');
  }

  /** [length] seconds of training at each point, without pauses; a view that is valid until the next point */
  get seconds(): Float64Array {
    return this.#view('seconds');
  }

  /** [length] one curve, NaN without a value; a view that is valid until the next point */
  column(name: CurveName): Float64Array {
    return this.#view(name);
  }

  /** Appends a point. */
  add(point: CurvePoint): void {
    if (this.#length === this.#capacity) this.#grow(2 * this.#capacity);
    for (const name of COLUMNS) this.#columns[name][this.#length] = point[name] ?? Number.NaN;
    this.#length++;
  }

  /** Drops the points after this many decisions. */
  truncate(decisions: number): void {
    while (this.#length > 0 && this.#columns.decisions[this.#length - 1] > decisions) this.#length--;
  }

  /** Writes all points: a header in JSON, then one column of doubles after another (little-endian). */
  serialize(): Uint8Array {
    const header = new TextEncoder().encode(JSON.stringify({ columns: COLUMNS, length: this.#length }));
    const start = PREFIX + Math.ceil(header.length / 8) * 8;
    const file = new Uint8Array(start + 8 * this.#length * COLUMNS.length);
    new DataView(file.buffer).setUint32(0, header.length, true);
    file.set(header, PREFIX);
    COLUMNS.forEach((name, i) => {
      new Float64Array(file.buffer, start + 8 * i * this.#length, this.#length).set(this.#view(name));
    });
    return file;
  }

  /** Reads what serialize() wrote; undefined if it is damaged. A curve that is missing from the file is empty. */
  static parse(file: Uint8Array): Curves | undefined {
    const header = parseHeader(file);
    if (!header) return undefined;
    const { columns, length, start } = header;
    const numbers = new Float64Array(file.slice(start).buffer);
    if (numbers.length !== columns.length * length) return undefined;
    const curves = new Curves();
    curves.#grow(Math.max(length, curves.#capacity));
    curves.#length = length;
    for (const name of COLUMNS) {
      const at = columns.indexOf(name);
      if (at < 0) curves.#columns[name].fill(Number.NaN);
      else curves.#columns[name].set(numbers.subarray(at * length, (at + 1) * length));
    }
    return curves;
  }

  #view(name: Column): Float64Array {
    return this.#columns[name].subarray(0, this.#length);
  }

  #grow(capacity: number): void {
    const grown = emptyColumns(capacity);
    for (const name of COLUMNS) grown[name].set(this.#view(name));
    this.#columns = grown;
    this.#capacity = capacity;
  }
}

/** The curves of the policies of a run, by the policy's name. A policy that has not learned yet has none. */
export type PolicyCurves = ReadonlyMap<string, Curves>;

function emptyColumns(capacity: number): Record<Column, Float64Array> {
  return Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(capacity)])) as Record<Column, Float64Array>;
}

function parseHeader(
  file: Uint8Array,
): { readonly columns: readonly string[]; readonly length: number; readonly start: number } | undefined {
  try {
    const size = new DataView(file.buffer, file.byteOffset, file.byteLength).getUint32(0, true);
    const { columns, length } = JSON.parse(new TextDecoder().decode(file.subarray(PREFIX, PREFIX + size)));
    const start = PREFIX + Math.ceil(size / 8) * 8;
    const sound = Array.isArray(columns) && Number.isInteger(length) && length >= 0 && (file.length - start) % 8 === 0;
    return sound ? { columns, length, start } : undefined;
  } catch {
    return undefined;
  }
}
