import type { Facets } from '../../contract/search.ts';
import type { FieldMatch } from '../snapshot/field-search.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Asked } from './query.ts';

/** A style that has a size whose fields match. */
export interface StyleMatch extends FieldMatch {
  styleId: string;
}

/** What the products' own fields say of a query. */
export interface FoundByFields {
  /** A style once, as its best size; best first. */
  matches: StyleMatch[];
  /** Ids of the styles that are what the query is to be without. */
  unwanted: ReadonlySet<string>;
}

/** Styles whose fields have the words, and those to be left out because theirs have the unwanted ones. */
export async function findByFields(
  snapshot: Snapshot,
  words: string | undefined,
  { query, without, filters }: Pick<Asked, 'query' | 'without' | 'filters'>,
): Promise<FoundByFields> {
  const [found, having] = await Promise.all([
    words === undefined ? [] : snapshot.fields.matching(words, filters),
    without === undefined ? [] : snapshot.fields.havingAll(without, filters),
  ]);
  const itself = query.kind === 'product' ? snapshot.styleIdOf(query.productId) : undefined;
  const unwanted = new Set([...having].flatMap((uid) => snapshot.styleIdOf(uid) ?? []));
  if (itself !== undefined) unwanted.delete(itself);
  const matches = byStyle(snapshot, found).filter(
    ({ styleId }) => styleId !== itself && !unwanted.has(styleId),
  );
  return { matches, unwanted };
}

/** The best match of each style. The sizes left out take up no places. */
function byStyle(snapshot: Snapshot, found: readonly FieldMatch[]): StyleMatch[] {
  const matches = new Map<string, StyleMatch>();
  let [before, place] = [0, 0];
  for (const match of found) {
    const styleId = snapshot.styleIdOf(match.productId);
    if (styleId === undefined || matches.has(styleId)) continue;
    if (match.place !== before) place++;
    before = match.place;
    matches.set(styleId, { ...match, styleId, place });
  }
  return [...matches.values()];
}

/** Facets of the styles that were ranked: all but the unwanted, or only those found by their fields. */
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
  const found = new Set(unfiltered.matches.map(({ styleId }) => styleId));
  return snapshot.facetsOf(
    (styleId) => (ranksAll ? !unfiltered.unwanted.has(styleId) : found.has(styleId)),
    filters,
  );
}
