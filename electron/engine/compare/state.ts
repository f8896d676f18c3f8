import type { ComparedWith, ComparisonCounts } from '../../contract/compare.ts';
import type { Accepted, Answer, Entry, EntryOf, KeptProduct, Source } from './entries.ts';
import { entriesOfRow, newRow, type Row, rowEntry, type SourcePicture, statusOf } from './row.ts';

/** A step of undo, with what it replaced. */
interface Step {
  entry: EntryOf<'step'>;
  before: ({ row: number } & Partial<Pick<Row, 'answer' | 'decision' | 'rejected' | 'changed'>>)[];
}

/** What is rejected in all comparisons. */
export interface Everywhere {
  /** The uids of products that are no match for a picture, by its hash. */
  ofPicture(hash: string): ReadonlySet<string> | undefined;
}

/** What a person called a pile of rows. */
export interface PileName {
  rows: readonly number[];
  name: string;
}

/** A document in memory: what the entries of its journal make. */
export class State {
  readonly #everywhere: Everywhere;
  /** Of its format, as its first entry says. */
  version = 0;
  name = '';
  competitor: string | null = null;
  createdAt = '';
  changedAt = '';
  sources: readonly Source[] = [];
  about: ComparedWith | null = null;
  /** Of the prices whose source states none; null: it is not known. */
  currency: string | null = null;
  /** By number; a row whose picture is another row's is gone. */
  readonly rows = new Map<number, Row>();
  readonly products = new Map<string, KeptProduct>();
  /** The places of the sources whose pictures all have rows. */
  readonly listed = new Set<number>();
  /** Rows that are gone, with their source and the row that has their picture. */
  readonly #gone = new Map<number, { as: number; own: SourcePicture }>();
  readonly #byHash = new Map<string, number>();
  readonly #steps: Step[] = [];
  /** How many of the steps are done; the others were undone. */
  #done = 0;
  #lastRow = 0;

  constructor(everywhere: Everywhere) {
    this.#everywhere = everywhere;
  }

  get canUndo(): boolean {
    return this.#done > 0;
  }

  get canRedo(): boolean {
    return this.#done < this.#steps.length;
  }

  /** The step that undo or redo would concern. */
  nextStep(kind: 'undo' | 'redo'): EntryOf<'step'> | undefined {
    return this.#steps[kind === 'undo' ? this.#done - 1 : this.#done]?.entry;
  }

  /** The number of the next row. */
  get nextRow(): number {
    return this.#lastRow + 1;
  }

  /** The row that has a picture with this hash. */
  rowOfHash(hash: string): Row | undefined {
    const row = this.#byHash.get(hash);
    return row === undefined ? undefined : this.rows.get(row);
  }

  /** @returns the numbers of the rows that it changed, those of a step or of an undone one */
  apply(entry: Entry): number[] {
    switch (entry.kind) {
      case 'begin':
        this.version = entry.version;
        this.name = entry.name;
        this.competitor = entry.competitor;
        this.createdAt = entry.createdAt;
        this.changedAt = entry.createdAt;
        this.sources = entry.sources;
        return [];
      case 'name':
        this.name = entry.name;
        this.competitor = entry.competitor;
        this.changedAt = entry.at;
        return [];
      case 'row':
        return this.#addRow(entry);
      case 'listed':
        this.listed.add(entry.source);
        return [];
      case 'about':
        this.about = { snapshot: entry.snapshot, model: entry.model };
        return [];
      case 'product':
        this.products.set(entry.product.uid, entry.product);
        return [];
      case 'compared':
        this.changedAt = entry.at;
        this.#byHash.set(entry.picture.hash, entry.row);
        return this.#change(entry.row, { picture: entry.picture, answer: entry.answer, fault: null });
      case 'same':
        return this.#join(entry);
      case 'failed':
        return this.#change(entry.row, { fault: entry.fault, answer: null });
      case 'again':
        return this.#compareAgain(entry);
      case 'step':
        this.#steps.splice(this.#done);
        this.#steps.push({ entry, before: [] });
        return this.#redo();
      case 'undo':
        return this.#undo();
      case 'redo':
        return this.#redo();
    }
  }

  /** The entries that make this state, without those that were replaced. */
  *entries(version: number): Generator<Entry> {
    const { name, competitor, createdAt, sources, about } = this;
    yield { kind: 'begin', version, name, competitor, createdAt, sources: [...sources] };
    for (const product of this.products.values()) yield { kind: 'product', product };
    if (about) yield { kind: 'about', ...about };
    // What the steps replaced comes before them.
    const first = new Map<number, Answer | null>();
    for (const { before } of this.#steps)
      for (const { row, answer } of before)
        if (answer !== undefined && !first.has(row)) first.set(row, answer);
    for (const row of this.rows.values()) yield* entriesOfRow(row, first, this.changedAt);
    for (const [row, { own }] of this.#gone) yield rowEntry(row, own);
    for (const [row, { as }] of this.#gone) yield { kind: 'same', row, as };
    for (const place of this.listed) yield { kind: 'listed', source: place };
    for (const { entry } of this.#steps) yield entry;
    for (let undone = this.#done; undone < this.#steps.length; undone++) yield { kind: 'undo' };
    const changed = [...this.rows.values()].flatMap((row) =>
      row.changed ? [{ row: row.row, changed: row.changed }] : [],
    );
    if (about && changed.length > 0)
      yield { kind: 'again', at: this.changedAt, ...about, products: [], answers: [], changed };
  }

  get counts(): ComparisonCounts {
    const counts = noCounts();
    const { decided, changed } = counts;
    for (const row of this.rows.values()) {
      counts.rows++;
      const status = statusOf(row);
      counts[status]++;
      if (row.changed) changed[row.changed]++;
      if (this.hasRejected(row)) counts.rejected++;
      if (row.decision) {
        decided[row.decision.match]++;
        if (row.decision.inBulk) counts.inBulk++;
      } else if (status === 'answered') {
        counts.undecided++;
        if (this.isWeak(row)) counts.weak++;
      }
    }
    return counts;
  }

  /** Whether a candidate of a row was rejected, here or everywhere. */
  hasRejected(row: Row): boolean {
    return row.rejected.length > 0 || this.offered(row).length < (row.answer?.candidates.length ?? 0);
  }

  /** The candidates of a row that were not rejected, here or everywhere. */
  offered({ answer, picture, rejected }: Row): Answer['candidates'] {
    const candidates = answer?.candidates ?? [];
    const everywhere = this.#everywhere.ofPicture(picture?.hash ?? '');
    if (rejected.length === 0 && !everywhere) return candidates;
    return candidates.filter(
      ([uid]) => !everywhere?.has(uid) && !rejected.some(([product]) => product === uid),
    );
  }

  /** Whether a product is rejected for a row's picture in all comparisons. */
  isRejectedEverywhere({ picture }: Row, uid: string): boolean {
    return this.#everywhere.ofPicture(picture?.hash ?? '')?.has(uid) ?? false;
  }

  /** The bands that were accepted in bulk and not undone, in their order. */
  get accepted(): { at: string; accepted: Accepted; rows: number[] }[] {
    return this.#steps
      .slice(0, this.#done)
      .flatMap(({ entry: { at, accepted, decisions = [] } }) =>
        accepted ? [{ at, accepted, rows: decisions.map(({ row }) => row) }] : [],
      );
  }

  /** The names of piles in the order in which they were given, without those that were replaced or undone. */
  get pileNames(): readonly PileName[] {
    return this.#steps
      .slice(0, this.#done)
      .reduce<PileName[]>((names, { entry: { pile } }) => (pile ? renamed(names, pile) : names), []);
  }

  /** Where a row's picture was found. A price without a currency is in the one that a person named for such prices. */
  pricedSources({ sources }: Row): SourcePicture[] {
    const { currency } = this;
    if (currency === null) return sources;
    return sources.map((source) => {
      const { facts } = source;
      const isUnstated = facts !== null && facts.price !== null && facts.currency === null;
      return isUnstated ? { ...source, facts: { ...facts, currency } } : source;
    });
  }

  /** Whether the first candidate of a row is far from its picture, or there is none. */
  isWeak(row: Row): boolean {
    const band = this.offered(row)[0]?.[3];
    return band === undefined || band === 'similar' || band === 'other';
  }

  #compareAgain({ at, snapshot, model, products, answers, changed }: EntryOf<'again'>): number[] {
    this.changedAt = at;
    this.about = { snapshot, model };
    for (const product of products) this.products.set(product.uid, product);
    // Crops were compared with the catalog before.
    for (const step of this.#steps) {
      const { answers: _, ...decided } = step.entry;
      step.entry = decided;
      step.before = step.before
        .filter(({ answer }) => answer === undefined)
        .map(({ changed: _, ...before }) => before);
    }
    for (const { row, answer, picture } of answers)
      this.#change(row, { answer, changed: null, ...(picture && { picture }) });
    for (const each of changed) this.#change(each.row, { changed: each.changed });
    return answers.map(({ row }) => row);
  }

  #addRow(entry: EntryOf<'row'>): number[] {
    this.#lastRow = Math.max(this.#lastRow, entry.row);
    this.rows.set(entry.row, newRow(entry));
    return [entry.row];
  }

  #join({ row, as }: EntryOf<'same'>): number[] {
    const target = this.rows.get(this.#present(as));
    const joined = this.rows.get(row);
    const [own] = joined?.sources ?? [];
    if (!target || !joined || !own || target === joined) return [];
    this.#gone.set(row, { as, own });
    target.sources.push(...joined.sources);
    this.rows.delete(row);
    return [row, target.row];
  }

  /** The row that has the picture of this row now. */
  #present(row: number): number {
    let present = row;
    for (let next = this.#gone.get(present); next; next = this.#gone.get(present)) present = next.as;
    return present;
  }

  #change(number: number, change: Partial<Row>): number[] {
    const row = this.rows.get(number);
    if (!row) return [];
    Object.assign(row, change);
    return [number];
  }

  #undo(): number[] {
    const step = this.#steps[this.#done - 1];
    if (!step) return [];
    this.#done--;
    return [
      ...step.before.flatMap(({ row, ...before }) => this.#change(row, before)),
      ...this.#nameCurrency(step),
      ...rowsOutside(step.entry),
    ];
  }

  #redo(): number[] {
    const step = this.#steps[this.#done];
    if (!step) return [];
    this.#done++;
    const { at, merged = false, decisions = [], answers = [], rejections = [] } = step.entry;
    const inBulk = isInBulk(step.entry);
    const changes = [
      ...decisions.map(({ row, choice }) => ({
        row,
        decision: choice && { ...choice, at, inBulk, merged },
        changed: null,
      })),
      ...answers,
      ...rejections,
    ];
    step.before = [
      ...decisions.map(({ row }) => {
        const { decision = null, changed = null } = this.rows.get(row) ?? {};
        return { row, decision, changed };
      }),
      ...answers.map(({ row }) => ({ row, answer: this.rows.get(row)?.answer ?? null })),
      ...rejections.map(({ row }) => ({ row, rejected: this.rows.get(row)?.rejected ?? [] })),
    ];
    this.changedAt = at;
    return [
      ...changes.flatMap(({ row, ...change }) => this.#change(row, change)),
      ...this.#nameCurrency(step),
      ...rowsOutside(step.entry),
    ];
  }

  /** @returns the rows with a price, where the step that was just done or undone names their currency */
  #nameCurrency({ entry }: Step): number[] {
    if (entry.currency === undefined) return [];
    const named = this.#steps.slice(0, this.#done).findLast((step) => step.entry.currency !== undefined);
    this.currency = named?.entry.currency ?? null;
    const priced = [...this.rows.values()].filter(({ sources }) =>
      sources.some(({ facts }) => facts?.price != null),
    );
    return priced.map(({ row }) => row);
  }
}

/** The counts of a document without rows. */
export function noCounts(): ComparisonCounts {
  return {
    ...{ rows: 0, waiting: 0, answered: 0, failed: 0, undecided: 0, weak: 0, inBulk: 0, rejected: 0 },
    decided: { same: 0, equivalent: 0, similar: 0, none: 0, unsure: 0 },
    changed: { gone: 0, better: 0 },
  };
}

/** Steps of version 1 do not say so. */
const isInBulk = ({ inBulk, accepted, decisions = [] }: EntryOf<'step'>): boolean =>
  inBulk ?? (accepted !== undefined || decisions.length > 1);

/** The row whose candidates a step rejects everywhere: nothing of it changes in the document. */
const rowsOutside = ({ everywhere }: EntryOf<'step'>): number[] => (everywhere ? [everywhere.row] : []);

/** A pile has one name: one that most of its rows had before is replaced, and the rows of others keep theirs. */
function renamed(
  names: readonly PileName[],
  { rows, name }: NonNullable<EntryOf<'step'>['pile']>,
): PileName[] {
  const inIt = new Set(rows);
  const kept = names.flatMap((each) => {
    const others = each.rows.filter((row) => !inIt.has(row));
    return 2 * others.length > each.rows.length ? [{ rows: others, name: each.name }] : [];
  });
  return name === null ? kept : [...kept, { rows, name }];
}
