/** The least number of pictures that are searched for before a publish, if there are as many. */
const SAMPLE = 20;

/** The pictures embedded in this sync, and the vectors of an evenly spread sample of them. */
export class MadeImages {
  readonly hashes = new Set<string>();
  #sample: { imageHash: string; vector: Float32Array }[] = [];
  /** One in this many pictures is in the sample. */
  #step = 1;

  get sample(): readonly { imageHash: string; vector: Float32Array }[] {
    return this.#sample;
  }

  add(imageHash: string, vector: Float32Array): void {
    if (this.hashes.size % this.#step === 0) this.#sample.push({ imageHash, vector });
    this.hashes.add(imageHash);
    if (this.#sample.length < 2 * SAMPLE) return;
    this.#sample = this.#sample.filter((_, i) => i % 2 === 0);
    this.#step *= 2;
  }
}
