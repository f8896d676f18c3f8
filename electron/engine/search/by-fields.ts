import type { Searchable, StyleMatch } from '../snapshot/searchable.ts';
import type { Conditions } from '../words/conditions.ts';
import type { ParsedRequest } from './query.ts';

/** The styles that a query's text finds in the products' fields. */
export interface FoundByFields {
  /** Each style once, as its best size; best first. */
  matches: StyleMatch[];
  /** Ids of the styles whose fields have text that is not wanted. */
  unwanted: ReadonlySet<string>;
}

/** Text that is compared with all fields. */
export interface FieldText {
  /** Empty for none. */
  wanted: string;
  /** Each alone: a style that has one of them is left out. */
  unwanted: readonly string[];
}

/** Finds the styles whose fields have the words, and those to be left out because their fields have unwanted ones. */
export async function findByFields(
  snapshot: Searchable,
  { wanted, unwanted }: FieldText,
  query: ParsedRequest['query'],
  conditions: Conditions,
): Promise<FoundByFields> {
  const [found, itself, ...having] = await Promise.all([
    wanted === '' ? [] : snapshot.matching(wanted, conditions),
    query.kind === 'product' ? snapshot.styleIdOf(query.productId) : undefined,
    ...unwanted.map((text) => snapshot.havingAll(text, {})),
  ]);
  const leftOut = new Set(having.flatMap((ids) => [...ids]));
  if (itself !== undefined) leftOut.delete(itself);
  const matches = found.filter(({ styleId }) => styleId !== itself && !leftOut.has(styleId));
  return { matches, unwanted: leftOut };
}
