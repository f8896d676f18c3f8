import { basename } from 'node:path';
import type {
  ComparedProduct,
  ComparisonCandidate,
  ComparisonFilters,
  ComparisonOrder,
  ComparisonRow,
  RejectedProduct,
  RowSource,
} from '../../contract/compare.ts';
import type { KeptProduct, Source } from './entries.ts';
import { type Row, type SourcePicture, statusOf } from './row.ts';
import { nameOf } from './sources/folder.ts';
import type { State } from './state.ts';

/** A row as it is shown. */
export function shownRow(row: Row, state: State): ComparisonRow {
  const { picture, answer, decision } = row;
  const chosen = decision?.product ?? null;
  return {
    row: row.row,
    status: statusOf(row),
    sources: state.pricedSources(row).map((each) => shownSource(each, state.sources)),
    fault: row.fault,
    width: picture?.width ?? null,
    height: picture?.height ?? null,
    crop: answer?.crop ?? null,
    candidates: candidatesOf(row, state),
    probability: answer?.probability ?? null,
    decision: decision && {
      match: decision.match,
      product: chosen === null ? null : productOf(chosen, decision.picture, state),
      at: decision.at,
      ...(decision.inBulk && { inBulk: true }),
      ...(decision.merged && { merged: true }),
    },
    ...(row.changed && { changed: row.changed }),
    ...rejectedOf(row, state),
  };
}

function candidatesOf(row: Row, state: State): ComparisonCandidate[] {
  return state.offered(row).flatMap(([uid, picture, score, band]) => {
    const product = productOf(uid, picture, state);
    return product ? [{ ...product, score, band }] : [];
  });
}

/** The products that are rejected for a row's picture, here and everywhere. */
function rejectedOf(row: Row, state: State): { rejected?: RejectedProduct[] } {
  const here = row.rejected.map(([uid, picture]) => ({ uid, picture }));
  const known = new Set(here.map(({ uid }) => uid));
  const elsewhere = (row.answer?.candidates ?? [])
    .map(([uid, picture]) => ({ uid, picture }))
    .filter(({ uid }) => !known.has(uid) && state.isRejectedEverywhere(row, uid));
  const rejected = [...here, ...elsewhere].flatMap(({ uid, picture }) => {
    const product = productOf(uid, picture, state);
    return product ? [{ ...product, everywhere: state.isRejectedEverywhere(row, uid) }] : [];
  });
  return rejected.length > 0 ? { rejected } : {};
}

export function productOf(
  uid: string,
  thumbnail: string | null,
  { products }: State,
): ComparedProduct | null {
  const product = products.get(uid);
  return product && thumbnail !== null ? { ...product, thumbnail } : null;
}

const KINDS = { folder: 'file', file: 'file', zip: 'zip', pasted: 'pasted' } as const;

function shownSource({ source, at, line, facts }: SourcePicture, sources: readonly Source[]): RowSource {
  const of = sources[source];
  const isAddress = /^https?:/i.test(at);
  const kind = !of || of.kind === 'table' ? (isAddress ? 'address' : 'file') : KINDS[of.kind];
  return { kind, name: pictureName(at, of), line, facts };
}

function pictureName(at: string, source: Source | undefined): string {
  if (source?.kind === 'file') return basename(at);
  if (source?.kind === 'pasted') return source.pictures[Number(at)]?.name ?? at;
  return nameOf(at);
}

/** The name of a row's first source: what a file of exports calls it. */
export const nameOfRow = ({ sources: [first] }: Row, { sources }: State): string =>
  first ? pictureName(first.at, sources[first.source]) : '';

/** The names of all a row's sources. */
export const pictureNames = ({ sources }: Row, state: State): string[] =>
  sources.map(({ at, source }) => pictureName(at, state.sources[source]));

type Field = 'status' | 'match' | 'band' | 'category' | 'competitor';
const FIELDS: readonly Field[] = ['status', 'match', 'band', 'category', 'competitor'];

/** Of the decided product or, without one, of the first candidate: what kind of thing a picture shows. */
export function categoryOf(row: Row, state: State): string | null {
  return productShown(row, state)?.category ?? null;
}

function productShown(row: Row, state: State): KeptProduct | undefined {
  return state.products.get(row.decision?.product ?? state.offered(row)[0]?.[0] ?? '');
}

/** Of the decided product or, while nothing is decided, of the first candidate. */
function styleOf(row: Row, state: State): string | undefined {
  const uid = row.decision ? row.decision.product : state.offered(row)[0]?.[0];
  return state.products.get(uid ?? '')?.styleId;
}

/** The values of a row that it is filtered by. */
function valuesOf(row: Row, state: State): Record<Field, string[]> {
  const { answer, decision } = row;
  const [first] = state.offered(row);
  const product = productShown(row, state);
  const competitors = row.sources.flatMap(({ facts }) => facts?.competitor ?? []);
  return {
    status: [statusOf(row)],
    match: decision ? [decision.match] : answer ? ['undecided'] : [],
    band: answer ? [first?.[3] ?? 'nothing'] : [],
    category: product?.category ? [product.category] : [],
    competitor: [...new Set(competitors)],
  };
}

/**
 * The rows that pass the filters, in order, and what each value of a field would leave.
 * @param among the rows that some filters choose (`rowsAmong`); null for all
 */
export function orderOf(
  state: State,
  filters: ComparisonFilters,
  sort: 'row' | 'surest' | 'leastSure' | 'name',
  among: ReadonlySet<number> | null,
): ComparisonOrder {
  const passing: Row[] = [];
  const counts = new Map(FIELDS.map((field) => [field, new Map<string, number>()]));
  for (const row of state.rows.values()) {
    if (filters.changed && !(row.changed && filters.changed.includes(row.changed))) continue;
    if (filters.inBulk !== undefined && row.decision?.inBulk !== filters.inBulk) continue;
    if (filters.rejected && !state.hasRejected(row)) continue;
    if (among && !among.has(row.row)) continue;
    if (filters.style && !filters.style.includes(styleOf(row, state) ?? '')) continue;
    if (filters.text !== undefined && !hasText(row, state, filters.text.toLowerCase())) continue;
    const values = valuesOf(row, state);
    const failing = FIELDS.filter((field) => !passes(values[field], filters[field]));
    if (failing.length === 0) passing.push(row);
    for (const field of failing.length === 0 ? FIELDS : failing.length === 1 ? failing : [])
      for (const value of values[field]) count(counts.get(field), value);
  }
  return { rows: sorted(passing, state, sort).map(({ row }) => row), facets: facetsOf(counts) };
}

const passes = (values: readonly string[], wanted: readonly string[] | undefined): boolean =>
  wanted === undefined || values.some((value) => wanted.includes(value));

function hasText(row: Row, state: State, text: string): boolean {
  const has = (value: string | null | undefined) => value?.toLowerCase().includes(text) === true;
  const inSource = ({ source, at, facts }: SourcePicture) =>
    has(pictureName(at, state.sources[source])) || has(facts?.title) || has(facts?.sku);
  const uids = [...(row.answer?.candidates ?? []).map(([uid]) => uid), row.decision?.product ?? ''];
  return (
    row.sources.some(inSource) ||
    uids.some((uid) => {
      const product = state.products.get(uid);
      return has(product?.title) || has(product?.sku) || has(product?.styleSku);
    })
  );
}

function count(values: Map<string, number> | undefined, value: string): void {
  values?.set(value, (values.get(value) ?? 0) + 1);
}

function facetsOf(counts: ReadonlyMap<Field, ReadonlyMap<string, number>>): ComparisonOrder['facets'] {
  const facet = (field: Field) =>
    [...(counts.get(field) ?? [])]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return {
    status: facet('status'),
    match: facet('match'),
    band: facet('band'),
    category: facet('category'),
    competitor: facet('competitor'),
  };
}

function sorted(rows: Row[], state: State, sort: 'row' | 'surest' | 'leastSure' | 'name'): Row[] {
  if (sort === 'row') return rows.sort((a, b) => a.row - b.row);
  if (sort === 'name') {
    const names = new Map(rows.map((row) => [row, nameOfRow(row, state)]));
    const order = new Intl.Collator('en', { numeric: true });
    return rows.sort((a, b) => order.compare(names.get(a) ?? '', names.get(b) ?? '') || a.row - b.row);
  }
  const sure = ({ answer }: Row) => answer?.probability ?? null;
  const direction = sort === 'surest' ? -1 : 1;
  return rows.sort((a, b) => {
    const [one, other] = [sure(a), sure(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null) || a.row - b.row;
    return direction * (one - other) || a.row - b.row;
  });
}
