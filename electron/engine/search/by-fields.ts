import type { Facets } from '../../contract/search.ts';
import type { FieldMatch } from '../snapshot/field-search.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Asked } from './query.ts';

/** What the products' own words say of a query. */
export interface FoundByFields {
  /** Best first. */
  matches: FieldMatch[];
  /** The uids of the products that are what the query is to be without. */
  unwanted: ReadonlySet<string>;
}

const NOTHING: ReadonlySet<string> = new Set();

/** Products whose fields have the words, and those to be left out because theirs have the unwanted ones. */
export async function findByFields(
  snapshot: Snapshot,
  words: string | undefined,
  { query, without, filters }: Pick<Asked, 'query' | 'without' | 'filters'>,
): Promise<FoundByFields> {
  const [found, having] = await Promise.all([
    words === undefined ? [] : snapshot.fields.matching(words, filters),
    without === undefined ? NOTHING : snapshot.fields.havingAll(without, filters),
  ]);
  const itself = query.kind === 'product' ? snapshot.uidOf(query.productId) : undefined;
  const unwanted = new Set(having);
  if (itself !== undefined) unwanted.delete(itself);
  const matches = found.filter(({ productId }) => productId !== itself && !unwanted.has(productId));
  return { matches, unwanted };
}

/** Facets of the products that were ranked: all but the unwanted, or only those found by their fields. */
export async function facetsOf(
  snapshot: Snapshot,
  ranksAll: boolean,
  named: FoundByFields,
  asked: Asked,
): Promise<Facets> {
  const { query, without, filters } = asked;
  if (ranksAll && without === undefined) return snapshot.facets(filters);
  // A value's count is without its own filter, so that the others must be known, too.
  const unfiltered =
    Object.keys(filters).length === 0
      ? named
      : await findByFields(snapshot, query.words, { query, without, filters: {} });
  const found = new Set(unfiltered.matches.map(({ productId }) => productId));
  return snapshot.facetsOf(
    (productId) => (ranksAll ? !unfiltered.unwanted.has(productId) : found.has(productId)),
    filters,
  );
}
