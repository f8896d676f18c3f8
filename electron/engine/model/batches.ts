import { setTimeout } from 'node:timers/promises';
import type { PriorityGate } from '../work/priority-gate.ts';

/**
 * Pictures per run. Four per run cost 4 % more for each picture than eight (25.3 against 24.3 ms, ViT-B/32, 2 cores), but a
 * query waits half as long for the run in progress.
 */
const RUN_AT_ONCE = 4;

/** When a queue goes on, and with how many pictures at a time. */
export interface Pace {
  /** Resolves when the next step may begin. It is awaited before each, so that whoever comes first goes first. */
  turn(): Promise<void>;
  /** Pictures to decode at once, and to run at once. */
  atOnce(): { read: number; run: number };
  /** Resolves when the next pictures may be decoded. @param worked milliseconds that decoding and running the last ones took */
  rest(worked: number): Promise<void>;
}

/**
 * Pictures of an import: nobody waits for them, so one at a time while someone is searching, and nothing during a query. A query
 * that comes in the middle of one waits for it, so half of the time then is left free.
 */
export function bulkPace(gate: PriorityGate): Pace {
  return {
    turn: () => gate.bulk(),
    // Two runs' worth are decoded at once. With fewer, cores are idle while the last of them is decoded.
    atOnce: () => (gate.busy ? { read: 1, run: 1 } : { read: 2 * RUN_AT_ONCE, run: RUN_AT_ONCE }),
    rest: async (worked) => {
      if (gate.busy) await setTimeout(worked);
    },
  };
}

/**
 * Photos that programs ask with, which wait for each other: run together they take two thirds of the time that they take one
 * after another. A person who has just searched waits for a run of half the size.
 */
export function programPace(gate: PriorityGate): Pace {
  return {
    turn: () => gate.programs(),
    atOnce: () => {
      const run = gate.personBusy ? RUN_AT_ONCE / 2 : RUN_AT_ONCE;
      return { read: run, run };
    },
    rest: async () => {},
  };
}

interface Waiting {
  read(): Promise<Uint8Array>;
  resolve(vector: Float32Array): void;
  reject(error: unknown): void;
}

interface Ready extends Omit<Waiting, 'read'> {
  pixels: Uint8Array;
}

/**
 * Embeds pictures in batches: decodes some at a time and embeds them together. The queue also decides when each picture is
 * decoded, because decoding competes with the model and with queries for the same cores.
 */
export class BatchQueue {
  readonly #pace: Pace;
  readonly #run: (pictures: Uint8Array[]) => Promise<Float32Array[]>;
  #waiting: Waiting[] = [];
  #working = false;

  /** @param run takes pictures and gives as many vectors; it throws for all of them when one breaks the model */
  constructor(pace: Pace, run: (pictures: Uint8Array[]) => Promise<Float32Array[]>) {
    this.#pace = pace;
    this.#run = run;
  }

  /** Resolves with the result of `read` and the vector of its pixels. */
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
    // Let the pictures added in this turn of the event loop gather first.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      await this.#pace.turn();
      let began = performance.now();
      const ready = await readAll(this.#waiting.splice(0, this.#pace.atOnce().read));
      let worked = performance.now() - began;
      while (ready.length > 0) {
        await this.#pace.turn();
        began = performance.now();
        await this.#embed(ready.splice(0, this.#pace.atOnce().run));
        worked += performance.now() - began;
      }
      await this.#pace.rest(worked);
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
      // One picture that breaks the model must not fail the others of its batch.
      if (batch.length > 1) for (const picture of batch) await this.#embed([picture]);
      else for (const { reject } of batch) reject(error);
    }
  }
}

/**
 * Decodes pictures in parallel. The promise of a picture that cannot be decoded is rejected, and the picture is left out.
 */
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
