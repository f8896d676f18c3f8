import { LookalikeError } from '../../contract/errors.ts';
import type { ImportProgress } from '../../contract/publishing.ts';
import type { PictureFeatures } from '../catalog/schema.ts';
import type { Staging } from '../catalog/staging.ts';
import type { PictureColors } from '../catalog/stores.ts';
import { colorSignature } from '../images/color.ts';
import { readPixels } from '../images/photo.ts';
import type { Embedder } from '../model/embedder.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import type { ProgressMeter } from '../work/progress-meter.ts';
import { watched } from '../work/watched.ts';
import { checkFound } from './gates.ts';
import { MadeImages } from './made-images.ts';
import type { SyncParts } from './request.ts';
import { subjectColorBytes } from './subject-colors.ts';

/** Pictures in progress at once: enough to fill the model's batches. */
const AHEAD = 16;
/** Rows per write, as in an import: a kill loses no more embeddings than this. */
const WRITE_EVERY = 64;
const WRITE_EVERY_MS = 4000;
/** Thumbnails in memory at once, 8 KB each. */
const READ_AT_ONCE = 256;

/**
 * Makes features of pictures that a model has not embedded yet. It reads the catalog's thumbnails, so it needs neither the
 * feed nor the network. Colours are copied from another model that has them.
 */
export class UnseenPictures {
  readonly made = new MadeImages();
  /** Why the model could not embed a picture, by the picture's hash. */
  readonly failed = new Map<string, LookalikeError>();

  readonly #staging: Staging;
  readonly #embedder: Embedder;
  readonly #gate: PriorityGate;
  readonly #meter: ProgressMeter;
  #pending = new Map<string, PictureFeatures>();
  #lastWrite = performance.now();

  constructor(staging: Staging, embedder: Embedder, gate: PriorityGate, meter: ProgressMeter) {
    this.#staging = staging;
    this.#embedder = embedder;
    this.#gate = gate;
    this.#meter = meter;
  }

  /** @throws LookalikeError CATALOG_UNREADABLE, STORAGE_FAILED, CANCELLED (finished pictures are written) */
  async embed(imageHashes: readonly string[], signal: AbortSignal): Promise<void> {
    for (let from = 0; from < imageHashes.length; from += READ_AT_ONCE) {
      const batch = imageHashes.slice(from, from + READ_AT_ONCE);
      const thumbnails = await this.#staging.pictures.thumbnailsOf(batch);
      const colors = await this.#staging.pictures.colorsOfOtherModels(batch);
      const failures = await this.#embedAll(thumbnails, colors, signal);
      await this.#write();
      const [first] = failures;
      if (first !== undefined) throw first;
    }
  }

  /** @returns the failures that concern the whole run (disk full, cancelled) */
  async #embedAll(
    thumbnails: ReadonlyMap<string, Uint8Array>,
    colors: ReadonlyMap<string, PictureColors>,
    signal: AbortSignal,
  ): Promise<unknown[]> {
    const running = new Set<Promise<void>>();
    const failures: unknown[] = [];
    for (const [hash, thumbnail] of thumbnails) {
      if (signal.aborted) failures.push(new LookalikeError('CANCELLED'));
      if (failures.length > 0) break;
      const task = this.#take(hash, thumbnail, colors.get(hash))
        .catch((error: unknown) => void failures.push(error))
        .finally(() => running.delete(task));
      running.add(task);
      if (running.size >= AHEAD) await Promise.race(running);
      const due = performance.now() - this.#lastWrite > WRITE_EVERY_MS;
      if (this.#pending.size >= WRITE_EVERY || due) await this.#write();
    }
    await Promise.all(running);
    return failures;
  }

  async #take(hash: string, thumbnail: Uint8Array, known: PictureColors | undefined): Promise<void> {
    const { pixelSpec } = this.#embedder;
    try {
      const { vector, color, subjectColors } = await this.#embedder.embedInBulk(async () => {
        const read = await readPixels(thumbnail, pixelSpec);
        return {
          ...read,
          color: known?.colorSignature ?? colorSignature(read.pixels, pixelSpec.size),
          subjectColors: known?.subjectColors ?? (await subjectColorBytes(thumbnail)),
        };
      });
      this.made.add(hash, vector);
      this.#pending.set(hash, { vector, colorSignature: color, subjectColors });
    } catch (error) {
      if (!(error instanceof LookalikeError) || !/^(IMAGE_|MODEL_OUTPUT)/.test(error.code)) throw error;
      this.failed.set(hash, error);
    }
    this.#meter.advance();
  }

  async #write(): Promise<void> {
    this.#lastWrite = performance.now();
    await this.#gate.bulk();
    const pending = this.#pending;
    this.#pending = new Map();
    await this.#staging.pictures.addFeatures(pending);
  }
}

/**
 * Embeds the pictures that arrived while another model was in use, and those whose features are damaged, from the catalog's
 * thumbnails.
 */
export async function* seeUnseen(
  { embedder, gate }: Pick<SyncParts, 'embedder' | 'gate'>,
  staging: Staging,
  meter: ProgressMeter,
  signal: AbortSignal,
): AsyncGenerator<ImportProgress, void> {
  const pictures = await staging.unseen('staged');
  if (pictures.length === 0) return;
  meter.start('embedding', pictures.length);
  const unseen = new UnseenPictures(staging, embedder, gate, meter);
  yield* watched(meter, signal, (stop) => unseen.embed(pictures, stop));
  await checkFound(staging, unseen.made);
}
