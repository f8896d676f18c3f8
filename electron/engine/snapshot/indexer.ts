import { remove } from '../files/changes.ts';
import { dataFolder } from '../files/data-folder.ts';
import { readIndex, writeIndex } from '../vectors/index-file.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * With fewer pictures all vectors are scanned: an index gains little, and costs time when a filter excludes the nearest
 * pictures.
 */
const INDEXED_FROM = 200_000;

/** The length of a slice, in milliseconds. A query that arrives in the middle of a slice waits for its end. */
const SLICE_MS = 4;

/**
 * Builds an index of each snapshot in the background, and gives way to queries. Until the index is ready, answers come from
 * a full scan and are exact. The part that the next snapshot can use is kept in the data folder, by model, because a catalog
 * may be on a disk that others share.
 */
export class Indexer {
  readonly #path: string;
  readonly #from: number;
  readonly #gate: PriorityGate;
  #version: number | null = null;
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  /** @param from snapshots with fewer pictures are not indexed */
  constructor(dataDir: string, modelId: string, gate: PriorityGate, from = INDEXED_FROM) {
    this.#from = from;
    this.#path = dataFolder.index(dataDir, modelId);
    this.#gate = gate;
  }

  /** Starts to index a snapshot at the first call for it, and abandons the index of the previous one. */
  of(snapshot: Snapshot): void {
    if (snapshot.pictureCount < this.#from) return;
    if (this.#version === snapshot.info.version) return;
    this.#version = snapshot.info.version;
    // Without an index answers are correct too, only slower.
    snapshot.hold();
    this.#work = this.#work
      .then(() => this.#index(snapshot))
      .catch(console.error)
      .finally(() => snapshot[Symbol.dispose]());
  }

  /** Resolves when the indexing that was started is done: for measurements and tests. */
  async settled(): Promise<void> {
    await this.#work;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#work;
  }

  async #index(snapshot: Snapshot): Promise<void> {
    const isNeeded = () => !this.#closed && this.#version === snapshot.info.version;
    if (!isNeeded()) return;
    const steps = snapshot.buildIndex(await readIndex(this.#path));
    while (isNeeded()) {
      await this.#gate.bulk();
      const end = performance.now() + SLICE_MS;
      while (performance.now() < end) {
        const step = steps.next();
        if (!step.done) continue;
        if (step.value) await writeIndex(this.#path, step.value);
        return;
      }
      // Queries that have arrived meanwhile go first.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** Deletes the index that was kept for a model. */
export function forgetIndex(dataDir: string, modelId: string): Promise<void> {
  return remove(dataFolder.index(dataDir, modelId));
}
