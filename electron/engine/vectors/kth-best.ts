/** Buffer size in multiples of k. A larger buffer is sorted less often. */
const BUFFERED = 4;

/** Tracks the k-th largest of a stream of numbers. */
export class KthBest {
  readonly k: number;
  readonly #values: Float32Array;
  #count = 0;
  #floor = Number.NEGATIVE_INFINITY;

  constructor(k: number) {
    this.k = k;
    this.#values = new Float32Array(k * BUFFERED);
  }

  /** A number that at least k of the numbers reach. Numbers that do not exceed it need not be added. */
  get floor(): number {
    return this.#floor;
  }

  note(value: number): void {
    if (!(value > this.#floor)) return;
    this.#values[this.#count++] = value;
    if (this.#count === this.#values.length) this.raiseFloor();
  }

  /** Updates the floor: the k-th largest number so far, -Infinity while there are fewer than k. */
  raiseFloor(): number {
    if (this.#count < this.k) return this.#floor;
    const sorted = this.#values.subarray(0, this.#count).sort();
    const from = this.#count - this.k;
    this.#floor = sorted[from] ?? this.#floor;
    this.#values.copyWithin(0, from, this.#count);
    this.#count = this.k;
    return this.#floor;
  }
}
