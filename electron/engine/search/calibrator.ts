import { setImmediate } from 'node:timers/promises';
import { type CalibrationRecord, keepCalibration, METHOD, readCalibrations } from '../files/calibrations.ts';
import { asCustomersPhoto } from '../images/altered.ts';
import { colorSignature, subjectSignature } from '../images/color.ts';
import { type MaskedPicture, readMasked } from '../images/masked.ts';
import { readPixels } from '../images/photo.ts';
import type { Embedder } from '../model/embedder.ts';
import type { SubjectModels } from '../model/subject.ts';
import { toColorBytes } from '../snapshot/color-bytes.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { ImageFeatures } from '../snapshot/style-pictures.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import { Calibration, chooseStrength, chooseWeight, LEAST_TRIALS } from './calibration.ts';
import { measureShift, type PhotoShift, STRENGTHS, withoutShift } from './photo-shift.ts';
import { takeSample } from './sample.ts';
import { measureScales } from './scales.ts';
import {
  type HeldOutQuery,
  reciprocalRank,
  searchHeldOut,
  type Trial,
  type TrialQuery,
  tryCopy,
  tryView,
} from './trials.ts';

const HELD_OUT_QUERIES = 320;
const VIEWS = 320;
/**
 * Thumbnails that are altered as customers' photos differ from them, and searched with. A shop's views of a product can be so alike that any weight finds them, and
 * many products have only one view.
 */
const COPIES = 64;
/** All pairs of so many pictures are compared: 8000 pairs give the mean to a hundredth of a deviation. */
const COMPARED = 128;

/** A catalog is not measured again while it has this share of the products that were measured, and about as many pictures. */
const STILL_THE_SAME = 0.9;

/** A picture of the catalog, altered as customers' photos differ from it. */
interface Photograph extends TrialQuery {
  /** The embedding of the picture as it is. */
  original: Float32Array;
}

export interface CalibratorParts {
  dataDir: string;
  embedder: Embedder;
  gate: PriorityGate;
  /** What finds the subjects of pictures that are altered. */
  subjectModels: SubjectModels;
}

/**
 * Keeps the calibration of each snapshot. A new snapshot is measured in the background, giving way to queries; until that is
 * done the usual calibration is used. The result is kept in the data folder, by model, and used for all snapshots that are
 * much the same; packs carry it.
 */
export class Calibrator {
  readonly #dataDir: string;
  readonly #embedder: Embedder;
  readonly #gate: PriorityGate;
  readonly #subjectModels: SubjectModels;
  readonly #known = new WeakMap<Snapshot, Promise<Calibration>>();
  /** The version that was asked for last. */
  #newest: number | null = null;
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor({ dataDir, embedder, gate, subjectModels }: CalibratorParts) {
    this.#dataDir = dataDir;
    this.#embedder = embedder;
    this.#gate = gate;
    this.#subjectModels = subjectModels;
  }

  /** The best calibration that is known now. The first call for a snapshot begins to measure it, if need be. */
  of(snapshot: Snapshot): Promise<Calibration> {
    const known = this.#known.get(snapshot) ?? this.#begin(snapshot);
    this.#known.set(snapshot, known);
    return known;
  }

  /** Resolves when what was begun is done: for evaluations and tests. */
  async settled(): Promise<void> {
    await this.#work;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#work;
  }

  async #begin(snapshot: Snapshot): Promise<Calibration> {
    this.#newest = snapshot.info.version;
    // A query may be waiting for this. Giving way to that query would block both.
    const sample = await takeSample(snapshot, { firsts: COMPARED, views: 0 }, () => setImmediate());
    const scales = measureScales(sample.firsts);
    const usual = Calibration.usual(sample.firsts, scales);
    if (snapshot.styleCount < LEAST_TRIALS) return usual;
    const { info, weights } = this.#embedder;
    const records = await readCalibrations(this.#dataDir, info.id);
    const subjects = subjectsIn(sample.firsts);
    const kept = records.find(
      (record) =>
        record.weights === weights &&
        Math.abs(record.subjects - subjects) <= 1 - STILL_THE_SAME &&
        isStillTrue(record, snapshot),
    );
    const known = kept ? calibrationOf(kept, usual, this.#embedder.info.dim) : usual;
    if (kept?.method === METHOD) return known;
    snapshot.hold();
    this.#work = this.#work
      .then(() => this.#calibrate(snapshot, usual))
      // Calibration only makes rankings better, so it may fail: a full disk, a thumbnail that cannot be read.
      .catch(console.error)
      .finally(() => snapshot[Symbol.dispose]());
    return known;
  }

  async #calibrate(snapshot: Snapshot, usual: Calibration): Promise<void> {
    const found = await this.#measure(snapshot, usual);
    if (!found) return;
    const calibration = calibrationOf(found, usual, this.#embedder.info.dim);
    this.#known.set(snapshot, Promise.resolve(calibration));
    await keepCalibration(this.#dataDir, this.#embedder.info.id, found);
  }

  /** Null when another snapshot was asked for meanwhile, or the engine closed. */
  async #measure(snapshot: Snapshot, { scales, color }: Calibration): Promise<CalibrationRecord | null> {
    const turn = () => this.#turn(snapshot.info.version);
    if (!(await turn())) return null;
    const sample = await takeSample(snapshot, { firsts: HELD_OUT_QUERIES, views: VIEWS }, this.#pause);
    const heldOut: HeldOutQuery[] = [];
    for (const image of sample.firsts) {
      if (!(await turn())) return null;
      heldOut.push(await searchHeldOut(snapshot, scales, image));
    }
    const nearest = heldOut.map((query) => query.nearest);
    const soFar = new Calibration({ scales, color, nearest });
    const copies = await this.#photographs(snapshot, turn);
    const tried = copies && (await this.#tryAll(snapshot, soFar, { views: sample.views, copies }, turn));
    if (!tried) return null;
    return {
      method: METHOD,
      weights: this.#embedder.weights,
      images: snapshot.info.images,
      products: sample.firsts.map(({ uid }) => uid),
      color: chooseWeight(tried.trials, heldOut, color.weight),
      subjects: subjectsIn(sample.firsts),
      nearest,
      shift: tried.shift && {
        altered: rounded(tried.shift.altered),
        originals: rounded(tried.shift.originals),
        strength: tried.shift.strength,
      },
    };
  }

  /**
   * Searches with all views and copies: as they are, and without what the copies have in common.
   * @returns the trials of pictures as they are, which weigh colour; what the copies have in common is taken out of them more
   * fully than out of photos, and leaves colour less to tell. And how it is taken out of photos. Null when it was stopped.
   */
  async #tryAll(
    snapshot: Snapshot,
    calibration: Calibration,
    { views, copies }: { views: readonly ImageFeatures[]; copies: readonly Photograph[] },
    turn: () => Promise<boolean>,
  ): Promise<{ trials: Trial[]; shift: PhotoShift | null } | null> {
    const shift = copies.length < LEAST_TRIALS ? null : measureShift(copies);
    const tried: { strength: number; found: number[]; trials: Trial[] }[] = [];
    for (const strength of shift ? STRENGTHS : [0]) {
      const compared = (vector: Float32Array, measured: PhotoShift | null) =>
        measured ? withoutShift(vector, { ...measured, strength }).vector : vector;
      const trials: Trial[] = [];
      for (const view of views) {
        if (!(await turn())) return null;
        trials.push(await tryView(snapshot, calibration, view, compared(view.vector, shift)));
      }
      for (const copy of copies) {
        if (!(await turn())) return null;
        // A copy must not tell what is taken out of itself.
        const others = shift && measureShift(copies.filter(({ styleId }) => styleId !== copy.styleId));
        trials.push(await tryCopy(snapshot, calibration, copy, compared(copy.vector, others)));
      }
      const found = trials.map((trial) => reciprocalRank(trial, calibration.color.weight));
      tried.push({ strength, found, trials });
    }
    return { trials: tried[0]?.trials ?? [], shift: shift && { ...shift, strength: chooseStrength(tried) } };
  }

  /** Copies of some pictures as customers' photos; null when it was stopped. */
  async #photographs(snapshot: Snapshot, turn: () => Promise<boolean>): Promise<Photograph[] | null> {
    const { firsts } = await takeSample(snapshot, { firsts: COPIES, views: 0 }, this.#pause);
    const copies: Photograph[] = [];
    for (const [i, image] of firsts.entries()) {
      if (!(await turn())) return null;
      const copy = await this.#photograph(snapshot, image, firsts[(i + 1) % firsts.length] ?? image, i);
      if (copy) copies.push(copy);
    }
    return copies;
  }

  /** What a customer's photo of a style might be, embedded when nobody is searching; see `asCustomersPhoto`. */
  async #photograph(
    snapshot: Snapshot,
    image: ImageFeatures,
    beside: ImageFeatures,
    seed: number,
  ): Promise<Photograph | null> {
    const hashes = [image.imageHash, beside.imageHash];
    const found = await snapshot.thumbnails(hashes);
    const [thumbnail, surroundings = thumbnail] = hashes.map(
      (hash) => found.find(({ id }) => id === hash)?.bytes,
    );
    if (!thumbnail || !surroundings) return null;
    const photo = await asCustomersPhoto(
      thumbnail,
      await this.#subjectOf(thumbnail),
      surroundings,
      seeded(seed),
    );
    const spec = this.#embedder.pixelSpec;
    const { pixels, vector } = await this.#embedder.embedInBulk(() => readPixels(photo, spec));
    // As the photo of a query: where the catalog's subjects are not known, the photo's is not compared.
    const masked = image.subjectColors && (await this.#subjectOf(photo));
    const subject = masked && subjectSignature(masked);
    const colors = {
      picture: toColorBytes(colorSignature(pixels, spec.size)),
      subject: subject && toColorBytes(subject),
    };
    return { styleId: image.styleId, vector, colors, original: image.vector };
  }

  async #subjectOf(picture: Uint8Array): Promise<MaskedPicture | null> {
    const model = await this.#subjectModels.get();
    return model && readMasked((spec) => readPixels(picture, spec), model, this.#pause);
  }

  /** Waits until nobody is searching. False when another snapshot has come, or the engine has closed. */
  async #turn(version: number): Promise<boolean> {
    await this.#gate.bulk();
    // Each comparison blocks the engine's thread. Queries that have arrived meanwhile go first.
    await setImmediate();
    await this.#gate.bulk();
    return !this.#closed && this.#newest === version;
  }

  readonly #pause = (): Promise<void> => this.#gate.giveWay();
}

/** @param dim numbers of the model's embeddings: what a pack brought may be of other lengths */
function calibrationOf(
  { color, nearest, shift }: CalibrationRecord,
  { scales, center }: Calibration,
  dim: number,
): Calibration {
  const fits = shift && [shift.altered, shift.originals].every(({ length }) => length === dim);
  const vectors = fits && {
    altered: Float32Array.from(shift.altered),
    originals: Float32Array.from(shift.originals),
    strength: shift.strength,
  };
  return new Calibration({ scales, center, color, nearest, shift: vectors || null });
}

/** As exact as is needed, in a fifth of the characters. */
const rounded = (vector: Float32Array): number[] =>
  Array.from(vector, (value) => Math.round(value * 1e5) / 1e5);

/** The share of these pictures whose subject's colours are known. */
function subjectsIn(images: readonly ImageFeatures[]): number {
  return images.filter(({ subjectColors }) => subjectColors).length / Math.max(1, images.length);
}

function isStillTrue(kept: CalibrationRecord, snapshot: Snapshot): boolean {
  const there = kept.products.filter((uid) => snapshot.product(uid).length > 0).length;
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
