import { type DotScan, openDotScan } from './dot-scan.ts';

/** The largest integers that numbers of rows and of queries become; dot-scan.wat adds their products without overflow. */
const [ROW_MAX, QUERY_MAX] = [127, 16_383];

/** Bytes before each row's numbers: scale, error, and what brings the numbers to a multiple of 16. */
const HEADER = 16;

/** More than what sums of some thousand float32 numbers can lose, for vectors of length 1. */
const ROUNDING = 1e-5;

/** Parts of memory to be scanned: from a place up to but not to another, from, to, from, to ... */
export type Runs = ArrayLike<number>;

/** What a scan says of the dot products of one query. */
export interface Bounds {
  /** That of the row at each place that was scanned is not below this; valid until the next scan. */
  least: Float32Array;
  /** Nor is it further above that than the row's error times this, ... */
  perError: number;
  /** ... and this. */
  always: number;
  /** What that comes to for the row with the largest error. */
  widest: number;
}

/**
 * Vectors rounded to a byte a number, each with a scale of its own and the length of what was rounded away. A scan
 * reads a quarter of the memory that exact ones take, and says of each row between which bounds its dot product lies.
 * Rows that are often scanned together can be brought together: a scan of memory in its order is ten times as fast as
 * one that jumps.
 */
export class QuantisedVectors {
  /** The length of what was rounded off each row. */
  errors = new Float32Array();
  /** The row that stands at each place; in the beginning each at its own. */
  rowAt = new Uint32Array();
  placeOf = new Uint32Array();
  #count = 0;
  readonly #dim: number;
  /** `dim`, filled up with zeros to a multiple of 16. */
  readonly #length: number;
  readonly #scan: DotScan;
  #longest = 0;
  #largestError = 0;

  /**
   * Room for vectors of up to 4096 numbers each.
   * @throws RangeError beyond 4 GB
   */
  constructor(count: number, dim: number) {
    this.#dim = dim;
    this.#length = Math.ceil(dim / 16) * 16;
    this.#scan = openDotScan(this.#length * 2);
    this.grow(count);
  }

  /**
   * Makes room for as many rows in all. Those that are there stay at their places.
   * @throws RangeError beyond 4 GB
   */
  grow(count: number): void {
    const before = this.#count;
    if (count <= before) return;
    const { memory } = this.#scan;
    const bytes = this.#addressOf(count) + count * 4;
    memory.grow(Math.max(0, Math.ceil((bytes - memory.buffer.byteLength) / 65_536)));
    this.#count = count;
    const errors = new Float32Array(count);
    errors.set(this.errors);
    this.errors = errors;
    this.rowAt = grown(this.rowAt, count);
    this.placeOf = grown(this.placeOf, count);
    for (let row = before; row < count; row++) this.rowAt[row] = this.placeOf[row] = row;
  }

  /** Takes `vectors` (`dim` numbers a row) as the rows from `from` on. */
  set(from: number, vectors: Float32Array): void {
    for (let row = 0; row * this.#dim < vectors.length; row++) {
      this.#setRow(from + row, vectors.subarray(row * this.#dim, (row + 1) * this.#dim));
    }
  }

  /** Brings a row to a place, and the row from there to where it was. */
  move(row: number, place: number): void {
    const before = this.placeOf[row] ?? 0;
    if (before === place) return;
    const other = this.rowAt[place] ?? 0;
    const bytes = new Uint8Array(this.#scan.memory.buffer);
    const [to, from] = [this.#addressOf(place), this.#addressOf(before)];
    const others = bytes.slice(to, this.#addressOf(place + 1));
    bytes.copyWithin(to, from, this.#addressOf(before + 1));
    bytes.set(others, from);
    [this.rowAt[place], this.rowAt[before]] = [row, other];
    [this.placeOf[row], this.placeOf[other]] = [place, before];
  }

  bounds(query: Float32Array, runs: Runs): Bounds {
    const { buffer } = this.#scan.memory;
    const { scale, error, norm } = round(query, new Int16Array(buffer, 0, this.#length), QUERY_MAX);
    // Cauchy and Schwarz: |q.v - q'.v'| <= |q| |v - v'| + |q - q'| |v'|, and |v'| <= |v| + |v - v'|.
    const perError = norm + error;
    const always = error * this.#longest + ROUNDING * (1 + norm * this.#longest);
    const least = this.#addressOf(this.#count);
    for (let i = 0; i < runs.length; i += 2) {
      const [from, to] = [runs[i] ?? 0, runs[i + 1] ?? 0];
      const [rows, into] = [this.#addressOf(from), least + from * 4];
      this.#scan.scan(0, rows, this.#length, to - from, into, scale, perError, always);
    }
    return {
      least: new Float32Array(buffer, least, this.#count),
      perError: 2 * perError,
      always: 2 * always,
      widest: 2 * (this.#largestError * perError + always),
    };
  }

  #setRow(row: number, vector: Float32Array): void {
    const at = this.#addressOf(this.placeOf[row] ?? 0);
    const { buffer } = this.#scan.memory;
    const { scale, error, norm } = round(vector, new Int8Array(buffer, at + HEADER, this.#length), ROW_MAX);
    new Float32Array(buffer, at, 2).set([scale, error]);
    this.errors[row] = error;
    this.#longest = Math.max(this.#longest, norm);
    this.#largestError = Math.max(this.#largestError, error);
  }

  /** After the query (2 bytes a number). What is least (4 bytes a row) follows the last row, so that rows can be added. */
  #addressOf(place: number): number {
    return this.#length * 2 + place * (HEADER + this.#length);
  }
}

/** A copy with room for more numbers, which are 0. */
export function grown(numbers: Uint32Array, count: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(count);
  longer.set(numbers);
  return longer;
}

/**
 * Writes a vector as integers of -max to max; `error` is the length of what that loses, `norm` the vector's own. Half
 * the time that a catalog takes to load goes by here.
 */
function round(vector: Float32Array, into: Int8Array | Int16Array, max: number) {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) {
    const size = Math.abs(vector[i] ?? 0);
    if (size > largest) largest = size;
  }
  const scale = Math.fround(largest / max);
  const perUnit = scale > 0 ? 1 / scale : 0;
  let [lost, square] = [0, 0];
  for (let i = 0; i < vector.length; i++) {
    const value = vector[i] ?? 0;
    // Towards zero after a half is added: what Math.round does, in a third of the time.
    const rounded = Math.trunc(value * perUnit + (value < 0 ? -0.5 : 0.5));
    const difference = value - rounded * scale;
    into[i] = rounded;
    lost += difference * difference;
    square += value * value;
  }
  return { scale, error: Math.sqrt(lost), norm: Math.sqrt(square) };
}
