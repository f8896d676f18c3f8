import { type DotScan, openDotScan } from './dot-scan.ts';

/** The largest integers that numbers of rows and of queries become; dot-scan.wat adds their products without overflow. */
const [ROW_MAX, QUERY_MAX] = [127, 16_383];

/** Bytes before each row's numbers: scale, error, and what brings the numbers to a multiple of 16. */
const HEADER = 16;

/** More than what sums of some thousand float32 numbers can lose, for vectors of length 1. */
const ROUNDING = 1e-5;

/**
 * Vectors rounded to a byte a number, each with a scale of its own and the length of what was rounded away. A scan
 * reads a quarter of the memory that exact ones take, and says of each row between which bounds its dot product lies.
 */
export class QuantisedVectors {
  readonly #count: number;
  readonly #dim: number;
  /** `dim`, filled up with zeros to a multiple of 16. */
  readonly #length: number;
  readonly #scan: DotScan;
  #longest = 0;

  /**
   * Room for vectors of up to 4096 numbers each.
   * @throws RangeError beyond 4 GB
   */
  constructor(count: number, dim: number) {
    this.#count = count;
    this.#dim = dim;
    this.#length = Math.ceil(dim / 16) * 16;
    this.#scan = openDotScan(this.#rowAt(count));
  }

  /** Takes `vectors` (`dim` numbers a row) as the rows from `from` on. */
  set(from: number, vectors: Float32Array): void {
    for (let row = 0; row * this.#dim < vectors.length; row++) {
      this.#setRow(from + row, vectors.subarray(row * this.#dim, (row + 1) * this.#dim));
    }
  }

  /**
   * Two numbers a row: its dot product with the query is not below the first and not above the second. Valid until
   * the next call.
   */
  bounds(query: Float32Array): Float32Array {
    const { buffer } = this.#scan.memory;
    const rounded = round(query, new Int16Array(buffer, 0, this.#length), QUERY_MAX);
    // Cauchy and Schwarz: |q.v - q'.v'| <= |q| |v - v'| + |q - q'| |v'|, and |v'| <= |v| + |v - v'|.
    const perError = rounded.norm + rounded.error;
    const always = rounded.error * this.#longest + ROUNDING * (1 + rounded.norm * this.#longest);
    const bounds = this.#length * 2;
    this.#scan.scan(0, this.#rowAt(0), this.#length, this.#count, bounds, rounded.scale, perError, always);
    return new Float32Array(buffer, bounds, this.#count * 2);
  }

  #setRow(row: number, vector: Float32Array): void {
    const at = this.#rowAt(row);
    const { buffer } = this.#scan.memory;
    const { scale, error, norm } = round(vector, new Int8Array(buffer, at + HEADER, this.#length), ROW_MAX);
    new Float32Array(buffer, at, 2).set([scale, error]);
    this.#longest = Math.max(this.#longest, norm);
  }

  /** After the query (2 bytes a number) and the bounds (8 bytes a row, an even number of rows). */
  #rowAt(row: number): number {
    const before = this.#length * 2 + Math.ceil(this.#count / 2) * 16;
    return before + row * (HEADER + this.#length);
  }
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
