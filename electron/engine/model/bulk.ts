import type { PriorityGate } from '../work/priority-gate.ts';

/**
 * Four pictures a run cost 4 % more each than eight (25.3 against 24.3 ms, ViT-B/32, 2 cores), and a query waits half
 * as long for the run under way.
 */
const RUN_AT_ONCE = 4;
/** Two runs' worth: fewer leave cores without work while the last of them is decoded. */
const READ_AT_ONCE = 8;

interface Waiting {
  read(): Promise<Uint8Array>;
  resolve(vector: Float32Array): void;
  reject(error: unknown): void;
}

interface Ready extends Omit<Waiting, 'read'> {
  pixels: Uint8Array;
}

/**
 * Pictures that nobody is waiting for: decoded some at a time, embedded in full batches. The queue says when each is
 * decoded too, because decoding competes with the model, and with a query, for the same cores. While someone is
 * searching it takes one picture at a time, and begins nothing while a query is under way.
 */
export class BulkQueue {
  readonly #gate: PriorityGate;
  readonly #run: (pictures: Uint8Array[]) => Promise<Float32Array[]>;
  #waiting: Waiting[] = [];
  #working = false;

  /** @param run pictures in, as many vectors out; it throws for all of them when one breaks the model */
  constructor(gate: PriorityGate, run: (pictures: Uint8Array[]) => Promise<Float32Array[]>) {
    this.#gate = gate;
    this.#run = run;
  }

  /** What `read` gave, and its pixels' vector. */
  add<P extends { pixels: Uint8Array }>(read: () => Promise<P>): Promise<P & { vector: Float32Array }> {
    return new Promise((resolve, reject) => {
      let picture: P;
      this.#waiting.push({
        read: async () => {
          picture = await read();
          return picture.pixels;
        },
        resolve: (vector) => resolve({ ...picture, vector }),
        reject,
      });
      if (!this.#working) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#working = true;
    // Let the pictures of this turn of the event loop gather first.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      await this.#gate.bulk();
      const ready = await readAll(this.#waiting.splice(0, this.#gate.busy ? 1 : READ_AT_ONCE));
      while (ready.length > 0) {
        await this.#gate.bulk();
        await this.#embed(ready.splice(0, this.#gate.busy ? 1 : RUN_AT_ONCE));
      }
    }
    this.#working = false;
  }

  async #embed(batch: Ready[]): Promise<void> {
    try {
      const vectors = await this.#run(batch.map(({ pixels }) => pixels));
      batch.forEach(({ resolve }, i) => {
        const vector = vectors[i];
        if (vector) resolve(vector);
      });
    } catch (error) {
      // One picture that breaks the model must not take its neighbours with it.
      if (batch.length > 1) for (const picture of batch) await this.#embed([picture]);
      else for (const { reject } of batch) reject(error);
    }
  }
}

/** Decodes pictures side by side; those that cannot be are told so and left out. */
async function readAll(pictures: readonly Waiting[]): Promise<Ready[]> {
  const read = pictures.map(async ({ read, resolve, reject }): Promise<Ready | null> => {
    try {
      return { pixels: await read(), resolve, reject };
    } catch (error) {
      reject(error);
      return null;
    }
  });
  return (await Promise.all(read)).filter((ready) => ready !== null);
}
