import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { type ComparisonProgress, MOST_CANDIDATES } from '../../contract/compare.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { Answering } from '../models/answering.ts';
import type { PilePhoto } from '../search/pile-photo.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import { ProgressMeter } from '../work/progress-meter.ts';
import { compareAgain } from './again.ts';
import { answerOf, newProducts } from './answers.ts';
import type { Document } from './document.ts';
import type { Entry, SeenPicture } from './entries.ts';
import { packFeatures } from './features.ts';
import { OpenSources } from './open-sources.ts';
import { type Row, rowEntry, type SourcePicture } from './row.ts';
import { requireModel, snapshotOf } from './snapshot-of.ts';

/**
 * Rows in progress at once: as many as are decoded together (`model/batches.ts`), and as many again being read. Each may take
 * 40 MB, so there are no more.
 */
const AHEAD = 16;
/** Rows that are listed in one write. */
const LISTED_AT_ONCE = 1000;
/** Rows that a power cut may take; a kill takes those in progress only. */
const FLUSHED_AT_ONCE = 64;
/** Failures of the one picture, as opposed to those of the run. */
const OF_PICTURE = /^(IMAGE_|PICTURE_|AUTH_|ADDRESS_|MODEL_OUTPUT_)/;

export interface RunParts {
  document: Document;
  /** The model in use, and its catalog. */
  answering: () => Answering;
  /** Whether rows that failed are tried again. */
  failed: boolean;
  /** Whether rows that were compared are compared with the catalog of today first. */
  again: boolean;
}

/** One run of a comparison: lists the pictures that have no rows yet, and compares the rows that wait for it. */
export class Run {
  readonly #parts: RunParts;
  readonly #meter = new ProgressMeter();
  readonly #sources: OpenSources;
  /** Pictures in progress: the row of each hash. */
  readonly #inProgress = new Map<string, number>();
  #phase: ComparisonProgress['phase'] = 'waiting';
  /** The first failure that concerns the whole run. */
  #failure: unknown = null;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#sources = new OpenSources(parts.document);
  }

  get progress(): ComparisonProgress {
    if (this.#phase === 'waiting')
      return { phase: 'waiting', done: 0, total: null, rate: 0, secondsLeft: null };
    const { done, total, rate, secondsLeft } = this.#meter.now;
    return { phase: this.#phase, done, total, rate, secondsLeft };
  }

  /**
   * Runs to the end. What was compared is kept, however it ends.
   * @throws LookalikeError CANCELLED, CATALOG_*, MODEL_*, STORAGE_*, COMPARISON_*, FEED_INVALID
   */
  async toEnd(signal: AbortSignal): Promise<void> {
    const { document } = this.#parts;
    // Each file being read listens to the signal, and Electron's Node warns of a leak at more than ten listeners.
    setMaxListeners(AHEAD + 1, signal);
    try {
      await document.claim();
      if (this.#parts.again) await this.#compareAgain(signal);
      const unlisted = await this.#list(signal);
      await this.#compare(signal);
      if (unlisted) throw unlisted;
    } finally {
      this.#sources.close();
      await document.flush();
    }
  }

  async #compareAgain(signal: AbortSignal): Promise<void> {
    const { document, answering } = this.#parts;
    this.#begin('comparing', document.state.counts.answered);
    await compareAgain(document, answering(), () => this.#meter.advance(), signal);
  }

  /** @returns why the first of several sources could not be listed; null when all were */
  async #list(signal: AbortSignal): Promise<LookalikeError | null> {
    const { document } = this.#parts;
    this.#begin('listing', null);
    let unlisted: LookalikeError | null = null;
    for (const place of document.state.sources.keys()) {
      if (document.state.listed.has(place)) continue;
      try {
        await this.#listSource(place, signal);
      } catch (error) {
        const isOfSource = error instanceof LookalikeError && /^(COMPARISON_SOURCE|FEED)_/.test(error.code);
        // The other sources are compared first.
        if (!isOfSource || document.state.sources.length === 1) throw error;
        unlisted ??= error;
      }
    }
    return unlisted;
  }

  async #listSource(place: number, signal: AbortSignal): Promise<void> {
    const { document } = this.#parts;
    // A killed run has listed a part of it.
    const known = new Set<string>();
    for (const { sources } of document.state.rows.values())
      for (const each of sources) if (each.source === place) known.add(keyOf(each));
    const source = await this.#sources.at(place);
    let entries: Entry[] = [];
    let row = document.state.nextRow;
    const write = async () => {
      const batch = entries;
      entries = [];
      await document.write(() => batch, { durable: false });
    };
    for await (const { fault, ...item } of source.items(signal)) {
      if (known.has(keyOf(item))) continue;
      entries.push(rowEntry(row, { source: place, ...item }));
      if (fault) entries.push({ kind: 'failed', row, fault });
      row++;
      this.#meter.advance();
      if (entries.length >= LISTED_AT_ONCE) await write();
    }
    entries.push({ kind: 'listed', source: place });
    await write();
    await this.#nameCompetitor();
  }

  /** Names the competitor that all tables name, where a person has named none. */
  async #nameCompetitor(): Promise<void> {
    const { document } = this.#parts;
    const { state } = document;
    if (state.competitor !== null || state.listed.size < state.sources.length) return;
    const facts = [...state.rows.values()].flatMap(({ sources }) =>
      sources.flatMap(({ facts }) => facts ?? []),
    );
    const [competitor, second] = new Set(facts.map(({ competitor }) => competitor));
    if (!competitor || second !== undefined) return;
    const at = new Date().toISOString();
    await document.write(({ name }) => [{ kind: 'name', name, competitor, at }]);
  }

  async #compare(signal: AbortSignal): Promise<void> {
    const { document, failed } = this.#parts;
    const waiting = await this.#rowsToCompare(failed);
    this.#begin('comparing', waiting.length);
    if (waiting.length === 0) return;
    using snapshot = await snapshotOf(document, this.#parts.answering());
    await this.#parts.answering().using((search) => search.calibrated(snapshot));
    const running = new Set<Promise<void>>();
    let started = 0;
    for (const row of waiting) {
      if (this.#failure || signal.aborted) break;
      const task = this.#compareUnlessFailed(row, snapshot, signal).finally(() => running.delete(task));
      running.add(task);
      if (++started % FLUSHED_AT_ONCE === 0) void document.flush().catch(() => {});
      if (running.size >= AHEAD) await Promise.race(running);
    }
    await Promise.all(running);
    if (this.#failure) throw this.#failure;
    if (signal.aborted) throw new LookalikeError('CANCELLED');
  }

  /** Rows that wait; of those that failed, or whose pictures are lost, only where they are tried again. */
  async #rowsToCompare(failed: boolean): Promise<Row[]> {
    const { document } = this.#parts;
    const rows: Row[] = [];
    for (const row of document.state.rows.values()) {
      const isWaiting = row.answer === null && row.fault === null;
      const isBroken = failed && (row.fault !== null || !(await document.hasPictures(row)));
      if (isWaiting || isBroken) rows.push(row);
    }
    return rows.sort((a, b) => a.row - b.row);
  }

  async #compareUnlessFailed(row: Row, snapshot: Searchable, signal: AbortSignal): Promise<void> {
    if (this.#failure || signal.aborted) return;
    try {
      await this.#compareRow(row, snapshot, signal);
      this.#meter.advance();
    } catch (error) {
      if (!(error instanceof LookalikeError && error.code === 'CANCELLED')) this.#failure ??= error;
    }
  }

  async #compareRow(
    { row, sources: [first] }: Row,
    snapshot: Searchable,
    signal: AbortSignal,
  ): Promise<void> {
    const { document } = this.#parts;
    try {
      const bytes = await this.#sources.read(first, signal);
      const hash = createHash('sha256').update(bytes).digest('hex');
      const same = document.state.rowOfHash(hash)?.row ?? this.#inProgress.get(hash);
      if (same !== undefined && same !== row) {
        await document.write(() => [{ kind: 'same', row, as: same }], { durable: false });
        return;
      }
      this.#inProgress.set(hash, row);
      await this.#answer(row, hash, bytes, snapshot);
    } catch (error) {
      if (!(error instanceof LookalikeError && OF_PICTURE.test(error.code))) throw error;
      const { fault } = error;
      await document.write(() => [{ kind: 'failed', row, fault }], { durable: false });
    }
  }

  async #answer(row: number, hash: string, bytes: Uint8Array, snapshot: Searchable): Promise<void> {
    const { document, answering } = this.#parts;
    const model = answering();
    requireModel(document, model);
    const { photo, ranked } = await model.using(async (search) => {
      const photo = await search.embedInBulk(bytes);
      return { photo, ranked: await search.rankInBulk(photo, snapshot, MOST_CANDIDATES) };
    });
    const picture = await keepPicture(document, hash, photo);
    const at = new Date().toISOString();
    await document.write(
      (state) => [
        ...newProducts(ranked, state),
        { kind: 'compared', row, picture, answer: answerOf(ranked), at },
      ],
      { durable: false },
    );
  }

  #begin(phase: ComparisonProgress['phase'], total: number | null): void {
    this.#phase = phase;
    this.#meter.start('embedding', total);
  }
}

const keyOf = ({ at, line }: Pick<SourcePicture, 'at' | 'line'>): string => `${line} ${at}`;

async function keepPicture(document: Document, hash: string, photo: PilePhoto): Promise<SeenPicture> {
  const { thumbnail, large } = photo;
  const { width, height } = photo.photo;
  return {
    ...{ hash, width, height, type: large.type },
    thumbnail: await document.addPicture(thumbnail.bytes),
    large: await document.addPicture(large.bytes),
    features: await document.addPicture(packFeatures(photo)),
  };
}
