import type { Facets } from '../../contract/search.ts';
import type { Searchable, StyleMatch } from '../snapshot/searchable.ts';
import type { Asked } from './query.ts';

/** What the products' own fields say of a query. */
export interface FoundByFields {
  /** A style once, as its best size; best first. */
  matches: StyleMatch[];
  /** Ids of the styles that are what the query is to be without. */
  unwanted: ReadonlySet<string>;
}

/** Styles whose fields have the words, and those to be left out because theirs have the unwanted ones. */
export async function findByFields(
  snapshot: Searchable,
  words: string | undefined,
  { query, without, filters }: Pick<Asked, 'query' | 'without' | 'filters'>,
): Promise<FoundByFields> {
  const [found, having, itself] = await Promise.all([
    words === undefined ? [] : snapshot.matching(words, filters),
    without === undefined ? [] : snapshot.havingAll(without, filters),
    query.kind === 'product' ? snapshot.styleIdOf(query.productId) : undefined,
  ]);
  const unwanted = new Set(having);
  if (itself !== undefined) unwanted.delete(itself);
  const matches = found.filter(({ styleId }) => styleId !== itself && !unwanted.has(styleId));
  return { matches, unwanted };
}

/** Facets of the styles that were ranked: all but the unwanted, or only those found by their fields. */
export async function facetsOf(
  snapshot: Searchable,
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
  const found = new Set(unfiltered.matches.map(({ styleId }) => styleId));
  return snapshot.facetsOf(
    (styleId) => (ranksAll ? !unfiltered.unwanted.has(styleId) : found.has(styleId)),
    filters,
  );
}
