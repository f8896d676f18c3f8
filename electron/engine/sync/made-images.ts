/** Pictures looked for before a publish: at least so many, where there are. */
const SAMPLE = 20;

/** What went through the model in this sync, and the vectors of some pictures, evenly spread, as the model gave them. */
export class MadeImages {
  readonly hashes = new Set<string>();
  #sample: { imageHash: string; vector: Float32Array }[] = [];
  /** One picture in so many is in the sample. */
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
