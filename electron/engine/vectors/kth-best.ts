/** More values than k are buffered, so that they are seldom sorted. */
const BUFFERED = 4;

/** Follows the k-th largest of a stream of numbers. */
export class KthBest {
  readonly k: number;
  readonly #values: Float32Array;
  #count = 0;
  #floor = Number.NEGATIVE_INFINITY;

  constructor(k: number) {
    this.k = k;
    this.#values = new Float32Array(k * BUFFERED);
  }

  /** At least k of the numbers are this large; those that are not above it need not be noted. */
  get floor(): number {
    return this.#floor;
  }

  note(value: number): void {
    if (!(value > this.#floor)) return;
    this.#values[this.#count++] = value;
    if (this.#count === this.#values.length) this.raiseFloor();
  }

  /** Brings the floor up to date: the k-th largest number so far, -Infinity while there are fewer. */
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
