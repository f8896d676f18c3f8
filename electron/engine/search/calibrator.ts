import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { toColorBytes } from '../catalog/color-bytes.ts';
import type { ImageFeatures, Snapshot } from '../catalog/snapshot.ts';
import { alteredCopy } from '../images/altered.ts';
import { colorSignature } from '../images/color.ts';
import { readPixels } from '../images/photo.ts';
import type { Embedder } from '../model/embedder.ts';
import type { Turns } from '../model/turns.ts';
import { Calibration, chooseWeight, LEAST_TRIALS } from './calibration.ts';
import { takeSample } from './sample.ts';
import { measureScales } from './scales.ts';
import { askAsStranger, type Stranger, type Trial, tryCopy, tryView } from './trials.ts';

const STRANGERS = 320;
const VIEWS = 320;
/** Thumbnails that are altered. A shop's views can be so alike that any weight finds them, and many products have one. */
const COPIES = 64;
/** All pairs of these are compared: 8000 pairs tell a mean to a hundredth of a deviation. */
const COMPARED = 128;

/** A catalog that has this much of what was measured, in products and in number, need not be measured again. */
const STILL_THE_SAME = 0.9;

const evidence = z.object({ shape: z.number(), color: z.number(), category: z.string().nullable() });
/** What was measured in another way, by another version of this code, counts no more. */
const METHOD = 6;
const measured = z.object({
  method: z.literal(METHOD),
  weights: z.string(),
  images: z.number().int(),
  products: z.array(z.string()),
  color: z.object({ weight: z.number(), from: z.enum(['calibrated', 'default', 'chosen']) }),
  strangers: z.array(z.object({ category: z.string().nullable(), evidence: z.array(evidence) })),
});
type Measured = z.infer<typeof measured>;

/** What of a stranger's answer its bands can depend on, and little enough to be kept on disk. */
const KEPT_EVIDENCE = 20;

/**
 * Knows how to rank each snapshot. A new one is measured in the background, giving way to queries; what was found is kept
 * in the data folder, by model.
 */
export class Calibrator {
  readonly #dataDir: string;
  readonly #embedder: Embedder;
  readonly #turns: Turns;
  #known: { version: number; calibration: Calibration } | null = null;
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(dataDir: string, embedder: Embedder, turns: Turns) {
    this.#dataDir = dataDir;
    this.#embedder = embedder;
    this.#turns = turns;
  }

  /** The best that is known now. Asked for a snapshot for the first time, it begins to measure it. */
  of(snapshot: Snapshot): Calibration {
    const { version } = snapshot.info;
    if (this.#known?.version === version) return this.#known.calibration;
    const calibration = Calibration.usual(snapshot, this.#scales(snapshot));
    this.#known = { version, calibration };
    // What only makes rankings better may fail: a full disk, a thumbnail that cannot be read.
    this.#work = this.#work.then(() => this.#calibrate(snapshot)).catch(console.error);
    return calibration;
  }

  /** Resolves when what was begun is done: for evaluations and tests. */
  async settled(): Promise<void> {
    await this.#work;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#work;
  }

  #scales(snapshot: Snapshot) {
    return measureScales(takeSample(snapshot, { firsts: COMPARED, views: 0 }).firsts);
  }

  async #calibrate(snapshot: Snapshot): Promise<void> {
    const { version, images, products } = snapshot.info;
    if (products < LEAST_TRIALS || this.#closed) return;
    const kept = await this.#read();
    const usable = kept && isStillTrue(kept, snapshot) && kept.weights === this.#embedder.weights;
    const found = usable ? kept : await this.#measure(snapshot);
    if (!found || this.#known?.version !== version) return;
    const calibration = new Calibration(this.#known.calibration.scales, found.color, found.strangers);
    this.#known = { version, calibration };
    if (!usable) await writeFileAtomic(this.#path, JSON.stringify({ ...found, images }));
  }

  /** Null when the engine was closed in the middle. */
  async #measure(snapshot: Snapshot): Promise<Measured | null> {
    const scales = this.of(snapshot).scales;
    const sample = takeSample(snapshot, { firsts: STRANGERS, views: VIEWS });
    const strangers: Stranger[] = [];
    for (const image of sample.firsts) {
      if (!(await this.#turn())) return null;
      strangers.push(await askAsStranger(snapshot, scales, image));
    }
    const trials: Trial[] = [];
    for (const view of sample.views) {
      if (!(await this.#turn())) return null;
      trials.push(await tryView(snapshot, scales, view));
    }
    const { firsts } = takeSample(snapshot, { firsts: COPIES, views: 0 });
    for (const [i, image] of firsts.entries()) {
      if (!(await this.#turn())) return null;
      const query = await this.#alter(snapshot, image, i);
      if (query) trials.push(await tryCopy(snapshot, scales, query));
    }
    const usual = this.of(snapshot).color.weight;
    return {
      method: METHOD,
      weights: this.#embedder.weights,
      images: snapshot.info.images,
      products: sample.firsts.map(({ productId }) => productId),
      color: chooseWeight(trials, strangers, usual),
      strangers: strangers.map(({ category, evidence: found }) => ({
        category,
        evidence: found.slice(0, KEPT_EVIDENCE),
      })),
    };
  }

  /** Another picture of the same: its thumbnail altered, embedded when nobody is searching. */
  async #alter(snapshot: Snapshot, { productId }: ImageFeatures, seed: number) {
    const [first] = snapshot.product(productId);
    const [thumbnail] = first ? await snapshot.thumbnails([first.row.imageHash]) : [];
    if (!thumbnail) return null;
    const copy = await alteredCopy(thumbnail.bytes, seeded(seed));
    const spec = this.#embedder.pixelSpec;
    const { pixels, vector } = await this.#embedder.embedInBulk(() => readPixels(copy, spec));
    return { product: productId, vector, colors: toColorBytes(colorSignature(pixels, spec.size)) };
  }

  /** Waits until nobody is searching; false when there is no point any more. */
  async #turn(): Promise<boolean> {
    await this.#turns.bulk();
    // Each comparison blocks the engine's thread: let what has arrived meanwhile go first.
    await new Promise((resolve) => setImmediate(resolve));
    await this.#turns.bulk();
    return !this.#closed;
  }

  get #path(): string {
    return join(this.#dataDir, `calibration-${this.#embedder.info.id}.json`);
  }

  async #read(): Promise<Measured | null> {
    try {
      return measured.parse(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      // Not there, or not as it should be: measured again.
      return null;
    }
  }
}

function isStillTrue(kept: Measured, snapshot: Snapshot): boolean {
  const there = kept.products.filter((productId) => snapshot.product(productId).length > 0).length;
  const ratio = snapshot.info.images / kept.images;
  return (
    there >= STILL_THE_SAME * kept.products.length && ratio > STILL_THE_SAME && ratio < 1 / STILL_THE_SAME
  );
}

/** Mulberry32 (public domain, T. Ettinger): the same numbers from 0 to 1 for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
