import type { Facets } from '../../contract/search.ts';
import type { Searchable, StyleMatch } from '../snapshot/searchable.ts';
import type { ParsedRequest } from './query.ts';

/** The styles that a query's text finds in the products' fields. */
export interface FoundByFields {
  /** Each style once, as its best size; best first. */
  matches: StyleMatch[];
  /** Ids of the styles whose fields have the text that is not wanted. */
  unwanted: ReadonlySet<string>;
}

/** Finds the styles whose fields have the words, and those to be left out because their fields have the unwanted words. */
export async function findByFields(
  snapshot: Searchable,
  words: string | undefined,
  { query, without, filters }: Pick<ParsedRequest, 'query' | 'without' | 'filters'>,
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

/** Facets of the styles that were ranked: all but the unwanted ones, or only those found by their fields. */
export async function facetsOf(
  snapshot: Searchable,
  ranksAll: boolean,
  named: FoundByFields,
  asked: ParsedRequest,
): Promise<Facets> {
  const { query, without, filters } = asked;
  if (ranksAll && without === undefined) return snapshot.facets(filters);
  // A value is counted without its own filter. So styles that do not pass that filter must be found too.
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
