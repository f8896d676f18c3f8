import { openDotScan } from './dot-scan.ts';

/**
 * Dot products of vectors of one length, in float64. Copying a vector into the module's memory and multiplying it there takes a
 * quarter of the time of multiplying it in JavaScript.
 */
export class ExactDot {
  readonly #query: Float64Array;
  readonly #row: Float32Array;
  readonly #of: () => number;

  /** @param dim numbers of each vector */
  constructor(dim: number) {
    // What follows the numbers stays zero.
    const length = Math.ceil(dim / 8) * 8;
    const { memory, dot } = openDotScan(length * 12);
    this.#query = new Float64Array(memory.buffer, 0, length);
    this.#row = new Float32Array(memory.buffer, length * 8, length);
    this.#of = () => dot(0, length * 8, length);
  }

  /** The dot product of a query with each vector. */
  products(query: Float32Array, vectors: readonly Float32Array[]): number[] {
    this.#query.set(query);
    return vectors.map((vector) => {
      this.#row.set(vector);
      return this.#of();
    });
  }
}
