import { setTimeout as pause } from 'node:timers/promises';
import type { z } from 'zod';
import type {
  Comparison,
  ComparisonChange,
  ComparisonOrder,
  ComparisonPicture,
  ComparisonRow,
  ComparisonState,
  MergeReport,
} from '../../contract/compare.ts';
import type { comparisonProcedures } from '../../contract/compare-procedures.ts';
import type { ComparisonOverview, ComparisonPiles, PilingProgress } from '../../contract/compare-tells.ts';
import type { AcceptedBand, ComparisonTrust, RejectedPair } from '../../contract/compare-trust.ts';
import type { DamagedFile } from '../catalog/condition.ts';
import { holdSnapshot } from '../catalog/held-snapshots.ts';
import type { Answering } from '../models/answering.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import { told } from '../work/told.ts';
import type { Document } from './document.ts';
import { type Entry, type Source, VERSION } from './entries.ts';
import { exportTo, type PrintPdf } from './export/export.ts';
import { Library } from './library.ts';
import { Listing } from './listing.ts';
import { merge } from './merge.ts';
import { RejectedPairs } from './rejected-pairs.ts';
import { changeOf, crop, decide, reject, shownRows, stepBack } from './review.ts';
import { orderOf } from './rows.ts';
import { Runs } from './runs.ts';
import { sourceAt } from './sources/open.ts';
import { namesOf } from './summaries.ts';
import { namePriceCurrency } from './tells/name-currency.ts';
import { namePile } from './tells/name-pile.ts';
import { overviewOf } from './tells/overview.ts';
import { gapsOf, pilingOf } from './tells/piles.ts';
import { acceptBand, rowsAmong, trustOf } from './trust.ts';

type Contract = typeof comparisonProcedures;
/** What a call of the contract takes, parsed. */
type Asked<Name extends keyof Contract> = z.output<NonNullable<Contract[Name]['~orpc']['inputSchema']>>;

const WATCHED_EVERY_MS = 250;

export interface ComparisonsParts {
  dataDir: string;
  gate: PriorityGate;
  /** The model in use, with its catalog. */
  answering: () => Answering;
  /** How a report is printed to a PDF; absent where nobody can. */
  printPdf?: PrintPdf;
}

/** The comparisons of a data folder, as the contract asks for them (`contract/compare.ts`). */
export class Comparisons {
  readonly #parts: ComparisonsParts;
  readonly #gate: PriorityGate;
  readonly #answering: () => Answering;
  readonly #rejected: RejectedPairs;
  readonly #library: Library;
  readonly #runs: Runs;
  readonly #listing: Listing;

  private constructor(parts: ComparisonsParts) {
    const { dataDir, gate, answering } = parts;
    this.#parts = parts;
    this.#gate = gate;
    this.#answering = answering;
    this.#rejected = new RejectedPairs(dataDir);
    this.#library = new Library(dataDir, this.#rejected);
    this.#runs = new Runs(this.#library, answering);
    this.#listing = new Listing(this.#library, answering);
  }

  static async open(parts: ComparisonsParts): Promise<Comparisons> {
    const comparisons = new Comparisons(parts);
    // What is not tidied now is tidied at the next start.
    await comparisons.#library.tidy().catch(console.error);
    return comparisons;
  }

  /** Whether one is running. */
  get busy(): boolean {
    return this.#runs.busy;
  }

  list(): Promise<Comparison[]> {
    return this.#listing.all();
  }

  /** @throws LookalikeError COMPARISON_SOURCE_UNUSABLE, STORAGE_* */
  async create({ name, competitor, paths, pictures }: Asked<'createComparison'>): Promise<Comparison> {
    const files: Source[] = [];
    for (const path of paths) files.push(await sourceAt(path));
    const document = await this.#library.create(async (begun) => {
      const kept = [];
      for (const picture of pictures)
        kept.push({ name: picture.name, at: await begun.addPicture(picture.bytes) });
      const sources: Source[] = [
        ...files,
        ...(kept.length > 0 ? [{ kind: 'pasted' as const, pictures: kept }] : []),
      ];
      const [named = ''] = sources.flatMap(namesOf);
      const createdAt = new Date().toISOString();
      return [
        {
          kind: 'begin',
          version: VERSION,
          name: name ?? named.replace(/\.\w{1,5}$/, ''),
          competitor,
          createdAt,
          sources,
        },
      ];
    });
    return this.#listing.shown(document);
  }

  /**
   * The newest comparison of exactly these paths whose run has not reached its end; null when there is none.
   * @param options.failed or of which rows failed
   */
  async unfinishedOf(paths: readonly string[], { failed = false } = {}): Promise<Comparison | null> {
    for (const { id, counts, faults } of await this.list()) {
      if (faults.some(({ code }) => code === 'COMPARISON_DAMAGED' || code === 'COMPARISON_TOO_NEW')) continue;
      const found = await this.#library.using(id, async (document) => {
        const { sources, listed } = document.state;
        const of = sources.map((source) => (source.kind === 'pasted' ? '' : source.path));
        const isSame = JSON.stringify(of) === JSON.stringify(paths);
        const isOpen = counts.waiting > 0 || listed.size < sources.length || (failed && counts.failed > 0);
        return isSame && isOpen ? this.#listing.shown(document) : null;
      });
      if (found) return found;
    }
    return null;
  }

  state(id: string): Promise<ComparisonState> {
    return this.#library.using(id, (document) => this.#stateOf(document));
  }

  /** The state now and whenever it has changed, until the signal aborts. */
  async *watch(id: string, signal: AbortSignal): AsyncGenerator<ComparisonState, void> {
    let told = '';
    while (!signal.aborted) {
      const state = await this.state(id);
      const now = JSON.stringify(state);
      if (now !== told) yield state;
      told = now;
      await pause(WATCHED_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }

  rename({ id, name, competitor }: Asked<'renameComparison'>): Promise<Comparison> {
    return this.#library.using(id, async (document) => {
      await document.write((state) => [
        {
          kind: 'name',
          name: name ?? state.name,
          competitor: competitor === undefined ? state.competitor : competitor,
          at: new Date().toISOString(),
        },
      ]);
      return this.#listing.shown(document);
    });
  }

  async duplicate({ id, name }: Asked<'duplicateComparison'>): Promise<Comparison> {
    const copy = await this.#library.using(id, (document) =>
      document.still(() => this.#library.duplicate(id)),
    );
    return this.#library.using(copy, async (document) => {
      const { about, competitor } = document.state;
      if (about) await holdSnapshot(this.#answering().catalog.uri, copy, about.snapshot.version);
      const renamed: Entry = { kind: 'name', name, competitor, at: new Date().toISOString() };
      await document.write(() => [renamed]);
      return this.#listing.shown(document);
    });
  }

  async remove(id: string): Promise<void> {
    await this.#runs.stop(id);
    await this.#library.remove(id);
  }

  async restore(id: string): Promise<Comparison> {
    await this.#library.restore(id);
    return this.#library.using(id, (document) => this.#listing.shown(document));
  }

  /** Starts or goes on, and returns at once. */
  run({ id, ...how }: Asked<'runComparison'>): Promise<ComparisonState> {
    return this.#library.using(id, async (document) => {
      this.#runs.start(id, how);
      return this.#stateOf(document);
    });
  }

  async stop(id: string): Promise<ComparisonState> {
    await this.#runs.stop(id);
    return this.state(id);
  }

  /** Resolves when the run that was started has ended: for the terminal. */
  ended(id: string): Promise<void> {
    return this.#runs.ended(id);
  }

  order({ id, filters, sort }: Asked<'comparisonOrder'>): Promise<ComparisonOrder> {
    return this.#library.using(id, async ({ state }) =>
      orderOf(state, filters, sort, rowsAmong(state, filters)),
    );
  }

  rows({ id, rows }: Asked<'comparisonRows'>): Promise<{ rows: ComparisonRow[] }> {
    return this.#library.using(id, async ({ state }) => ({ rows: shownRows(state, rows) }));
  }

  pictures({ id, rows, size }: Asked<'comparisonPictures'>): Promise<{ pictures: ComparisonPicture[] }> {
    return this.#library.using(id, async (document) => {
      const pictures: ComparisonPicture[] = [];
      for (const row of rows) {
        const picture = document.state.rows.get(row)?.picture;
        const bytes = picture ? await document.picture(picture[size]) : null;
        const type = size === 'thumbnail' ? 'image/jpeg' : (picture?.type ?? '');
        if (bytes) pictures.push({ row, type, bytes });
      }
      return { pictures };
    });
  }

  // A run is kept from starting its next batch: a model's run blocks the engine's thread.

  decide({ id, ...asked }: Asked<'decide'>): Promise<ComparisonChange> {
    return this.#interactive(id, (document) => decide(document, asked, this.#answering()));
  }

  reject({ id, ...asked }: Asked<'rejectCandidates'>): Promise<ComparisonChange> {
    return this.#interactive(id, (document) => reject(document, asked, this.#rejected));
  }

  merge({ id, ...asked }: Asked<'mergeDecisions'>, signal: AbortSignal): Promise<MergeReport> {
    return this.#library.using(id, async (document) => {
      const { rows, ...report } = await merge(document, asked, this.#answering(), signal);
      return { ...report, change: changeOf(document, rows) };
    });
  }

  undo(id: string): Promise<ComparisonChange> {
    return this.#interactive(id, (document) => stepBack(document, 'undo', this.#rejected));
  }

  redo(id: string): Promise<ComparisonChange> {
    return this.#interactive(id, (document) => stepBack(document, 'redo', this.#rejected));
  }

  rejectedPairs(): Promise<RejectedPair[]> {
    return this.#rejected.list();
  }

  async forgetRejectedPairs({ pairs }: Asked<'forgetRejectedPairs'>): Promise<void> {
    for (const { picture, product } of pairs) await this.#rejected.forget(picture, [product]);
  }

  trust(id: string): Promise<ComparisonTrust> {
    return this.#library.using(id, async ({ state }) => trustOf(state));
  }

  overview(id: string): Promise<ComparisonOverview> {
    const parts = { answering: this.#answering(), gate: this.#gate };
    return this.#library.using(id, (document) => overviewOf(document, parts));
  }

  /** Aborting stops the piling. */
  piles(id: string, signal?: AbortSignal): AsyncGenerator<PilingProgress, ComparisonPiles> {
    let piled: Document | null = null;
    const piles = this.#library.using(id, (document) => {
      piled = document;
      return gapsOf(document, this.#gate, signal);
    });
    return told(piles, () => piled && pilingOf(piled));
  }

  namePile({ id, ...asked }: Asked<'namePile'>): Promise<ComparisonChange> {
    return this.#interactive(id, (document) => namePile(document, asked));
  }

  namePriceCurrency({ id, ...asked }: Asked<'namePriceCurrency'>): Promise<ComparisonChange> {
    return this.#interactive(id, (document) => namePriceCurrency(document, asked));
  }

  acceptBand({ id, ...asked }: Asked<'acceptBand'>): Promise<AcceptedBand> {
    return this.#interactive(id, (document) => acceptBand(document, asked));
  }

  crop({ id, row, crop: part }: Asked<'cropComparisonRow'>): Promise<ComparisonChange> {
    return this.#interactive(id, (document) => crop(document, row, part, this.#answering()));
  }

  export({
    id,
    ...asked
  }: Asked<'exportComparison'>): Promise<{ path: string; bytes: number; rows: number }> {
    const { dataDir, printPdf: print } = this.#parts;
    const [answering, gate] = [this.#answering(), this.#gate];
    return this.#library.using(id, (document) => {
      const tells = async () => ({
        overview: await overviewOf(document, { answering, gate }),
        piles: (await gapsOf(document, gate)).piles,
      });
      return exportTo(document, asked, answering.catalog, { dataDir, tells, ...(print && { print }) });
    });
  }

  /** The damaged files of all comparisons. */
  async check(): Promise<DamagedFile[]> {
    return [...(await this.#rejected.damaged()), ...(await this.#listing.damaged())];
  }

  async close(): Promise<void> {
    await this.#runs.close();
    await this.#library.close();
  }

  #interactive<T>(id: string, work: (document: Document) => Promise<T>): Promise<T> {
    return this.#gate.interactive(() => this.#library.using(id, work));
  }

  async #stateOf(document: Document): Promise<ComparisonState> {
    const { canUndo, canRedo } = document.state;
    return {
      comparison: await this.#listing.shown(document),
      ...this.#runs.of(document.id),
      canUndo,
      canRedo,
    };
  }
}
