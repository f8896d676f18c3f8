import { LookalikeError } from '../../contract/errors.ts';
import type { SwitchPlan } from '../../contract/models.ts';
import type { ImportProgress, ImportReport } from '../../contract/publishing.ts';
import { uidOfKey } from '../catalog/product-ids.ts';
import { type CatalogRow, isSameRow } from '../catalog/rows.ts';
import { sourcesOf } from '../catalog/sources.ts';
import type { StagedRow, Staging } from '../catalog/staging.ts';
import { readPixels } from '../images/photo.ts';
import type { Embedder } from '../model/embedder.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import { ProgressMeter } from '../work/progress-meter.ts';
import { checkFound, checkRemovals } from './gates.ts';
import { MadeImages } from './made-images.ts';
import { ProblemLog } from './problem-log.ts';
import { nothingChanged, watched } from './sync.ts';

/** Pictures under way at once: enough to fill the model's batches. */
const AHEAD = 16;
/** As in an import: a kill loses no more embedding than this. */
const WRITE_EVERY_ROWS = 64;
const WRITE_EVERY_MS = 4000;

export interface ReembedParts {
  /** Whose live snapshot is taken over. */
  from: LiveCatalog;
  /** The other model's, and that model. */
  to: LiveCatalog;
  embedder: Embedder;
  gate: PriorityGate;
}

/**
 * Brings another model's table to the live snapshot from the pictures that the catalog keeps: thumbnails and colours are
 * copied, only the vectors are made anew, and those that the table has already are not. Then it is checked and published
 * there. Cancelled or killed in between, what was embedded is found by the next time.
 * @returns the report, after progress about four times a second
 * @throws LookalikeError GATE_*, CATALOG_BUSY, CATALOG_UNREADABLE, STORAGE_FAILED, CANCELLED
 */
export async function* reembed(
  { from, to, embedder, gate }: ReembedParts,
  signal: AbortSignal,
): AsyncGenerator<ImportProgress, ImportReport> {
  const started = performance.now();
  const meter = new ProgressMeter();
  meter.start('embedding', null);
  yield meter.now;
  const staging = await to.stage();
  try {
    // Asked under the lock: nobody publishes from here on.
    const live = await from.liveInfo();
    if (!live) return nothingChanged({ ref: embedder.info.name, sourceId: '' }, null, started);
    const rows = await from.rows(live.version);
    const missing = (row: StagedRow) => !isSameRow(staging.rows.get(row.key), row);
    meter.start('embedding', [...rows.values()].filter(missing).length);
    const reembedder = new Reembedder(staging, embedder, gate, meter);
    yield* watched(meter, signal, (stop) => reembedder.stage(from.scan(live.version, missing), stop));

    meter.start('publishing', null);
    yield meter.now;
    await checkFound(staging, reembedder.made);
    const kept = [...rows.keys()].filter((key) => !reembedder.failed.has(key));
    const products = new Set(kept.map(uidOfKey));
    checkRemovals(live.products - products.size, live.products);
    const wanted = new Set(kept);
    await staging.remove([...staging.rows.keys()].filter((key) => !wanted.has(key)));
    const changes = staging.changes();
    const seconds = (performance.now() - started) / 1000;
    const published = staging.differsFromLive()
      ? await staging.publish(live.name, live.source, seconds, sourcesOf(live))
      : await to.liveInfo();
    return {
      source: live.source,
      sourceId: '',
      products: changes,
      images: {
        total: staging.rows.size,
        embedded: reembedder.made.hashes.size,
        reused: staging.rows.size - reembedder.made.hashes.size,
      },
      ...reembedder.problems.report(),
      seconds,
      published,
    };
  } finally {
    await staging.close();
  }
}

/** Enough to fill a model's batches twice. */
const TIMED_PICTURES = 8;

/**
 * What `reembed` would take, measured on a few of its pictures. Takes no lock: what a cancelled switch has staged is
 * counted as still to do.
 * @throws LookalikeError CATALOG_UNREADABLE, MODEL_OUTPUT_INVALID
 */
export async function planReembed({ from, to, embedder }: Omit<ReembedParts, 'gate'>): Promise<SwitchPlan> {
  using snapshot = await from.live();
  const [live, known] = await Promise.all([from.liveInfo(), to.liveInfo()]);
  if (!snapshot || !live) return { pictures: 0, secondsEstimate: null };
  const seen = known ? hashesOf(await to.rows(known.version)) : new Set();
  const pictures = [...hashesOf(await from.rows(live.version))].filter((hash) => !seen.has(hash)).length;
  if (pictures === 0) return { pictures, secondsEstimate: null };
  const thumbnails = await snapshot.thumbnails(snapshot.imageHashes(TIMED_PICTURES));
  const look = () =>
    Promise.all(
      thumbnails.map(({ bytes }) => embedder.embedInBulk(() => readPixels(bytes, embedder.pixelSpec))),
    );
  // The first time is the slowest.
  await look();
  const started = performance.now();
  await look();
  const seconds = (performance.now() - started) / 1000;
  return { pictures, secondsEstimate: (seconds / thumbnails.length) * pictures };
}

function hashesOf(rows: ReadonlyMap<string, StagedRow>): Set<string> {
  return new Set([...rows.values()].map(({ imageHash }) => imageHash));
}

/** Stages rows of one model's table in another's, and keeps account of it. */
class Reembedder {
  readonly problems = new ProblemLog();
  /** Keys of the rows that could not be embedded. */
  readonly failed = new Set<string>();
  readonly made = new MadeImages();

  readonly #staging: Staging;
  readonly #embedder: Embedder;
  readonly #gate: PriorityGate;
  readonly #meter: ProgressMeter;
  #pending: CatalogRow[] = [];
  #lastWrite = performance.now();
  /** The first failure that is not about one picture (disk full, cancelled). */
  #failure: unknown;

  constructor(staging: Staging, embedder: Embedder, gate: PriorityGate, meter: ProgressMeter) {
    this.#staging = staging;
    this.#embedder = embedder;
    this.#gate = gate;
    this.#meter = meter;
  }

  /** @throws LookalikeError CATALOG_UNREADABLE, STORAGE_FAILED, CANCELLED (what was finished is staged) */
  async stage(batches: AsyncIterable<CatalogRow[]>, signal: AbortSignal): Promise<void> {
    for await (const batch of batches) {
      const unknown = await this.#takeKnown(batch);
      await this.#embed(unknown, signal);
      if (this.#failure) throw this.#failure;
    }
  }

  /** Stages the rows whose picture this model has seen in another row, or before a price changed. */
  async #takeKnown(batch: readonly CatalogRow[]): Promise<CatalogRow[]> {
    const known = await this.#staging.contentOf([...new Set(batch.map(({ row }) => row.imageHash))]);
    const rows = batch.flatMap(({ row, content }): CatalogRow[] => {
      const vector = known.get(row.imageHash)?.vector;
      return vector ? [{ row, content: { ...content, vector } }] : [];
    });
    await this.#staging.write(rows);
    this.#meter.advance(rows.length);
    return batch.filter(({ row }) => !known.has(row.imageHash));
  }

  async #embed(rows: readonly CatalogRow[], signal: AbortSignal): Promise<void> {
    const vectors = new Map<string, Promise<Float32Array>>();
    const running = new Set<Promise<void>>();
    for (const { row, content } of rows) {
      if (signal.aborted) this.#failure ??= new LookalikeError('CANCELLED');
      if (this.#failure) break;
      const vector = vectors.get(row.imageHash) ?? this.#vectorOf(row.imageHash, content.thumbnail);
      vectors.set(row.imageHash, vector);
      const task = this.#take({ row, content }, vector).finally(() => running.delete(task));
      running.add(task);
      if (running.size >= AHEAD) await Promise.race(running);
      const due = performance.now() - this.#lastWrite > WRITE_EVERY_MS;
      if (this.#pending.length >= WRITE_EVERY_ROWS || due) await this.#write();
    }
    await Promise.all(running);
    await this.#write();
  }

  async #take({ row, content }: CatalogRow, making: Promise<Float32Array>): Promise<void> {
    try {
      this.#pending.push({ row, content: { ...content, vector: await making } });
    } catch (error) {
      if (error instanceof LookalikeError && /^(IMAGE_|MODEL_OUTPUT)/.test(error.code)) {
        const { code, message } = error;
        this.problems.add({ item: row.productId, image: row.imageRef, code, message });
        this.failed.add(row.key);
      } else this.#failure ??= error;
    }
    this.#meter.advance();
  }

  async #vectorOf(imageHash: string, thumbnail: Uint8Array): Promise<Float32Array> {
    const { pixelSpec } = this.#embedder;
    const { vector } = await this.#embedder.embedInBulk(() => readPixels(thumbnail, pixelSpec));
    this.made.add(imageHash, vector);
    return vector;
  }

  async #write(): Promise<void> {
    this.#lastWrite = performance.now();
    await this.#gate.bulk();
    await this.#staging.write(this.#pending.splice(0));
  }
}
