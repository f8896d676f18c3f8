import { type DotScan, openDotScan } from './dot-scan.ts';

/** The largest integers for the numbers of vectors and of queries. With them dot-scan.wat adds products without overflow. */
const [ROW_MAX, QUERY_MAX] = [127, 16_383];

/** Bytes before each vector's numbers: scale, error, and padding so that the numbers begin at a multiple of 16. */
const HEADER = 16;

/** An upper limit of the rounding error in sums of some thousand float32 numbers, for vectors of length 1. */
const ROUNDING = 1e-5;

/** Slots to scan, as pairs: from the first slot up to but not including the second. */
export type Runs = ArrayLike<number>;

/** The bounds that a scan gives for the dot products of one query. */
export interface Bounds {
  /** Lower bound of the dot product, for each scanned slot; valid until the next scan. */
  least: Float32Array;
  /** Upper bound = lower bound + `errors[id]` x perError + always. */
  perError: number;
  always: number;
  /** The largest distance between the two bounds. */
  widest: number;
}

/**
 * Vectors quantised to one byte per number. Each has its own scale and the length of its rounding error. A scan reads a
 * quarter of the memory of exact vectors, and gives a lower and an upper bound of each dot product.
 *
 * Each vector is in a slot of memory. Vectors that are often scanned together can be moved to neighbouring slots, because
 * scanning memory in order is ten times as fast as jumping.
 */
export class QuantisedVectors {
  /** The length of the rounding error, for each id. */
  errors = new Float32Array();
  /** The id of the vector in each slot; initially the slot's own number. */
  idAt = new Uint32Array();
  slotOf = new Uint32Array();
  #count = 0;
  readonly #dim: number;
  /** `dim`, padded with zeros to a multiple of 16. */
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
   * Makes room for `count` vectors in total. Existing vectors keep their slots.
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
    this.idAt = grown(this.idAt, count);
    this.slotOf = grown(this.slotOf, count);
    for (let id = before; id < count; id++) this.idAt[id] = this.slotOf[id] = id;
  }

  /** Sets the vectors from id `from` on. @param vectors `dim` numbers per vector */
  set(from: number, vectors: Float32Array): void {
    for (let n = 0; n * this.#dim < vectors.length; n++) {
      this.#setOne(from + n, vectors.subarray(n * this.#dim, (n + 1) * this.#dim));
    }
  }

  /** Swaps a vector with the one in another slot. */
  move(id: number, slot: number): void {
    const before = this.slotOf[id] ?? 0;
    if (before === slot) return;
    const other = this.idAt[slot] ?? 0;
    const bytes = new Uint8Array(this.#scan.memory.buffer);
    const [to, from] = [this.#addressOf(slot), this.#addressOf(before)];
    const others = bytes.slice(to, this.#addressOf(slot + 1));
    bytes.copyWithin(to, from, this.#addressOf(before + 1));
    bytes.set(others, from);
    [this.idAt[slot], this.idAt[before]] = [id, other];
    [this.slotOf[id], this.slotOf[other]] = [slot, before];
  }

  /** Scans runs of slots: bounds the dot products of a query with their vectors. */
  bounds(query: Float32Array, runs: Runs): Bounds {
    const { buffer } = this.#scan.memory;
    const { scale, error, norm } = round(query, new Int16Array(buffer, 0, this.#length), QUERY_MAX);
    // By the Cauchy-Schwarz inequality: |q.v - q'.v'| <= |q| |v - v'| + |q - q'| |v'|, and |v'| <= |v| + |v - v'|.
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

  #setOne(id: number, vector: Float32Array): void {
    const at = this.#addressOf(this.slotOf[id] ?? 0);
    const { buffer } = this.#scan.memory;
    const { scale, error, norm } = round(vector, new Int8Array(buffer, at + HEADER, this.#length), ROW_MAX);
    new Float32Array(buffer, at, 2).set([scale, error]);
    this.errors[id] = error;
    this.#longest = Math.max(this.#longest, norm);
    this.#largestError = Math.max(this.#largestError, error);
  }

  /**
   * Slots begin after the query (2 bytes a number). The lower bounds (4 bytes each) follow the last slot, so that slots can
   * be added.
   */
  #addressOf(slot: number): number {
    return this.#length * 2 + slot * (HEADER + this.#length);
  }
}

/** A copy with room for more numbers, which are 0. */
export function grown(numbers: Uint32Array, count: number): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(count);
  longer.set(numbers);
  return longer;
}

/**
 * Writes a vector as integers from -max to max. `error` is the length of the rounding error, `norm` the vector's own length.
 * Half the time of loading a catalog is spent here.
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
    // Adds a half and rounds towards zero: the result of Math.round in a third of the time.
    const rounded = Math.trunc(value * perUnit + (value < 0 ? -0.5 : 0.5));
    const difference = value - rounded * scale;
    into[i] = rounded;
    lost += difference * difference;
    square += value * value;
  }
  return { scale, error: Math.sqrt(lost), norm: Math.sqrt(square) };
}
